//! What the pages show, as one JSON value a page asks for every second.

mod activity;
mod customer;
mod health;
mod portal;

use serde_json::{Value, json};
use shared::plan::Catalogue;
use stripe_sim::TestCard;

use crate::cloud::{Fate, Sqs};
use crate::sandbox::Sandbox;

pub(super) use activity::activity;
pub(super) use customer::Wanted;
pub(super) use portal::portal;

/// Rows of each list on the control page.
const ROWS_MAX: usize = 40;

/// The state of everything on the control page.
pub(super) fn state(sandbox: &Sandbox, wanted: &Wanted) -> Value {
    let mut mails = mails(sandbox);
    let mails_all = mails.len();
    mails.truncate(ROWS_MAX);
    let mut state = json!({
        "now": sandbox.time().tick(),
        "journey": sandbox.travel().journey(),
        "next": sandbox.next_happening(),
        "skew_s": sandbox.time().skew_s(),
        "faults": sandbox.faults_asked_for(),
        "activity": activity(sandbox),
        "health": health::health(sandbox),
        "deliveries": deliveries(sandbox),
        "queues": queues(sandbox),
        "mails": mails,
        "mails_all": mails_all,
        "invocations": sandbox.functions().latest().into_iter().take(ROWS_MAX).collect::<Vec<_>>(),
        "plans": plans(),
        "functions": sandbox.deployment().functions.keys().collect::<Vec<_>>(),
        "cards": cards(),
    });
    if let (Value::Object(state), Value::Object(page)) =
        (&mut state, customer::page(sandbox, wanted))
    {
        state.extend(page);
    }
    state
}

/// Every queue with what it holds, and whose dead letters it takes, if it does.
fn queues(sandbox: &Sandbox) -> Vec<Value> {
    let letters_of = |name: &str| {
        let arn = json!(Sqs::arn(name));
        let mut queues = sandbox.deployment().queues.iter();
        queues
            .find(|queue| queue["RedrivePolicy"]["deadLetterTargetArn"] == arn)
            .map(|queue| queue["QueueName"].clone())
    };
    let queues = sandbox.cloud().queues().depths().into_iter();
    let queues = queues.map(|(name, depth)| {
        json!({
            "dead_letters_of": letters_of(&name),
            "name": name,
            "visible": depth.visible,
            "in_flight": depth.in_flight,
            "delayed": depth.delayed,
        })
    });
    queues.collect()
}

/// The latest deliveries, each with what is on record of its event by now.
fn deliveries(sandbox: &Sandbox) -> Vec<Value> {
    let table = format!("{}billing_events", sandbox.table_prefix());
    let latest = sandbox.deliveries().latest().into_iter().take(ROWS_MAX);
    let shown = latest.map(|delivered| {
        let row = sandbox.cloud().partition(&table, &delivered.event_id);
        let row = row.ok().and_then(|rows| rows.into_iter().next());
        let outcome = row.map(|row| row["outcome"]["S"].clone());
        let mut shown = json!(delivered);
        shown["outcome"] = outcome.unwrap_or_default();
        shown
    });
    shown.collect()
}

/// Every mail, and every notice to the administrators, newest first, without its HTML.
pub(super) fn mails(sandbox: &Sandbox) -> Vec<Value> {
    let mails = sandbox.cloud().mail().mails().into_iter().enumerate();
    let mails = mails.map(|(number, mail)| {
        json!({
            "number": number.to_string(),
            "at": mail.sent_at,
            "from": mail.source,
            "to": mail.destinations,
            "subject": mail.subject,
            "text": mail.text,
            "has_html": mail.html.is_some(),
            "fate": mail.fate,
        })
    });
    let notices = sandbox.cloud().topics().published().into_iter().enumerate();
    let notices = notices.map(|(number, notice)| {
        json!({
            "number": format!("notice-{number}"),
            "at": notice.at,
            "from": "AWS Notifications",
            "to": ["administrators"],
            "subject": notice.subject,
            "text": notice.message,
            "has_html": false,
            "fate": Fate::Delivered,
        })
    });
    let mut all: Vec<Value> = mails.chain(notices).collect();
    // Stable, so that mails of one moment stay in the order they were sent in.
    all.sort_by(|one, other| one["at"].as_str().cmp(&other["at"].as_str()));
    all.reverse();
    all
}

/// What the hosted checkout page shows.
pub(super) fn checkout(sandbox: &Sandbox, id: &str) -> Result<Value, String> {
    let call = |path: &str, form: &[(&str, &str)]| sandbox.stripe().call("GET", path, form);
    let session = call(&format!("/v1/checkout/sessions/{id}"), &[])?;
    let lines = call(&format!("/v1/checkout/sessions/{id}/line_items"), &[])?;
    let line = &lines["data"][0];
    let code = session["discounts"][0]["promotion_code"].as_str();
    let code = code.and_then(|id| call(&format!("/v1/promotion_codes/{id}"), &[]).ok());
    let email = match session["customer"].as_str() {
        Some(customer) => call(&format!("/v1/customers/{customer}"), &[])?["email"].clone(),
        None => session["customer_email"].clone(),
    };
    Ok(json!({
        "id": session["id"],
        "status": session["status"],
        "email": email,
        "mode": session["mode"],
        "amount_cents": session["amount_total"],
        "discount_cents": session["total_details"]["amount_discount"],
        "takes_codes": session["allow_promotion_codes"] == true,
        "code": code.map(|code| code["code"].clone()),
        "plan": line["description"],
        "quantity": line["quantity"],
        "interval_months": line["price"]["recurring"]["interval_count"],
        "terms": session["custom_text"]["submit"]["message"],
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
        TestCard::Fraudulent => "Declined: taken for fraud",
        TestCard::VelocityExceeded => "Declined: used too often",
        TestCard::AuthenticationRequired => "Asks for authentication",
        TestCard::ThreeDSecureRequired => "Asks for 3D Secure at each payment",
        TestCard::Disputed => "Pays, then is disputed",
        TestCard::DisputedAsNotReceived => "Pays, then is disputed as not received",
        TestCard::Inquired => "Pays, then the bank inquires",
        TestCard::WarnedOf => "Pays, then the issuer warns of fraud",
        TestCard::RefundPending => "Pays; a refund takes some minutes",
        TestCard::RefundFails => "Pays; a refund fails after some minutes",
    }
}
