//! Door: wrong guesses. A guess is counted before it is looked at, so that many at once are not one.

use super::keys::Key;
use super::transaction::{Part, Refusal, Transaction, UpdateExpression};
use super::{Store, from_item, number, text};
use crate::attempts::Attempts;
use crate::error::{Error, ErrorKind};
use crate::time::Timestamp;
use aws_sdk_dynamodb::types::AttributeValue;

/// Times a guess is counted anew that met another.
const ROUNDS_MAX: u32 = 3;

impl Store {
    /// Counts a guess against each of `whose`, before it is looked at.
    ///
    /// # Errors
    /// `TooMany` where one of them has to wait, with the words until when; `Unavailable`.
    pub async fn count_guess(&self, whose: &[String], now: Timestamp) -> Result<(), Error> {
        let keys: Vec<Key> = whose.iter().map(|whose| Key::attempts(whose)).collect();
        for _ in 0..ROUNDS_MAX {
            let mut found = self.read(&keys).await?;
            let mut transaction = Transaction::default();
            for key in &keys {
                let before: Option<Attempts> = found.remove(key).map(from_item).transpose()?;
                if let Some(until) = before.and_then(|before| before.wait_until(now)) {
                    return Err(too_many(until.since_s(now)));
                }
                let after = Attempts::and_one(before, now);
                let mut values = vec![
                    (":wrong", number(after.wrong)),
                    (":now", text(now)),
                    (":forgotten", number(after.forgotten_at().as_s())),
                ];
                let condition = match before {
                    None => "attribute_not_exists(pk)",
                    Some(before) => {
                        values.push((":before", AttributeValue::N(before.wrong.to_string())));
                        "wrong = :before"
                    }
                };
                let update = UpdateExpression {
                    expression: "SET wrong = :wrong, last_at = :now, expires_at = :forgotten"
                        .to_owned(),
                    condition: Some(condition.to_owned()),
                    values,
                };
                transaction.update(self, Part::Attempts, key, update);
            }
            match self.commit(transaction).await {
                Ok(()) => return Ok(()),
                Err(Refusal::Conditions(_)) => {}
                Err(Refusal::Failed(error)) => return Err(error),
            }
        }
        Err(too_many(1))
    }
}

impl Transaction {
    /// Takes back the guess that was just counted against each: it was right. Those before it count on.
    pub fn take_back_guess(&mut self, store: &Store, whose: &[String]) {
        for whose in whose {
            let update = UpdateExpression {
                expression: "ADD wrong :less".to_owned(),
                condition: None,
                values: vec![(":less", number(-1))],
            };
            self.update(store, Part::Effect, &Key::attempts(whose), update);
        }
    }

    /// Forgets the wrong guesses of each: the last one was right.
    pub fn forget_guesses(&mut self, store: &Store, whose: &[String], now: Timestamp) {
        for whose in whose {
            let update = UpdateExpression {
                expression: "SET wrong = :none, last_at = :now".to_owned(),
                condition: None,
                values: vec![(":none", number(0)), (":now", text(now))],
            };
            self.update(store, Part::Effect, &Key::attempts(whose), update);
        }
    }
}

fn too_many(wait_s: i64) -> Error {
    let wait_s = wait_s.max(1);
    Error::new(
        ErrorKind::TooMany,
        "too_many_attempts",
        format!("Too many wrong attempts. Try again in {wait_s} seconds."),
    )
}
