//! Reading single objects, and pages of them.
//!
//! A plain read has no parameters for async-stripe's builders to get right, so it is written as its path.

use std::collections::HashMap;

use serde::Serialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use stripe_billing::subscription::{
    ListSubscription, ListSubscriptionStatus, RetrieveSubscription,
};
use stripe_client_core::{RequestBuilder, StripeMethod, StripeRequest};
use stripe_core::customer::ListCustomer;
use stripe_core::event::ListEvent;
use stripe_product::price::ListPrice;
use stripe_types::RangeQueryTs;

use super::{Calls, StripeError, StripeResult};
use crate::id::{
    ChargeId, CheckoutSessionId, CustomerId, DisputeId, EventId, InvoiceId, PaymentIntentId,
    PaymentMethodId, RefundId, ScheduleId, SubscriptionId,
};
use crate::stripe_objects::{
    Charge, CheckoutSession, Customer, Dispute, EventEnvelope, Invoice, InvoicePayment, List,
    PaymentIntent, PaymentMethod, Price, Refund, Schedule, Subscription, WebhookEndpoint,
};
use crate::sync_run::Listing;
use crate::time::Timestamp;

/// Objects in one page of a list: the most that Stripe gives.
pub const PAGE_OBJECTS_MAX: i64 = 100;

/// Which events to list.
#[derive(Debug, Clone, Copy, Default)]
pub struct EventQuery<'a> {
    /// Only these kinds, at most 20. All kinds where empty.
    pub kinds: &'a [&'a str],
    /// Only kinds of this group, such as `invoice.*`.
    pub group: Option<&'a str>,
    /// Only events that not every endpoint has taken.
    pub undelivered_only: bool,
    /// Only events from this moment on. Stripe keeps 30 days.
    pub since: Option<Timestamp>,
    /// Only events before this one, in time: the next page of a walk into the past.
    pub starting_after: Option<&'a EventId>,
    /// Only events after this one, in time: the next page of a walk towards the present.
    pub ending_before: Option<&'a EventId>,
}

impl Calls<'_> {
    /// The lightest page there is, whatever it holds: finds out whether Stripe does what it is asked.
    pub async fn answers(&self) -> StripeResult<IgnoredAny> {
        self.read(ListPrice::new().limit(1).build()).await
    }

    /// A customer, perhaps a deleted one.
    pub async fn customer(&self, id: &CustomerId) -> StripeResult<Customer> {
        self.read(object("customers", id)).await
    }

    /// The latest customers with this address, as it is written.
    pub async fn customers_of_email(&self, email: &str) -> StripeResult<List<Customer>> {
        let request = ListCustomer::new().email(email).limit(PAGE_OBJECTS_MAX);
        self.read(request.build()).await
    }

    /// A subscription together with its schedule.
    pub async fn subscription(&self, id: &SubscriptionId) -> StripeResult<Subscription> {
        let request = RetrieveSubscription::new(id.as_str()).expand(vec!["schedule".to_owned()]);
        self.read(request.build()).await
    }

    /// A subscription schedule.
    pub async fn schedule(&self, id: &ScheduleId) -> StripeResult<Schedule> {
        self.read(object("subscription_schedules", id)).await
    }

    /// An invoice.
    pub async fn invoice(&self, id: &InvoiceId) -> StripeResult<Invoice> {
        self.read(object("invoices", id)).await
    }

    /// A charge.
    pub async fn charge(&self, id: &ChargeId) -> StripeResult<Charge> {
        self.read(object("charges", id)).await
    }

    /// A customer's latest charges.
    pub async fn charges_of(&self, customer: &CustomerId) -> StripeResult<List<Charge>> {
        let request = RequestBuilder::new(StripeMethod::Get, "/charges").query(&ChargesOf {
            customer: customer.as_str(),
            limit: PAGE_OBJECTS_MAX,
        });
        self.read(request).await
    }

    /// Which of a customer's latest invoices each payment is of.
    pub async fn invoices_by_payment(
        &self,
        customer: &CustomerId,
    ) -> Result<HashMap<PaymentIntentId, InvoiceId>, StripeError> {
        let request = RequestBuilder::new(StripeMethod::Get, "/invoices").query(&InvoicesOf {
            customer: customer.as_str(),
            limit: PAGE_OBJECTS_MAX,
            expand: ["data.payments"],
        });
        let invoices: List<Invoice> = self.read(request).await?.value;
        let mut by_payment = HashMap::new();
        for invoice in invoices.data {
            let Some(id) = invoice.id else { continue };
            for paid in invoice.payments.unwrap_or_default().data {
                by_payment.extend(paid.payment.payment_intent.map(|it| (it, id.clone())));
            }
        }
        Ok(by_payment)
    }

    /// The charge by which an invoice was paid; none where it was not, or not by a charge.
    pub async fn charge_of_invoice(&self, id: &InvoiceId) -> Result<Option<Charge>, StripeError> {
        let request = RequestBuilder::new(StripeMethod::Get, "/invoice_payments");
        let request = request.query(&PaymentsOf {
            invoice: id.as_str(),
            status: "paid",
        });
        let payments: List<InvoicePayment> = self.read(request).await?.value;
        let mut intents = payments
            .data
            .into_iter()
            .filter_map(|it| it.payment.payment_intent);
        let Some(intent) = intents.next() else {
            return Ok(None);
        };
        let intent = RequestBuilder::new(StripeMethod::Get, format!("/payment_intents/{intent}"));
        let intent: PaymentIntent = self.read(intent).await?.value;
        match intent.latest_charge {
            Some(charge) => Ok(Some(self.charge(&charge).await?.value)),
            None => Ok(None),
        }
    }

    /// A refund.
    pub async fn refund(&self, id: &RefundId) -> StripeResult<Refund> {
        self.read(object("refunds", id)).await
    }

    /// A dispute.
    pub async fn dispute(&self, id: &DisputeId) -> StripeResult<Dispute> {
        self.read(object("disputes", id)).await
    }

    /// A payment method.
    pub async fn payment_method(&self, id: &PaymentMethodId) -> StripeResult<PaymentMethod> {
        self.read(object("payment_methods", id)).await
    }

    /// A checkout session.
    pub async fn checkout_session(&self, id: &CheckoutSessionId) -> StripeResult<CheckoutSession> {
        self.read(object("checkout/sessions", id)).await
    }

    /// An event, with its object as it was then. Stripe keeps it for 30 days.
    pub async fn event(&self, id: &EventId) -> StripeResult<EventEnvelope> {
        self.read(object("events", id)).await
    }

    /// The active prices with these lookup keys, at most ten.
    pub async fn prices(&self, lookup_keys: &[&str]) -> StripeResult<List<Price>> {
        let keys: Vec<String> = lookup_keys.iter().map(|&key| key.to_owned()).collect();
        let request = ListPrice::new().active(true).lookup_keys(keys);
        self.read(request.limit(PAGE_OBJECTS_MAX).build()).await
    }

    /// A page of a customer's subscriptions, ended ones included, newest first.
    pub async fn subscriptions(
        &self,
        customer: &CustomerId,
        starting_after: Option<&SubscriptionId>,
    ) -> StripeResult<List<Subscription>> {
        let mut request = ListSubscription::new()
            .customer(customer.as_str())
            .status(ListSubscriptionStatus::All)
            .limit(PAGE_OBJECTS_MAX);
        if let Some(id) = starting_after {
            request = request.starting_after(id.as_str());
        }
        self.read(request.build()).await
    }

    /// A page of a listing, newest first, each object as Stripe wrote it. `since` leaves out what was made before it.
    pub async fn listing(
        &self,
        listing: Listing,
        since: Option<Timestamp>,
        starting_after: Option<&str>,
    ) -> StripeResult<List<Box<RawValue>>> {
        let params = ListParams {
            limit: PAGE_OBJECTS_MAX,
            status: match listing {
                Listing::Subscriptions => Some("all"),
                Listing::OpenInvoices => Some("open"),
                Listing::Customers | Listing::Refunds | Listing::Disputes => None,
            },
            created: since.map(|since| Since { gte: since.as_s() }),
            starting_after,
        };
        let path = format!("/{}", folder(listing));
        self.read(RequestBuilder::new(StripeMethod::Get, path).query(&params))
            .await
    }

    /// One object of a listing, as Stripe wrote it.
    pub async fn listed(&self, listing: Listing, id: &str) -> StripeResult<Box<RawValue>> {
        self.read(object(folder(listing), &id)).await
    }

    /// Where Stripe sends events: an account has sixteen endpoints at most.
    pub async fn webhook_endpoints(&self) -> StripeResult<List<WebhookEndpoint>> {
        let params = ListParams {
            limit: PAGE_OBJECTS_MAX,
            status: None,
            created: None,
            starting_after: None,
        };
        let path = "/webhook_endpoints";
        self.read(RequestBuilder::new(StripeMethod::Get, path).query(&params))
            .await
    }

    /// A page of events, newest first.
    pub async fn events(&self, query: EventQuery<'_>) -> StripeResult<List<EventEnvelope>> {
        let mut request = ListEvent::new().limit(PAGE_OBJECTS_MAX);
        if !query.kinds.is_empty() {
            let kinds: Vec<String> = query.kinds.iter().map(|&kind| kind.to_owned()).collect();
            request = request.types(kinds);
        }
        if let Some(group) = query.group {
            request = request.type_(group);
        }
        if query.undelivered_only {
            request = request.delivery_success(false);
        }
        if let Some(since) = query.since {
            request = request.created(RangeQueryTs::gte(since.as_s()));
        }
        if let Some(id) = query.starting_after {
            request = request.starting_after(id.as_str());
        }
        if let Some(id) = query.ending_before {
            request = request.ending_before(id.as_str());
        }
        self.read(request.build()).await
    }
}

/// What a list of objects is asked for with.
#[derive(Serialize)]
struct ListParams<'a> {
    limit: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created: Option<Since>,
    #[serde(skip_serializing_if = "Option::is_none")]
    starting_after: Option<&'a str>,
}

#[derive(Serialize)]
struct ChargesOf<'a> {
    customer: &'a str,
    limit: i64,
}

#[derive(Serialize)]
struct InvoicesOf<'a> {
    customer: &'a str,
    limit: i64,
    expand: [&'static str; 1],
}

#[derive(Serialize)]
struct PaymentsOf<'a> {
    invoice: &'a str,
    status: &'static str,
}

#[derive(Serialize)]
struct Since {
    gte: i64,
}

/// Where objects of a listing are at Stripe.
const fn folder(listing: Listing) -> &'static str {
    match listing {
        Listing::Customers => "customers",
        Listing::Subscriptions => "subscriptions",
        Listing::OpenInvoices => "invoices",
        Listing::Refunds => "refunds",
        Listing::Disputes => "disputes",
    }
}

fn object(kind: &str, id: &impl AsRef<str>) -> RequestBuilder {
    RequestBuilder::new(StripeMethod::Get, format!("/{kind}/{}", id.as_ref()))
}
