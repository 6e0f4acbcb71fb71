//! Putting a customer's record right, on Lambda.

use resync_customer::ResyncCustomer;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::lambda::run("resync-customer", ResyncCustomer::new).await
}
