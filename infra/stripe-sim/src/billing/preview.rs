//! What an invoice would be: the customer is copied aside, the change is made there, time is moved there, and the
//! invoice that comes of it is shown. A preview is therefore what is then charged.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::billing::start::FirstPayment;
use crate::billing::subscription::{Draft, period};
use crate::billing::{change, start};
use crate::error::StripeError;
use crate::fields::Fields;
use crate::params::Params;
use crate::resources::{coupons, customers, subscriptions};
use crate::sim::StripeSim;
use crate::tasks::Task;

/// `POST /v1/invoices/create_preview`
pub(crate) fn create(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&[
        "customer",
        "subscription",
        "subscription_details[items][][id]",
        "subscription_details[items][][price]",
        "subscription_details[items][][quantity]",
        "subscription_details[items][][deleted]",
        "subscription_details[proration_behavior]",
        "subscription_details[proration_date]",
        "subscription_details[billing_cycle_anchor]",
        "preview_mode",
        "discounts",
        "discounts[][coupon]",
        "discounts[][promotion_code]",
        "discounts[][discount]",
    ])?;
    let Some(id) = params.given("subscription") else {
        return of_new(sim, params);
    };
    let subscription = subscriptions::retrieve(sim, id)
        .map_err(|error| error.status(400).param("subscription"))?;
    let customer = subscription.text("customer");
    if let Some(named) = params.given("customer") {
        customers::living(sim, named)?;
        if named != customer {
            return Err(StripeError::invalid(format!(
                "The subscription {id} does not belong to the customer {named}."
            ))
            .param("subscription"));
        }
    }
    let details = params.below("subscription_details");
    let mut aside = sim.copy_of_customer(customer);
    subscriptions::preview_discounts(&mut aside, &subscription, params)?;
    let change = subscriptions::change_of(&aside, &subscription, &details)?;
    if let Some(change) = change
        && let Some(invoice) = change::write(&mut aside, id, &change)
    {
        return Ok(shown(&aside, &invoice, "subscription_update"));
    }
    next_invoice(&mut aside, id).ok_or_else(|| {
        StripeError::invalid(format!("No upcoming invoices for customer: {customer}"))
            .code("invoice_upcoming_none")
            .status(404)
    })
}

/// The first invoice of a subscription that does not exist yet.
fn of_new(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    let customer = params.required("customer")?;
    customers::living(sim, customer)?;
    let details = params.below("subscription_details");
    let items = subscriptions::wanted(sim, &details)?;
    let currency = items[0].price.text("currency").to_owned();
    let mut aside = sim.copy_of_customer(customer);
    let draft = Draft {
        customer: customer.to_owned(),
        items,
        metadata: json!({}),
        default_payment_method: None,
        description: None,
        trial_end_s: None,
        missing_payment_method: "create_invoice".to_owned(),
        cancel_at_period_end: false,
        cancel_at_s: None,
        anchor_s: None,
        save_card: false,
        discounts: coupons::redeemed(sim, params, "discounts", &currency)?,
        checkout_session: None,
    };
    let id = start::start(&mut aside, &draft, FirstPayment::IsNotTried)?;
    let invoice = aside
        .store
        .get(&id)
        .map(|subscription| subscription.text("latest_invoice").to_owned());
    let mut first = shown(&aside, &invoice.unwrap_or_default(), "upcoming");
    first.put("parent/subscription_details/subscription", Value::Null);
    Ok(first)
}

/// Says which invoice a renewal is going to bring. It has no identifier yet.
pub(crate) fn announce(sim: &mut StripeSim, id: &str) {
    let customer = sim
        .store
        .get(id)
        .map(|subscription| subscription.text("customer").to_owned())
        .unwrap_or_default();
    let mut aside = sim.copy_of_customer(&customer);
    if let Some(mut invoice) = next_invoice(&mut aside, id) {
        if let Value::Object(fields) = &mut invoice {
            fields.remove("id");
        }
        sim.emit_snapshot("invoice.upcoming", &invoice, None);
    }
}

/// Moves time on to the end of the period, and shows the invoice that it brings.
fn next_invoice(aside: &mut StripeSim, id: &str) -> Option<Value> {
    let subscription = aside.store.get(id).cloned()?;
    let before = subscription.text("latest_invoice");
    aside.run_tasks(period(&subscription).1);
    let latest = aside.store.get(id)?.text("latest_invoice").to_owned();
    (latest != before).then(|| shown(aside, &latest, "upcoming"))
}

/// An invoice as a preview: a draft that was never numbered, under an identifier that names nothing.
fn shown(aside: &StripeSim, id: &str, reason: &str) -> Value {
    let mut invoice = aside
        .store
        .get(id)
        .map_or(Value::Null, |invoice| Value::clone(invoice));
    let preview_id = format!("upcoming_{id}");
    let mut lines = invoice.list("lines/data").to_vec();
    for line in &mut lines {
        line.put("invoice", preview_id.as_str());
    }
    invoice.put("lines/data", lines);
    invoice.put("lines/url", format!("/v1/invoices/{preview_id}/lines"));
    invoice.put("id", preview_id);
    invoice.put("billing_reason", reason);
    invoice.put("automatically_finalizes_at", json!(null));
    invoice
}

impl StripeSim {
    /// A simulator with nothing but one customer, what belongs to it, and the catalogue.
    fn copy_of_customer(&self, customer: &str) -> Self {
        let mut copy = Self::new(self.options.clone());
        copy.now_s = self.now_s;
        copy.silent = true;
        copy.ids = self.ids.clone();
        let catalogue = ["product", "price", "coupon", "promotion_code"]
            .into_iter()
            .flat_map(|kind| self.store.all(kind, None));
        let own = OWNED
            .into_iter()
            .flat_map(|kind| self.store.all(kind, Some(customer)));
        let objects: Vec<&Arc<Value>> = catalogue
            .chain(self.store.get(customer))
            .chain(own)
            .collect();
        for object in objects {
            let id = object.text("id");
            copy.store.insert_shared(Arc::clone(object));
            if let Some(card) = self.cards.get(id) {
                copy.cards.insert(id.to_owned(), *card);
            }
            match object.text("object") {
                "subscription" => start::plan_ahead(&mut copy, id),
                "subscription_schedule" => {
                    if let Some(end_s) = object.int_at("current_phase/end_date") {
                        copy.plan(end_s, Task::EndPhase(id.to_owned()));
                    }
                }
                _ => {}
            }
        }
        copy.tasks
            .retain(|(_, task)| !matches!(task, Task::AnnounceInvoice(_)));
        copy
    }
}

/// What a preview needs of a customer.
const OWNED: [&str; 6] = [
    "discount",
    "payment_method",
    "subscription",
    "subscription_schedule",
    "invoice",
    "invoiceitem",
];
