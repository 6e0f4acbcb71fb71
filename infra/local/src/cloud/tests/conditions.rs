//! Conditions and transactions of DynamoDB as the SDK sees them: what a caller learns when one fails.

use std::collections::HashMap;

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{
    ConditionCheck, Delete, ReturnConsumedCapacity, ReturnValuesOnConditionCheckFailure,
    TransactGetItem, TransactWriteItem, Update,
};

use super::clients::{all, guarded_put, key, number, put, text, things};

#[tokio::test]
async fn a_failed_condition_hands_back_the_item_that_was_there() {
    let (_, _, client) = things();
    put(&client, "one")
        .item("owner", text("ann"))
        .send()
        .await
        .unwrap();
    let there = HashMap::from([
        ("pk".to_owned(), text("one")),
        ("owner".to_owned(), text("ann")),
    ]);
    let put = put(&client, "one")
        .condition_expression("attribute_not_exists(pk)")
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .send()
        .await
        .unwrap_err()
        .into_service_error();
    let PutItemError::ConditionalCheckFailedException(failed) = put else {
        panic!("{put:?}");
    };
    assert_eq!(failed.item, Some(there.clone()));
    let update = client
        .update_item()
        .table_name("things")
        .key("pk", text("one"))
        .update_expression("SET n = :n")
        .condition_expression("#owner = :bob")
        .expression_attribute_names("#owner", "owner")
        .expression_attribute_values(":n", number(1))
        .expression_attribute_values(":bob", text("bob"))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .send()
        .await
        .unwrap_err()
        .into_service_error();
    let UpdateItemError::ConditionalCheckFailedException(failed) = update else {
        panic!("{update:?}");
    };
    assert_eq!(failed.item, Some(there));
}

#[tokio::test]
async fn a_cancelled_transaction_gives_a_reason_and_the_item_for_each_action() {
    let (_, _, client) = things();
    put(&client, "two")
        .item("n", number(2))
        .send()
        .await
        .unwrap();
    let cancelled = client
        .transact_write_items()
        .transact_items(guarded_put("one"))
        .transact_items(guarded_put("two"))
        .send()
        .await
        .unwrap_err()
        .into_service_error();
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = cancelled else {
        panic!("{cancelled:?}");
    };
    let reasons = cancelled.cancellation_reasons();
    assert_eq!(
        reasons
            .iter()
            .map(|reason| reason.code())
            .collect::<Vec<_>>(),
        [Some("None"), Some("ConditionalCheckFailed")]
    );
    assert_eq!(reasons[0].item(), None);
    assert_eq!(reasons[1].item().unwrap()["n"], number(2));
    assert_eq!(
        all(&client).await.len(),
        1,
        "nothing of a cancelled transaction stays"
    );
}

#[tokio::test]
async fn a_transaction_writes_all_and_reads_all() {
    let (_, _, client) = things();
    put(&client, "old").send().await.unwrap();
    let update = Update::builder()
        .table_name("things")
        .key("pk", text("two"))
        .update_expression("SET n = :n")
        .expression_attribute_values(":n", number(2));
    let delete = Delete::builder()
        .table_name("things")
        .key("pk", text("old"));
    let written = client
        .transact_write_items()
        .transact_items(guarded_put("one"))
        .transact_items(
            TransactWriteItem::builder()
                .update(update.build().unwrap())
                .build(),
        )
        .transact_items(
            TransactWriteItem::builder()
                .delete(delete.build().unwrap())
                .build(),
        )
        .return_consumed_capacity(ReturnConsumedCapacity::Total)
        .send()
        .await
        .unwrap();
    assert_eq!(written.consumed_capacity()[0].capacity_units(), Some(6.0));
    let gets = ["one", "two", "old"].map(|name| {
        let get = aws_sdk_dynamodb::types::Get::builder()
            .table_name("things")
            .key("pk", text(name));
        TransactGetItem::builder().get(get.build().unwrap()).build()
    });
    let read = client
        .transact_get_items()
        .set_transact_items(Some(gets.to_vec()))
        .send()
        .await
        .unwrap();
    let found: Vec<bool> = read
        .responses()
        .iter()
        .map(|response| response.item().is_some())
        .collect();
    assert_eq!(found, [true, true, false]);
}

#[tokio::test]
async fn a_token_makes_a_transaction_once_for_ten_minutes_of_the_clock() {
    let (clock, _, client) = things();
    let again = || {
        client
            .transact_write_items()
            .transact_items(guarded_put("one"))
            .client_request_token("token")
            .send()
    };
    again().await.unwrap();
    clock.advance_to(clock.now().plus_s(599));
    again().await.unwrap();
    let other = client
        .transact_write_items()
        .transact_items(guarded_put("two"))
        .client_request_token("token")
        .send()
        .await;
    assert_eq!(
        other.unwrap_err().code(),
        Some("IdempotentParameterMismatchException")
    );
    clock.advance_to(clock.now().plus_s(1));
    assert_eq!(
        again().await.unwrap_err().code(),
        Some("TransactionCanceledException")
    );
}

#[tokio::test]
async fn a_transaction_of_any_kind_of_action_hands_back_the_item_that_was_there() {
    let (_, _, client) = things();
    put(&client, "one")
        .item("n", number(1))
        .send()
        .await
        .unwrap();
    let old = ReturnValuesOnConditionCheckFailure::AllOld;
    let condition = "attribute_not_exists(pk)";
    let (table, key) = ("things", key("one"));
    let check = ConditionCheck::builder()
        .table_name(table)
        .set_key(Some(key.clone()))
        .condition_expression(condition);
    let delete = Delete::builder()
        .table_name(table)
        .set_key(Some(key.clone()))
        .condition_expression(condition);
    let update = Update::builder()
        .table_name(table)
        .set_key(Some(key))
        .condition_expression(condition);
    let update = update
        .update_expression("SET n = :n")
        .expression_attribute_values(":n", number(2));
    let action = TransactWriteItem::builder;
    for action in [
        action()
            .condition_check(
                check
                    .return_values_on_condition_check_failure(old.clone())
                    .build()
                    .unwrap(),
            )
            .build(),
        action()
            .delete(
                delete
                    .return_values_on_condition_check_failure(old.clone())
                    .build()
                    .unwrap(),
            )
            .build(),
        action()
            .update(
                update
                    .return_values_on_condition_check_failure(old)
                    .build()
                    .unwrap(),
            )
            .build(),
    ] {
        let cancelled = client
            .transact_write_items()
            .transact_items(action)
            .send()
            .await;
        let TransactWriteItemsError::TransactionCanceledException(cancelled) =
            cancelled.unwrap_err().into_service_error()
        else {
            panic!("not cancelled");
        };
        let reason = &cancelled.cancellation_reasons()[0];
        assert_eq!(reason.code(), Some("ConditionalCheckFailed"));
        assert_eq!(reason.item().unwrap()["n"], number(1));
    }
}
