//! Stripe's webhook on Lambda.

use stripe_webhook::StripeWebhook;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::lambda::run("stripe-webhook", StripeWebhook::new).await
}
