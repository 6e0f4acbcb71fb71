//! What administrators have done to a subscription, on Lambda.

use admin_subscription::AdminSubscription;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::lambda::run("admin-subscription", AdminSubscription::new).await
}
