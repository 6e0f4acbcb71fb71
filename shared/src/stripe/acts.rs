//! What administrators have done at Stripe. Each object made carries the action's id in its metadata, so that one whose answer
//! was lost is found again.

use std::collections::HashMap;

use serde::Serialize;
use stripe_billing::invoice::{
    CreatePreviewInvoice, CreatePreviewInvoiceSubscriptionDetails,
    CreatePreviewInvoiceSubscriptionDetailsItems,
    CreatePreviewInvoiceSubscriptionDetailsProrationBehavior, PayInvoice,
};
use stripe_billing::subscription::{
    CancelSubscription, UpdateSubscription, UpdateSubscriptionItems,
    UpdateSubscriptionPauseCollection, UpdateSubscriptionPauseCollectionBehavior,
    UpdateSubscriptionPaymentBehavior, UpdateSubscriptionProrationBehavior,
    UpdateSubscriptionTrialEnd,
};
use stripe_client_core::{RequestBuilder, StripeMethod, StripeRequest};
use stripe_core::refund::{CreateRefund, ListRefund};

use super::key::IdempotencyKey;
use super::{Calls, PAGE_OBJECTS_MAX, StripeResult};
use crate::id::{ActionId, ChargeId, CustomerId, InvoiceId, PriceId, SubscriptionId};
use crate::money::Money;
use crate::stripe_objects::{
    BalanceTransaction, Invoice, List, PreviewInvoice, Refund, Subscription,
};
use crate::time::Timestamp;

/// The name under which an action's id is written on what it makes.
pub const ACTION_ID: &str = "action_id";

/// A refund to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewRefund<'a> {
    /// From which charge.
    pub charge: &'a ChargeId,
    /// How much.
    pub amount: Money,
    /// By which action.
    pub action: &'a ActionId,
    /// Why, as our list calls it.
    pub why: &'a str,
}

/// Another price for a subscription's item, from now on.
#[derive(Debug, Clone, Copy)]
pub struct NewPrice<'a> {
    /// The item.
    pub item: &'a str,
    /// The price.
    pub price: &'a PriceId,
    /// The moment that prorations are counted from.
    pub prorated_at: Timestamp,
}

impl Calls<'_> {
    /// Gives money back.
    pub async fn create_refund(
        &self,
        key: &IdempotencyKey,
        new: NewRefund<'_>,
    ) -> StripeResult<Refund> {
        let metadata = HashMap::from([
            (ACTION_ID.to_owned(), new.action.as_str().to_owned()),
            ("why".to_owned(), new.why.to_owned()),
        ]);
        let request = CreateRefund::new()
            .charge(new.charge.as_str())
            .amount(new.amount.amount.0)
            .metadata(metadata);
        self.write(key, request.build()).await
    }

    /// The latest refunds of a charge.
    pub async fn refunds_of(&self, charge: &ChargeId) -> StripeResult<List<Refund>> {
        let request = ListRefund::new()
            .charge(charge.as_str())
            .limit(PAGE_OBJECTS_MAX);
        self.read(request.build()).await
    }

    /// Ends a subscription at once. What was paid for it stays paid.
    pub async fn cancel_subscription(
        &self,
        key: &IdempotencyKey,
        id: &SubscriptionId,
    ) -> StripeResult<Subscription> {
        let request = CancelSubscription::new(id.as_str())
            .invoice_now(false)
            .prorate(false);
        self.write(key, request.build()).await
    }

    /// Has a subscription end with its period, or not.
    pub async fn end_with_period(
        &self,
        key: &IdempotencyKey,
        id: &SubscriptionId,
        ends: bool,
    ) -> StripeResult<Subscription> {
        let request = UpdateSubscription::new(id.as_str()).cancel_at_period_end(ends);
        self.write(key, request.build()).await
    }

    /// Makes invoices and does not collect them: each is void.
    pub async fn pause_collection(
        &self,
        key: &IdempotencyKey,
        id: &SubscriptionId,
    ) -> StripeResult<Subscription> {
        let pause =
            UpdateSubscriptionPauseCollection::new(UpdateSubscriptionPauseCollectionBehavior::Void);
        let request = UpdateSubscription::new(id.as_str()).pause_collection(pause);
        self.write(key, request.build()).await
    }

    /// Collects again. Written as its form: no builder can send the empty text that takes a field away.
    pub async fn resume_collection(
        &self,
        key: &IdempotencyKey,
        id: &SubscriptionId,
    ) -> StripeResult<Subscription> {
        let path = format!("/subscriptions/{id}");
        let form = RequestBuilder::new(StripeMethod::Post, path).form(&Resume {
            pause_collection: "",
        });
        self.write(key, form).await
    }

    /// Puts the next payment off until a moment, without proration: until then nothing is charged.
    pub async fn put_off(
        &self,
        key: &IdempotencyKey,
        id: &SubscriptionId,
        until: Timestamp,
    ) -> StripeResult<Subscription> {
        let request = UpdateSubscription::new(id.as_str())
            .trial_end(UpdateSubscriptionTrialEnd::Timestamp(until.as_s()))
            .proration_behavior(UpdateSubscriptionProrationBehavior::None);
        self.write(key, request.build()).await
    }

    /// Moves a subscription to another price now and charges the difference at once; where that is declined, nothing changes.
    pub async fn change_price(
        &self,
        key: &IdempotencyKey,
        id: &SubscriptionId,
        new: NewPrice<'_>,
    ) -> StripeResult<Subscription> {
        let mut item = UpdateSubscriptionItems::new();
        item.id = Some(new.item.to_owned());
        item.price = Some(new.price.as_str().to_owned());
        let request = UpdateSubscription::new(id.as_str())
            .items(vec![item])
            .proration_behavior(UpdateSubscriptionProrationBehavior::AlwaysInvoice)
            .proration_date(new.prorated_at.as_s())
            .payment_behavior(UpdateSubscriptionPaymentBehavior::ErrorIfIncomplete);
        self.write(key, request.build()).await
    }

    /// The invoice that [`change_price`](Self::change_price) would make.
    pub async fn preview_price(
        &self,
        id: &SubscriptionId,
        new: NewPrice<'_>,
    ) -> StripeResult<PreviewInvoice> {
        let mut item = CreatePreviewInvoiceSubscriptionDetailsItems::new();
        item.id = Some(new.item.to_owned());
        item.price = Some(new.price.as_str().to_owned());
        let mut details = CreatePreviewInvoiceSubscriptionDetails::new();
        details.items = Some(vec![item]);
        details.proration_behavior =
            Some(CreatePreviewInvoiceSubscriptionDetailsProrationBehavior::AlwaysInvoice);
        details.proration_date = Some(new.prorated_at.as_s());
        let request = CreatePreviewInvoice::new()
            .subscription(id.as_str())
            .subscription_details(details);
        // It makes nothing, so it needs no key.
        self.read(request.build()).await
    }

    /// Tries to collect an open invoice now.
    pub async fn pay_invoice(&self, key: &IdempotencyKey, id: &InvoiceId) -> StripeResult<Invoice> {
        self.write(key, PayInvoice::new(id.as_str()).build()).await
    }

    /// Puts money to a customer's balance, from which the next invoices are paid.
    pub async fn credit(
        &self,
        key: &IdempotencyKey,
        customer: &CustomerId,
        amount: Money,
        action: &ActionId,
    ) -> StripeResult<BalanceTransaction> {
        let path = format!("/customers/{customer}/balance_transactions");
        let form = RequestBuilder::new(StripeMethod::Post, path).form(&Credit {
            // What is owed to the customer is negative at Stripe.
            amount: -amount.amount.0,
            currency: amount.currency.as_str(),
            metadata: HashMap::from([(ACTION_ID, action.as_str())]),
        });
        self.write(key, form).await
    }

    /// The latest entries of a customer's balance.
    pub async fn balance_transactions(
        &self,
        customer: &CustomerId,
    ) -> StripeResult<List<BalanceTransaction>> {
        let path = format!("/customers/{customer}/balance_transactions");
        let request = RequestBuilder::new(StripeMethod::Get, path);
        self.read(request.query(&Latest {
            limit: PAGE_OBJECTS_MAX,
        }))
        .await
    }
}

#[derive(Serialize)]
struct Resume {
    pause_collection: &'static str,
}

#[derive(Serialize)]
struct Credit<'a> {
    amount: i64,
    currency: &'a str,
    metadata: HashMap<&'a str, &'a str>,
}

#[derive(Serialize)]
struct Latest {
    limit: i64,
}
