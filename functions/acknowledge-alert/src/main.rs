//! Taking on alerts, on Lambda.

use acknowledge_alert::AcknowledgeAlert;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::lambda::run("acknowledge-alert", AcknowledgeAlert::new).await
}
