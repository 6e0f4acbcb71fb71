//! The sweep on Lambda.

use sweep::Sweep;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::lambda::run("sweep", Sweep::new).await
}
