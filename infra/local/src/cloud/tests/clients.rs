//! SDK clients as the functions build them, with static credentials and a sleep that takes no time.

use std::collections::HashMap;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeValue, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
};
use aws_smithy_async::rt::sleep::{AsyncSleep, Sleep};
use aws_smithy_runtime_api::client::http::{SharedHttpConnector, http_client_fn};
use serde_json::json;
use shared::clock::Clock;
use shared::time::Timestamp;

use crate::cloud::Cloud;

/// When every test begins: 1 January 2026.
pub(super) const START: Timestamp = Timestamp::from_s(1_767_225_600);

#[derive(Debug, Clone)]
struct NoSleep;

impl AsyncSleep for NoSleep {
    fn sleep(&self, _: Duration) -> Sleep {
        Sleep::new(std::future::ready(()))
    }
}

/// What a client can be given: a cloud, or the connector of one caller in it.
pub(super) trait Door {
    fn connector(self) -> SharedHttpConnector;
}

impl Door for &Cloud {
    fn connector(self) -> SharedHttpConnector {
        Cloud::connector(self)
    }
}

impl Door for SharedHttpConnector {
    fn connector(self) -> SharedHttpConnector {
        self
    }
}

macro_rules! client {
    ($name:ident, $sdk:ident) => {
        pub(super) fn $name(door: impl Door) -> $sdk::Client {
            let connector = door.connector();
            let config = $sdk::Config::builder()
                .behavior_version($sdk::config::BehaviorVersion::latest())
                .region($sdk::config::Region::new("us-east-1"))
                .credentials_provider(Credentials::new("id", "secret", None, None, "test"))
                .http_client(http_client_fn(move |_, _| connector.clone()))
                .sleep_impl(NoSleep)
                .build();
            $sdk::Client::from_conf(config)
        }
    };
}

client!(dynamodb, aws_sdk_dynamodb);
client!(sqs, aws_sdk_sqs);
client!(ses, aws_sdk_ses);
client!(ssm, aws_sdk_ssm);

/// A clock that stands at [`START`], and an empty cloud on it.
pub(super) fn cloud() -> (Clock, Cloud) {
    let clock = Clock::manual(START);
    let cloud = Cloud::in_memory(clock.clone()).unwrap();
    (clock, cloud)
}

/// Creates a table `things` with an index `by_owner`, as a template would.
pub(super) fn create_things(cloud: &Cloud) {
    cloud
        .create_table(&json!({
            "TableName": "things",
            "BillingMode": "PAY_PER_REQUEST",
            "DeletionProtectionEnabled": true,
            "PointInTimeRecoverySpecification": { "PointInTimeRecoveryEnabled": true },
            "SSESpecification": { "SSEEnabled": true },
            "KeySchema": [{ "AttributeName": "pk", "KeyType": "HASH" }],
            "AttributeDefinitions": [
                { "AttributeName": "pk", "AttributeType": "S" },
                { "AttributeName": "owner", "AttributeType": "S" },
            ],
            "GlobalSecondaryIndexes": [{
                "IndexName": "by_owner",
                "KeySchema": [{ "AttributeName": "owner", "KeyType": "HASH" }],
                "Projection": { "ProjectionType": "KEYS_ONLY" },
            }],
            "TimeToLiveSpecification": { "AttributeName": "expires_at", "Enabled": true },
        }))
        .unwrap();
}

/// A string of DynamoDB.
pub(super) fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

/// A number of DynamoDB.
pub(super) fn number(value: i64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// The key of the thing `name`.
pub(super) fn key(name: &str) -> HashMap<String, AttributeValue> {
    HashMap::from([("pk".to_owned(), text(name))])
}

/// A put of the thing `name`.
pub(super) fn put(client: &aws_sdk_dynamodb::Client, name: &str) -> PutItemFluentBuilder {
    client
        .put_item()
        .table_name("things")
        .item("pk", text(name))
}

/// A put of the thing `name` in a transaction, if there is none.
pub(super) fn guarded_put(name: &str) -> TransactWriteItem {
    let put = Put::builder()
        .table_name("things")
        .item("pk", text(name))
        .condition_expression("attribute_not_exists(pk)")
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
    TransactWriteItem::builder()
        .put(put.build().unwrap())
        .build()
}

/// The items of the table `things`.
pub(super) async fn all(client: &aws_sdk_dynamodb::Client) -> Vec<HashMap<String, AttributeValue>> {
    let scan = client.scan().table_name("things");
    scan.send().await.unwrap().items.unwrap()
}

/// A table `things` in a cloud of its own.
pub(super) fn things() -> (Clock, Cloud, aws_sdk_dynamodb::Client) {
    let (clock, cloud) = cloud();
    create_things(&cloud);
    let client = dynamodb(&cloud);
    (clock, cloud, client)
}
