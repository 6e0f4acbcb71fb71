//! Each fault as the SDK's standard retry sees it: which are healed below the caller, and what the caller is left with.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem};
use serde_json::json;

use super::clients::{START, cloud, create_things, dynamodb, put, sqs, ssm, text};
use crate::cloud::{Broken, Cloud, Fault, Matching, Outcome, Service};

fn things() -> (Cloud, Client) {
    let (_, cloud) = cloud();
    create_things(&cloud);
    let client = dynamodb(&cloud);
    (cloud, client)
}

fn first_put() -> Matching {
    Matching::operation(Service::DynamoDb, "PutItem").nth(1)
}

fn outcomes(cloud: &Cloud) -> Vec<Outcome> {
    let made = cloud.calls().latest();
    made.into_iter().map(|call| call.outcome).collect()
}

#[tokio::test]
async fn a_fault_before_the_effect_is_retried_and_healed() {
    for (fault, first) in [
        (Fault::RefuseBefore, Outcome::Broken(Broken::Refused)),
        (Fault::Status500Before, Outcome::Answered(500)),
        (Fault::Throttle, Outcome::Answered(400)),
    ] {
        let (cloud, client) = things();
        let planned = cloud.faults().plan(first_put(), fault.clone());
        put(&client, "one")
            .condition_expression("attribute_not_exists(pk)")
            .send()
            .await
            .unwrap();
        assert_eq!(planned.struck(), 1);
        assert_eq!(
            outcomes(&cloud),
            [first, Outcome::Answered(200)],
            "{fault:?}"
        );
    }
}

#[tokio::test]
async fn a_fault_after_the_effect_makes_our_own_write_look_like_anothers() {
    for (fault, first) in [
        (Fault::LoseAnswer, Outcome::Broken(Broken::Cut)),
        (Fault::TimeoutAfter, Outcome::Broken(Broken::TimedOut)),
        (Fault::Status500After, Outcome::Answered(500)),
    ] {
        let (cloud, client) = things();
        let planned = cloud.faults().plan(first_put(), fault.clone());
        let failed = put(&client, "one")
            .item("owner", text("me"))
            .condition_expression("attribute_not_exists(pk)")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await
            .unwrap_err()
            .into_service_error();
        assert_eq!(planned.struck(), 1);
        assert_eq!(
            outcomes(&cloud),
            [first, Outcome::Answered(400)],
            "{fault:?}"
        );
        let aws_sdk_dynamodb::operation::put_item::PutItemError::ConditionalCheckFailedException(
            failed,
        ) = failed
        else {
            panic!("{failed:?}");
        };
        assert_eq!(failed.item.unwrap()["owner"], text("me"));
    }
}

fn two_puts(
    client: &Client,
) -> aws_sdk_dynamodb::operation::transact_write_items::builders::TransactWriteItemsFluentBuilder {
    let put = |name| {
        let put = Put::builder()
            .table_name("things")
            .item("pk", text(name))
            .condition_expression("attribute_not_exists(pk)");
        TransactWriteItem::builder()
            .put(put.build().unwrap())
            .build()
    };
    client
        .transact_write_items()
        .transact_items(put("one"))
        .transact_items(put("two"))
}

#[tokio::test]
async fn a_transaction_whose_answer_is_lost_succeeds_by_the_token_the_sdk_repeats() {
    for fault in [
        Fault::LoseAnswer,
        Fault::TimeoutAfter,
        Fault::Status500After,
    ] {
        let (cloud, client) = things();
        let planned = cloud.faults().plan(Matching::any().nth(1), fault);
        two_puts(&client).send().await.unwrap();
        assert_eq!(planned.struck(), 1);
        assert_eq!(cloud.calls().count(Service::DynamoDb), 2);
    }
}

#[tokio::test]
async fn a_conflict_is_not_retried_and_has_as_many_reasons_as_actions() {
    let (cloud, client) = things();
    let planned = cloud
        .faults()
        .plan(Matching::any().first(1), Fault::TransactionConflict(1));
    let cancelled = two_puts(&client)
        .send()
        .await
        .unwrap_err()
        .into_service_error();
    assert_eq!(planned.struck(), 1);
    assert_eq!(cloud.calls().count(Service::DynamoDb), 1);
    let aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError::TransactionCanceledException(cancelled) =
        cancelled
    else {
        panic!("{cancelled:?}");
    };
    let codes: Vec<_> = cancelled
        .cancellation_reasons()
        .iter()
        .map(|reason| reason.code())
        .collect();
    assert_eq!(codes, [Some("None"), Some("TransactionConflict")]);
    two_puts(&client).send().await.unwrap();
}

#[tokio::test]
async fn a_conflict_with_a_single_write_is_an_error_of_its_own() {
    let (cloud, client) = things();
    let planned = cloud
        .faults()
        .plan(Matching::any(), Fault::TransactionConflict(0));
    let refused = put(&client, "one").send().await.unwrap_err();
    assert_eq!(refused.code(), Some("TransactionConflictException"));
    assert!(planned.struck() > 0);
}

#[tokio::test]
async fn an_outage_lasts_as_long_as_its_window_on_the_clock() {
    let (clock, cloud) = cloud();
    create_things(&cloud);
    let client = dynamodb(&cloud);
    let hour = START.plus_s(3600)..START.plus_s(7200);
    let planned = cloud.faults().plan(
        Matching::service(Service::DynamoDb).within(hour),
        Fault::RefuseBefore,
    );
    put(&client, "one").send().await.unwrap();
    clock.advance_to(START.plus_s(3600));
    put(&client, "two").send().await.unwrap_err();
    assert_eq!(planned.struck(), 3, "standard retry makes three attempts");
    clock.advance_to(START.plus_s(7200));
    put(&client, "three").send().await.unwrap();
}

#[tokio::test]
async fn every_service_refuses_for_load_in_its_own_words() {
    let (_, cloud) = cloud();
    let url = cloud.create_queue(&json!({ "QueueName": "jobs" })).unwrap();
    let planned = cloud.faults().plan(Matching::any(), Fault::Throttle);
    let refused = sqs(&cloud)
        .send_message()
        .queue_url(&url)
        .message_body("do it")
        .send()
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Some("RequestThrottled"));
    let refused = ssm(&cloud)
        .get_parameter()
        .name("a")
        .send()
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Some("ThrottlingException"));
    let refused = super::clients::ses(&cloud)
        .get_send_quota()
        .send()
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Some("Throttling"));
    let counts = cloud.calls().counts();
    for (service, operation) in [
        (Service::Sqs, "SendMessage"),
        (Service::Ssm, "GetParameter"),
        (Service::Ses, "GetSendQuota"),
    ] {
        assert_eq!(
            counts[&(service, operation.to_owned())],
            3,
            "the SDK knows {operation}'s refusal for what it is"
        );
    }
    assert_eq!(planned.struck(), 9);
}

#[tokio::test]
async fn of_two_plans_for_one_call_the_earlier_strikes() {
    let (cloud, client) = things();
    let refuse = cloud.faults().plan(first_put(), Fault::RefuseBefore);
    let throttle = cloud.faults().plan(first_put(), Fault::Throttle);
    put(&client, "one").send().await.unwrap();
    assert_eq!((refuse.struck(), throttle.struck()), (1, 0));
    assert_eq!(
        outcomes(&cloud),
        [Outcome::Broken(Broken::Refused), Outcome::Answered(200)]
    );
}

#[tokio::test]
async fn a_predicate_and_a_caller_narrow_what_is_meant() {
    let (cloud, _) = things();
    let (one, two) = (
        dynamodb(cloud.connector_of("one")),
        dynamodb(cloud.connector_of("two")),
    );
    let plan = Matching::any()
        .by("two")
        .and(|call| call.text().contains("\"b\""));
    let planned = cloud.faults().plan(plan, Fault::RefuseBefore);
    for client in [&one, &two] {
        put(client, "a").send().await.unwrap();
    }
    put(&one, "b").send().await.unwrap();
    assert_eq!(planned.struck(), 0);
    put(&two, "b").send().await.unwrap_err();
    assert_eq!(planned.struck(), 3);
    cloud.faults().clear();
    put(&two, "b").send().await.unwrap();
}

#[tokio::test]
async fn a_delay_is_added_to_the_call() {
    let (cloud, client) = things();
    let planned = cloud.faults().plan(
        first_put(),
        Fault::Delay(std::time::Duration::from_millis(20)),
    );
    let before = std::time::Instant::now();
    put(&client, "one").send().await.unwrap();
    assert!(before.elapsed().as_millis() >= 20);
    assert_eq!(planned.struck(), 1);
}
