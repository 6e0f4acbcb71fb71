//! The answer about health on Lambda.

use health::Health;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::lambda::run("health", Health::new).await
}
