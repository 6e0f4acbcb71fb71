//! From the request to the intent, or to a request for approval.

use serde::Serialize;
use serde_json::json;

use super::{Actions, Met, ROUNDS_MAX, changed_meanwhile, over_left};
use crate::action::{Action, Order, State};
use crate::audit::{Act, Outcome};
use crate::auth::Admin;
use crate::error::{Error, ErrorKind};
use crate::id::{ActionId, CustomerId};
use crate::money::Cents;
use crate::outbox::{Mail, MailKind};
use crate::policy::{Concern, Request, Verdict};
use crate::staff::Role;
use crate::time::Timestamp;

/// Administrators who are written to about one request.
const APPROVERS_MAX: usize = 20;

/// What somebody asks for, checked as far as the customer and Stripe go.
#[derive(Debug, Clone)]
pub struct Submission {
    /// The id that the form drew.
    pub id: ActionId,
    /// The hash of what the form sent.
    pub payload_hash: String,
    /// On whom.
    pub customer: CustomerId,
    /// What.
    pub order: Order,
    /// Why.
    pub reason: String,
    /// What else is to be considered.
    pub concerns: Vec<Concern>,
    /// What Stripe says can still be refunded from the charge, where money is given back from one.
    pub left: Cents,
}

impl Actions<'_> {
    /// The action of this id, where it was asked for before.
    ///
    /// # Errors
    /// `Conflict` where the id was used for something else; `Unavailable`.
    pub async fn known(&self, id: &ActionId, payload_hash: &str) -> Result<Option<Action>, Error> {
        let Some(action) = self.store.action(id).await? else {
            return Ok(None);
        };
        if action.payload_hash == payload_hash {
            return Ok(Some(action));
        }
        Err(Error::conflict(
            "action_id_reused",
            format!(
                "This action id was used at {} for another {} ({}). Open the form anew.",
                action.created_at,
                action.order.operation().as_str(),
                action.state.as_str(),
            ),
        ))
    }

    /// What is decided about a request before it is made.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn verdict(
        &self,
        admin: &Admin,
        customer: &CustomerId,
        order: &Order,
        concerns: &[Concern],
    ) -> Result<Verdict, Error> {
        let (verdict, _) = self.decided(admin, customer, order, concerns).await?;
        Ok(verdict)
    }

    /// The verdict, with what the administrator has given today.
    async fn decided(
        &self,
        admin: &Admin,
        customer: &CustomerId,
        order: &Order,
        concerns: &[Concern],
    ) -> Result<(Verdict, Cents), Error> {
        let now = self.clock.now();
        let policy = self.store.policy().await?.policy;
        let mut request = Request {
            amount: order.given(),
            days: order.days(),
            concerns: concerns.to_vec(),
            given_today: Cents::ZERO,
        };
        if let Some(amount) = order.given() {
            request.given_today = self.store.given_on(&admin.id, &now.day()).await?;
            if matches!(order, Order::Refund(_))
                && self.store.is_duplicate(customer, amount, now).await?
            {
                request.concerns.push(Concern::Duplicate);
            }
        }
        let verdict = policy.decide(admin.role, order.operation(), &request);
        Ok((verdict, request.given_today))
    }

    /// Has an action done, or asks for approval. The same id with the same payload gives the first outcome.
    ///
    /// # Errors
    /// `Conflict` where the id was used for something else, or more is asked for than is left; `Unavailable` where the
    /// intent could not be written: then nothing was done.
    pub async fn submit(&self, admin: &Admin, submission: Submission) -> Result<Action, Error> {
        for _ in 0..ROUNDS_MAX {
            let Submission {
                id,
                payload_hash,
                customer,
                order,
                ..
            } = &submission;
            if let Some(known) = self.known(id, payload_hash).await? {
                return Ok(known);
            }
            let now = self.clock.now();
            let (verdict, given) = self
                .decided(admin, customer, order, &submission.concerns)
                .await?;
            let mut action = self.intent(admin, &submission, now);
            let written = match verdict {
                Verdict::Refused => return Err(refused()),
                Verdict::NeedsApproval { concerns, approver } => {
                    action.state = State::AwaitingApproval;
                    action.concerns = concerns;
                    action.approver = Some(approver);
                    self.request(admin, &action, approver, now).await
                }
                Verdict::Allowed => {
                    action.counted_on = order.given().map(|_| now.day());
                    self.begin(admin, &action, submission.left, given, now)
                        .await
                }
            };
            match written {
                Ok(written) if written.state == State::Executing => {
                    return self
                        .carry_out(written, &self.act_of(admin, &action), false)
                        .await;
                }
                Ok(written) => return Ok(written),
                Err(Met::Reservation) => return Err(over_left()),
                Err(Met::Failed(error)) => return Err(error),
                Err(Met::Action | Met::Changed | Met::Role) => {}
            }
        }
        Err(changed_meanwhile())
    }

    fn intent(&self, admin: &Admin, submission: &Submission, now: Timestamp) -> Action {
        Action {
            id: submission.id.clone(),
            customer: submission.customer.clone(),
            order: submission.order.clone(),
            payload_hash: submission.payload_hash.clone(),
            reason: submission.reason.clone(),
            requested_by: admin.id.clone(),
            role: admin.role,
            created_at: now,
            state: State::Executing,
            attempt: 1,
            attempt_at: Some(now),
            concerns: Vec::new(),
            approver: None,
            decided_by: None,
            decided_at: None,
            decision: None,
            settled_at: None,
            result: None,
            failure: None,
            counted_on: None,
            version: 0,
        }
    }

    /// What the log tells of an action, by whoever has it done.
    pub(super) fn act_of(&self, admin: &Admin, action: &Action) -> Act {
        Act {
            subject: Some(action.customer.to_string()),
            reason: Some(action.reason.clone()),
            after: json!(action.order),
            action: Some(action.id.clone()),
            ..admin.act(action.order.operation().as_str())
        }
    }

    /// Writes a request for approval and owes a mail to each who may give it.
    async fn request(
        &self,
        admin: &Admin,
        action: &Action,
        approver: Role,
        now: Timestamp,
    ) -> Result<Action, Met> {
        let act = Act {
            outcome: Outcome::Requested,
            ..self.act_of(admin, action)
        };
        let staff = self.store.staff().await.map_err(Met::Failed)?;
        let may = staff.into_iter().filter(|other| {
            other.role >= Some(approver)
                && other.disabled_at.is_none()
                && other.person != admin.caller.credential.person
        });
        let kind = MailKind::ApprovalRequested {
            operation: action.order.operation(),
        };
        let mails: Vec<Mail> = may
            .take(APPROVERS_MAX)
            .map(|other| Mail::to_person(kind, other.person, action.id.as_str()))
            .collect();
        let written = self.store.commit_act(&act, now, |transaction| {
            transaction.check_role(self.store, &admin.caller.credential);
            for mail in &mails {
                transaction.mail(self.store, mail, now)?;
            }
            transaction.action(self.store, action, now)
        });
        written.await?;
        Ok(action.written())
    }
}

/// The hash of what a form sent about a customer.
///
/// # Errors
/// `Internal`: a defect.
pub fn payload_hash(customer: &CustomerId, form: &impl Serialize) -> Result<String, Error> {
    let form = serde_json::to_value(form).map_err(Error::internal)?;
    Ok(Action::hash(customer, &form))
}

fn refused() -> Error {
    Error::new(
        ErrorKind::Forbidden,
        "role_too_low",
        "Your role may not do this. Ask an owner.",
    )
}
