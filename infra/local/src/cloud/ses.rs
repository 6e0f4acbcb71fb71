//! SES in its query protocol, version 2010-12-01: mails are taken, checked as SES checks them, and kept to be read.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::chance::Chance;
use shared::clock::Clock;
use shared::time::Timestamp;

use super::answer::{Answer, xml_answer, xml_text};
use super::journal::Journal;

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

/// The most recipients of one mail.
const DESTINATIONS_MAX: usize = 50;

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
        let form = Form(fields.into_iter().collect());
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
        let mail = SentMail {
            message_id: format!("{}-000000", self.chance.hex128()),
            sent_at: self.clock.now(),
            fate: fate(&mail.0.destinations),
            ..mail.0
        };
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

/// A mail that SES has not taken yet.
struct Draft(SentMail);

impl Draft {
    fn check(&self, identities: &[String]) -> Result<(), Refusal> {
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

/// A request: `Destination.ToAddresses.member.1` and its like, by name.
struct Form(BTreeMap<String, String>);

impl Form {
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

    fn mail(&self) -> Draft {
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

    fn raw_mail(&self) -> Result<Draft, Refusal> {
        use base64::Engine;
        let raw = self.text("RawMessage.Data").unwrap_or_default();
        let raw = base64::engine::general_purpose::STANDARD
            .decode(raw)
            .map_err(|_| {
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
