//! What the billing portal's page shows: one customer as Stripe has them.

use serde_json::{Value, json};
use stripe_sim::StripeSim;

use crate::sandbox::Sandbox;

/// Invoices on the page: the latest ones.
const INVOICES_MAX: usize = 24;

/// What the page of a portal session shows.
pub(in crate::web) fn portal(sandbox: &Sandbox, id: &str) -> Result<Value, String> {
    let stripe = sandbox.stripe().now();
    let session = stripe.portal_session(id).map_err(|error| error.message)?;
    let object = |id: &Value| id.as_str().and_then(|id| stripe.object(id));
    let customer = object(&session["customer"]).unwrap_or(&Value::Null);
    let features = object(&session["configuration"]).map(|found| &found["features"]);
    let may = |feature: &str| features.is_some_and(|features| features[feature]["enabled"] == true);
    let of_customer = |kind: &'static str| {
        let objects = stripe.objects(kind).rev();
        objects.filter(|object| object["customer"] == session["customer"])
    };
    let running = of_customer("subscription").filter(|subscription| {
        let status = subscription["status"].as_str();
        matches!(status, Some("active" | "trialing" | "past_due" | "unpaid"))
    });
    let invoices = of_customer("invoice").take(INVOICES_MAX).map(|invoice| {
        json!({
            "number": invoice["number"],
            "created_s": invoice["created"],
            "cents": invoice["total"],
            "status": invoice["status"],
        })
    });
    let waiting = of_customer("payment_intent")
        .filter(|intent| intent["status"] == "requires_action")
        .map(|intent| json!({ "id": intent["id"], "cents": intent["amount"] }));
    let card = object(&customer["invoice_settings"]["default_payment_method"]);
    Ok(json!({
        "name": customer["name"],
        "email": customer["email"],
        "return_url": session["return_url"],
        "card": card.map(|method| json!({
            "last4": method["card"]["last4"],
            "exp_month": method["card"]["exp_month"],
            "exp_year": method["card"]["exp_year"],
        })),
        "subscriptions": running.map(|each| subscription(&stripe, each)).collect::<Vec<_>>(),
        "waiting": waiting.collect::<Vec<_>>(),
        "invoices": invoices.collect::<Vec<_>>(),
        "may": {
            "payment_method_update": may("payment_method_update"),
            "subscription_cancel": may("subscription_cancel"),
            "invoice_history": may("invoice_history"),
        },
        "cards": super::cards(),
    }))
}

fn subscription(stripe: &StripeSim, subscription: &Value) -> Value {
    let item = &subscription["items"]["data"][0];
    let price = &item["price"];
    let product = price["product"].as_str().and_then(|id| stripe.object(id));
    json!({
        "id": subscription["id"],
        "plan": product.map(|product| &product["name"]),
        "price_cents": price["unit_amount"],
        "interval_months": price["recurring"]["interval_count"],
        "period_end_s": item["current_period_end"],
        "ends_s": subscription["cancel_at"],
    })
}
