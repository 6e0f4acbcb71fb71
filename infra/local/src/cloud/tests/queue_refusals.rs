//! What SQS refuses, as the SDK names it.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::ProvideErrorMetadata;
use aws_sdk_sqs::types::{QueueAttributeName, SendMessageBatchRequestEntry};
use serde_json::json;

use super::clients::{cloud, sqs};
use crate::cloud::Sqs;

fn jobs() -> (Client, String) {
    let (_, cloud) = cloud();
    let url = cloud.create_queue(&json!({ "QueueName": "jobs" })).unwrap();
    (sqs(&cloud), url)
}

#[tokio::test]
async fn an_unknown_queue_does_not_exist() {
    let (client, _) = jobs();
    let url = Sqs::url("nothing");
    let refused = client
        .send_message()
        .queue_url(&url)
        .message_body("a")
        .send()
        .await
        .unwrap_err();
    assert!(refused.into_service_error().is_queue_does_not_exist());
    let refused = client
        .receive_message()
        .queue_url(&url)
        .send()
        .await
        .unwrap_err();
    assert!(refused.into_service_error().is_queue_does_not_exist());
    let refused = client
        .get_queue_url()
        .queue_name("nothing")
        .send()
        .await
        .unwrap_err();
    assert!(refused.into_service_error().is_queue_does_not_exist());
}

#[tokio::test]
async fn a_receipt_handle_that_is_none_is_invalid() {
    let (client, url) = jobs();
    let refused = client
        .delete_message()
        .queue_url(&url)
        .receipt_handle("none")
        .send()
        .await
        .unwrap_err();
    assert!(refused.into_service_error().is_receipt_handle_is_invalid());
    let hide = client
        .change_message_visibility()
        .queue_url(&url)
        .receipt_handle("none")
        .visibility_timeout(1);
    assert!(
        hide.send()
            .await
            .unwrap_err()
            .into_service_error()
            .is_receipt_handle_is_invalid()
    );
}

#[tokio::test]
async fn a_receipt_handle_of_another_queue_is_invalid() {
    let (client, url) = jobs();
    let other = client
        .create_queue()
        .queue_name("other")
        .send()
        .await
        .unwrap();
    let send = client.send_message().queue_url(&url).message_body("a");
    send.send().await.unwrap();
    let received = client
        .receive_message()
        .queue_url(&url)
        .send()
        .await
        .unwrap();
    let handle = received.messages()[0].receipt_handle().unwrap();
    let delete = client.delete_message().set_queue_url(other.queue_url);
    let refused = delete.receipt_handle(handle).send().await.unwrap_err();
    assert!(refused.into_service_error().is_receipt_handle_is_invalid());
}

#[tokio::test]
async fn a_batch_has_one_to_ten_entries_of_different_names() {
    let (client, url) = jobs();
    let send = |ids: Vec<String>| {
        let entries = ids.iter().map(|id| {
            SendMessageBatchRequestEntry::builder()
                .id(id)
                .message_body("a")
                .build()
                .unwrap()
        });
        client
            .send_message_batch()
            .queue_url(&url)
            .set_entries(Some(entries.collect()))
            .send()
    };
    let numbered = |count: usize| {
        (0..count)
            .map(|number| number.to_string())
            .collect::<Vec<_>>()
    };
    send(numbered(10)).await.unwrap();
    assert!(
        send(numbered(11))
            .await
            .unwrap_err()
            .into_service_error()
            .is_too_many_entries_in_batch_request()
    );
    assert!(
        send(numbered(0))
            .await
            .unwrap_err()
            .into_service_error()
            .is_empty_batch_request()
    );
    assert!(
        send(vec!["a".to_owned(), "a".to_owned()])
            .await
            .unwrap_err()
            .into_service_error()
            .is_batch_entry_ids_not_distinct()
    );
    assert!(
        send(vec!["a b".to_owned()])
            .await
            .unwrap_err()
            .into_service_error()
            .is_invalid_batch_entry_id()
    );
}

#[tokio::test]
async fn numbers_out_of_range_and_unfit_bodies_are_refused() {
    let (client, url) = jobs();
    let too_many = client
        .receive_message()
        .queue_url(&url)
        .max_number_of_messages(11)
        .send()
        .await
        .unwrap_err();
    assert_eq!(too_many.code(), Some("InvalidParameterValue"));
    let too_long = client
        .receive_message()
        .queue_url(&url)
        .visibility_timeout(43_201)
        .send()
        .await
        .unwrap_err();
    assert_eq!(too_long.code(), Some("InvalidParameterValue"));
    let send = |body: String| client.send_message().queue_url(&url).message_body(body);
    let too_late = send("a".to_owned())
        .delay_seconds(901)
        .send()
        .await
        .unwrap_err();
    assert_eq!(too_late.code(), Some("InvalidParameterValue"));
    send("a".repeat(1_048_576)).send().await.unwrap();
    let too_big = send("a".repeat(1_048_577)).send().await.unwrap_err();
    assert_eq!(too_big.code(), Some("InvalidParameterValue"));
    let empty = send(String::new()).send().await.unwrap_err();
    assert_eq!(empty.code(), Some("MissingParameter"));
    let control = send("\u{0}".to_owned()).send().await.unwrap_err();
    assert!(control.into_service_error().is_invalid_message_contents());
}

#[tokio::test]
async fn a_queue_is_not_created_with_settings_sqs_does_not_take() {
    let (client, _) = jobs();
    let create = |name, value: &str| {
        client
            .create_queue()
            .queue_name("new")
            .attributes(name, value)
            .send()
    };
    let refused = create(QueueAttributeName::VisibilityTimeout, "43201")
        .await
        .unwrap_err();
    assert!(refused.into_service_error().is_invalid_attribute_value());
    let refused = create(QueueAttributeName::from("Colour"), "red")
        .await
        .unwrap_err();
    assert!(refused.into_service_error().is_invalid_attribute_name());
    let nowhere = json!({ "deadLetterTargetArn": Sqs::arn("nowhere"), "maxReceiveCount": 5 });
    let refused = create(QueueAttributeName::RedrivePolicy, &nowhere.to_string())
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Some("InvalidParameterValue"));
}
