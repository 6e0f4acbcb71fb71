//! Mails as a person gets them, and SES in its moods.

use super::render::one_line;
use super::*;
use crate::aws::{Aws, AwsSettings};
use crate::clock::Clock;
use crate::money::{Currency, Money};
use crate::outbox::MailKind;
use crate::plan::{Catalogue, Plan};
use crate::script::{Naps, Script, Step, answer};
use crate::secret::Secret;
use crate::time::Timestamp;

fn links() -> Links {
    Links::new(
        "https://linky.test/account",
        "https://portal.linky.test",
        "mailto:help@linky.test",
    )
    .unwrap()
}

fn rendered(kind: MailKind, name: Option<&str>) -> Rendered {
    let to = Addressee { name, token: None };
    render(kind, to, &Catalogue::linky(), &links()).unwrap()
}

const CHANGED: MailKind = MailKind::PlanChanged {
    from: Plan::FoundingMember,
    to: Plan::Prospector,
};

const FAILED: MailKind = MailKind::PaymentFailed {
    amount: Money::new(75_00, Currency::USD),
    attempt: 2,
    next_attempt_at: Some(Timestamp::from_s(1_772_323_200)),
};

#[test]
fn a_founding_member_is_told_what_follows_and_when() {
    let kind = MailKind::Welcome {
        plan: Plan::FoundingMember,
    };
    let mail = rendered(kind, Some("Ada"));
    assert_eq!(mail.subject, "Welcome to Linky");
    let text = "\
Hello Ada,

Your Founding Member plan is active. Thank you for joining us.

After 3 months your plan becomes Prospector at $75.00 a month. You need not do anything; you can change or cancel it before then in your account.

Plan: Founding Member
Price: $25.00 for 3 months

Open your account: https://linky.test/account

--
You receive this mail because you have a Linky subscription.
Questions? mailto:help@linky.test";
    assert_eq!(mail.text, text);
}

#[test]
fn both_dresses_say_the_same() {
    let all = [
        MailKind::Welcome {
            plan: Plan::Networker,
        },
        CHANGED,
        FAILED,
        MailKind::PaymentRecovered {
            amount: Money::new(75_00, Currency::USD),
        },
    ];
    for kind in all {
        let mail = rendered(kind, Some("Ada"));
        assert!(mail.html.contains("Hello Ada,"));
        for line in mail
            .text
            .lines()
            .filter(|line| !line.is_empty() && *line != "--")
        {
            for part in line.splitn(2, ": ") {
                let part = part.trim_start_matches("Questions? ");
                assert!(mail.html.contains(part), "{kind:?} lacks {part:?}");
            }
        }
    }
}

#[test]
fn money_and_days_are_written_for_people() {
    let mail = rendered(FAILED, None);
    assert!(mail.text.starts_with("Hello,\n"));
    assert!(
        mail.text
            .contains("We could not charge $75.00 for your plan.")
    );
    assert!(mail.text.contains("We will try again on 1 March 2026."));
    let last = MailKind::PaymentFailed {
        amount: Money::new(500, "jpy".parse().unwrap()),
        attempt: 4,
        next_attempt_at: None,
    };
    let mail = rendered(last, None);
    assert!(mail.text.contains("¥500"));
    assert!(
        mail.text
            .contains("This was the last try, and without a payment your plan ends.")
    );
    let custom = MailKind::Welcome {
        plan: Plan::Unmapped,
    };
    assert!(rendered(custom, None).text.contains("Plan: Custom\n"));
}

#[test]
fn what_a_stranger_typed_as_a_name_stays_words() {
    let name = "<script>alert(1)</script> \"&'\r\nBcc: eve@example.com";
    let mail = rendered(CHANGED, Some(name));
    assert!(!mail.html.contains("<script>"), "{}", mail.html);
    assert!(mail.html.contains("&#60;script&#62;"));
    let first = mail.text.lines().next().unwrap();
    assert_eq!(
        first,
        "Hello <script>alert(1)</script> \"&' Bcc: eve@example.com,"
    );
    let long = rendered(CHANGED, Some(&"ä".repeat(NAME_CHARS_MAX + 1)));
    let greeting = format!("Hello {},", "ä".repeat(NAME_CHARS_MAX));
    assert_eq!(long.text.lines().next(), Some(greeting.as_str()));
    assert_eq!(mail.subject, "Your Linky plan is now Prospector");
    assert_eq!(
        rendered(CHANGED, Some(" \t\n")).text.lines().next(),
        Some("Hello,")
    );
}

#[test]
fn a_subject_of_two_lines_is_refused() {
    for subject in ["Hello\r\nBcc: eve@example.com", "Hello\n", "Hello\0"] {
        assert_eq!(one_line(subject), Err(MailError::Malformed("the subject")));
    }
}

#[test]
fn a_mail_links_to_the_web_only() {
    let web = "https://linky.test";
    for wrong in ["javascript:alert(1)", "https://linky.test/a b", ""] {
        for (account, portal, support) in [(wrong, web, web), (web, wrong, web), (web, web, wrong)]
        {
            assert!(Links::new(account, portal, support).is_err(), "{wrong}");
        }
    }
}

#[test]
fn an_address_is_one_recipient_and_never_printed() {
    for text in [
        "",
        "ada",
        "@example.com",
        "ada@example",
        "ada@a@b.com",
        "ada @example.com",
        "ada@example.com\r\nBcc: eve@example.com",
        "ada@example.com,eve@example.com",
        "Ada <ada@example.com>",
        "ädä@example.com",
        &format!("{}@example.com", "a".repeat(243)),
    ] {
        assert!(Address::parse(text).is_err(), "{text}");
    }
    let address = Address::parse("ada+linky@example.com").unwrap();
    assert_eq!(format!("{address:?}"), "Address(redacted)");
    let mail = rendered(CHANGED, Some("Ada"));
    assert_eq!(format!("{mail:?}"), "Rendered { .. }");
}

fn ses(script: &Script) -> (Client, Naps) {
    let naps = Naps::new(Clock::manual(Timestamp::from_s(0)));
    let settings = AwsSettings {
        region: "eu-central-1".to_owned(),
        access_key_id: "AKID".to_owned(),
        secret_access_key: Secret::new("secret"),
        session_token: None,
        endpoint_url: None,
    };
    (
        Aws::new(settings, script.connector(), naps.shared()).ses(),
        naps,
    )
}

async fn send(steps: impl IntoIterator<Item = Step>) -> (Result<String, MailError>, Script) {
    let script = Script::new(steps);
    let mailer = Mailer::new(
        ses(&script).0,
        "Linky <billing@linky.test>",
        "linky".to_owned(),
    )
    .unwrap();
    let to = Address::parse("ada@example.com").unwrap();
    let mail = rendered(CHANGED, Some("Ada"));
    let sent = mailer.send(&to, &mail, "plan_changed#sub_1#evt_1").await;
    (sent, script)
}

const SENT: &str = r#"<SendEmailResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/">
    <SendEmailResult><MessageId>0100-1</MessageId></SendEmailResult></SendEmailResponse>"#;

fn refusal(code: &str) -> String {
    format!(
        r#"<ErrorResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><Error><Type>Sender</Type>
        <Code>{code}</Code><Message>no</Message></Error></ErrorResponse>"#
    )
}

#[tokio::test]
async fn a_mail_goes_to_one_address_in_both_dresses_and_tagged() {
    let (sent, script) = send([answer(200, SENT)]).await;
    assert_eq!(sent, Ok("0100-1".to_owned()));
    let seen = &script.seen()[0];
    assert_eq!(seen.uri, "https://email.eu-central-1.amazonaws.com/");
    for field in [
        "Action=SendEmail",
        "Source=Linky%20%3Cbilling%40linky.test%3E",
        "Destination.ToAddresses.member.1=ada%40example.com",
        "Message.Subject.Data=Your%20Linky%20plan%20is%20now%20Prospector",
        "Message.Body.Html.Charset=UTF-8",
        "Message.Body.Text.Data=Hello%20Ada%2C",
        "Tags.member.1.Name=mail_id",
        "Tags.member.1.Value=cGxhbl9jaGFuZ2VkI3N1Yl8xI2V2dF8x",
        "ConfigurationSetName=linky",
    ] {
        assert!(seen.body.contains(field), "{field} is not in {}", seen.body);
    }
}

#[tokio::test]
async fn every_refusal_says_what_can_be_done() {
    use MailError::{NotAllowed, Rejected, Throttled, Unavailable};
    for (status, code, error, retryable) in [
        (400, "MessageRejected", Rejected, false),
        (400, "InvalidParameterValue", Rejected, false),
        (400, "Throttling", Throttled, true),
        (400, "MailFromDomainNotVerifiedException", NotAllowed, true),
        (400, "AccountSendingPausedException", NotAllowed, true),
        (403, "AccessDenied", NotAllowed, true),
        (500, "InternalFailure", Unavailable, true),
    ] {
        let (sent, _) = send(vec![answer(status, &refusal(code)); 3]).await;
        assert_eq!(sent, Err(error), "{code}");
        assert_eq!(error.retryable(), retryable, "{code}");
    }
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_and_silence_ends() {
    let (sent, script) = send([Step::Broken, answer(200, SENT)]).await;
    assert_eq!((sent, script.seen().len()), (Ok("0100-1".to_owned()), 2));

    let script = Script::new([]);
    let (ses, naps) = ses(&script);
    let mailer = Mailer::new(ses, "billing@linky.test", "linky".to_owned()).unwrap();
    let to = Address::parse("ada@example.com").unwrap();
    let sent = mailer.send(&to, &rendered(CHANGED, None), "m").await;
    assert_eq!(sent, Err(MailError::Unavailable));
    assert!(naps.taken().contains(&crate::aws::ATTEMPT_TIMEOUT));
}

#[test]
fn a_sender_is_a_plain_name_and_an_address() {
    let client = || ses(&Script::new([])).0;
    for from in [
        "",
        "Linky",
        "Linky\r\n <a@b.test>",
        "a@b.test, c@d.test",
        "\"L\" <a@b.test>",
    ] {
        assert!(
            Mailer::new(client(), from, "linky".to_owned()).is_err(),
            "{from}"
        );
    }
    for from in ["billing@linky.test", "Linky Billing <billing@linky.test>"] {
        assert!(
            Mailer::new(client(), from, "linky".to_owned()).is_ok(),
            "{from}"
        );
    }
}

#[test]
fn a_tag_names_its_mail() {
    let id = "password_reset#user_0123#2026-01-01T00:00:00.000Z";
    let tag = tag_of(id);
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    assert!(tag.bytes().all(fits), "{tag}");
    assert_eq!(mail_of_tag(&tag), Some(id.to_owned()));
    for tag in ["", "plan_changed_sub_1_evt_1", "=", "__8"] {
        assert_ne!(mail_of_tag(tag), Some(id.to_owned()), "{tag}");
    }
}
