//! The floor: a function on the Lambda runtime that does nothing.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde::de::IgnoredAny;
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    lambda_runtime::run(service_fn(nothing)).await
}

async fn nothing(_: LambdaEvent<IgnoredAny>) -> Result<Value, Error> {
    Ok(json!({"statusCode": 200}))
}
