//! A cloud in a folder, over a restart.

use std::path::PathBuf;

use serde_json::json;
use shared::clock::Clock;

use super::clients::{START, create_things, dynamodb, key, put, sqs};
use crate::cloud::{Cloud, Sqs};

/// A folder that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("linky-cloud-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

fn open(folder: &Folder, clock: &Clock) -> Cloud {
    let cloud = Cloud::in_folder(clock.clone(), &folder.0).unwrap();
    create_things(&cloud);
    cloud.create_queue(&json!({ "QueueName": "dead" })).unwrap();
    let redrive = json!({ "deadLetterTargetArn": Sqs::arn("dead"), "maxReceiveCount": 2 });
    cloud
        .create_queue(
            &json!({ "QueueName": "jobs", "VisibilityTimeout": 60, "RedrivePolicy": redrive }),
        )
        .unwrap();
    cloud.mail().verify("uselinky.app");
    cloud
}

#[tokio::test]
async fn everything_acknowledged_is_there_after_a_restart() {
    let folder = Folder::new("restart");
    let clock = Clock::manual(START);
    let before = open(&folder, &clock);
    put(&dynamodb(&before), "one").send().await.unwrap();
    let (client, url) = (sqs(&before), Sqs::url("jobs"));
    for body in ["done", "held", "waiting"] {
        client
            .send_message()
            .queue_url(&url)
            .message_body(body)
            .send()
            .await
            .unwrap();
    }
    let received = before.queues().receive_for_lambda("jobs", 2);
    before
        .queues()
        .delete("jobs", &[received[0].receipt_handle.clone()]);
    let depths = before.queues().depths();
    assert_eq!((depths["jobs"].visible, depths["jobs"].in_flight), (1, 1));
    drop((before, client));

    let after = open(&folder, &clock);
    let got = dynamodb(&after)
        .get_item()
        .table_name("things")
        .set_key(Some(key("one")))
        .send()
        .await
        .unwrap();
    assert_eq!(got.item, Some(key("one")));
    assert_eq!(after.queues().depths(), depths);
    assert_eq!(
        after.queues().receive_for_lambda("jobs", 10)[0].body,
        "waiting"
    );
    clock.advance_to(START.plus_s(60));
    let again = after.queues().receive_for_lambda("jobs", 10);
    let bodies: Vec<(&str, &str)> = again
        .iter()
        .map(|message| {
            (
                message.body.as_str(),
                message.attributes["ApproximateReceiveCount"].as_str(),
            )
        })
        .collect();
    assert_eq!(bodies, [("held", "2"), ("waiting", "2")]);
    after
        .queues()
        .delete("jobs", &[received[1].receipt_handle.clone()]);
    assert_eq!(
        after.queues().depths()["jobs"].in_flight,
        2,
        "a receipt from before is stale"
    );
}

#[test]
fn two_clouds_cannot_share_a_folder() {
    let folder = Folder::new("shared");
    let clock = Clock::manual(START);
    let first = Cloud::in_folder(clock.clone(), &folder.0).unwrap();
    let second = Cloud::in_folder(clock.clone(), &folder.0).err().unwrap();
    assert!(
        second
            .to_string()
            .contains("another process has the folder open"),
        "{second}"
    );
    drop(first);
    Cloud::in_folder(clock, &folder.0).unwrap();
}

#[test]
fn a_table_that_is_there_with_other_keys_is_an_error() {
    let folder = Folder::new("shape");
    let clock = Clock::manual(START);
    let table = |key: &str| {
        json!({
            "TableName": "things",
            "KeySchema": [{ "AttributeName": key, "KeyType": "HASH" }],
            "AttributeDefinitions": [{ "AttributeName": key, "AttributeType": "S" }],
        })
    };
    Cloud::in_folder(clock.clone(), &folder.0)
        .unwrap()
        .create_table(&table("pk"))
        .unwrap();
    let cloud = Cloud::in_folder(clock, &folder.0).unwrap();
    cloud.create_table(&table("pk")).unwrap();
    let refused = cloud.create_table(&table("id")).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "table things was created with other keys or indexes: start with an empty folder"
    );
}

#[tokio::test]
async fn a_receipt_of_a_deleted_message_is_never_that_of_a_later_one() {
    let folder = Folder::new("receipt");
    let clock = Clock::manual(START);
    let url = Sqs::url("jobs");
    let before = open(&folder, &clock);
    let send = async |cloud: &Cloud| {
        let send = sqs(cloud).send_message().queue_url(&url);
        send.message_body("same").send().await.unwrap();
        cloud
            .queues()
            .receive_for_lambda("jobs", 1)
            .remove(0)
            .receipt_handle
    };
    let old = send(&before).await;
    before.queues().delete("jobs", std::slice::from_ref(&old));
    drop(before);
    let after = open(&folder, &clock);
    send(&after).await;
    after.queues().delete("jobs", &[old]);
    assert_eq!(after.queues().depths()["jobs"].in_flight, 1);
}
