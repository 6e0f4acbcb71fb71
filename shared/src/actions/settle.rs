//! From Stripe's answer to the end on record.

use serde_json::json;

use super::execute::End;
use super::{Actions, Met};
use crate::action::{Action, Order, State};
use crate::alert::Alert;
use crate::audit::{Act, Outcome};
use crate::error::Error;
use crate::outbox::{Mail, MailKind};

impl Actions<'_> {
    /// Asks Stripe, and writes what came of it. `look_first` where an earlier attempt may have done it: then Stripe is asked
    /// whether it has before anything is done under the new key.
    pub(super) async fn carry_out(
        &self,
        action: Action,
        act: &Act,
        look_first: bool,
    ) -> Result<Action, Error> {
        let end = self.execute(&action, look_first).await;
        let now = self.clock.now();
        let mut after = action.clone();
        let outcome = match end {
            End::Done { result, failure } => {
                after.state = State::Succeeded;
                after.result = result;
                after.failure = failure;
                Outcome::Done
            }
            End::Refused(words) => {
                after.state = State::Failed;
                after.failure = Some(words);
                Outcome::Failed
            }
            End::Unknown(words) => {
                after.state = State::Unknown;
                after.failure = Some(words);
                Outcome::Unknown
            }
            // Nothing was done yet, or it will come out under the same key: the sweep asks again.
            End::NotYet(error) => {
                tracing::warn!(action.id = %action.id, %error, "not finished; the sweep goes on with it");
                return Ok(action);
            }
        };
        after.settled_at = (!after.state.is_open()).then_some(now);
        let act = Act {
            outcome,
            after: json!({ "order": after.order, "result": after.result, "failure": after.failure }),
            ..act.clone()
        };
        let settled = self.store.commit_act(&act, now, |transaction| {
            self.give_back(transaction, &after);
            if let (State::Succeeded, Order::Refund(refund)) = (after.state, &after.order) {
                let kind = MailKind::Refunded {
                    amount: refund.amount,
                };
                let mail = Mail::to_customer(kind, after.customer.clone(), after.id.as_str());
                transaction.mail(self.store, &mail, now)?;
            }
            if after.state == State::Succeeded && after.failure.is_some() {
                transaction.alert(self.store, &Alert::action_in_part(&after.id), now);
            }
            transaction.action(self.store, &after, now)
        });
        match settled.await.map_err(Met::from) {
            Ok(()) => Ok(after.written()),
            // Somebody else has ended it: by the same key with the same outcome.
            Err(Met::Action) => self.as_it_is(&action).await,
            Err(Met::Failed(error)) => {
                // Stripe's answer is lost to the record; the sweep gets it again under the same key.
                tracing::warn!(action.id = %action.id, %error, "not settled; the sweep will");
                Ok(action)
            }
            Err(Met::Reservation | Met::Changed | Met::Role) => Err(Error::internal(format!(
                "{} met a condition that its end does not have",
                action.id
            ))),
        }
    }

    /// Gives back what was set aside, once and only once: in the transaction that ends the action.
    fn give_back(&self, transaction: &mut crate::store::transaction::Transaction, after: &Action) {
        if after.state.is_open() {
            return;
        }
        if let Order::Refund(refund) = &after.order {
            transaction.release(self.store, &refund.charge, refund.amount.amount);
            if after.state != State::Succeeded {
                transaction.unmark_refunded(self.store, after, refund.amount);
            }
        }
        if after.state != State::Succeeded
            && let Some(day) = &after.counted_on
        {
            transaction.uncount_given(self.store, &after.requested_by, day, after.counted());
        }
    }

    /// The action as it is on record by now.
    pub(super) async fn as_it_is(&self, action: &Action) -> Result<Action, Error> {
        let kept = self.store.action(&action.id).await?;
        kept.ok_or_else(|| Error::internal(format!("{} is gone", action.id)))
    }
}
