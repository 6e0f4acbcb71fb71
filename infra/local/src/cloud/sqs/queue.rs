//! One standard queue: which message may be received when, how often it was, and when it goes elsewhere. Pure: the
//! time comes in as an argument.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::time::Timestamp;

use super::Depth;
use super::receipt::Receipt;
use super::refusal::Refusal;
use super::settings::{Kept, Settings, VISIBILITY_S_MAX};

/// A message in a queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Message {
    pub(super) id: String,
    pub(super) body: String,
    /// The sender's `MessageAttributes`, as they came.
    pub(super) attributes: Option<Value>,
    pub(super) sent_at: Timestamp,
    /// From when on it may be received: after its delay, or when the visibility timeout of its last receipt ends.
    pub(super) visible_at: Timestamp,
    pub(super) first_received_at: Option<Timestamp>,
    pub(super) received_at: Option<Timestamp>,
    pub(super) receive_count: u32,
    /// The queue it came from, in a dead letter queue.
    pub(super) source: Option<String>,
}

impl Message {
    /// A message sent at `now`, and visible at once.
    pub(super) fn new(id: String, body: String, attributes: Option<Value>, now: Timestamp) -> Self {
        Self {
            id,
            body,
            attributes,
            sent_at: now,
            visible_at: now,
            first_received_at: None,
            received_at: None,
            receive_count: 0,
            source: None,
        }
    }
}

/// A queue's messages under the numbers they were given, in the order they came.
#[derive(Debug, Clone)]
pub(super) struct Queue {
    pub(super) settings: Settings,
    pub(super) created_at: Timestamp,
    /// When its settings were last changed.
    pub(super) changed_at: Timestamp,
    pub(super) purged_at: Option<Timestamp>,
    messages: BTreeMap<u64, Message>,
    /// No message was sent before this, so that expiry need not look at every message at every call.
    none_sent_before: Timestamp,
}

/// Later than any message is sent.
const NEVER: Timestamp = Timestamp::from_ms(i64::MAX);

/// What a receive did.
#[derive(Debug, Default)]
pub(super) struct Receive {
    /// The messages received, with their numbers.
    pub(super) received: Vec<(u64, Message)>,
    /// Those that had been received too often: now out of this queue, and owed to the dead letter queue.
    pub(super) dead: Vec<(u64, Message)>,
}

impl Queue {
    pub(super) fn new(kept: Kept) -> Self {
        Self {
            settings: kept.settings,
            created_at: kept.created_at,
            changed_at: kept.changed_at,
            purged_at: None,
            messages: BTreeMap::new(),
            none_sent_before: NEVER,
        }
    }

    /// The queue as the journal keeps it, its messages aside.
    pub(super) fn kept(&self) -> Kept {
        Kept {
            settings: self.settings.clone(),
            created_at: self.created_at,
            changed_at: self.changed_at,
        }
    }

    /// Whether there is a message to receive at `now`.
    pub(super) fn has_visible(&self, now: Timestamp) -> bool {
        (self.messages.values()).any(|message| message.visible_at <= now)
    }

    pub(super) fn message(&self, number: u64) -> Option<&Message> {
        self.messages.get(&number)
    }

    pub(super) fn messages(&self) -> impl Iterator<Item = &Message> {
        self.messages.values()
    }

    pub(super) fn insert(&mut self, number: u64, message: Message) {
        self.none_sent_before = self.none_sent_before.min(message.sent_at);
        self.messages.insert(number, message);
    }

    /// Removes the messages that may be received at `now`.
    pub(super) fn take_visible(&mut self, now: Timestamp) -> BTreeMap<u64, Message> {
        self.messages
            .extract_if(.., |_, message| message.visible_at <= now)
            .collect()
    }

    /// Removes every message.
    pub(super) fn take_all(&mut self) -> BTreeMap<u64, Message> {
        std::mem::take(&mut self.messages)
    }

    /// Removes the messages that are older than the queue keeps them, and says which those were.
    pub(super) fn expire(&mut self, now: Timestamp) -> Vec<u64> {
        let kept_since = now.plus_s(-self.settings.retention_s);
        if self.none_sent_before >= kept_since {
            return Vec::new();
        }
        let expired = self
            .messages
            .extract_if(.., |_, message| message.sent_at < kept_since)
            .map(|(number, _)| number)
            .collect();
        let sent = self.messages.values().map(|message| message.sent_at);
        self.none_sent_before = sent.min().unwrap_or(NEVER);
        expired
    }

    /// Receives up to `count` messages and hides them for `visibility_s`.
    pub(super) fn receive(&mut self, now: Timestamp, count: usize, visibility_s: i64) -> Receive {
        let mut outcome = Receive::default();
        let mut from = 0;
        while outcome.received.len() < count {
            let mut rest = self.messages.range_mut(from..);
            let Some((&number, message)) = rest.find(|(_, message)| message.visible_at <= now)
            else {
                break;
            };
            from = number + 1;
            let spent = (self.settings.redrive.as_ref())
                .is_some_and(|redrive| message.receive_count >= redrive.receives_max);
            if spent {
                let dead = self.messages.remove(&number);
                outcome.dead.extend(dead.map(|dead| (number, dead)));
            } else {
                message.receive_count = message.receive_count.saturating_add(1);
                message.first_received_at.get_or_insert(now);
                message.received_at = Some(now);
                message.visible_at = now.plus_s(visibility_s);
                outcome.received.push((number, message.clone()));
            }
        }
        outcome
    }

    /// Deletes the message of `receipt`, and says whether it was there. A stale receipt deletes nothing, and SQS
    /// calls that a success.
    pub(super) fn delete(&mut self, receipt: &Receipt) -> bool {
        self.holds(receipt) && self.messages.remove(&receipt.number).is_some()
    }

    /// Hides the message of `receipt` for `visibility_s` from now on; 0 shows it at once.
    pub(super) fn hide(
        &mut self,
        now: Timestamp,
        (receipt, handle): (&Receipt, &str),
        visibility_s: i64,
    ) -> Result<(), Refusal> {
        if !(0..=VISIBILITY_S_MAX).contains(&visibility_s) {
            return Err(Refusal::value(
                "VisibilityTimeout",
                visibility_s,
                "Must be between 0 and 43200.",
            ));
        }
        let held = self.holds(receipt);
        let message = self
            .messages
            .get_mut(&receipt.number)
            .filter(|_| held)
            .ok_or_else(|| Refusal::not_there(handle))?;
        if message.visible_at <= now {
            return Err(Refusal::not_in_flight());
        }
        let received_at = message.received_at.unwrap_or(now);
        if now.plus_s(visibility_s) > received_at.plus_s(VISIBILITY_S_MAX) {
            return Err(Refusal::value(
                "VisibilityTimeout",
                visibility_s,
                "Total VisibilityTimeout for the message is beyond the limit [43200 seconds]",
            ));
        }
        message.visible_at = now.plus_s(visibility_s);
        Ok(())
    }

    fn holds(&self, receipt: &Receipt) -> bool {
        self.messages.get(&receipt.number).is_some_and(|message| {
            message.receive_count == receipt.receive_count && message.id == receipt.id
        })
    }

    /// How many messages it holds at `now`.
    pub(super) fn depth(&self, now: Timestamp) -> Depth {
        let mut depth = Depth::default();
        for message in self.messages.values() {
            if message.visible_at <= now {
                depth.visible += 1;
            } else if message.received_at.is_some() {
                depth.in_flight += 1;
            } else {
                depth.delayed += 1;
            }
        }
        depth
    }
}
