//! The life of one invocation, so that a fault can end it in the middle of a call, as a crash of its process would.

use std::sync::Arc;

use tokio::sync::Notify;

tokio::task_local! {
    static LIFE: Life;
}

/// One invocation's life. A clone is the same life.
#[derive(Debug, Clone, Default)]
pub struct Life(Arc<Notify>);

impl Life {
    /// Runs `invocation` to its end, or until a fault ends it: then there is no outcome, and what it still held is dropped.
    pub async fn run<T>(invocation: impl Future<Output = T>) -> Option<T> {
        let life = Self::default();
        tokio::select! {
            biased;
            () = life.0.notified() => None,
            outcome = LIFE.scope(life.clone(), invocation) => Some(outcome),
        }
    }

    /// Ends the invocation that makes the present call. Never returns: where there is none, the caller waits for ever.
    pub(crate) async fn end() {
        LIFE.try_with(|life| life.0.notify_one()).ok();
        std::future::pending().await
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn an_invocation_ends_by_itself_or_where_its_life_is_ended() {
        assert_eq!(Life::run(async { 7 }).await, Some(7));
        let cut_off = async {
            Life::end().await;
            7
        };
        let ended = tokio::time::timeout(Duration::from_secs(1), Life::run(cut_off)).await;
        assert_eq!(ended, Ok(None));
    }
}
