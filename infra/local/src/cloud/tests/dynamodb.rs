//! DynamoDB as the SDK sees it.

use std::collections::HashMap;

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{KeysAndAttributes, PutRequest, WriteRequest};
use serde_json::json;

use super::clients::{all, cloud, guarded_put, key, number, put, text, things};
use crate::cloud::Consumed;

#[tokio::test]
async fn an_item_is_put_got_updated_queried_and_deleted() {
    let (_, _, client) = things();
    put(&client, "one")
        .item("owner", text("ann"))
        .send()
        .await
        .unwrap();
    let updated = client
        .update_item()
        .table_name("things")
        .key("pk", text("one"))
        .update_expression("ADD n :one")
        .expression_attribute_values(":one", number(1))
        .return_values(aws_sdk_dynamodb::types::ReturnValue::AllNew)
        .send()
        .await
        .unwrap();
    let whole = HashMap::from([
        ("pk".to_owned(), text("one")),
        ("owner".to_owned(), text("ann")),
        ("n".to_owned(), number(1)),
    ]);
    assert_eq!(updated.attributes.unwrap(), whole);
    let got = client
        .get_item()
        .table_name("things")
        .key("pk", text("one"))
        .consistent_read(true)
        .send()
        .await
        .unwrap();
    assert_eq!(got.item.unwrap(), whole);
    let queried = client
        .query()
        .table_name("things")
        .index_name("by_owner")
        .key_condition_expression("#owner = :ann")
        .expression_attribute_names("#owner", "owner")
        .expression_attribute_values(":ann", text("ann"))
        .send()
        .await
        .unwrap();
    assert_eq!(
        queried.items.unwrap(),
        [HashMap::from([
            ("pk".to_owned(), text("one")),
            ("owner".to_owned(), text("ann"))
        ])]
    );
    client
        .delete_item()
        .table_name("things")
        .key("pk", text("one"))
        .send()
        .await
        .unwrap();
    assert!(all(&client).await.is_empty());
}

#[tokio::test]
async fn a_batch_writes_and_reads_many() {
    let (_, _, client) = things();
    let writes = ["one", "two"].map(|name| {
        let put = PutRequest::builder()
            .item("pk", text(name))
            .build()
            .unwrap();
        WriteRequest::builder().put_request(put).build()
    });
    client
        .batch_write_item()
        .request_items("things", writes.to_vec())
        .send()
        .await
        .unwrap();
    let keys = KeysAndAttributes::builder()
        .keys(key("one"))
        .keys(key("two"))
        .keys(key("three"))
        .build()
        .unwrap();
    let read = client
        .batch_get_item()
        .request_items("things", keys)
        .send()
        .await
        .unwrap();
    assert_eq!(read.responses.unwrap()["things"].len(), 2);
}

#[tokio::test]
async fn tables_are_described_listed_and_have_a_time_to_live() {
    let (clock, cloud, client) = things();
    let table = client
        .describe_table()
        .table_name("things")
        .send()
        .await
        .unwrap()
        .table
        .unwrap();
    assert_eq!(
        table.table_status(),
        Some(&aws_sdk_dynamodb::types::TableStatus::Active)
    );
    assert_eq!(
        client.list_tables().send().await.unwrap().table_names(),
        ["things"]
    );
    let ttl = client
        .describe_time_to_live()
        .table_name("things")
        .send()
        .await
        .unwrap();
    assert_eq!(
        ttl.time_to_live_description().unwrap().attribute_name(),
        Some("expires_at")
    );

    let soon = clock.now().as_s() + 10;
    put(&client, "short")
        .item("expires_at", number(soon))
        .send()
        .await
        .unwrap();
    put(&client, "long").send().await.unwrap();
    clock.advance_to(clock.now().plus_s(10));
    assert_eq!(cloud.expire_items().unwrap(), 0);
    clock.advance_to(clock.now().plus_s(1));
    assert_eq!(
        all(&client).await.len(),
        2,
        "expired items are read until they are swept"
    );
    assert_eq!(cloud.expire_items().unwrap(), 1);
    assert_eq!(all(&client).await, [key("long")]);
}

#[tokio::test]
async fn a_metered_cloud_counts_what_every_call_consumed() {
    let (_, cloud, client) = things();
    cloud.calls().meter();
    put(&client, "one").send().await.unwrap();
    client
        .get_item()
        .table_name("things")
        .key("pk", text("one"))
        .send()
        .await
        .unwrap();
    client
        .transact_write_items()
        .transact_items(guarded_put("two"))
        .send()
        .await
        .unwrap();
    let expected = Consumed {
        read_milliunits: 500,
        write_milliunits: 3000,
    };
    assert_eq!(cloud.calls().consumed(), expected);
}

#[tokio::test]
async fn what_dynamodb_refuses_is_refused() {
    let (_, _, client) = things();
    let unknown = client
        .get_item()
        .table_name("nothing")
        .key("pk", text("one"))
        .send()
        .await
        .unwrap_err();
    assert_eq!(unknown.code(), Some("ResourceNotFoundException"));
    let keyless = client
        .put_item()
        .table_name("things")
        .item("n", number(1))
        .send()
        .await
        .unwrap_err();
    assert_eq!(keyless.code(), Some("ValidationException"));
    let twice = client
        .transact_write_items()
        .transact_items(guarded_put("one"))
        .transact_items(guarded_put("one"))
        .send()
        .await;
    assert_eq!(twice.unwrap_err().code(), Some("ValidationException"));
}

#[test]
fn a_table_without_a_name_is_not_created() {
    let (_, cloud) = cloud();
    let refused = cloud.create_table(&json!({ "KeySchema": [] })).unwrap_err();
    assert_eq!(refused.to_string(), "a table needs its TableName as a text");
}
