//! SES in its query protocol, version 2010-12-01: mails are taken, checked as SES checks them, and kept to be read.

mod address;
mod draft;
mod feedback;
mod form;
mod quota;
mod raw;
mod simulator;

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
use quota::Pace;
pub use quota::Quota;

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
    /// The subject, decoded.
    pub subject: String,
    /// The HTML body, if there is one.
    pub html: Option<String>,
    /// The plain body, if there is one.
    pub text: Option<String>,
    /// A raw mail as it came.
    #[serde(default)]
    pub raw: Option<String>,
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
    /// An address is `suppressionlist@simulator.amazonses.com`: it is on SES's suppression list, so that SES does not even
    /// try, and tells of a bounce.
    Suppressed,
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
    /// Of how many of them it has been told what became of them.
    told: usize,
    /// Addresses and domains that may send, in lower case.
    identities: Vec<String>,
    pace: Pace,
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
            .collect::<Result<Vec<SentMail>, _>>()?;
        let pace = Pace::after(&mails);
        Ok(Self {
            state: Mutex::new(State {
                told: mails.len(),
                mails,
                identities: Vec::new(),
                pace,
            }),
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

    /// Gives the account another quota.
    pub fn set_quota(&self, quota: Quota) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.pace.set_quota(quota);
    }

    /// Every mail taken, in order.
    pub fn mails(&self) -> Vec<SentMail> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.mails.clone()
    }

    /// What SES tells EventBridge of the mails taken since the last time, as far as a configuration set is named that it may
    /// tell it by. Each time only what is new.
    pub fn take_feedback(&self) -> Vec<Value> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = state.mails.len();
        let told = std::mem::replace(&mut state.told, taken);
        let new = state.mails.get(told..).unwrap_or_default();
        new.iter().filter_map(feedback::event_of).collect()
    }

    /// Answers `operation`, whose request is the form `body`.
    pub(crate) fn answer(&self, operation: &str, body: &[u8]) -> Answer {
        let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(body).unwrap_or_default();
        let form = Form::new(fields);
        let outcome = match operation {
            "SendEmail" => self.send(form.mail()),
            "SendRawEmail" => form.raw_mail().and_then(|mail| self.send(mail)),
            "GetSendQuota" => Ok(self.quota()),
            // At once, where AWS first sends a mail with a link, or waits for an entry in the DNS.
            "VerifyEmailIdentity" => form.identity("EmailAddress").map(|address| {
                self.verify(&address);
                String::new()
            }),
            "VerifyDomainIdentity" => form.identity("Domain").map(|domain| {
                self.verify(&domain);
                format!(
                    "<VerificationToken>{}</VerificationToken>",
                    self.chance.hex128()
                )
            }),
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
        let now = self.clock.now();
        state.pace.check(now)?;
        let number = state.mails.len();
        let mail = mail.taken(self.chance.hex128(), now);
        if let Some(journal) = &self.journal {
            journal
                .record(&format!("mail/{number:012}"), Some(&mail))
                .map_err(|problem| Refusal("InternalFailure", problem.to_string()))?;
        }
        let id = format!("<MessageId>{}</MessageId>", mail.message_id);
        state.pace.sent(now, mail.destinations.len());
        state.mails.push(mail);
        Ok(id)
    }

    fn quota(&self) -> String {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = state.pace.sent_today(self.clock.now());
        let Quota { per_day, per_s } = state.pace.quota();
        format!(
            "<Max24HourSend>{per_day}.0</Max24HourSend><MaxSendRate>{per_s}.0</MaxSendRate>\
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
