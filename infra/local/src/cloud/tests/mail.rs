//! SES as the SDK sees it.

use std::collections::BTreeMap;

use aws_sdk_ses::error::ProvideErrorMetadata;
use aws_sdk_ses::operation::send_email::builders::SendEmailFluentBuilder;
use aws_sdk_ses::primitives::Blob;
use aws_sdk_ses::types::{Body, Content, Destination, Message, MessageTag, RawMessage};

use super::clients::{START, cloud, ses};
use crate::cloud::{Cloud, Fate, SentMail};

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
        configuration_set: Some("billing".to_owned()),
        tags: BTreeMap::from([("mail".to_owned(), "welcome".to_owned())]),
        fate: Fate::Delivered,
    };
    assert_eq!(cloud.mail().mails(), [expected]);
}

#[tokio::test]
async fn a_raw_mail_is_kept_as_it_came() {
    let (_, cloud) = cloud();
    cloud.mail().verify("billing@uselinky.app");
    let raw = "Subject: Hello\r\n\r\nText";
    let message = RawMessage::builder().data(Blob::new(raw)).build().unwrap();
    let send = ses(&cloud)
        .send_raw_email()
        .source(SOURCE)
        .destinations("ann@example.com")
        .raw_message(message);
    send.send().await.unwrap();
    let mails = cloud.mail().mails();
    assert_eq!(mails[0].text.as_deref(), Some(raw));
    let quota = ses(&cloud).get_send_quota().send().await.unwrap();
    assert_eq!(quota.sent_last24_hours().to_string(), "1");
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
        "success@simulator.amazonses.com",
    ] {
        welcome(&cloud, "Welcome", to).send().await.unwrap();
    }
    let fates: Vec<Fate> = cloud.mail().mails().iter().map(|mail| mail.fate).collect();
    assert_eq!(fates, [Fate::Bounced, Fate::Complained, Fate::Delivered]);
}
