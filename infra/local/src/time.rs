//! The sandbox's time: it runs with the machine's, from wherever it was moved to, and never back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use shared::clock::Clock;
use shared::time::Timestamp;
use tokio::sync::{RwLock, RwLockReadGuard};

/// The one clock of a sandbox. A clone is the same clock.
#[derive(Debug, Clone)]
pub struct SandboxTime {
    clock: Clock,
    machine: Clock,
    /// What the functions' clock is ahead of it, in milliseconds.
    skew_ms: Arc<AtomicI64>,
    /// What the sandbox is ahead of the machine, in milliseconds.
    ahead_ms: Arc<AtomicI64>,
    stands: Arc<AtomicBool>,
    /// Held by everything that must not see the clock leap: a leap waits until nothing holds it.
    steady: Arc<RwLock<()>>,
}

impl SandboxTime {
    /// A clock that starts at `start` and runs with `machine`; one that stands is moved by leaps only.
    pub fn starting_at(start: Timestamp, machine: Clock) -> Self {
        Self {
            ahead_ms: Arc::new(AtomicI64::new(start.as_ms() - machine.now().as_ms())),
            stands: Arc::default(),
            clock: Clock::manual(start),
            machine,
            skew_ms: Arc::default(),
            steady: Arc::default(),
        }
    }

    /// The clock to hand on. It shows the time of the last [`Self::tick`].
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The clock of the machines that run the functions: this one, unless it is set wrong.
    pub fn functions_clock(&self) -> Clock {
        self.clock.skewed(self.skew_ms.clone())
    }

    /// What the functions' clock is ahead, in seconds; behind where negative.
    pub fn skew_s(&self) -> i64 {
        self.skew_ms.load(Ordering::SeqCst) / 1000
    }

    /// Sets the functions' clock ahead by `seconds`, or back. Stripe's and AWS's clocks stay right.
    pub fn set_skew_s(&self, seconds: i64) {
        self.skew_ms
            .store(seconds.saturating_mul(1000), Ordering::SeqCst);
    }

    /// Lets the clock catch up with the machine, and says what it shows.
    pub fn tick(&self) -> Timestamp {
        if self.stands.load(Ordering::SeqCst) {
            return self.clock.now();
        }
        let ahead_ms = self.ahead_ms.load(Ordering::SeqCst);
        let now = Timestamp::from_ms(self.machine.now().as_ms().saturating_add(ahead_ms));
        self.clock.advance_to(now);
        self.clock.now()
    }

    /// Has the clock stand between leaps, so that what happens does not depend on how long the machine takes for it.
    pub fn stand(&self) {
        self.tick();
        self.stands.store(true, Ordering::SeqCst);
    }

    /// Has the clock run again. What the machine's went on meanwhile is made up for.
    pub fn run_on(&self) {
        self.stands.store(false, Ordering::SeqCst);
    }

    /// Keeps the clock from leaping for as long as the guard lives.
    pub async fn steady(&self) -> RwLockReadGuard<'_, ()> {
        self.steady.read().await
    }

    /// Leaps to `moment`, once nothing holds the clock steady. It never goes back.
    pub async fn leap_to(&self, moment: Timestamp) {
        let _leaping = self.steady.write().await;
        let by_ms = moment.as_ms() - self.tick().as_ms();
        if by_ms > 0 {
            self.ahead_ms.fetch_add(by_ms, Ordering::SeqCst);
            self.clock.advance_to(moment);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_clock_runs_on_from_where_it_leapt_to() {
        let machine = Clock::manual(Timestamp::from_s(1000));
        let time = SandboxTime::starting_at(Timestamp::from_s(5000), machine.clone());
        machine.advance_to(Timestamp::from_s(1010));
        assert_eq!(time.tick(), Timestamp::from_s(5010));
        time.leap_to(Timestamp::from_s(9000)).await;
        machine.advance_to(Timestamp::from_s(1015));
        assert_eq!(time.tick(), Timestamp::from_s(9005));
        time.leap_to(Timestamp::from_s(100)).await;
        assert_eq!(time.clock().now(), Timestamp::from_s(9005));
    }

    #[tokio::test]
    async fn a_clock_that_stands_moves_by_leaps_and_makes_up_for_it() {
        let machine = Clock::manual(Timestamp::from_s(1000));
        let time = SandboxTime::starting_at(Timestamp::from_s(400), machine.clone());
        time.stand();
        machine.advance_to(Timestamp::from_s(1007));
        assert_eq!(time.tick(), Timestamp::from_s(400));
        time.leap_to(Timestamp::from_s(1000)).await;
        assert_eq!(time.tick(), Timestamp::from_s(1000));
        time.run_on();
        assert_eq!(time.tick(), Timestamp::from_s(1007));
    }

    #[tokio::test]
    async fn a_leap_waits_for_whoever_needs_the_clock_steady() {
        let machine = Clock::manual(Timestamp::from_s(1000));
        let time = SandboxTime::starting_at(Timestamp::from_s(1000), machine);
        let held = time.steady().await;
        let leap = time.leap_to(Timestamp::from_s(2000));
        tokio::pin!(leap);
        let waits = std::time::Duration::from_millis(5);
        assert!(tokio::time::timeout(waits, &mut leap).await.is_err());
        assert_eq!(time.clock().now(), Timestamp::from_s(1000));
        drop(held);
        leap.await;
        assert_eq!(time.clock().now(), Timestamp::from_s(2000));
    }
}
