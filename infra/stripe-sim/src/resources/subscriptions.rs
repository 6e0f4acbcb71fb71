//! `/v1/subscriptions`

use serde_json::{Value, json};

use crate::billing::start::{FirstPayment, start};
use crate::billing::subscription::{Draft, Wanted};
use crate::billing::{cancel, discount};
use crate::calendar::DAY_S;
use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists::{self, Listing};
use crate::params::{Params, QUANTITY_MAX};
use crate::resources::checkout_sessions::recurring_price;
use crate::resources::{self, coupons, customers, payment_methods, prices};
use crate::search::{self, Nature, Searchable};
use crate::sim::StripeSim;

mod discounts;
mod items;
mod trial;
mod update;

pub(crate) use discounts::{
    delete as delete_discount, preview as preview_discounts, write as write_discounts,
};
pub(crate) use items::change_of;
pub(crate) use trial::{TRIAL_DAYS_MAX, resume, trial_end};
pub(crate) use update::update;

/// Stripe's words for what a payment that fails means.
const PAYMENT_BEHAVIORS: [&str; 4] = [
    "allow_incomplete",
    "default_incomplete",
    "error_if_incomplete",
    "pending_if_incomplete",
];

/// `POST /v1/subscriptions`
pub(crate) fn create(sim: &mut StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(&[
        "customer",
        "items[][price]",
        "items[][quantity]",
        "metadata[*]",
        "description",
        "default_payment_method",
        "payment_behavior",
        "payment_settings[save_default_payment_method]",
        "trial_period_days",
        "trial_end",
        "trial_settings[end_behavior][missing_payment_method]",
        "cancel_at_period_end",
        "cancel_at",
        "billing_cycle_anchor",
        "proration_behavior",
        "collection_method",
        "off_session",
        "discounts",
        "discounts[][coupon]",
        "discounts[][promotion_code]",
    ])?;
    let customer = params.required("customer")?.to_owned();
    customers::living(sim, &customer)?;
    let items = wanted(sim, params)?;
    let currency = items[0].price.text("currency").to_owned();
    let behavior = params.word("payment_behavior", &PAYMENT_BEHAVIORS)?;
    let default_payment_method = match params.given("default_payment_method") {
        Some(card) => Some(payment_methods::of_customer(
            sim,
            card,
            &customer,
            "default_payment_method",
        )?),
        None => None,
    };
    let trial_days = params.int_within("trial_period_days", 0..=TRIAL_DAYS_MAX)?;
    let trial_end_s = match (trial_end(sim, params, "trial_end")?, trial_days) {
        // A trial that ends now is none.
        (Some(end_s), _) => Some(end_s).filter(|end_s| *end_s > sim.now_s),
        (None, Some(days)) if days > 0 => Some(sim.now_s + days * DAY_S),
        _ => None,
    };
    let anchor_s = first_anchor(sim, &items, params)?;
    let draft = Draft {
        items,
        metadata: params.metadata("metadata")?,
        default_payment_method,
        description: params.given("description").map(str::to_owned),
        trial_end_s,
        missing_payment_method: params
            .word(
                "trial_settings[end_behavior][missing_payment_method]",
                &["cancel", "create_invoice", "pause"],
            )?
            .unwrap_or("create_invoice")
            .to_owned(),
        cancel_at_period_end: params.flag("cancel_at_period_end")?.unwrap_or_default(),
        cancel_at_s: params.int("cancel_at")?,
        anchor_s,
        save_card: params.given("payment_settings[save_default_payment_method]")
            == Some("on_subscription"),
        discounts: coupons::redeemed(sim, params, "discounts", &currency)?,
        checkout_session: None,
        customer,
    };
    let has_card = draft.default_payment_method.is_some() || default_card(sim, &draft.customer);
    let first_payment = match behavior {
        Some("default_incomplete") => FirstPayment::IsNotTried,
        Some("error_if_incomplete") => FirstPayment::MustSucceed,
        _ => FirstPayment::MayFail,
    };
    let amounts: Vec<i64> = draft
        .items
        .iter()
        .map(|item| item.price.int("unit_amount") * item.quantity)
        .collect();
    let free =
        draft.trial_end_s.is_some() || discount::reduced(sim, &draft.discounts, &amounts) == 0;
    if !has_card && !free && first_payment != FirstPayment::IsNotTried {
        return Err(StripeError::invalid(
            "This customer has no attached payment source or default payment method. Please consider adding a default \
             payment method. For more information, visit \
             https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.",
        )
        .code("resource_missing"));
    }
    let id = start(sim, &draft, first_payment)?;
    retrieve(sim, &id)
}

/// The prices that `items` names, and how many of each; one at least.
pub(crate) fn wanted(sim: &StripeSim, params: &Params) -> Result<Vec<Wanted>, StripeError> {
    let items = params.elements("items");
    if items.is_empty() {
        return Err(StripeError::parameter_missing(&params.full_name("items")));
    }
    items
        .iter()
        .map(|item| {
            let price = recurring_price(sim, item)?;
            let quantity = item.int_within("quantity", 0..=QUANTITY_MAX)?.unwrap_or(1);
            Ok(Wanted { price, quantity })
        })
        .collect()
}

/// The anchor of a subscription whose first period is to be a short one: at most an interval from now.
fn first_anchor(
    sim: &StripeSim,
    items: &[Wanted],
    params: &Params,
) -> Result<Option<i64>, StripeError> {
    let anchor_s = params.int("billing_cycle_anchor")?;
    let refused =
        |words: &str| Err(StripeError::invalid(words.to_owned()).param("billing_cycle_anchor"));
    let natural_s = items
        .first()
        .and_then(|item| prices::every(&item.price))
        .map_or(sim.now_s, |every| every.after(sim.now_s, 1));
    match anchor_s {
        Some(anchor_s) if anchor_s <= sim.now_s => {
            refused("Invalid timestamp: must be an integer Unix timestamp in the future.")
        }
        Some(anchor_s) if anchor_s > natural_s => {
            refused("billing_cycle_anchor cannot be later than next natural billing date for plan.")
        }
        _ => Ok(anchor_s),
    }
}

fn default_card(sim: &StripeSim, customer: &str) -> bool {
    let customer = sim.store.get(customer);
    customer.is_some_and(|customer| customers::default_card(customer).is_some())
}

/// `GET /v1/subscriptions/:id`
pub(crate) fn retrieve(sim: &StripeSim, id: &str) -> Result<Value, StripeError> {
    resources::retrieve(sim, "subscription", "subscription", id)
}

/// `GET /v1/subscriptions`. Without a status, those that ended are left out.
pub(crate) fn list(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(
        &[
            &lists::PAGING_BY_TIME[..],
            &["customer", "price", "status", "test_clock"],
        ]
        .concat(),
    )?;
    let created = lists::in_range(params, "created")?;
    let status = params.word("status", &STATUSES)?;
    let listing = Listing {
        kind: "subscription",
        noun: "subscription",
        url: "/v1/subscriptions",
        owner: params.given("customer"),
    };
    lists::page(&sim.store, &listing, params, |subscription| {
        let is = subscription.text("status");
        created(subscription.int("created"))
            && params
                .given("test_clock")
                .is_none_or(|clock| subscription.text("test_clock") == clock)
            && match status {
                None => !matches!(is, "canceled" | "incomplete_expired"),
                Some("all") => true,
                Some("ended") => matches!(is, "canceled" | "incomplete_expired"),
                Some(wanted) => is == wanted,
            }
            && params.given("price").is_none_or(|wanted| {
                let items = subscription.list("items/data");
                items.iter().any(|item| item.text("price/id") == wanted)
            })
    })
}

/// `GET /v1/subscriptions/search`
pub(crate) fn search(sim: &StripeSim, params: &Params) -> Result<Value, StripeError> {
    let searchable = Searchable {
        kind: "subscription",
        plural: "subscriptions",
        fields: &[
            ("canceled_at", Nature::Number),
            ("created", Nature::Number),
            ("status", Nature::Token),
        ],
    };
    search::search(&sim.store, &searchable, params)
}

const STATUSES: [&str; 10] = [
    "active",
    "all",
    "canceled",
    "ended",
    "incomplete",
    "incomplete_expired",
    "past_due",
    "paused",
    "trialing",
    "unpaid",
];

/// `DELETE /v1/subscriptions/:id`: ends it now.
pub(crate) fn delete(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&[
        "cancellation_details[comment]",
        "cancellation_details[feedback]",
        "invoice_now",
        "prorate",
    ])?;
    let subscription = retrieve(sim, id)?;
    if !cancel::can_end(&subscription) {
        return Err(StripeError::missing("subscription", id));
    }
    let prorate = params.flag("prorate")?.unwrap_or_default();
    let invoice_now = params.flag("invoice_now")?.unwrap_or_default();
    write_reasons(sim, id, params);
    cancel::with_credit(sim, id, prorate, invoice_now);
    retrieve(sim, id)
}

/// Writes what the customer said about leaving.
fn write_reasons(sim: &mut StripeSim, id: &str, params: &Params) {
    let details = params.object("cancellation_details");
    sim.store.change(id, |subscription| {
        for (name, value) in details {
            let value = if value == json!("") {
                Value::Null
            } else {
                value
            };
            subscription.put(&format!("cancellation_details/{name}"), value);
        }
    });
}
