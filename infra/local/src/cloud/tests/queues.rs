//! SQS as the SDK sees it.

use serde_json::json;

use super::clients::{cloud, sqs};

#[tokio::test]
async fn what_is_sent_is_received_and_gone_once_deleted() {
    let (_, cloud) = cloud();
    let url = cloud.create_queue(&json!({ "QueueName": "jobs" })).unwrap();
    let client = sqs(&cloud);
    client
        .send_message()
        .queue_url(&url)
        .message_body("do it")
        .send()
        .await
        .unwrap();
    let received = client
        .receive_message()
        .queue_url(&url)
        .send()
        .await
        .unwrap();
    let message = &received.messages()[0];
    assert_eq!(message.body(), Some("do it"));
    let handle = message.receipt_handle().unwrap();
    client
        .delete_message()
        .queue_url(&url)
        .receipt_handle(handle)
        .send()
        .await
        .unwrap();
    assert_eq!(
        cloud.queues().depths()["jobs"],
        crate::cloud::Depth::default()
    );
}
