//! Door: alerts, one a cause.

use super::keys::{Key, Table};
use super::transaction::{Part, Refusal, Transaction, UpdateExpression};
use super::{Store, number, text};
use crate::alert::Alert;
use crate::error::Error;
use crate::time::Timestamp;

impl Store {
    /// Raises an alert by itself, where nothing else is written with it.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn raise(&self, alert: &Alert, now: Timestamp) -> Result<(), Error> {
        let mut transaction = Transaction::default();
        transaction.alert(self, alert, now);
        match self.commit(transaction).await {
            Ok(()) | Err(Refusal::Conditions(_)) => Ok(()),
            Err(Refusal::Failed(error)) => Err(error),
        }
    }
}

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
