//! SNS in its query protocol, version 2010-03-31: what is published to a topic is checked as SNS checks it, and kept to be
//! read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::chance::Chance;
use shared::clock::Clock;
use shared::time::Timestamp;

use super::answer::{Answer, xml_answer, xml_text};
use super::journal::Journal;

/// The largest message, in bytes (SNS API reference, `Publish`, read in November 2026).
const MESSAGE_BYTES_MAX: usize = 262_144;

/// The longest subject, in characters (the same page: fewer than 100, ASCII, no line breaks or control characters).
const SUBJECT_CHARS_MAX: usize = 99;

const NAMESPACE: &str = "http://sns.amazonaws.com/doc/2010-03-31/";

/// A message that SNS took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// SNS's identifier.
    pub message_id: String,
    /// When it was taken.
    pub at: Timestamp,
    /// The topic it was published to.
    pub topic: String,
    /// What a subscriber by e-mail reads as its subject.
    pub subject: String,
    /// The message.
    pub message: String,
}

/// The local SNS.
pub struct Sns {
    state: Mutex<State>,
    clock: Clock,
    chance: Chance,
    journal: Option<Arc<Journal>>,
}

#[derive(Default)]
struct State {
    published: Vec<Published>,
    topics: BTreeSet<String>,
}

/// What SNS refuses: its status, its code and its words.
struct Refusal(u16, &'static str, String);

impl Sns {
    /// SNS with the messages that `kept` has of an earlier life: the journal's entries.
    pub(crate) fn restore(
        clock: Clock,
        chance: Chance,
        journal: Option<Arc<Journal>>,
        kept: &BTreeMap<String, Value>,
    ) -> Result<Self, serde_json::Error> {
        let published = kept.iter().filter(|(key, _)| key.starts_with("notice/"));
        let published = published
            .map(|(_, message)| serde_json::from_value(message.clone()))
            .collect::<Result<Vec<Published>, _>>()?;
        Ok(Self {
            state: Mutex::new(State {
                published,
                topics: BTreeSet::new(),
            }),
            clock,
            chance,
            journal,
        })
    }

    /// Creates the topic of this ARN. There is none at first.
    pub fn create(&self, arn: &str) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.topics.insert(arn.to_owned());
    }

    /// Every message taken, in order.
    pub fn published(&self) -> Vec<Published> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.published.clone()
    }

    /// Answers `operation`, whose request is the form `body`.
    pub(crate) fn answer(&self, operation: &str, body: &[u8]) -> Answer {
        let form: BTreeMap<String, String> = serde_urlencoded::from_bytes(body).unwrap_or_default();
        let outcome = match operation {
            "Publish" => self.publish(&form),
            other => Err(Refusal(
                400,
                "InvalidAction",
                format!("The local SNS has no operation {other}."),
            )),
        };
        let request_id = self.chance.hex128();
        match outcome {
            Ok(id) => xml_answer(
                200,
                format!(
                    "<PublishResponse xmlns=\"{NAMESPACE}\"><PublishResult><MessageId>{id}</MessageId></PublishResult>\
                     <ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></PublishResponse>"
                ),
            ),
            Err(Refusal(status, code, words)) => error(status, code, &words),
        }
    }

    fn publish(&self, form: &BTreeMap<String, String>) -> Result<String, Refusal> {
        let field = |name: &str| form.get(name).map_or("", String::as_str);
        let (topic, subject, message) = (field("TopicArn"), field("Subject"), field("Message"));
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if !state.topics.contains(topic) {
            return Err(Refusal(404, "NotFound", "Topic does not exist".to_owned()));
        }
        if let Some(name) = fault(form.get("Subject"), message) {
            let words = format!("Invalid parameter: {name}");
            return Err(Refusal(400, "InvalidParameter", words));
        }
        let published = Published {
            message_id: self.chance.hex128(),
            at: self.clock.now(),
            topic: topic.to_owned(),
            subject: subject.to_owned(),
            message: message.to_owned(),
        };
        if let Some(journal) = &self.journal {
            let key = format!("notice/{:012}", state.published.len());
            journal
                .record(&key, Some(&published))
                .map_err(|problem| Refusal(500, "InternalError", problem.to_string()))?;
        }
        let id = published.message_id.clone();
        state.published.push(published);
        Ok(id)
    }
}

/// The parameter that SNS would refuse.
fn fault(subject: Option<&String>, message: &str) -> Option<&'static str> {
    let is_fit = |subject: &String| {
        let begins = subject.chars().next();
        begins.is_some_and(|letter| letter.is_ascii_alphanumeric() || letter.is_ascii_punctuation())
            && subject.len() <= SUBJECT_CHARS_MAX
            && subject
                .bytes()
                .all(|byte| byte == b' ' || byte.is_ascii_graphic())
    };
    if subject.is_some_and(|subject| !is_fit(subject)) {
        return Some("Subject");
    }
    if message.is_empty() {
        return Some("Empty message");
    }
    (message.len() > MESSAGE_BYTES_MAX).then_some("Message too long")
}

/// An error in the shape of SNS.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sns_refuses_is_refused_and_what_it_takes_is_kept() {
        let clock = Clock::manual(Timestamp::from_s(7));
        let sns = Sns::restore(clock, Chance::seeded(1), None, &BTreeMap::new()).unwrap();
        sns.create("arn:a");
        let long = "x".repeat(100);
        for (topic, subject, message, status) in [
            ("arn:b", "s", "m", 404),
            ("arn:a", "", "m", 400),
            ("arn:a", "a\nb", "m", 400),
            ("arn:a", "für", "m", 400),
            ("arn:a", long.as_str(), "m", 400),
            ("arn:a", "s", "", 400),
            ("arn:a", &long[1..], "m", 200),
        ] {
            let form = [
                ("TopicArn", topic),
                ("Subject", subject),
                ("Message", message),
            ];
            let form = serde_urlencoded::to_string(form).unwrap();
            let answer = sns.answer("Publish", form.as_bytes());
            assert_eq!(
                answer.status().as_u16(),
                status,
                "{topic} {subject:?} {message:?}"
            );
        }
        assert_eq!(sns.published().len(), 1);
        assert_eq!(sns.answer("CreateTopic", b"").status().as_u16(), 400);
    }
}
