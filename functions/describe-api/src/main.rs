//! The description of the API, on Lambda.

use describe_api::DescribeApi;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::lambda::run("describe-api", DescribeApi::new).await
}
