//! The start of a checkout on Lambda.

use start_checkout::StartCheckout;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::lambda::run("start-checkout", StartCheckout::new).await
}
