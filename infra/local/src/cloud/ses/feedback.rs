//! What SES tells of a mail that did not simply arrive, as an event on the default bus of EventBridge (SES developer guide,
//! "Monitoring SES events using Amazon EventBridge" and "Contents of event data"; read in November 2026).

use serde_json::{Value, json};

use super::{Fate, SentMail};
use crate::template::{ACCOUNT, REGION};

/// The event of a mail; none where there is nothing to tell, or no configuration set to tell it by.
pub(super) fn event_of(mail: &SentMail) -> Option<Value> {
    let set = mail.configuration_set.as_ref()?;
    let (kind, what, told) = match mail.fate {
        Fate::Delivered => return None,
        Fate::Bounced => ("Email Bounced", "Bounce", bounce(mail, "General")),
        Fate::Suppressed => {
            let told = bounce(mail, "OnAccountSuppressionList");
            ("Email Bounced", "Bounce", told)
        }
        Fate::Complained => ("Email Complaint Received", "Complaint", complaint(mail)),
    };
    let mut tags = json!({
        "ses:operation": ["SendEmail"],
        "ses:configuration-set": [set],
        "ses:from-domain": [mail.source.rsplit('@').next().unwrap_or_default().trim_end_matches('>')],
    });
    for (name, value) in &mail.tags {
        tags[name] = json!([value]);
    }
    let mut detail = json!({
        "eventType": what,
        "mail": {
            "timestamp": mail.sent_at,
            "source": mail.source,
            "sendingAccountId": ACCOUNT,
            "messageId": mail.message_id,
            "destination": mail.destinations,
            "headersTruncated": false,
            "commonHeaders": { "subject": mail.subject, "to": mail.destinations },
            "tags": tags,
        },
    });
    detail[what.to_lowercase()] = told;
    Some(json!({
        "version": "0",
        "id": format!("{}-told", mail.message_id),
        "detail-type": kind,
        "source": "aws.ses",
        "account": ACCOUNT,
        "time": format!("{}Z", &mail.sent_at.to_string()[..19]),
        "region": REGION,
        "resources": [format!("arn:aws:ses:{REGION}:{ACCOUNT}:configuration-set/{set}")],
        "detail": detail,
    }))
}

fn bounce(mail: &SentMail, sub_kind: &str) -> Value {
    let of = |address: &String| {
        json!({
            "emailAddress": address,
            "action": "failed",
            "status": "5.1.1",
            "diagnosticCode": "smtp; 550 5.1.1 user unknown",
        })
    };
    let recipients: Vec<Value> = mail.destinations.iter().map(of).collect();
    json!({
        "feedbackId": mail.message_id,
        "bounceType": "Permanent",
        "bounceSubType": sub_kind,
        "bouncedRecipients": recipients,
        "timestamp": mail.sent_at,
        "reportingMTA": "dns; amazonses.com",
    })
}

fn complaint(mail: &SentMail) -> Value {
    let of = |address: &String| json!({ "emailAddress": address });
    let recipients: Vec<Value> = mail.destinations.iter().map(of).collect();
    json!({
        "feedbackId": mail.message_id,
        "complaintSubType": null,
        "complainedRecipients": recipients,
        "timestamp": mail.sent_at,
        "complaintFeedbackType": "abuse",
        "arrivalDate": mail.sent_at,
    })
}
