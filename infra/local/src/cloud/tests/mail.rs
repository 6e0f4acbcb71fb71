//! SES and SSM as the SDK sees them.

use aws_sdk_ses::types::{Body, Content, Destination, Message};

use super::clients::{cloud, ses};

#[tokio::test]
async fn a_mail_that_is_sent_can_be_read() {
    let (_, cloud) = cloud();
    cloud.mail().verify("uselinky.app");
    let content = |text: &str| {
        Content::builder()
            .data(text)
            .charset("UTF-8")
            .build()
            .unwrap()
    };
    let sent = ses(&cloud)
        .send_email()
        .source("Linky <billing@uselinky.app>")
        .destination(
            Destination::builder()
                .to_addresses("ann@example.com")
                .build(),
        )
        .message(
            Message::builder()
                .subject(content("Welcome"))
                .body(
                    Body::builder()
                        .text(content("Hello"))
                        .html(content("<p>Hello</p>"))
                        .build(),
                )
                .build(),
        )
        .send()
        .await
        .unwrap();
    let mails = cloud.mail().mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].message_id, sent.message_id());
    assert_eq!(mails[0].html.as_deref(), Some("<p>Hello</p>"));
}
