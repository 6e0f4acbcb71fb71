//! Reads that lag behind, as reads of an index do, and of a table that are not asked to be consistent.

use super::clients::{cloud, create_things, dynamodb, put, text};
use crate::cloud::{Fault, Matching};

async fn owned_by_ann(client: &aws_sdk_dynamodb::Client) -> usize {
    let query = client
        .query()
        .table_name("things")
        .index_name("by_owner")
        .key_condition_expression("#owner = :ann");
    let query = query
        .expression_attribute_names("#owner", "owner")
        .expression_attribute_values(":ann", text("ann"));
    query.send().await.unwrap().items().len()
}

#[tokio::test]
async fn an_index_is_read_as_it_was_when_the_fault_was_planned() {
    let (_, cloud) = cloud();
    create_things(&cloud);
    let client = dynamodb(&cloud);
    put(&client, "one")
        .item("owner", text("ann"))
        .send()
        .await
        .unwrap();
    let planned = cloud
        .faults()
        .plan(Matching::any().first(2), Fault::StaleIndexRead);
    put(&client, "two")
        .item("owner", text("ann"))
        .send()
        .await
        .unwrap();
    client
        .delete_item()
        .table_name("things")
        .key("pk", text("one"))
        .send()
        .await
        .unwrap();
    put(&client, "three")
        .item("owner", text("ann"))
        .send()
        .await
        .unwrap();
    assert_eq!(owned_by_ann(&client).await, 1);
    let base = client
        .get_item()
        .table_name("things")
        .key("pk", text("one"))
        .send()
        .await
        .unwrap();
    assert_eq!(base.item, None, "a read of the table is not meant");
    assert_eq!(owned_by_ann(&client).await, 1);
    assert_eq!(owned_by_ann(&client).await, 2);
    assert_eq!(planned.struck(), 2);
}

#[tokio::test]
async fn a_table_is_read_stale_unless_consistency_is_asked_for() {
    let (_, cloud) = cloud();
    create_things(&cloud);
    let client = dynamodb(&cloud);
    let planned = cloud.faults().plan(Matching::any(), Fault::StaleRead);
    put(&client, "one").send().await.unwrap();
    let get = || {
        client
            .get_item()
            .table_name("things")
            .key("pk", text("one"))
    };
    assert_eq!(get().send().await.unwrap().item, None);
    assert!(
        get()
            .consistent_read(true)
            .send()
            .await
            .unwrap()
            .item
            .is_some()
    );
    assert_eq!(planned.struck(), 1);
}
