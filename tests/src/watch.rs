//! What the watch over everything sees, and what it tells.

use serde_json::{Value, json};
use shared::store::alerts::AlertRow;
use shared::store::transaction::Transaction;

use crate::World;

/// Seconds from one watch to the next.
pub const WATCH_S: i64 = 5 * 60;

impl World {
    /// Lets the clock run to the next watch, which is made.
    pub async fn watch(&self) {
        self.advance_s(WATCH_S).await;
    }

    /// Lets so many seconds pass as they do by themselves: with a watch every five minutes.
    pub async fn watch_for_s(&self, seconds: i64) {
        for _ in 0..seconds.div_euclid(WATCH_S) {
            self.watch().await;
        }
    }

    /// Takes an alert on for somebody, and says whether that could be done.
    pub async fn acknowledge(&self, seen: &AlertRow, by: &str) -> bool {
        let mut transaction = Transaction::default();
        transaction.acknowledge(&self.store, seen, by, self.now());
        self.store.commit(transaction).await.is_ok()
    }

    /// The causes of all open alerts, in the order of the alphabet.
    pub async fn open_causes(&self) -> Vec<String> {
        let open = self.store.open_alerts().await;
        let open = open.unwrap_or_else(|error| panic!("{error}"));
        let mut causes: Vec<String> = open.into_iter().map(|row| row.cause).collect();
        causes.sort();
        causes
    }

    /// The causes of what was told to the administrators, each with whether it was told as resolved; oldest first.
    pub fn notices(&self) -> Vec<(String, bool)> {
        let published = self.sandbox.cloud().topics().published().into_iter();
        let told = published.map(|notice| {
            let cause = notice
                .message
                .lines()
                .find_map(|line| line.strip_prefix("Cause: "));
            let is_resolved = notice.subject.starts_with("Linky billing, Resolved");
            (cause.unwrap_or_default().to_owned(), is_resolved)
        });
        told.collect()
    }

    /// How often a cause was told as open, and how often as resolved.
    pub fn told_of(&self, cause: &str) -> (usize, usize) {
        let told = self.notices();
        let of = |resolved| {
            let told = told.iter().filter(|it| it.0 == cause && it.1 == resolved);
            told.count()
        };
        (of(false), of(true))
    }

    /// What `health` answers where it is invoked directly.
    ///
    /// # Panics
    /// Where it fails.
    pub async fn health(&self) -> Value {
        let answer = self.sandbox.functions().invoke("health", json!({})).await;
        answer.unwrap_or_else(|error| panic!("{error}"))
    }

    /// The state of one part, as `health` has it.
    pub async fn state_of(&self, part: &str) -> String {
        let health = self.health().await;
        let parts = health["report"]["parts"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let found = parts.iter().find(|it| it["name"] == part);
        let state = found.and_then(|part| part["state"].as_str());
        state.unwrap_or("unknown").to_owned()
    }
}
