//! The watch on Lambda.

use watch_health::WatchHealth;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::lambda::run("watch-health", WatchHealth::new).await
}
