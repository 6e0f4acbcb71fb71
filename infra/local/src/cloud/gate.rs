//! A gate at which a chosen call waits, before its effect or after it, so that a test can put two invocations in any
//! order.

use std::sync::Arc;

use tokio::sync::{Semaphore, watch};

/// A gate, closed at first. Every clone is the same gate.
#[derive(Debug, Clone)]
pub struct Gate(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    passes: Semaphore,
    waiting: watch::Sender<usize>,
}

impl Default for Gate {
    fn default() -> Self {
        Self::closed()
    }
}

impl Gate {
    /// A gate that lets nobody through.
    pub fn closed() -> Self {
        Self(Arc::new(Inner {
            passes: Semaphore::new(0),
            waiting: watch::Sender::new(0),
        }))
    }

    /// How many calls stand before it.
    pub fn waiting(&self) -> usize {
        *self.0.waiting.borrow()
    }

    /// Returns once at least `count` calls stand before it.
    pub async fn arrived(&self, count: usize) {
        let mut waiting = self.0.waiting.subscribe();
        // The sender lives in this gate, so it cannot have gone.
        waiting.wait_for(|now| *now >= count).await.ok();
    }

    /// Lets one call through: the one that waits longest, or the next to come.
    pub fn let_one_through(&self) {
        self.0.passes.add_permits(1);
    }

    /// Lets every call through from now on.
    pub fn open(&self) {
        self.0.passes.close();
    }

    pub(crate) async fn pass(&self) {
        let _standing = Standing::before(&self.0);
        // An error says that the gate was opened for good.
        if let Ok(pass) = self.0.passes.acquire().await {
            pass.forget();
        }
    }
}

/// Counts a call as waiting for as long as it lives: also one whose caller gave up.
struct Standing<'a>(&'a Inner);

impl<'a> Standing<'a> {
    fn before(gate: &'a Inner) -> Self {
        gate.waiting.send_modify(|waiting| *waiting += 1);
        Self(gate)
    }
}

impl Drop for Standing<'_> {
    fn drop(&mut self) {
        self.0.waiting.send_modify(|waiting| *waiting -= 1);
    }
}
