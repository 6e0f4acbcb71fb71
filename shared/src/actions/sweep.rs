//! What a crash, a lost answer or a forgotten request left open, gone on with by the sweep.

use serde_json::json;

use super::{Actions, Met};
use crate::action::{Action, Next, State};
use crate::alert::Alert;
use crate::audit::{Act, Actor, Outcome};
use crate::error::Error;
use crate::id::ActionId;
use crate::time::Timestamp;

impl Actions<'_> {
    /// Goes on with an action that was left open, and says whether it has ended.
    ///
    /// # Errors
    /// `Unavailable`; the next sweep goes on with it then.
    pub async fn go_on(&self, id: &ActionId, request_id: &str) -> Result<bool, Error> {
        let Some(action) = self.store.action(id).await? else {
            return Ok(true);
        };
        let now = self.clock.now();
        let act = by_the_sweep(&action, request_id);
        if action.state == State::AwaitingApproval {
            return if now >= action.expires_at() {
                self.expire(action, act, now).await
            } else {
                Ok(false)
            };
        }
        let after = match action.next(now) {
            Next::Wait => return Ok(!action.state.is_open()),
            Next::SameKey => self.carry_out(action, &act, false).await?,
            Next::LookUp => match self.next_attempt(&action, now).await? {
                Some(next) => self.carry_out(next, &act, true).await?,
                None => return Ok(false),
            },
            Next::Person => {
                self.store
                    .raise(&Alert::action_unknown(&action.id), now)
                    .await?;
                self.put_off(&action, now).await?;
                return Ok(false);
            }
        };
        Ok(!after.state.is_open())
    }

    /// Notes that Stripe is asked under another key from now on. None where somebody else was faster.
    async fn next_attempt(&self, action: &Action, now: Timestamp) -> Result<Option<Action>, Error> {
        let next = Action {
            state: State::Executing,
            attempt: action.attempt + 1,
            attempt_at: Some(now),
            ..action.clone()
        };
        self.write(&next, now).await
    }

    /// Looks at it again only later: a person has been told.
    async fn put_off(&self, action: &Action, now: Timestamp) -> Result<(), Error> {
        self.write(action, now.plus_s(60 * 60)).await.map(drop)
    }

    async fn write(&self, action: &Action, now: Timestamp) -> Result<Option<Action>, Error> {
        let mut transaction = crate::store::transaction::Transaction::default();
        transaction.action(self.store, action, now)?;
        match self.store.commit(transaction).await.map_err(Met::from) {
            Ok(()) => Ok(Some(action.written())),
            Err(Met::Failed(error)) => Err(error),
            Err(_) => Ok(None),
        }
    }

    async fn expire(&self, action: Action, act: Act, now: Timestamp) -> Result<bool, Error> {
        let expired = Action {
            state: State::Expired,
            settled_at: Some(now),
            ..action
        };
        let act = Act {
            outcome: Outcome::Refused,
            code: Some("expired".to_owned()),
            ..act
        };
        let written = self.store.commit_act(&act, now, |transaction| {
            transaction.action(self.store, &expired, now)
        });
        match written.await.map_err(Met::from) {
            Ok(()) => Ok(true),
            Err(Met::Failed(error)) => Err(error),
            Err(_) => Ok(false),
        }
    }
}

fn by_the_sweep(action: &Action, request_id: &str) -> Act {
    Act {
        actor: Actor::system("sweep"),
        role: None,
        address: None,
        device: None,
        operation: action.order.operation().as_str().to_owned(),
        subject: Some(action.customer.to_string()),
        reason: Some(action.reason.clone()),
        before: json!({ "state": action.state, "attempt": action.attempt }),
        after: json!(action.order),
        outcome: Outcome::Done,
        code: None,
        action: Some(action.id.clone()),
        request_id: request_id.to_owned(),
    }
}
