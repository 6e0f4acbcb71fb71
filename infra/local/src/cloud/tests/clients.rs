//! SDK clients as the functions build them, with static credentials and a sleep that takes no time.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_smithy_async::rt::sleep::{AsyncSleep, Sleep};
use aws_smithy_runtime_api::client::http::http_client_fn;
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

macro_rules! client {
    ($name:ident, $sdk:ident) => {
        pub(super) fn $name(cloud: &Cloud) -> $sdk::Client {
            let connector = cloud.connector();
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
