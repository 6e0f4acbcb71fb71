//! The transaction that begins an action: the intent, what is set aside for it, and its entry in the log.

use super::{Actions, Met};
use crate::action::{Action, Order};
use crate::audit::{Act, Outcome};
use crate::auth::Admin;
use crate::money::Cents;
use crate::time::Timestamp;

impl Actions<'_> {
    /// Begins an action that may be done. `left` can still be refunded, `given` the administrator has given today.
    pub(super) async fn begin(
        &self,
        admin: &Admin,
        action: &Action,
        left: Cents,
        given: Cents,
        now: Timestamp,
    ) -> Result<Action, Met> {
        let act = Act {
            outcome: Outcome::Begun,
            ..self.act_of(admin, action)
        };
        let is_approved = action.decided_by.is_some();
        let begun = self.store.commit_act(&act, now, |transaction| {
            transaction.check_role(self.store, &admin.caller.credential);
            if let Order::Refund(refund) = &action.order {
                let amount = refund.amount;
                transaction.reserve(self.store, &refund.charge, amount.amount, left);
                transaction.mark_refunded(self.store, action, amount, is_approved, now);
            }
            if let (Some(amount), Some(day)) = (action.given(), &action.counted_on) {
                transaction.count_given(
                    self.store,
                    &action.requested_by,
                    day,
                    amount.amount,
                    given,
                );
            }
            transaction.action(self.store, action, now)
        });
        begun.await?;
        Ok(action.written())
    }
}
