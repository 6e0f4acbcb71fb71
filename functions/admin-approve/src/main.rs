//! Deciding on what others ask for, on Lambda.

use admin_approve::AdminApprove;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::lambda::run("admin-approve", AdminApprove::new).await
}
