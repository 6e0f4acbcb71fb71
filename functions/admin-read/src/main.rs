//! What administrators look at, on Lambda.

use admin_read::AdminRead;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::lambda::run("admin-read", AdminRead::new).await
}
