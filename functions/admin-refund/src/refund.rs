//! From the form to the order.

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use shared::action::order::{Order, Refund};
use shared::actions::{Submission, payload_hash, status_of};
use shared::auth::Admin;
use shared::error::{Error, ErrorKind};
use shared::http::{self, answer};
use shared::id::CustomerId;
use shared::lambda::Invocation;
use shared::money::{Cents, Money};
use shared::policy::{Concern, Operation};
use shared::stripe::Calls;
use shared::stripe_objects::{Charge, ChargeStatus};

use crate::AdminRefund;
use crate::wire::{RefundForm, RefundPreview};

/// A form that is in order.
struct Checked {
    order: Order,
    concerns: Vec<Concern>,
    left: Money,
}

impl AdminRefund {
    pub(crate) async fn refund(
        &self,
        request: &ApiGatewayV2httpRequest,
        invocation: &Invocation,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let (admin, customer, form) = self.admitted(request).await?;
        let id = http::action_id(request)?;
        let reason = http::reason(&form.reason)?;
        let actions = self.acting.actions(invocation);
        let payload_hash = payload_hash(&customer, &form)?;
        // Before anything is looked up: what it changed would be refused now.
        if let Some(known) = actions.known(&id, &payload_hash).await? {
            return Ok(answer(status_of(&known), &known));
        }
        let checked = self.checked(actions.stripe, &customer, &form).await?;
        let submission = Submission {
            id,
            payload_hash,
            customer,
            order: checked.order,
            reason,
            concerns: checked.concerns,
            left: checked.left.amount,
        };
        let action = actions.submit(&admin, submission).await?;
        Ok(answer(status_of(&action), &action))
    }

    /// What a refund would meet, before it is asked for.
    pub(crate) async fn preview(
        &self,
        request: &ApiGatewayV2httpRequest,
        invocation: &Invocation,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let (admin, customer, form) = self.admitted(request).await?;
        let actions = self.acting.actions(invocation);
        let checked = self.checked(actions.stripe, &customer, &form).await?;
        let verdict = actions
            .verdict(&admin, &customer, &checked.order, &checked.concerns)
            .await?;
        Ok(answer(200, &RefundPreview::of(checked.left, verdict)))
    }

    async fn admitted(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<(Admin, CustomerId, RefundForm), Error> {
        let admin = self.acting.front.admin(request, Operation::Refund).await?;
        let customer = http::path_id(request, "id")?;
        let form = http::json_body(request)?;
        Ok((admin, customer, form))
    }

    /// The order that a form comes to, with what Stripe says of the charge now.
    async fn checked(
        &self,
        stripe: Calls<'_>,
        customer: &CustomerId,
        form: &RefundForm,
    ) -> Result<Checked, Error> {
        let charge = stripe.charge(&form.charge).await.map_err(|error| {
            let error = Error::from(error);
            if error.kind == ErrorKind::NotFound {
                no_such_charge()
            } else {
                error
            }
        })?;
        let charge = charge.value;
        if charge.customer.as_ref() != Some(customer) {
            return Err(no_such_charge());
        }
        let reserved = self.acting.front.store.reserved_on(&form.charge).await?;
        let left = left_of(&charge, reserved);
        let amount = Money {
            amount: form.amount_cents,
            currency: charge.currency,
        };
        if form.currency != charge.currency.as_str() {
            return Err(Error::invalid(
                "other_currency",
                format!(
                    "The charge is in {}, and money goes back in the same currency.",
                    charge.currency
                ),
            ));
        }
        if amount.amount.0 <= 0 {
            return Err(Error::invalid(
                "invalid_amount",
                "The field `amount_cents` needs a whole number above 0.",
            ));
        }
        if amount.amount > left.amount {
            return Err(Error::conflict(
                "over_what_is_left",
                format!("Of this charge {left} can still be refunded, and {amount} is more."),
            ));
        }
        let account = self.acting.front.store.account(customer).await?;
        let then_cancel = match (form.then_cancel, account.subscription()) {
            (false, _) => None,
            (true, Some((id, kept))) if kept.facts.is_alive() => Some(id.clone()),
            (true, _) => {
                return Err(Error::conflict(
                    "no_subscription",
                    "This customer has no subscription that could be cancelled with it.",
                ));
            }
        };
        Ok(Checked {
            order: Order::Refund(Refund {
                charge: form.charge.clone(),
                amount,
                why: form.why,
                then_cancel,
            }),
            concerns: if charge.disputed {
                vec![Concern::Disputed]
            } else {
                Vec::new()
            },
            left,
        })
    }
}

/// What can still be given back of a charge, less what others are just giving back.
pub(crate) fn left_of(charge: &Charge, reserved: Cents) -> Money {
    let left = match charge.status {
        ChargeStatus::Succeeded => charge.amount_captured.0 - charge.amount_refunded.0 - reserved.0,
        _ => 0,
    };
    Money::new(left.max(0), charge.currency)
}

fn no_such_charge() -> Error {
    Error::new(
        ErrorKind::NotFound,
        "no_such_charge",
        "This customer has no such charge.",
    )
}
