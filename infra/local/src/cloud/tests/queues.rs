//! SQS as the SDK sees it, on a clock that is moved by hand.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::ProvideErrorMetadata;
use aws_sdk_sqs::types::{
    ChangeMessageVisibilityBatchRequestEntry, DeleteMessageBatchRequestEntry, Message,
    MessageSystemAttributeName, QueueAttributeName, SendMessageBatchRequestEntry,
};
use serde_json::json;
use shared::clock::Clock;

use super::clients::{START, cloud, sqs};
use crate::cloud::{Cloud, Depth, Sqs};

/// A queue `jobs` with a visibility timeout of a minute, and `dead` for what was received three times.
fn jobs() -> (Clock, Cloud, Client, String) {
    let (clock, cloud) = cloud();
    cloud
        .create_queue(&json!({ "QueueName": "dead", "MessageRetentionPeriod": 1_209_600 }))
        .unwrap();
    let redrive = json!({ "deadLetterTargetArn": Sqs::arn("dead"), "maxReceiveCount": 3 });
    let queue = json!({ "QueueName": "jobs", "VisibilityTimeout": 60, "RedrivePolicy": redrive });
    let url = cloud.create_queue(&queue).unwrap();
    let client = sqs(&cloud);
    (clock, cloud, client, url)
}

async fn send(client: &Client, url: &str, body: &str) {
    client
        .send_message()
        .queue_url(url)
        .message_body(body)
        .send()
        .await
        .unwrap();
}

async fn receive(client: &Client, url: &str) -> Vec<Message> {
    let receive = client
        .receive_message()
        .queue_url(url)
        .max_number_of_messages(10);
    let receive = receive.message_system_attribute_names(MessageSystemAttributeName::All);
    receive.send().await.unwrap().messages.unwrap_or_default()
}

fn handle(message: &Message) -> &str {
    message.receipt_handle().unwrap()
}

fn depth(visible: usize, in_flight: usize, delayed: usize) -> Depth {
    Depth {
        visible,
        in_flight,
        delayed,
    }
}

#[tokio::test]
async fn a_message_is_hidden_once_received_and_comes_back_if_not_deleted() {
    let (clock, cloud, client, url) = jobs();
    let sent = client
        .send_message()
        .queue_url(&url)
        .message_body("do it")
        .send()
        .await
        .unwrap();
    let first = receive(&client, &url).await;
    assert_eq!(first[0].message_id(), sent.message_id());
    assert_eq!(
        first[0].md5_of_body(),
        Some("5b1eef649aa9d8d7179e79f7802d08eb")
    );
    assert_eq!(cloud.queues().depths()["jobs"], depth(0, 1, 0));
    assert_eq!(cloud.queues().next_visible_at(), Some(START.plus_s(60)));
    clock.advance_to(START.plus_s(59));
    assert!(receive(&client, &url).await.is_empty());
    clock.advance_to(START.plus_s(60));
    let second = receive(&client, &url).await;
    let attributes = second[0].attributes().unwrap();
    let attribute = |name| attributes[&name].as_str();
    assert_eq!(
        attribute(MessageSystemAttributeName::ApproximateReceiveCount),
        "2"
    );
    assert_eq!(
        attribute(MessageSystemAttributeName::SentTimestamp),
        "1767225600000"
    );
    assert_eq!(
        attribute(MessageSystemAttributeName::ApproximateFirstReceiveTimestamp),
        "1767225600000"
    );

    client
        .delete_message()
        .queue_url(&url)
        .receipt_handle(handle(&first[0]))
        .send()
        .await
        .unwrap();
    assert_eq!(
        cloud.queues().depths()["jobs"],
        depth(0, 1, 0),
        "a stale receipt deletes nothing"
    );
    client
        .delete_message()
        .queue_url(&url)
        .receipt_handle(handle(&second[0]))
        .send()
        .await
        .unwrap();
    assert_eq!(cloud.queues().depths()["jobs"], depth(0, 0, 0));
    client
        .delete_message()
        .queue_url(&url)
        .receipt_handle(handle(&second[0]))
        .send()
        .await
        .unwrap();
    assert_eq!(cloud.queues().next_visible_at(), None);
}

#[tokio::test]
async fn a_message_received_too_often_goes_to_the_dead_letters() {
    let (clock, cloud, client, url) = jobs();
    send(&client, &url, "poison").await;
    for time in 0..3 {
        clock.advance_to(START.plus_s(60 * time));
        assert_eq!(receive(&client, &url).await.len(), 1);
    }
    clock.advance_to(START.plus_s(180));
    assert!(receive(&client, &url).await.is_empty());
    assert_eq!(cloud.queues().depths()["jobs"], depth(0, 0, 0));
    assert_eq!(cloud.queues().depths()["dead"], depth(1, 0, 0));
    let dead = receive(&client, &Sqs::url("dead")).await;
    let attributes = dead[0].attributes().unwrap();
    assert_eq!(dead[0].body(), Some("poison"));
    assert_eq!(
        attributes[&MessageSystemAttributeName::DeadLetterQueueSourceArn],
        Sqs::arn("jobs")
    );
    assert_eq!(
        attributes[&MessageSystemAttributeName::SentTimestamp],
        "1767225600000"
    );
}

#[tokio::test]
async fn dead_letters_are_redriven_to_where_they_came_from_as_new_messages() {
    let (clock, cloud, client, url) = jobs();
    send(&client, &url, "poison").await;
    for time in 0..4 {
        clock.advance_to(START.plus_s(60 * time));
        receive(&client, &url).await;
    }
    let redrive = |arn: String| client.start_message_move_task().source_arn(arn).send();
    let refused = redrive(Sqs::arn("jobs")).await.unwrap_err();
    assert_eq!(refused.code(), Some("InvalidParameterValue"));
    redrive(Sqs::arn("dead")).await.unwrap();
    assert_eq!(cloud.queues().depths()["dead"], depth(0, 0, 0));
    let again = receive(&client, &url).await;
    let attributes = again[0].attributes().unwrap();
    assert_eq!(again[0].body(), Some("poison"));
    assert_eq!(
        attributes[&MessageSystemAttributeName::ApproximateReceiveCount],
        "1"
    );
    assert_eq!(
        attributes[&MessageSystemAttributeName::SentTimestamp],
        "1767225780000"
    );
}

#[tokio::test]
async fn a_delayed_message_is_seen_after_its_delay() {
    let (clock, cloud, client, url) = jobs();
    client
        .send_message()
        .queue_url(&url)
        .message_body("later")
        .delay_seconds(30)
        .send()
        .await
        .unwrap();
    assert_eq!(cloud.queues().depths()["jobs"], depth(0, 0, 1));
    assert_eq!(cloud.queues().next_visible_at(), Some(START.plus_s(30)));
    assert!(receive(&client, &url).await.is_empty());
    clock.advance_to(START.plus_s(30));
    assert_eq!(receive(&client, &url).await.len(), 1);
}

#[tokio::test]
async fn visibility_is_changed_from_now_on_and_for_at_most_twelve_hours_in_all() {
    let (clock, cloud, client, url) = jobs();
    send(&client, &url, "retry").await;
    let message = receive(&client, &url).await.remove(0);
    let hide = |seconds| {
        client
            .change_message_visibility()
            .queue_url(&url)
            .receipt_handle(handle(&message))
            .visibility_timeout(seconds)
            .send()
    };
    clock.advance_to(START.plus_s(50));
    hide(3600).await.unwrap();
    assert_eq!(cloud.queues().next_visible_at(), Some(START.plus_s(3650)));
    let whole = hide(43_200).await.unwrap_err();
    assert!(
        format!("{whole:?}").contains("beyond the limit [43200 seconds]"),
        "{whole:?}"
    );
    hide(0).await.unwrap();
    assert_eq!(cloud.queues().depths()["jobs"], depth(1, 0, 0));
    let late = hide(10).await.unwrap_err().into_service_error();
    assert!(late.is_message_not_inflight(), "{late:?}");
}

#[tokio::test]
async fn old_messages_are_dropped() {
    let (clock, cloud, client, url) = jobs();
    send(&client, &url, "old").await;
    clock.advance_to(START.plus_s(345_600));
    assert_eq!(cloud.queues().depths()["jobs"], depth(1, 0, 0));
    clock.advance_to(START.plus_s(345_601));
    assert_eq!(cloud.queues().depths()["jobs"], depth(0, 0, 0));
}

#[tokio::test]
async fn batches_send_hide_and_delete_and_say_which_entries_failed() {
    let (_, cloud, client, url) = jobs();
    let entry = |id: &str, body: &str| {
        SendMessageBatchRequestEntry::builder()
            .id(id)
            .message_body(body)
            .build()
            .unwrap()
    };
    let sent = client
        .send_message_batch()
        .queue_url(&url)
        .entries(entry("a", "one"))
        .entries(entry("b", "\u{1}"))
        .entries(entry("c", "two"))
        .send()
        .await
        .unwrap();
    assert_eq!(
        sent.successful()
            .iter()
            .map(|entry| entry.id())
            .collect::<Vec<_>>(),
        ["a", "c"]
    );
    assert_eq!(
        (sent.failed()[0].id(), sent.failed()[0].code()),
        ("b", "InvalidMessageContents")
    );
    let messages = receive(&client, &url).await;
    let hide = |id: &str, message| {
        let entry = ChangeMessageVisibilityBatchRequestEntry::builder()
            .id(id)
            .receipt_handle(handle(message));
        entry.visibility_timeout(0).build().unwrap()
    };
    let hidden = client
        .change_message_visibility_batch()
        .queue_url(&url)
        .entries(hide("a", &messages[0]))
        .send()
        .await
        .unwrap();
    assert_eq!(hidden.successful()[0].id(), "a");
    assert_eq!(cloud.queues().depths()["jobs"], depth(1, 1, 0));
    let delete = |id: &str, handle: &str| {
        DeleteMessageBatchRequestEntry::builder()
            .id(id)
            .receipt_handle(handle)
            .build()
            .unwrap()
    };
    let deleted = client
        .delete_message_batch()
        .queue_url(&url)
        .entries(delete("a", handle(&messages[1])))
        .entries(delete("b", "nonsense"))
        .send()
        .await
        .unwrap();
    assert_eq!(deleted.successful()[0].id(), "a");
    assert_eq!(
        (deleted.failed()[0].id(), deleted.failed()[0].code()),
        ("b", "ReceiptHandleIsInvalid")
    );
    assert_eq!(cloud.queues().depths()["jobs"], depth(1, 0, 0));
}

#[tokio::test]
async fn queues_are_created_found_listed_described_and_purged() {
    let (_, cloud, client, url) = jobs();
    let attributes = client
        .get_queue_attributes()
        .queue_url(&url)
        .attribute_names(QueueAttributeName::All)
        .send()
        .await
        .unwrap()
        .attributes
        .unwrap();
    assert_eq!(attributes[&QueueAttributeName::VisibilityTimeout], "60");
    assert_eq!(
        attributes[&QueueAttributeName::QueueArn],
        "arn:aws:sqs:us-east-1:000000000000:jobs"
    );
    let policy: serde_json::Value =
        serde_json::from_str(&attributes[&QueueAttributeName::RedrivePolicy]).unwrap();
    assert_eq!(
        policy,
        json!({ "deadLetterTargetArn": Sqs::arn("dead"), "maxReceiveCount": 3 })
    );
    let create = |seconds: &str| {
        let create = client
            .create_queue()
            .queue_name("new")
            .attributes(QueueAttributeName::VisibilityTimeout, seconds);
        create
            .attributes(QueueAttributeName::RedrivePolicy, policy.to_string())
            .send()
    };
    let created = create("10").await.unwrap();
    assert_eq!(
        created.queue_url(),
        client
            .get_queue_url()
            .queue_name("new")
            .send()
            .await
            .unwrap()
            .queue_url()
    );
    create("10").await.unwrap();
    assert!(
        create("11")
            .await
            .unwrap_err()
            .into_service_error()
            .is_queue_name_exists()
    );
    let listed = client
        .list_queues()
        .queue_name_prefix("n")
        .send()
        .await
        .unwrap();
    assert_eq!(listed.queue_urls(), [Sqs::url("new")]);
    send(&client, &url, "one").await;
    client.purge_queue().queue_url(&url).send().await.unwrap();
    assert_eq!(cloud.queues().depths()["jobs"], depth(0, 0, 0));
}

#[tokio::test]
async fn lambdas_poller_receives_in_batches_and_deletes_what_succeeded() {
    let (clock, cloud, client, url) = jobs();
    for number in 0..12 {
        send(&client, &url, &number.to_string()).await;
    }
    let batch = cloud.queues().receive_for_lambda("jobs", 10);
    assert_eq!(batch.len(), 10);
    let handles: Vec<String> = batch[1..]
        .iter()
        .map(|message| message.receipt_handle.clone())
        .collect();
    cloud.queues().delete("jobs", &handles);
    assert_eq!(cloud.queues().depths()["jobs"], depth(2, 1, 0));
    clock.advance_to(START.plus_s(60));
    assert_eq!(cloud.queues().receive_for_lambda("jobs", 10).len(), 3);
    assert_eq!(cloud.queues().receive_for_lambda("nothing", 10), []);
}
