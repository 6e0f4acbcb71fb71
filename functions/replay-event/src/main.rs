//! The replay of events on Lambda.

use replay_event::ReplayEvent;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::lambda::run("replay-event", ReplayEvent::new).await
}
