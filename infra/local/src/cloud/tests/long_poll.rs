//! A receive that waits for a message, on a clock that is moved by hand.

use std::time::Duration;

use serde_json::json;

use super::clients::{START, cloud, sqs};

/// Far more than any of these takes, and less than a poll would wait of the machine's time.
const BOUND: Duration = Duration::from_secs(15);

#[tokio::test]
async fn it_ends_with_the_first_message_or_when_the_clock_has_passed_its_time() {
    let (clock, cloud) = cloud();
    let queue = json!({ "QueueName": "jobs", "ReceiveMessageWaitTimeSeconds": 20 });
    let url = cloud.create_queue(&queue).unwrap();
    let client = sqs(&cloud);
    let poll = || client.receive_message().queue_url(&url).send();
    let soon = || tokio::time::sleep(Duration::from_millis(50));

    let send = async {
        soon().await;
        let send = client.send_message().queue_url(&url).message_body("a");
        send.send().await.unwrap();
    };
    let both = async { tokio::join!(poll(), send) };
    let (received, ()) = tokio::time::timeout(BOUND, both).await.unwrap();
    assert_eq!(received.unwrap().messages().len(), 1);

    let advance = async {
        soon().await;
        clock.advance_to(START.plus_s(20));
    };
    let both = async { tokio::join!(poll(), advance) };
    let (received, ()) = tokio::time::timeout(BOUND, both).await.unwrap();
    assert_eq!(received.unwrap().messages(), []);
}

#[tokio::test]
async fn a_request_that_says_zero_does_not_wait_though_the_queue_would() {
    let (_, cloud) = cloud();
    let queue = json!({ "QueueName": "jobs", "ReceiveMessageWaitTimeSeconds": 20 });
    let url = cloud.create_queue(&queue).unwrap();
    let poll = sqs(&cloud)
        .receive_message()
        .queue_url(url)
        .wait_time_seconds(0)
        .send();
    let received = tokio::time::timeout(BOUND, poll).await.unwrap();
    assert_eq!(received.unwrap().messages(), []);
}
