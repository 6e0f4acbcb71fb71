//! All queues together, because a message can move from one to another. Pure, like a single queue; it notes what it
//! changed, so that the change can be written down before anyone is told.

use std::collections::BTreeMap;

use shared::time::Timestamp;

use super::queue::{Message, Queue, Receive};
use super::receipt::{self, Receipt};
use super::redrive::Redriven;
use super::refusal::Refusal;
use super::settings::Settings;
use super::{QueueMessage, Sqs};

/// Queues by name.
#[derive(Default)]
pub(super) struct Queues {
    pub(super) by_name: BTreeMap<String, Queue>,
    pub(super) last_number: u64,
    /// The messages written or removed since the journal was last told: queue and number.
    pub(super) touched: Vec<(String, u64)>,
    /// When queues were deleted that are gone: their names are free a minute later.
    pub(super) deleted: BTreeMap<String, Timestamp>,
    /// What was redriven, the oldest first.
    pub(super) redrives: Vec<Redriven>,
}

impl Queues {
    pub(super) fn existing(&self, name: &str) -> Result<&Queue, Refusal> {
        self.by_name.get(name).ok_or_else(Refusal::no_such_queue)
    }

    pub(super) fn existing_mut(&mut self, name: &str) -> Result<&mut Queue, Refusal> {
        self.by_name
            .get_mut(name)
            .ok_or_else(Refusal::no_such_queue)
    }

    /// Whether the dead letter queue is there: a message must not be moved to nowhere.
    pub(super) fn reachable(&self, settings: &Settings) -> Result<(), Refusal> {
        match &settings.redrive {
            Some(redrive) if !self.by_name.contains_key(&redrive.queue) => {
                Err(Refusal::no_dead_letters(&redrive.queue))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn expire(&mut self, now: Timestamp) {
        for (name, queue) in &mut self.by_name {
            let expired = queue.expire(now);
            self.touched
                .extend(expired.into_iter().map(|number| (name.clone(), number)));
        }
    }

    pub(super) fn add(&mut self, name: &str, message: Message) -> Result<(), Refusal> {
        let number = self.last_number + 1;
        self.existing_mut(name)?.insert(number, message);
        self.last_number = number;
        self.touched.push((name.to_owned(), number));
        Ok(())
    }

    pub(super) fn receive(
        &mut self,
        name: &str,
        now: Timestamp,
        count: usize,
        visibility_s: i64,
    ) -> Result<Vec<QueueMessage>, Refusal> {
        let queue = self.existing_mut(name)?;
        let Receive { received, dead } = queue.receive(now, count, visibility_s);
        let dead_letters = queue
            .settings
            .redrive
            .as_ref()
            .map(|redrive| redrive.queue.clone());
        for (number, mut message) in dead {
            message.source = Some(Sqs::arn(name));
            message.visible_at = now;
            if let Some(dead_letters) = &dead_letters {
                self.add(dead_letters, message)?;
            }
            // Written down after its arrival there: killed in between, we have it twice and not never.
            self.touched.push((name.to_owned(), number));
        }
        let mut shown = Vec::with_capacity(received.len());
        for (number, message) in received {
            self.touched.push((name.to_owned(), number));
            shown.push(receipt::show(name, number, message));
        }
        Ok(shown)
    }

    pub(super) fn delete(&mut self, name: &str, handle: &str) -> Result<(), Refusal> {
        let queue = self.existing_mut(name)?;
        let receipt = Receipt::read(name, handle)?;
        if queue.delete(&receipt) {
            self.touched.push((name.to_owned(), receipt.number));
        }
        Ok(())
    }

    pub(super) fn hide(
        &mut self,
        name: &str,
        now: Timestamp,
        handle: &str,
        visibility_s: i64,
    ) -> Result<(), Refusal> {
        let queue = self.existing_mut(name)?;
        let receipt = Receipt::read(name, handle)?;
        queue.hide(now, (&receipt, handle), visibility_s)?;
        self.touched.push((name.to_owned(), receipt.number));
        Ok(())
    }
}
