//! DynamoDB as the SDK sees it.

use aws_sdk_dynamodb::types::AttributeValue;

use super::clients::{cloud, create_things, dynamodb};

#[tokio::test]
async fn what_is_put_is_got() {
    let (_, cloud) = cloud();
    create_things(&cloud);
    let client = dynamodb(&cloud);
    let put = client
        .put_item()
        .table_name("things")
        .item("pk", AttributeValue::S("one".to_owned()))
        .item("n", AttributeValue::N("7".to_owned()));
    put.send().await.unwrap();
    let got = client
        .get_item()
        .table_name("things")
        .key("pk", AttributeValue::S("one".to_owned()))
        .consistent_read(true)
        .send()
        .await
        .unwrap();
    assert_eq!(got.item.unwrap()["n"], AttributeValue::N("7".to_owned()));
}
