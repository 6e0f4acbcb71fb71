//! What is paid for and not used up, where a subscription ends before its period does.

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use shared::action::order::{Order, Refund, RefundReason};
use shared::error::Error;
use shared::http::{self, answer};
use shared::id::{CustomerId, SubscriptionId};
use shared::lambda::Invocation;
use shared::money::{Cents, Money};
use shared::policy::Operation;
use shared::stripe::Calls;
use shared::stripe_objects::Subscription;
use shared::time::Timestamp;

use crate::AdminSubscription;
use crate::wire::Unused;

/// Seconds for which an amount that was shown is still given back, though by then a little more is used up.
const SHOWN_S: i64 = 60 * 60;

impl AdminSubscription {
    pub(crate) async fn show_unused(
        &self,
        request: &ApiGatewayV2httpRequest,
        invocation: &Invocation,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let front = &self.acting.front;
        front.admin(request, Operation::Read).await?;
        let customer: CustomerId = http::path_id(request, "id")?;
        let stripe = self.acting.stripe.by(invocation.patience());
        let (_, subscription) = self.subscription(stripe, &customer).await?;
        let now = front.clock.now();
        let unused = self.unused(stripe, &subscription, now).await?;
        Ok(answer(200, &unused))
    }

    /// An end at once, with money given back for the rest of the period.
    pub(crate) async fn ended_with_refund(
        &self,
        stripe: Calls<'_>,
        id: SubscriptionId,
        subscription: &Subscription,
        cents: Cents,
    ) -> Result<Order, Error> {
        let shown_at = self.acting.front.clock.now().plus_s(-SHOWN_S);
        let unused = self.unused(stripe, subscription, shown_at).await?;
        if cents.0 <= 0 {
            return Err(Error::invalid(
                "invalid_amount",
                "The field `refund_cents` needs a whole number above 0.",
            ));
        }
        if cents > unused.unused.amount {
            return Err(Error::conflict(
                "preview_stale",
                format!(
                    "For the rest of the period at most {} can be given back. Look again.",
                    unused.unused
                ),
            ));
        }
        Ok(Order::Refund(Refund {
            charge: unused.charge,
            amount: Money {
                amount: cents,
                currency: unused.unused.currency,
            },
            why: RefundReason::Other,
            then_cancel: Some(id),
        }))
    }

    async fn unused(
        &self,
        stripe: Calls<'_>,
        subscription: &Subscription,
        at: Timestamp,
    ) -> Result<Unused, Error> {
        let nothing = || {
            Error::conflict(
                "nothing_paid",
                "Nothing was charged for the period that is running.",
            )
        };
        let item = subscription.item().ok_or_else(nothing)?;
        let period = item.current_period_start.zip(item.current_period_end);
        let (begins, ends) = period.ok_or_else(nothing)?;
        let latest = subscription.latest_invoice.as_ref().ok_or_else(nothing)?;
        let charge = stripe
            .charge_of_invoice(latest)
            .await?
            .ok_or_else(nothing)?;
        let paid = charge.amount_captured;
        let left = paid.0 - charge.amount_refunded.0;
        let unused = part(paid, at, begins, ends).0.min(left).max(0);
        Ok(Unused {
            paid: Money {
                amount: paid,
                currency: charge.currency,
            },
            unused: Money::new(unused, charge.currency),
            charge: charge.id,
            period_end: ends,
        })
    }
}

/// The part of an amount that is for the time after `at`, rounded down to the cent.
fn part(paid: Cents, at: Timestamp, begins: Timestamp, ends: Timestamp) -> Cents {
    let whole_s = ends.since_s(begins);
    let rest_s = ends.since_s(at).clamp(0, whole_s.max(0));
    let product = i128::from(paid.0) * i128::from(rest_s);
    let part = product.checked_div(i128::from(whole_s)).unwrap_or_default();
    Cents(i64::try_from(part).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_of_a_period_is_counted_to_the_second_and_down_to_the_cent() {
        let at = Timestamp::from_s;
        let of = |now| part(Cents(7_500), at(now), at(1_000), at(2_000)).0;
        assert_eq!(
            [of(0), of(1_000), of(1_500), of(2_000), of(9_000)],
            [7_500, 7_500, 3_750, 0, 0]
        );
        assert_eq!(of(1_001), 7_492);
        assert_eq!(part(Cents(7_500), at(5), at(9), at(9)), Cents(0));
    }
}
