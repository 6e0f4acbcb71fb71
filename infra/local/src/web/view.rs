//! What the pages show, as one JSON value a page asks for every second.

use serde_json::{Value, json};
use shared::plan::Catalogue;
use stripe_sim::{StripeSim, TestCard};

use crate::sandbox::Sandbox;

/// Rows of each list on the control page.
const ROWS_MAX: usize = 40;

/// The state of everything on the control page.
pub(super) fn state(sandbox: &Sandbox) -> Value {
    let customers: Vec<Value> = {
        let stripe = sandbox.stripe().now();
        let customers = stripe.objects("customer").rev();
        customers
            .map(|customer| self::customer(&stripe, customer))
            .collect()
    };
    let queues = sandbox.cloud().queues().depths().into_iter();
    let queues = queues.map(|(name, depth)| {
        json!({
            "name": name,
            "visible": depth.visible,
            "in_flight": depth.in_flight,
            "delayed": depth.delayed,
        })
    });
    let mut mails = mails(sandbox);
    mails.truncate(ROWS_MAX);
    json!({
        "now": sandbox.time().tick(),
        "journey": sandbox.travel().journey(),
        "customers": customers,
        "deliveries": sandbox.deliveries().latest().into_iter().take(ROWS_MAX).collect::<Vec<_>>(),
        "queues": queues.collect::<Vec<_>>(),
        "mails": mails,
        "invocations": sandbox.functions().latest().into_iter().take(ROWS_MAX).collect::<Vec<_>>(),
        "plans": plans(),
        "cards": cards(),
    })
}

/// Every mail, newest first, without its HTML.
pub(super) fn mails(sandbox: &Sandbox) -> Vec<Value> {
    let mails = sandbox.cloud().mail().mails().into_iter().enumerate();
    let mails = mails.map(|(number, mail)| {
        json!({
            "number": number,
            "at": mail.sent_at,
            "from": mail.source,
            "to": mail.destinations,
            "subject": mail.subject,
            "text": mail.text,
            "has_html": mail.html.is_some(),
        })
    });
    mails.rev().collect()
}

/// What the hosted checkout page shows.
pub(super) fn checkout(sandbox: &Sandbox, id: &str) -> Result<Value, String> {
    let call = |path: &str, form: &[(&str, &str)]| sandbox.stripe().call("GET", path, form);
    let session = call(&format!("/v1/checkout/sessions/{id}"), &[])?;
    let lines = call(&format!("/v1/checkout/sessions/{id}/line_items"), &[])?;
    let line = &lines["data"][0];
    let email = match session["customer"].as_str() {
        Some(customer) => call(&format!("/v1/customers/{customer}"), &[])?["email"].clone(),
        None => session["customer_email"].clone(),
    };
    Ok(json!({
        "id": session["id"],
        "status": session["status"],
        "email": email,
        "amount_cents": session["amount_total"],
        "plan": line["description"],
        "interval_months": line["price"]["recurring"]["interval_count"],
        "cancel_url": session["cancel_url"],
        "cards": cards(),
    }))
}

fn plans() -> Vec<Value> {
    let catalogue = Catalogue::linky();
    let offers = catalogue.offers().iter();
    let offers = offers.map(|offer| {
        json!({
            "key": offer.plan.key(),
            "name": offer.plan.name(),
            "price_cents": offer.price.amount,
            "interval_months": offer.billed_every_months,
        })
    });
    offers.collect()
}

fn cards() -> Vec<Value> {
    let cards =
        TestCard::all().map(|card| json!({ "number": card.number(), "behaves": behaves(card) }));
    cards.collect()
}

fn behaves(card: TestCard) -> &'static str {
    match card {
        TestCard::Good => "Visa, always pays",
        TestCard::GoodMastercard => "Mastercard, always pays",
        TestCard::DeclinedAfterAttach => "Goes on file, then declines every charge",
        TestCard::Declined => "Declined",
        TestCard::InsufficientFunds => "Declined: insufficient funds",
        TestCard::Lost => "Declined: reported lost",
        TestCard::Stolen => "Declined: reported stolen",
        TestCard::Expired => "Declined: expired",
        TestCard::IncorrectCvc => "Declined: wrong security code",
        TestCard::ProcessingError => "Declined: processing error",
        TestCard::AuthenticationRequired => "Asks for authentication",
        TestCard::Disputed => "Pays, then is disputed",
    }
}

/// A customer as Stripe has them.
fn customer(stripe: &StripeSim, customer: &Value) -> Value {
    let id = &customer["id"];
    let of_customer = |kind: &'static str| {
        let objects = stripe.objects(kind);
        objects.filter(|object| object["customer"] == *id)
    };
    let subscription = of_customer("subscription")
        .next_back()
        .unwrap_or(&Value::Null);
    let item = &subscription["items"]["data"][0];
    let paid: i64 = of_customer("invoice")
        .filter_map(|invoice| invoice["amount_paid"].as_i64())
        .sum();
    let owed: i64 = of_customer("invoice")
        .filter(|invoice| invoice["status"] == "open")
        .filter_map(|invoice| invoice["amount_remaining"].as_i64())
        .sum();
    let card = subscription["default_payment_method"]
        .as_str()
        .or(customer["invoice_settings"]["default_payment_method"].as_str())
        .and_then(|method| stripe.object(method));
    json!({
        "id": id,
        "name": customer["name"],
        "email": customer["email"],
        "plan": plan_name(&item["price"]),
        "status": subscription["status"],
        "paid_cents": paid,
        "owed_cents": owed,
        "next_charge": next_charge(stripe, subscription),
        "card": card.map(|card| json!({
            "brand": card["card"]["brand"],
            "last4": card["card"]["last4"],
        })),
    })
}

fn plan_name(price: &Value) -> Value {
    let catalogue = Catalogue::linky();
    let offer = price["lookup_key"]
        .as_str()
        .and_then(|key| catalogue.offer(key));
    offer.map_or(Value::Null, |offer| offer.plan.name().into())
}

/// When the next period begins, and what it costs: the price of the schedule's phase that begins then, if one does.
fn next_charge(stripe: &StripeSim, subscription: &Value) -> Value {
    let runs = matches!(
        subscription["status"].as_str(),
        Some("active" | "trialing" | "past_due")
    );
    if !runs || subscription["cancel_at_period_end"] == true {
        return Value::Null;
    }
    let item = &subscription["items"]["data"][0];
    let at = &item["current_period_end"];
    let schedule = subscription["schedule"]
        .as_str()
        .and_then(|id| stripe.object(id));
    let phases = schedule.and_then(|schedule| schedule["phases"].as_array());
    let phase = phases
        .into_iter()
        .flatten()
        .find(|phase| phase["start_date"] == *at);
    let price = phase.and_then(|phase| stripe.object(phase["items"][0]["price"].as_str()?));
    let price = price.unwrap_or(&item["price"]);
    json!({ "at_s": at, "cents": price["unit_amount"], "plan": plan_name(price) })
}
