//! Refunds on Lambda.

use admin_refund::AdminRefund;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::lambda::run("admin-refund", AdminRefund::new).await
}
