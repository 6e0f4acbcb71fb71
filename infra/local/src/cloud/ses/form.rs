//! A request to SES, as the query protocol writes it.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use shared::time::Timestamp;

use super::draft::Draft;
use super::{Fate, Refusal, SentMail, raw};

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
            raw: None,
            configuration_set: self.text("ConfigurationSetName"),
            tags: self.tags(),
            fate: Fate::Delivered,
        })
    }

    /// The mail of `SendRawEmail`. What the request says of sender and recipients comes before what the mail says.
    pub(super) fn raw_mail(&self) -> Result<Draft, Refusal> {
        let invalid = |words: String| Refusal("InvalidParameterValue", words);
        let raw = self.text("RawMessage.Data").unwrap_or_default();
        let raw = STANDARD.decode(raw);
        let raw = raw.map_err(|_| invalid("RawMessage.Data is not base64.".to_owned()))?;
        if raw.len() > raw::BYTES_MAX {
            return Err(invalid(format!(
                "Message length is more than {} bytes long: '{}'.",
                raw::BYTES_MAX,
                raw.len()
            )));
        }
        let read = raw::read(&raw);
        let from = read
            .from
            .ok_or_else(|| invalid("Missing required header 'From'.".to_owned()))?;
        let Draft(mail) = self.mail();
        let destinations = self.list("Destinations");
        Ok(Draft(SentMail {
            source: self.text("Source").unwrap_or(from),
            destinations: if destinations.is_empty() {
                read.recipients
            } else {
                destinations
            },
            reply_to: read.reply_to,
            subject: read.subject,
            html: read.html,
            text: read.text,
            raw: Some(String::from_utf8_lossy(&raw).into_owned()),
            ..mail
        }))
    }

    /// What is to be verified.
    pub(super) fn identity(&self, field: &str) -> Result<String, Refusal> {
        let identity = self.text(field).filter(|identity| !identity.is_empty());
        let words = format!("The request must contain the parameter {field}.");
        identity.ok_or(Refusal("ValidationError", words))
    }
}
