//! The nightly sync on Lambda.

use daily_billing_sync::DailyBillingSync;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::lambda::run("daily-billing-sync", DailyBillingSync::new).await
}
