//! Waits that take no time: what the functions and the SDK sleep through ends at once, in the order in which it would have
//! ended, whenever nothing else can go on.

use std::collections::BTreeMap;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use aws_smithy_async::rt::sleep::{AsyncSleep, Sleep};

/// Everything that is being waited for. A clone is the same.
#[derive(Debug, Clone, Default)]
pub(super) struct Waits(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    passed: Duration,
    begun: u64,
    /// By when they end, and of those that end together by which began first.
    waiting: BTreeMap<Moment, Option<Waker>>,
}

type Moment = (Duration, u64);

/// Waits that end in one run. More is a circle.
const ENDED_MAX: usize = 1_000_000;

impl Waits {
    /// Runs `future` to its end; none where it waits for something that never comes.
    pub(super) fn run<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        let woken = Arc::new(Woken::default());
        let waker = Waker::from(woken.clone());
        let mut context = Context::from_waker(&waker);
        let mut future = pin!(future);
        let mut ended = 0;
        loop {
            woken.0.store(false, Ordering::SeqCst);
            if let Poll::Ready(outcome) = future.as_mut().poll(&mut context) {
                return Some(outcome);
            }
            if woken.0.load(Ordering::SeqCst) {
                continue;
            }
            ended += 1;
            if ended > ENDED_MAX || !self.end_next() {
                return None;
            }
        }
    }

    /// Ends the wait that is over first; false where there is none.
    fn end_next(&self) -> bool {
        let mut state = self.lock();
        let Some((moment, waker)) = state.waiting.pop_first() else {
            return false;
        };
        state.passed = moment.0;
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
        true
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl AsyncSleep for Waits {
    fn sleep(&self, duration: Duration) -> Sleep {
        let mut state = self.lock();
        state.begun += 1;
        let moment = (state.passed.saturating_add(duration), state.begun);
        state.waiting.insert(moment, None);
        drop(state);
        Sleep::new(Waiting {
            waits: self.clone(),
            moment,
        })
    }
}

struct Waiting {
    waits: Waits,
    moment: Moment,
}

impl Future for Waiting {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        match self.waits.lock().waiting.get_mut(&self.moment) {
            Some(waker) => {
                *waker = Some(context.waker().clone());
                Poll::Pending
            }
            None => Poll::Ready(()),
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.waits.lock().waiting.remove(&self.moment);
    }
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use futures::future::join;

    use super::*;

    #[test]
    fn waits_end_in_their_order_and_what_never_comes_ends_the_run() {
        let waits = Waits::default();
        let ended = Mutex::new(Vec::new());
        let wait = async |seconds: u64| {
            waits.sleep(Duration::from_secs(seconds)).await;
            ended.lock().unwrap().push(seconds);
        };
        let both = async { join(join(wait(3600), wait(1)), wait(60)).await };
        assert!(waits.run(both).is_some());
        assert_eq!(*ended.lock().unwrap(), [1, 60, 3600]);
        assert_eq!(waits.run(std::future::pending::<()>()), None);
    }
}
