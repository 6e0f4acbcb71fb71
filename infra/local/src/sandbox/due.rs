//! What falls due by itself: webhooks, messages, schedules. Run as time passes, or by a journey through it.

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::{Value, json};
use shared::chance::Chance;
use shared::time::Timestamp;
use tokio::sync::MutexGuard;

use super::Sandbox;
use crate::runtime::{Attempt, work_off};
use crate::template::{ACCOUNT, REGION};

/// How long nobody looks whether something fell due, while nobody is acting.
const IDLE: Duration = Duration::from_millis(200);

/// Rounds at one moment: a webhook queues a message, its function queues another, and so on. More is a circle, which is
/// then left to the next moment.
const ROUNDS_MAX: usize = 1_000;

impl Sandbox {
    /// Runs what falls due as time passes, for as long as it is polled.
    pub async fn run(&self) {
        loop {
            {
                let _driving = self.driving().await;
                self.run_due().await;
                self.save();
            }
            // Woken or not, it is time to look again.
            tokio::select! {
                () = self.woken.notified() => {}
                () = tokio::time::sleep(IDLE) => {}
            }
        }
    }

    /// Says that somebody acted, so that what was done is kept, and what follows runs at once.
    pub fn wake(&self) {
        self.stripe.keep();
        self.unsaved.store(true, Ordering::SeqCst);
        self.woken.notify_one();
    }

    /// Runs everything due now, and what follows from it at the same moment. Returns how many webhooks and messages that
    /// were. Call it only while [`Self::driving`].
    pub async fn run_due(&self) -> usize {
        let mut done = 0;
        for _ in 0..ROUNDS_MAX {
            let now = self.time.tick();
            let mut round = self
                .deliveries
                .carry_due(&self.stripe, &self.gateway, now)
                .await;
            for (name, function) in &self.deployment.functions {
                for trigger in &function.queues {
                    round += work_off(self.cloud.queues(), &self.functions, name, trigger).await;
                }
            }
            let due = self.schedules.take_due(now);
            let worth_running = due.iter().filter(|it| self.is_worth_running(it, now));
            for schedule in worth_running {
                let event = scheduled_event(&schedule.name, now, self.functions.chance());
                self.invoke_asynchronously(&schedule.function, event).await;
            }
            let again = self.retries.take_due(now);
            round += again.len();
            for attempt in again {
                self.attempt(attempt).await;
            }
            for event in self.cloud.mail().take_feedback() {
                round += 1;
                self.publish(&event).await;
            }
            done += round;
            if round == 0 && due.is_empty() {
                break;
            }
        }
        if done > 0 {
            self.unsaved.store(true, Ordering::SeqCst);
        }
        done
    }

    /// Invokes a function as a schedule does. One that fails is in the log of invocations, and tried again as its template
    /// says.
    pub async fn invoke_asynchronously(&self, function: &str, event: Value) {
        let first = Attempt {
            function: function.to_owned(),
            event,
            failures: 0,
            at: self.time.clock().now(),
        };
        self.attempt(first).await;
    }

    /// Has the functions run whose rules match an event on the default bus.
    async fn publish(&self, event: &Value) {
        let rules = self.deployment.rules.iter();
        for rule in rules.filter(|rule| rule.takes(event)) {
            self.invoke_asynchronously(&rule.function, event.clone())
                .await;
        }
    }

    async fn attempt(&self, attempt: Attempt) {
        let Attempt {
            function, event, ..
        } = &attempt;
        let Err(failure) = self.functions.invoke(function, event.clone()).await else {
            return;
        };
        tracing::warn!(function, %failure, failures = attempt.failures + 1, "an asynchronous invocation failed");
        let deployed = self.deployment.functions.get(function);
        let retries_max = deployed.map_or(0, |function| function.retries_max);
        self.retries
            .failed(attempt, retries_max, self.time.clock().now());
    }

    /// When something next falls due by itself, schedules aside.
    pub fn next_due(&self) -> Option<Timestamp> {
        let stripe = self.stripe.now().next_due_s().map(Timestamp::from_s);
        let queues = self.cloud.queues().next_visible_at();
        let held = self.deliveries.next_held_at();
        let retries = self.retries.next_at();
        let due = stripe.into_iter().chain(queues).chain(held);
        due.chain(retries).min()
    }

    /// Holds everyone else off from running what is due.
    pub async fn driving(&self) -> MutexGuard<'_, ()> {
        self.driving.lock().await
    }
}

/// What EventBridge Scheduler sends where the schedule names no input of its own.
fn scheduled_event(name: &str, now: Timestamp, chance: &Chance) -> Value {
    json!({
        "version": "0",
        "id": chance.hex128(),
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": ACCOUNT,
        "time": format!("{}Z", &now.to_string()[..19]),
        "region": REGION,
        "resources": [format!("arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/{name}")],
        "detail": "{}",
    })
}
