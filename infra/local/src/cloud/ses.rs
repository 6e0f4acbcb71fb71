//! SES in its query protocol, version 2010-12-01: mails are taken, checked as SES checks them, and kept to be read.

mod draft;
mod form;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::chance::Chance;
use shared::clock::Clock;
use shared::time::Timestamp;

use super::answer::{Answer, xml_answer, xml_text};
use super::journal::Journal;
use draft::Draft;
use form::Form;

/// A mail that SES took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentMail {
    /// SES's identifier.
    pub message_id: String,
    /// When it was taken.
    pub sent_at: Timestamp,
    /// The sender, as given: `Linky <billing@uselinky.app>`.
    pub source: String,
    /// To, copy and blind copy, in this order.
    pub destinations: Vec<String>,
    /// Where answers go.
    pub reply_to: Vec<String>,
    /// Empty for a raw mail, whose headers are in `text`.
    pub subject: String,
    /// The HTML body, if there is one.
    pub html: Option<String>,
    /// The plain body, if there is one; for a raw mail, all of it as it came.
    pub text: Option<String>,
    /// The configuration set, if one is named.
    pub configuration_set: Option<String>,
    /// Tags by name.
    pub tags: BTreeMap<String, String>,
    /// What became of it.
    pub fate: Fate,
}

/// What becomes of a mail. SES takes it in every case; the rest is told by its notifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// It arrives.
    Delivered,
    /// An address is `bounce@simulator.amazonses.com`: it does not exist.
    Bounced,
    /// An address is `complaint@simulator.amazonses.com`: it arrives and is reported as spam.
    Complained,
}

/// The local SES.
pub struct Ses {
    state: Mutex<State>,
    clock: Clock,
    chance: Chance,
    journal: Option<Arc<Journal>>,
}

#[derive(Default)]
struct State {
    mails: Vec<SentMail>,
    /// Addresses and domains that may send, in lower case.
    identities: Vec<String>,
}

/// What SES refuses: its code and its words.
struct Refusal(&'static str, String);

impl Ses {
    /// SES with the mails that `kept` has of an earlier life: the journal's entries.
    pub(crate) fn restore(
        clock: Clock,
        chance: Chance,
        journal: Option<Arc<Journal>>,
        kept: &BTreeMap<String, Value>,
    ) -> Result<Self, serde_json::Error> {
        let mails = kept.iter().filter(|(key, _)| key.starts_with("mail/"));
        let mails = mails
            .map(|(_, mail)| serde_json::from_value(mail.clone()))
            .collect::<Result<_, _>>()?;
        let identities = Vec::new();
        Ok(Self {
            state: Mutex::new(State { mails, identities }),
            clock,
            chance,
            journal,
        })
    }

    /// Lets `identity`, an address or a whole domain, send. Nobody may at first.
    pub fn verify(&self, identity: &str) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.identities.push(identity.to_lowercase());
    }

    /// Every mail taken, in order.
    pub fn mails(&self) -> Vec<SentMail> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.mails.clone()
    }

    /// Answers `operation`, whose request is the form `body`.
    pub(crate) fn answer(&self, operation: &str, body: &[u8]) -> Answer {
        let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(body).unwrap_or_default();
        let form = Form::new(fields);
        let outcome = match operation {
            "SendEmail" => self.send(form.mail()),
            "SendRawEmail" => form.raw_mail().and_then(|mail| self.send(mail)),
            "GetSendQuota" => Ok(self.quota()),
            other => Err(Refusal(
                "InvalidAction",
                format!("The local SES has no operation {other}."),
            )),
        };
        let request_id = self.chance.hex128();
        match outcome {
            Ok(result) => xml_answer(
                200,
                format!(
                    "<{operation}Response xmlns=\"{NAMESPACE}\"><{operation}Result>{result}</{operation}Result>\
                     <ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{operation}Response>"
                ),
            ),
            Err(Refusal("InternalFailure", words)) => error(500, "InternalFailure", &words),
            Err(Refusal(code, words)) => error(400, code, &words),
        }
    }

    fn send(&self, mail: Draft) -> Result<String, Refusal> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        mail.check(&state.identities)?;
        let number = state.mails.len();
        let mail = mail.taken(self.chance.hex128(), self.clock.now());
        if let Some(journal) = &self.journal {
            journal
                .record(&format!("mail/{number:012}"), Some(&mail))
                .map_err(|problem| Refusal("InternalFailure", problem.to_string()))?;
        }
        let id = format!("<MessageId>{}</MessageId>", mail.message_id);
        state.mails.push(mail);
        Ok(id)
    }

    fn quota(&self) -> String {
        let yesterday = self.clock.now().plus_s(-86_400);
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = state
            .mails
            .iter()
            .filter(|mail| mail.sent_at > yesterday)
            .count();
        format!(
            "<Max24HourSend>50000.0</Max24HourSend><MaxSendRate>14.0</MaxSendRate>\
             <SentLast24Hours>{sent}.0</SentLast24Hours>"
        )
    }
}

const NAMESPACE: &str = "http://ses.amazonaws.com/doc/2010-12-01/";

/// An error in the shape of SES.
pub(crate) fn error(status: u16, code: &str, words: &str) -> Answer {
    let side = if status < 500 { "Sender" } else { "Receiver" };
    let words = xml_text(words);
    xml_answer(
        status,
        format!(
            "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>{side}</Type><Code>{code}</Code>\
             <Message>{words}</Message></Error><RequestId>0</RequestId></ErrorResponse>"
        ),
    )
}
