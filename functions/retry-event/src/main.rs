//! The retry worker on Lambda.

use retry_event::RetryEvent;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::lambda::run("retry-event", RetryEvent::new).await
}
