//! The floor: a function that makes the webhook's two calls, one read and one transaction of three writes, with the bare
//! SDK and small items.

use std::sync::atomic::{AtomicU64, Ordering};

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region};
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use aws_smithy_runtime_api::client::http::http_client_fn;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde::de::IgnoredAny;
use serde_json::{Value, json};
use shared::config::Env;
use shared::network::{self, NetworkTimeouts};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let env = Env::process();
    let connector = network::connector(NetworkTimeouts::default());
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("id", "secret", None, None, "bench"))
        .endpoint_url(env.required("AWS_ENDPOINT_URL")?)
        .http_client(http_client_fn(move |_, _| connector.clone()))
        .build();
    let client = &Client::from_conf(config);
    let prefix = &env.required("TABLE_PREFIX")?;
    let number = &AtomicU64::new(0);
    lambda_runtime::run(service_fn(move |_: LambdaEvent<IgnoredAny>| {
        let id = format!(
            "evt_{}_{}",
            std::process::id(),
            number.fetch_add(1, Ordering::Relaxed)
        );
        two_calls(client, prefix, id)
    }))
    .await
}

async fn two_calls(client: &Client, prefix: &str, id: String) -> Result<Value, Error> {
    client
        .get_item()
        .table_name(format!("{prefix}billing_events"))
        .key("pk", AttributeValue::S(id.clone()))
        .consistent_read(true)
        .send()
        .await?;
    let put = |table: &str, sort: bool| {
        let put = Put::builder()
            .table_name(format!("{prefix}{table}"))
            .item("pk", AttributeValue::S(id.clone()));
        let put = if sort {
            put.item("sk", AttributeValue::S(id.clone()))
        } else {
            put
        };
        let put = put
            .condition_expression("attribute_not_exists(pk)")
            .build()?;
        Ok::<_, Error>(TransactWriteItem::builder().put(put).build())
    };
    client
        .transact_write_items()
        .transact_items(put("billing_events", false)?)
        .transact_items(put("webhook_deliveries", true)?)
        .transact_items(put("users", true)?)
        .send()
        .await?;
    Ok(json!({"statusCode": 200}))
}
