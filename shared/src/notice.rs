//! Door: messages to the administrators, through an SNS topic whose subscribers they are.
//!
//! SNS takes a message at least once: an answer may be lost after it was taken, and who asks again tells twice.

use aws_sdk_sns::Client;

use crate::alert::{Ends, Severity};
use crate::aws::{Aws, failed};
use crate::config::Env;
use crate::error::Error;
use crate::lambda::Platform;
use crate::store::alerts::AlertRow;
use crate::time::Timestamp;

/// Longest subject, in characters, all of them ASCII (SNS API reference, `Publish`, read in November 2026: fewer than 100).
const SUBJECT_CHARS_MAX: usize = 99;

/// What is told of an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// One line of ASCII.
    pub subject: String,
    /// The message.
    pub text: String,
}

/// The topic.
#[derive(Debug, Clone)]
pub struct Topic {
    sns: Client,
    arn: String,
}

impl Topic {
    /// The topic of the environment's `ALERT_TOPIC_ARN`.
    ///
    /// # Errors
    /// `Internal` where a setting is missing.
    pub fn of(env: &Env, platform: &Platform) -> Result<Self, Error> {
        Ok(Self {
            sns: Aws::of(env, platform)?.sns(),
            arn: env.required("ALERT_TOPIC_ARN")?,
        })
    }

    /// Tells the administrators.
    ///
    /// # Errors
    /// `Unavailable`; it may have been told then. `Internal` where the topic, or the right to it, is missing.
    pub async fn publish(&self, notice: &Notice) -> Result<(), Error> {
        self.sns
            .publish()
            .topic_arn(&self.arn)
            .subject(&notice.subject)
            .message(&notice.text)
            .send()
            .await
            .map(drop)
            .map_err(|error| failed("publish a notice", &error))
    }
}

impl Notice {
    /// What there is to say of an alert at `now`.
    pub fn of(alert: &AlertRow, now: Timestamp) -> Self {
        let state = match (alert.is_open(), alert.severity) {
            (false, _) => "Resolved".to_owned(),
            (true, severity) => severity.to_string(),
        };
        let subject = format!("Linky billing, {state}: {}", alert.message);
        Self {
            subject: one_line(&subject),
            text: text(alert, now),
        }
    }
}

/// SNS takes printable ASCII, and nothing that would end the header.
fn one_line(text: &str) -> String {
    let plain = |letter: char| {
        if letter == ' ' || letter.is_ascii_graphic() {
            letter
        } else {
            '?'
        }
    };
    let line: String = text.chars().map(plain).take(SUBJECT_CHARS_MAX).collect();
    line.trim_end().to_owned()
}

fn text(alert: &AlertRow, now: Timestamp) -> String {
    let held_back = alert.times.saturating_sub(alert.told_times);
    let mut lines = vec![alert.message.clone(), String::new()];
    if alert.is_open() {
        lines.push(format!("What to do: {}", alert.to_do));
        if alert.severity == Severity::Critical {
            lines.push("It should be looked at today.".to_owned());
        }
        match (alert.told_at, held_back) {
            (Some(told_at), 2..) => lines.push(format!(
                "It happened {held_back} times since it was told last, at {told_at}."
            )),
            (None, 2..) => lines.push(format!("It happened {held_back} times.")),
            _ => {}
        }
        if alert.resolutions > 0 {
            lines.push(format!(
                "It is back: it had ended {} times before.",
                alert.resolutions
            ));
        }
        if alert.ends == Ends::ByPerson {
            lines.push("It ends when somebody acknowledges it.".to_owned());
        }
    } else {
        let at = alert.resolved_at.unwrap_or(now);
        lines.push(format!(
            "This has ended by itself, at {at}. Nothing is to be done."
        ));
        if alert.told_at.is_none() {
            lines.push(format!("It began at {}.", alert.last_at));
        }
    }
    lines.push(String::new());
    lines.push(format!("Cause: {}", alert.cause));
    lines.push(format!(
        "First: {}  Last: {}",
        alert.first_at, alert.last_at
    ));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> AlertRow {
        let at = Timestamp::from_s(1_767_225_600);
        AlertRow {
            cause: "dead_event#evt_1".to_owned(),
            message: "Event evt_1 was tried until the last attempt: für immer.".to_owned(),
            to_do: "Replay it.".to_owned(),
            severity: Severity::Critical,
            ends: Ends::ByItself,
            about: None,
            first_at: at,
            last_at: at,
            opened_at: Some(at),
            times: 1,
            resolved_at: None,
            resolutions: 0,
            acknowledged_at: None,
            acknowledged_by: None,
            told_at: None,
            told_times: 0,
            changes: 1,
        }
    }

    #[test]
    fn a_notice_says_what_happened_what_to_do_and_how_often() {
        let now = Timestamp::from_s(1_767_229_200);
        let first = Notice::of(&row(), now);
        assert_eq!(
            first.subject,
            "Linky billing, Critical: Event evt_1 was tried until the last attempt: f?r immer."
        );
        assert!(first.text.contains("What to do: Replay it."));
        assert!(!first.text.contains("times"), "{}", first.text);
        let again = AlertRow {
            times: 8,
            told_times: 3,
            told_at: Some(now),
            resolutions: 1,
            ..row()
        };
        let again = Notice::of(&again, now).text;
        assert!(again.contains("happened 5 times since"), "{again}");
        assert!(again.contains("It is back"), "{again}");
        let ended = AlertRow {
            opened_at: None,
            resolved_at: Some(now),
            told_at: Some(now),
            ..row()
        };
        let ended = Notice::of(&ended, now);
        assert!(ended.subject.starts_with("Linky billing, Resolved: "));
        assert!(
            ended
                .text
                .contains("has ended by itself, at 2026-01-01T01:00:00.000Z")
        );
    }

    #[test]
    fn a_subject_is_one_line_that_sns_takes() {
        let line = one_line(&format!("a\r\nBcc: b{}", "x".repeat(200)));
        assert_eq!(line.len(), SUBJECT_CHARS_MAX);
        assert!(line.starts_with("a??Bcc"));
    }
}
