//! A customer's charges, as Stripe has them now, with what can still be given back of each.

use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use shared::error::Error;
use shared::http;
use shared::id::{ChargeId, CustomerId};
use shared::lambda::Invocation;
use shared::money::Money;
use shared::policy::Operation;

use crate::AdminRefund;
use crate::refund::left_of;
use crate::wire::{ChargeList, ChargeView};

impl AdminRefund {
    pub(crate) async fn charges(
        &self,
        request: &ApiGatewayV2httpRequest,
        invocation: &Invocation,
    ) -> Result<ApiGatewayV2httpResponse, Error> {
        let front = &self.acting.front;
        front.admin(request, Operation::Read).await?;
        let customer: CustomerId = http::path_id(request, "id")?;
        let stripe = self.acting.stripe.by(invocation.patience());
        let (charges, invoices) = tokio::try_join!(
            stripe.charges_of(&customer),
            stripe.invoices_by_payment(&customer)
        )?;
        let charges = charges.value;
        let ids: Vec<ChargeId> = charges.data.iter().map(|it| it.id.clone()).collect();
        let reserved = front.store.reserved_on_each(&ids).await?;
        let views = charges.data.into_iter().map(|charge| {
            let set_aside = reserved.get(&charge.id).copied().unwrap_or_default();
            let money = |amount| Money {
                amount,
                currency: charge.currency,
            };
            let intent = charge.payment_intent.as_ref();
            ChargeView {
                asked: money(charge.amount),
                invoice: intent.and_then(|intent| invoices.get(intent)).cloned(),
                failure: charge
                    .failure_message
                    .clone()
                    .or_else(|| charge.failure_code.clone()),
                amount: money(charge.amount_captured),
                refunded: money(charge.amount_refunded),
                left: left_of(&charge, set_aside),
                status: charge.status.to_string(),
                disputed: charge.disputed,
                created_at: charge.created,
                id: charge.id,
            }
        });
        let list = ChargeList {
            charges: views.collect(),
            truncated: charges.has_more,
        };
        Ok(http::tagged(request, &list))
    }
}
