//! What SES makes of a mail before it takes it: whether it may be sent, and what will become of it.

use shared::time::Timestamp;

use super::address::{self, bare};
use super::simulator::fate;
use super::{Refusal, SentMail};

/// The most recipients of one mail.
const DESTINATIONS_MAX: usize = 50;

/// A mail that SES has not taken yet.
pub(super) struct Draft(pub(super) SentMail);

impl Draft {
    /// The mail as SES takes it at `now`.
    pub(super) fn taken(self, id: String, now: Timestamp) -> SentMail {
        SentMail {
            message_id: id,
            sent_at: now,
            fate: fate(&self.0.destinations),
            ..self.0
        }
    }

    /// Whether SES takes it from a sender for whom `identities` are verified.
    pub(super) fn check(&self, identities: &[String]) -> Result<(), Refusal> {
        let mail = &self.0;
        let invalid = |words: &str| Refusal("InvalidParameterValue", words.to_owned());
        let lines = |text: &str| text.contains(['\r', '\n']);
        let addresses = || {
            mail.destinations
                .iter()
                .chain(&mail.reply_to)
                .chain([&mail.source])
        };
        if lines(&mail.subject) || addresses().any(|address| lines(address)) {
            return Err(invalid("Header fields must not contain line breaks."));
        }
        if mail.source.is_empty() {
            return Err(invalid("Missing required header 'From'."));
        }
        if mail.destinations.is_empty() {
            return Err(invalid("Missing required header 'To'."));
        }
        if mail.destinations.len() > DESTINATIONS_MAX {
            return Err(invalid("Recipient count exceeds 50."));
        }
        if let Some(words) = addresses().find_map(|address| address::fault(address)) {
            return Err(invalid(words));
        }
        let source = bare(&mail.source).to_lowercase();
        let domain = source.rsplit('@').next().unwrap_or_default();
        if !identities
            .iter()
            .any(|identity| *identity == source || identity == domain)
        {
            return Err(Refusal(
                "MessageRejected",
                format!(
                    "Email address is not verified. The following identities failed the check in region US-EAST-1: \
                     {}",
                    mail.source
                ),
            ));
        }
        Ok(())
    }
}
