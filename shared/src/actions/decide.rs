//! What others decide about a request.

use super::{Actions, Met, changed_meanwhile, over_left};
use crate::action::{Action, Order, State};
use crate::audit::{Act, Outcome};
use crate::auth::Admin;
use crate::error::{Error, ErrorKind};
use crate::id::ActionId;
use crate::money::Cents;
use crate::time::Timestamp;

impl Actions<'_> {
    /// Approves a request and has it done. The charge's `left` is asked of Stripe anew.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden` where it is one's own or needs a higher role, `Conflict` where it was decided, has expired or
    /// whoever asked may not any more.
    pub async fn approve(&self, admin: &Admin, id: &ActionId) -> Result<Action, Error> {
        let now = self.clock.now();
        let asked = self.decidable(admin, id, now).await?;
        let requester = self
            .store
            .credential(&asked.requested_by.clone().into())
            .await?;
        let still_may = requester.is_some_and(|requester| {
            let may = requester
                .role
                .is_some_and(|role| asked.order.operation().is_for(role));
            may && requester.disabled_at.is_none()
        });
        if !still_may {
            return Err(Error::conflict(
                "requester_may_not",
                "Whoever asked for this may not any more. Reject it, and ask for it yourself if it is right.",
            ));
        }
        let left = match &asked.order {
            Order::Refund(refund) => self.left_on(&refund.charge).await?,
            _ => Cents::ZERO,
        };
        let approved = Action {
            state: State::Executing,
            attempt: 1,
            attempt_at: Some(now),
            decided_by: Some(admin.id.clone()),
            decided_at: Some(now),
            ..asked
        };
        match self.begin(admin, &approved, left, Cents::ZERO, now).await {
            Ok(begun) => {
                let act = self.act_of(admin, &begun);
                self.carry_out(begun, &act, false).await
            }
            Err(Met::Reservation) => Err(over_left()),
            Err(Met::Failed(error)) => Err(error),
            Err(Met::Action | Met::Changed | Met::Role) => Err(changed_meanwhile()),
        }
    }

    /// Rejects a request.
    ///
    /// # Errors
    /// As [`approve`](Self::approve).
    pub async fn reject(&self, admin: &Admin, id: &ActionId, why: String) -> Result<Action, Error> {
        let now = self.clock.now();
        let asked = self.decidable(admin, id, now).await?;
        let rejected = Action {
            decision: Some(why),
            ..asked
        };
        self.end(admin, rejected, State::Rejected, now).await
    }

    /// Takes back one's own request.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden` where somebody else asked, `Conflict` where it was decided.
    pub async fn withdraw(&self, admin: &Admin, id: &ActionId) -> Result<Action, Error> {
        let now = self.clock.now();
        let asked = self.waiting(id, now).await?;
        if asked.requested_by != admin.id {
            return Err(Error::new(
                ErrorKind::Forbidden,
                "not_yours",
                "Only whoever asked for it can take it back. You can reject it.",
            ));
        }
        self.end(admin, asked, State::Withdrawn, now).await
    }

    /// A request that this administrator may decide on.
    async fn decidable(
        &self,
        admin: &Admin,
        id: &ActionId,
        now: Timestamp,
    ) -> Result<Action, Error> {
        let asked = self.waiting(id, now).await?;
        let forbidden = |code, words: String| Err(Error::new(ErrorKind::Forbidden, code, words));
        if asked.requested_by == admin.id {
            return forbidden(
                "own_request",
                "Somebody else has to decide on what you asked for.".to_owned(),
            );
        }
        match asked.approver {
            Some(approver) if admin.role < approver => forbidden(
                "role_too_low",
                format!(
                    "Your role is {}; this needs {approver} or higher to decide.",
                    admin.role
                ),
            ),
            _ => Ok(asked),
        }
    }

    /// A request that waits for approval.
    async fn waiting(&self, id: &ActionId, now: Timestamp) -> Result<Action, Error> {
        let action = self.store.action(id).await?.ok_or_else(|| {
            Error::new(
                ErrorKind::NotFound,
                "no_such_action",
                "There is no such action.",
            )
        })?;
        if action.state != State::AwaitingApproval {
            return Err(Error::conflict(
                "already_decided",
                format!(
                    "This is {} already.",
                    action.state.as_str().replace('_', " ")
                ),
            ));
        }
        if now >= action.expires_at() {
            return Err(Error::conflict(
                "request_expired",
                "Nobody decided on this within 24 hours, so it has expired. It can be asked for again.",
            ));
        }
        Ok(action)
    }

    /// Ends a request without doing it.
    async fn end(
        &self,
        admin: &Admin,
        asked: Action,
        state: State,
        now: Timestamp,
    ) -> Result<Action, Error> {
        let ended = Action {
            state,
            decided_by: (state == State::Rejected).then(|| admin.id.clone()),
            decided_at: Some(now),
            settled_at: Some(now),
            ..asked
        };
        let act = Act {
            outcome: Outcome::Refused,
            code: Some(state.as_str().to_owned()),
            reason: ended.decision.clone().or(Some(ended.reason.clone())),
            ..self.act_of(admin, &ended)
        };
        let written = self.store.commit_act(&act, now, |transaction| {
            transaction.check_role(self.store, &admin.caller.credential);
            transaction.action(self.store, &ended, now)
        });
        match written.await.map_err(Met::from) {
            Ok(()) => Ok(ended.written()),
            Err(Met::Failed(error)) => Err(error),
            Err(_) => Err(changed_meanwhile()),
        }
    }
}
