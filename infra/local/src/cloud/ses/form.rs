//! A request to SES, as the query protocol writes it.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use shared::time::Timestamp;

use super::draft::Draft;
use super::{Fate, Refusal, SentMail};

/// A request: `Destination.ToAddresses.member.1` and its like, by name.
pub(super) struct Form(BTreeMap<String, String>);

impl Form {
    pub(super) fn new(fields: Vec<(String, String)>) -> Self {
        Self(fields.into_iter().collect())
    }

    fn text(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }

    fn list(&self, name: &str) -> Vec<String> {
        (1..)
            .map_while(|number| self.text(&format!("{name}.member.{number}")))
            .collect()
    }

    fn tags(&self) -> BTreeMap<String, String> {
        let pairs = (1..).map_while(|number| {
            let name = self.text(&format!("Tags.member.{number}.Name"))?;
            let value = self.text(&format!("Tags.member.{number}.Value"))?;
            Some((name, value))
        });
        pairs.collect()
    }

    /// The mail of `SendEmail`.
    pub(super) fn mail(&self) -> Draft {
        let destinations = ["ToAddresses", "CcAddresses", "BccAddresses"]
            .iter()
            .flat_map(|kind| self.list(&format!("Destination.{kind}")));
        Draft(SentMail {
            message_id: String::new(),
            sent_at: Timestamp::from_ms(0),
            source: self.text("Source").unwrap_or_default(),
            destinations: destinations.collect(),
            reply_to: self.list("ReplyToAddresses"),
            subject: self.text("Message.Subject.Data").unwrap_or_default(),
            html: self.text("Message.Body.Html.Data"),
            text: self.text("Message.Body.Text.Data"),
            configuration_set: self.text("ConfigurationSetName"),
            tags: self.tags(),
            fate: Fate::Delivered,
        })
    }

    /// The mail of `SendRawEmail`.
    pub(super) fn raw_mail(&self) -> Result<Draft, Refusal> {
        let raw = self.text("RawMessage.Data").unwrap_or_default();
        let raw = STANDARD.decode(raw).map_err(|_| {
            Refusal(
                "InvalidParameterValue",
                "RawMessage.Data is not base64.".to_owned(),
            )
        })?;
        let Draft(mail) = self.mail();
        Ok(Draft(SentMail {
            destinations: self.list("Destinations"),
            text: Some(String::from_utf8_lossy(&raw).into_owned()),
            ..mail
        }))
    }
}
