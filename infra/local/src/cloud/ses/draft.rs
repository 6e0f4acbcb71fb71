//! What SES makes of a mail before it takes it: whether it may be sent, and what will become of it.

use shared::time::Timestamp;

use super::{Fate, Refusal, SentMail};

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
        if mail.destinations.is_empty() || mail.destinations.len() > DESTINATIONS_MAX {
            return Err(invalid("Recipient count must be between 1 and 50."));
        }
        if let Some(address) = addresses().find(|address| !is_address(bare(address))) {
            return Err(invalid(&format!("Illegal address: {address}")));
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

fn is_address(address: &str) -> bool {
    address.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && domain.contains('.')
            && !domain.contains('@')
            && address.is_ascii()
            && !address.contains(char::is_whitespace)
    })
}

fn fate(destinations: &[String]) -> Fate {
    let to = |local: &str| {
        let simulated = format!("{local}@simulator.amazonses.com");
        destinations
            .iter()
            .any(|address| bare(address).eq_ignore_ascii_case(&simulated))
    };
    if to("bounce") {
        Fate::Bounced
    } else if to("complaint") {
        Fate::Complained
    } else {
        Fate::Delivered
    }
}

/// `billing@uselinky.app` of `Linky <billing@uselinky.app>`.
fn bare(address: &str) -> &str {
    match (address.rfind('<'), address.rfind('>')) {
        (Some(open), Some(close)) if open < close => &address[open + 1..close],
        _ => address.trim(),
    }
}
