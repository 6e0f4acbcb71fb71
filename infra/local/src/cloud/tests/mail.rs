//! SES as the SDK sees it.

use std::collections::BTreeMap;

use aws_sdk_ses::error::ProvideErrorMetadata;
use aws_sdk_ses::operation::send_email::builders::SendEmailFluentBuilder;
use aws_sdk_ses::primitives::Blob;
use aws_sdk_ses::types::{Body, Content, Destination, Message, MessageTag, RawMessage};

use super::clients::{START, cloud, ses};
use crate::cloud::{Cloud, Fate, Quota, SentMail};

const SOURCE: &str = "Linky <billing@uselinky.app>";

fn content(text: &str) -> Content {
    Content::builder()
        .data(text)
        .charset("UTF-8")
        .build()
        .unwrap()
}

fn welcome(cloud: &Cloud, subject: &str, to: &str) -> SendEmailFluentBuilder {
    let body = Body::builder()
        .text(content("Hello & welcome"))
        .html(content("<p>Hello</p>"));
    let message = Message::builder()
        .subject(content(subject))
        .body(body.build());
    ses(cloud)
        .send_email()
        .source(SOURCE)
        .destination(Destination::builder().to_addresses(to).build())
        .message(message.build())
}

#[tokio::test]
async fn a_mail_that_is_sent_can_be_read_whole() {
    let (_, cloud) = cloud();
    cloud.mail().verify("uselinky.app");
    let tag = MessageTag::builder()
        .name("mail")
        .value("welcome")
        .build()
        .unwrap();
    let sent = welcome(&cloud, "Wélcome", "ann@example.com")
        .reply_to_addresses("help@uselinky.app")
        .configuration_set_name("billing")
        .tags(tag)
        .send()
        .await
        .unwrap();
    let expected = SentMail {
        message_id: sent.message_id().to_owned(),
        sent_at: START,
        source: SOURCE.to_owned(),
        destinations: vec!["ann@example.com".to_owned()],
        reply_to: vec!["help@uselinky.app".to_owned()],
        subject: "Wélcome".to_owned(),
        html: Some("<p>Hello</p>".to_owned()),
        text: Some("Hello & welcome".to_owned()),
        raw: None,
        configuration_set: Some("billing".to_owned()),
        tags: BTreeMap::from([("mail".to_owned(), "welcome".to_owned())]),
        fate: Fate::Delivered,
    };
    assert_eq!(cloud.mail().mails(), [expected]);
}

#[tokio::test]
async fn a_raw_mail_is_read_and_kept_as_it_came() {
    let (_, cloud) = cloud();
    cloud.mail().verify("billing@uselinky.app");
    let raw = "From: billing@uselinky.app\r\nTo: bob@example.com\r\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\n\r\nText";
    let message = RawMessage::builder().data(Blob::new(raw)).build().unwrap();
    let send = ses(&cloud)
        .send_raw_email()
        .source(SOURCE)
        .destinations("ann@example.com")
        .raw_message(message);
    send.send().await.unwrap();
    let mail = &cloud.mail().mails()[0];
    assert_eq!(mail.raw.as_deref(), Some(raw));
    assert_eq!(
        (mail.subject.as_str(), mail.text.as_deref()),
        ("Grüße", Some("Text"))
    );
    assert_eq!(
        (mail.source.as_str(), &mail.destinations[..]),
        (SOURCE, &["ann@example.com".to_owned()][..])
    );
    let quota = ses(&cloud).get_send_quota().send().await.unwrap();
    assert_eq!(quota.sent_last24_hours().to_string(), "1");
}

#[tokio::test]
async fn a_raw_mail_is_at_most_ten_mebibytes() {
    let (_, cloud) = cloud();
    cloud.mail().verify("uselinky.app");
    let client = ses(&cloud);
    let head = "From: billing@uselinky.app\r\nTo: ann@example.com\r\n\r\n";
    let send = |bytes: usize| {
        let raw = format!("{head}{}", "a".repeat(bytes - head.len()));
        let message = RawMessage::builder().data(Blob::new(raw)).build().unwrap();
        client.send_raw_email().raw_message(message).send()
    };
    send(10_485_760).await.unwrap();
    let refused = send(10_485_761).await.unwrap_err();
    assert_eq!(
        refused.message(),
        Some("Message length is more than 10485760 bytes long: '10485761'.")
    );
    assert_eq!(cloud.mail().mails().len(), 1);
}

#[tokio::test]
async fn what_ses_rejects_is_rejected_and_not_kept() {
    let (_, cloud) = cloud();
    let unverified = welcome(&cloud, "Welcome", "ann@example.com")
        .send()
        .await
        .unwrap_err();
    assert!(unverified.as_service_error().unwrap().is_message_rejected());
    cloud.mail().verify("uselinky.app");
    for (subject, to) in [
        ("Welcome\r\nBcc: all@example.com", "ann@example.com"),
        ("Welcome", "ann@example.com\nbob@example.com"),
        ("Welcome", "ann"),
    ] {
        let refused = welcome(&cloud, subject, to).send().await.unwrap_err();
        assert_eq!(refused.code(), Some("InvalidParameterValue"));
    }
    assert_eq!(cloud.mail().mails(), []);
}

#[tokio::test]
async fn addresses_of_the_mailbox_simulator_bounce_and_complain() {
    let (_, cloud) = cloud();
    cloud.mail().verify("uselinky.app");
    for to in [
        "bounce@simulator.amazonses.com",
        "Ann <complaint@simulator.amazonses.com>",
        "suppressionlist@simulator.amazonses.com",
        "success@simulator.amazonses.com",
    ] {
        welcome(&cloud, "Welcome", to).send().await.unwrap();
    }
    let fates: Vec<Fate> = cloud.mail().mails().iter().map(|mail| mail.fate).collect();
    assert_eq!(
        fates,
        [
            Fate::Bounced,
            Fate::Complained,
            Fate::Suppressed,
            Fate::Delivered
        ]
    );
}

#[tokio::test]
async fn what_exceeds_the_rate_or_the_days_quota_is_throttled_until_the_clock_has_moved_on() {
    let (clock, cloud) = cloud();
    cloud.mail().verify("uselinky.app");
    cloud.mail().set_quota(Quota {
        per_day: 3,
        per_s: 2,
    });
    let send = || welcome(&cloud, "Welcome", "ann@example.com").send();
    let throttled = |words: &'static str| async move {
        let refused = send().await.unwrap_err();
        assert_eq!(
            (refused.code(), refused.message()),
            (Some("Throttling"), Some(words))
        );
    };
    send().await.unwrap();
    send().await.unwrap();
    throttled("Maximum sending rate exceeded.").await;
    clock.advance_to(START.plus_s(1));
    send().await.unwrap();
    clock.advance_to(START.plus_s(10));
    throttled("Daily message quota exceeded.").await;
    clock.advance_to(START.plus_s(86_400));
    send().await.unwrap();
    assert_eq!(cloud.mail().mails().len(), 4);
}
