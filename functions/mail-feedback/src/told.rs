//! Fact: what one event of SES says (its developer guide, "Monitoring SES events using Amazon EventBridge"; read in November
//! 2026).

use serde::Deserialize;
use serde_json::Value;
use shared::mail::mail_of_tag;
use shared::outbox::Feedback;

/// Characters of what SES says of a reason that are kept.
const WORDS_MAX: usize = 80;

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
    /// Such as `5.1.1`. What the other server says besides may repeat the address.
    status: Option<String>,
}

impl Told {
    /// Reads an event, or says what is wrong with it.
    pub(crate) fn of(event: Value) -> Result<Self, String> {
        let event: Event = serde_json::from_value(event).map_err(|error| error.to_string())?;
        let Detail {
            event_type,
            mail,
            bounce,
        } = event.detail;
        let tag = mail.tags.mail_id.into_iter().next();
        let mail = tag.as_deref().and_then(mail_of_tag);
        let mail = mail.ok_or("it names no mail of ours")?;
        let feedback = match event_type.as_str() {
            "Bounce" => Feedback::CameBack(bounce.map(why).ok_or("a bounce without its reason")?),
            "Reject" => Feedback::CameBack("SES took it for a virus".to_owned()),
            "Complaint" => Feedback::TakenForSpam,
            other => return Err(format!("{other} is nothing that is listened to")),
        };
        Ok(Self { mail, feedback })
    }
}

/// Why a mail came back, in words, and then in SES's own.
fn why(bounce: Bounce) -> String {
    let words = match (bounce.bounce_type.as_str(), bounce.bounce_sub_type.as_str()) {
        (_, "OnAccountSuppressionList" | "Suppressed") => {
            "SES does not send there since earlier mails came back"
        }
        ("Permanent", _) => "the address does not take mail",
        ("Transient", "MailboxFull") => "the mailbox is full",
        ("Transient", _) => "the other server did not take it for as long as SES tried",
        _ => "the other server did not say why",
    };
    let status = bounce
        .bounced_recipients
        .into_iter()
        .find_map(|it| it.status);
    let named = [bounce.bounce_type, bounce.bounce_sub_type].into_iter();
    let named = named.chain(status).filter(|it| !it.is_empty());
    let named: Vec<String> = named.collect();
    let named: String = named.join(", ").chars().take(WORDS_MAX).collect();
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
            "status": "5.1.1",
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
                "SES does not send there since earlier mails came back (Permanent, OnAccountSuppressionList, 5.1.1)",
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
            (json!({}), "missing field `detail`"),
            (json!("no event"), "invalid type"),
            (strange, "it names no mail of ours"),
            (untagged, "it names no mail of ours"),
        ] {
            let wrong = Told::of(event).unwrap_err();
            assert!(wrong.contains(words), "{wrong}");
        }
    }
}
