//! The subscription object and its items.

use serde_json::{Value, json};

use crate::billing::discount::Redeemed;
use crate::fields::Fields;
use crate::lists;
use crate::resources::prices;
use crate::sim::StripeSim;

/// A price and how many of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wanted {
    pub(crate) price: Value,
    pub(crate) quantity: i64,
}

/// What a new subscription is made of.
pub(crate) struct Draft {
    pub(crate) customer: String,
    pub(crate) items: Vec<Wanted>,
    pub(crate) metadata: Value,
    pub(crate) default_payment_method: Option<String>,
    pub(crate) description: Option<String>,
    /// When a trial ends, if there is one.
    pub(crate) trial_end_s: Option<i64>,
    /// What becomes of a trial that ends without a card: `create_invoice`, `cancel` or `pause`.
    pub(crate) missing_payment_method: String,
    pub(crate) cancel_at_period_end: bool,
    pub(crate) cancel_at_s: Option<i64>,
    /// Anchor in the future, if the first period is to be a short one.
    pub(crate) anchor_s: Option<i64>,
    pub(crate) save_card: bool,
    /// The coupons it begins with.
    pub(crate) discounts: Vec<Redeemed>,
    /// The checkout session it comes from.
    pub(crate) checkout_session: Option<String>,
}

/// Stores a new subscription with the given status and first period, and gives its identifier.
pub(crate) fn insert(
    sim: &mut StripeSim,
    draft: &Draft,
    status: &str,
    anchor_s: i64,
    end_s: i64,
) -> String {
    let id = sim.ids.long("sub");
    let period = (sim.now_s, end_s);
    let items: Vec<Value> = draft
        .items
        .iter()
        .map(|wanted| item(sim, &id, wanted, period))
        .collect();
    let currency = draft
        .items
        .first()
        .map_or("usd", |wanted| wanted.price.text("currency"))
        .to_owned();
    let cancel_at = if draft.cancel_at_period_end {
        Some(end_s)
    } else {
        draft.cancel_at_s
    };
    let mut subscription = json!({
        "id": id,
        "object": "subscription",
        "application": null,
        "application_fee_percent": null,
        "automatic_tax": {"disabled_reason": null, "enabled": false, "liability": null},
        "billing_cycle_anchor": anchor_s,
        "billing_cycle_anchor_config": null,
        "billing_mode": {"flexible": null, "type": "classic"},
        "billing_schedules": [],
        "billing_thresholds": null,
        "cancel_at": cancel_at,
        "cancel_at_period_end": draft.cancel_at_period_end,
        "canceled_at": cancel_at.map(|_| sim.now_s),
        "cancellation_details": {"comment": null, "feedback": null, "feedback_option": null, "reason": null},
        "collection_method": "charge_automatically",
        "created": sim.now_s,
        "currency": currency,
        "customer": draft.customer,
        "customer_account": null,
        "days_until_due": null,
        "default_payment_method": draft.default_payment_method,
        "default_source": null,
        "default_tax_rates": [],
        "description": draft.description,
        "discounts": [],
        "ended_at": null,
        "invoice_settings": {
            "account_tax_ids": null, "custom_fields": null, "description": null, "footer": null,
            "issuer": {"type": "self"},
        },
        "latest_invoice": null,
        "livemode": sim.options.livemode,
        "managed_payments": null,
        "metadata": draft.metadata,
        "next_pending_invoice_item_invoice": null,
        "on_behalf_of": null,
        "pause_collection": null,
        "payment_settings": {
            "payment_method_options": null,
            "payment_method_types": null,
            "save_default_payment_method": if draft.save_card { "on_subscription" } else { "off" },
        },
        "pending_invoice_item_interval": null,
        "pending_setup_intent": null,
        "pending_update": null,
        "schedule": null,
        "start_date": sim.now_s,
        "status": status,
        "test_clock": sim.test_clock(),
        "transfer_data": null,
        "trial_end": draft.trial_end_s,
        "trial_settings": {
            "end_behavior": {"billing_cycle_anchor": null, "missing_payment_method": draft.missing_payment_method},
        },
        "trial_start": draft.trial_end_s.map(|_| sim.now_s),
    });
    let url = format!("/v1/subscription_items?subscription={id}");
    subscription.put("items", lists::embedded(items, &url));
    mirror_single_item(&mut subscription);
    sim.store.insert(subscription);
    sim.store.change(&draft.customer, |customer| {
        if customer.at("currency").is_null() {
            customer.put("currency", currency);
        }
    });
    id
}

/// A new item of a subscription.
pub(crate) fn item(
    sim: &mut StripeSim,
    subscription: &str,
    wanted: &Wanted,
    period: (i64, i64),
) -> Value {
    json!({
        "id": sim.ids.short("si"),
        "object": "subscription_item",
        "billing_thresholds": null,
        "created": sim.now_s,
        "current_period_end": period.1,
        "current_period_start": period.0,
        "current_trial": null,
        "discounts": [],
        "metadata": {},
        "plan": prices::plan(&wanted.price),
        "price": wanted.price,
        "quantity": wanted.quantity,
        "subscription": subscription,
        "tax_rates": [],
    })
}

/// `plan` and `quantity` of the subscription itself, which only one with a single item has.
pub(crate) fn mirror_single_item(subscription: &mut Value) {
    let (plan, quantity) = match subscription.list("items/data") {
        [item] => (item.at("plan").clone(), item.at("quantity").clone()),
        _ => (Value::Null, Value::Null),
    };
    subscription.put("plan", plan);
    subscription.put("quantity", quantity);
}

/// The current period of a subscription: that of its first item, which all share.
pub(crate) fn period(subscription: &Value) -> (i64, i64) {
    (
        subscription.int("items/data/0/current_period_start"),
        subscription.int("items/data/0/current_period_end"),
    )
}

/// Writes the current period into every item.
pub(crate) fn put_period(subscription: &mut Value, period: (i64, i64)) {
    for at in 0..subscription.list("items/data").len() {
        subscription.put(&format!("items/data/{at}/current_period_start"), period.0);
        subscription.put(&format!("items/data/{at}/current_period_end"), period.1);
    }
}
