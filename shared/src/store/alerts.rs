//! Door: alerts, one a cause.

use super::keys::{Key, Table};
use super::transaction::{Part, Transaction, UpdateExpression};
use super::{Store, number, text};
use crate::alert::Alert;
use crate::time::Timestamp;

impl Transaction {
    /// Raises an alert, or counts it where it stands already. What was resolved is open again.
    pub(super) fn alert(&mut self, store: &Store, alert: &Alert, now: Timestamp) {
        self.update(
            store,
            Part::Effect,
            &Key::of(Table::Alerts, &alert.cause),
            UpdateExpression {
                expression: "SET message = :message, last_at = :now, first_at = if_not_exists(first_at, :now) \
                             REMOVE resolved_at ADD times :one"
                    .to_owned(),
                condition: None,
                values: vec![
                    (":message", text(&alert.message)),
                    (":now", text(now)),
                    (":one", number(1)),
                ],
            },
        );
    }
}
