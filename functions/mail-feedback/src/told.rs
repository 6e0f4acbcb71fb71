//! Fact: what one event of SES says (its developer guide, "Monitoring SES events using Amazon EventBridge"; read in November
//! 2026).

use serde::Deserialize;
use serde_json::Value;
use shared::mail::mail_of_tag;
use shared::outbox::Feedback;

/// One event: of which mail, and what.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) mail: String,
    pub(crate) feedback: Feedback,
}

#[derive(Deserialize)]
struct Event {
    detail: Detail,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    event_type: String,
    mail: Mail,
    bounce: Option<Bounce>,
    complaint: Option<Complaint>,
}

#[derive(Deserialize)]
struct Mail {
    #[serde(default)]
    tags: Tags,
}

#[derive(Default, Deserialize)]
struct Tags {
    /// Named as [`shared::mail::TAG`] says.
    #[serde(default)]
    mail_id: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bounce {
    bounce_type: String,
    #[serde(default)]
    bounce_sub_type: String,
    #[serde(default)]
    bounced_recipients: Vec<Recipient>,
}

#[derive(Deserialize)]
struct Recipient {
    /// Begins as `5.1.1`. What the other server says besides may repeat the address.
    status: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Complaint {
    complaint_sub_type: Option<String>,
}

/// That SES sent nothing, because the address is on the account's list of those it does not send to.
const SUPPRESSED: &str = "OnAccountSuppressionList";

impl Told {
    /// Reads an event, or says what is wrong with it.
    pub(crate) fn of(event: Value) -> Result<Self, String> {
        // Without the error's own words, which repeat what could not be read.
        let event: Event = serde_json::from_value(event)
            .map_err(|_| "it is not of the shape of SES's events of a mail".to_owned())?;
        let Detail {
            event_type,
            mail,
            bounce,
            complaint,
        } = event.detail;
        let tag = mail.tags.mail_id.into_iter().next();
        let mail = tag.as_deref().and_then(mail_of_tag);
        let mail = mail.ok_or("it names no mail of ours")?;
        let feedback = match event_type.as_str() {
            "Bounce" => Feedback::CameBack(bounce.map(why).ok_or("a bounce without its reason")?),
            "Reject" => Feedback::CameBack("SES took it for a virus".to_owned()),
            "Complaint" if complaint.is_some_and(|it| it.was_not_sent()) => {
                Feedback::CameBack(format!("{NOT_SENT} ({SUPPRESSED})"))
            }
            "Complaint" => Feedback::TakenForSpam,
            other => return Err(format!("{other} is nothing that is listened to")),
        };
        Ok(Self { mail, feedback })
    }
}

impl Complaint {
    fn was_not_sent(&self) -> bool {
        self.complaint_sub_type.as_deref() == Some(SUPPRESSED)
    }
}

/// What a mail to an address on a list of SES's came to.
const NOT_SENT: &str = "SES does not send there, since earlier mails came back or were not wanted";

/// Why a mail came back, in words, and then in SES's own.
fn why(bounce: Bounce) -> String {
    let words = match (bounce.bounce_type.as_str(), bounce.bounce_sub_type.as_str()) {
        (_, SUPPRESSED | "Suppressed") => NOT_SENT,
        ("Permanent", _) => "the address does not take mail",
        ("Transient", "MailboxFull") => "the mailbox is full",
        ("Transient", _) => "it may not have arrived: the other server put SES off",
        _ => "the other server did not say why",
    };
    let status = bounce
        .bounced_recipients
        .into_iter()
        .find_map(|it| it.status);
    let of = |text: String, fits: fn(char) -> bool| -> String {
        text.chars().take_while(|letter| fits(*letter)).collect()
    };
    let kinds = [bounce.bounce_type, bounce.bounce_sub_type];
    let kinds = kinds.map(|kind| of(kind, |letter| letter.is_ascii_alphanumeric()));
    let status = status.map(|status| of(status, |letter| letter.is_ascii_digit() || letter == '.'));
    let named = kinds.into_iter().chain(status);
    let named: Vec<String> = named.filter(|it| !it.is_empty()).collect();
    let named = named.join(", ");
    format!("{words} ({named})")
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared::mail::tag_of;

    use super::*;

    fn event(detail: Value) -> Value {
        let mut event = json!({ "source": "aws.ses", "detail": detail });
        event["detail"]["mail"] = json!({
            "messageId": "0100-1",
            "destination": ["ada@example.com"],
            "tags": { "ses:operation": ["SendEmail"], "mail_id": [tag_of("welcome#sub_1")] },
        });
        event
    }

    fn bounce(kind: &str, sub_kind: &str) -> Value {
        let recipient = json!({
            "emailAddress": "ada@example.com",
            "action": "failed",
            "status": "5.1.1 (ada@example.com)",
            "diagnosticCode": "smtp; 550 5.1.1 <ada@example.com> unknown",
        });
        event(json!({
            "eventType": "Bounce",
            "bounce": { "bounceType": kind, "bounceSubType": sub_kind, "bouncedRecipients": [recipient] },
        }))
    }

    #[test]
    fn a_bounce_says_why_without_the_address() {
        for (kind, sub_kind, words) in [
            (
                "Permanent",
                "General",
                "the address does not take mail (Permanent, General, 5.1.1)",
            ),
            (
                "Permanent",
                "OnAccountSuppressionList",
                "SES does not send there, since earlier mails came back or were not wanted (Permanent, OnAccountSuppressionList, 5.1.1)",
            ),
            (
                "Transient",
                "MailboxFull",
                "the mailbox is full (Transient, MailboxFull, 5.1.1)",
            ),
            (
                "Undetermined",
                "Undetermined",
                "the other server did not say why (Undetermined, Undetermined, 5.1.1)",
            ),
        ] {
            let told = Told::of(bounce(kind, sub_kind)).unwrap();
            assert_eq!(told.mail, "welcome#sub_1");
            assert_eq!(told.feedback, Feedback::CameBack(words.to_owned()));
        }
    }

    #[test]
    fn complaints_and_refusals_are_told_apart() {
        let told = |kind: &str| Told::of(event(json!({ "eventType": kind }))).map(|it| it.feedback);
        assert_eq!(told("Complaint"), Ok(Feedback::TakenForSpam));
        let suppressed = json!({ "complaintSubType": SUPPRESSED });
        let unsent = event(json!({ "eventType": "Complaint", "complaint": suppressed }));
        let unsent = Told::of(unsent).unwrap().feedback;
        assert_eq!(
            unsent,
            Feedback::CameBack(format!("{NOT_SENT} ({SUPPRESSED})"))
        );
        assert_eq!(
            told("Reject"),
            Ok(Feedback::CameBack("SES took it for a virus".to_owned()))
        );
        assert!(told("Delivery").unwrap_err().contains("Delivery"));
        assert_eq!(told("Bounce").unwrap_err(), "a bounce without its reason");
    }

    #[test]
    fn what_is_no_event_of_a_mail_of_ours_says_what_is_wrong() {
        let mut strange = bounce("Permanent", "General");
        strange["detail"]["mail"]["tags"]["mail_id"] = json!(["not of ours"]);
        let mut untagged = bounce("Permanent", "General");
        untagged["detail"]["mail"]["tags"] = json!({});
        for (event, words) in [
            (json!({}), "it is not of the shape"),
            (json!("ada@example.com"), "it is not of the shape"),
            (strange, "it names no mail of ours"),
            (untagged, "it names no mail of ours"),
        ] {
            let wrong = Told::of(event).unwrap_err();
            assert!(wrong.starts_with(words) && !wrong.contains('@'), "{wrong}");
        }
    }
}
