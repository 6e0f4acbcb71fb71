//! Every object has exactly the fields that Stripe's published fixtures give it (`fields.json`, of API version
//! 2026-09-30.endive, without the two that this version shows only when expanded or no more).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use stripe_sim::sample_events;

use crate::account::{Account, text};

/// Fields that Stripe sends and its fixtures leave out.
const BESIDE: [(&str, &str); 15] = [
    // New in this version; the types of Stripe's own libraries require them.
    ("checkout.session", "allowed_payment_method_types"),
    ("payment_intent", "allowed_payment_method_types"),
    ("payment_intent", "payment_record"),
    ("product", "tax_details"),
    ("setup_intent", "allowed_payment_method_types"),
    ("subscription_item", "current_trial"),
    ("subscription", "plan"),
    ("subscription", "quantity"),
    // Only on refunds that failed.
    ("refund", "failure_balance_transaction"),
    ("refund", "failure_reason"),
    // Only while they are in that state.
    ("refund", "pending_reason"),
    ("refund", "next_action"),
    ("radar.early_fraud_warning", "payment_intent"),
    ("setup_intent", "customer_account"),
    ("setup_intent", "managed_payments"),
];

/// Fields that the fixtures have and that are not always there.
const OPTIONAL: [(&str, &str); 2] = [
    // `invoice.upcoming` has an invoice without an identifier.
    ("invoice", "id"),
    // Only where a line is of the invoice.
    ("credit_note_line_item", "invoice_line_item"),
];

#[test]
fn every_object_in_every_event_has_the_fields_of_the_fixtures() {
    let fixtures: BTreeMap<String, BTreeSet<String>> =
        serde_json::from_str(include_str!("fields.json")).unwrap();
    let mut wrong = BTreeSet::new();
    let mut kinds = BTreeSet::new();
    for event in sample_events().values() {
        compare(event, &fixtures, &mut wrong, &mut kinds);
    }
    assert_eq!(wrong, BTreeSet::new());
    for kind in [
        "checkout.session",
        "dispute",
        "invoice",
        "line_item",
        "refund",
        "subscription_schedule",
    ] {
        assert!(kinds.contains(kind), "{kind} was not among the samples");
    }
}

#[test]
fn every_object_that_no_sample_shows_has_them_too() {
    let fixtures: BTreeMap<String, BTreeSet<String>> =
        serde_json::from_str(include_str!("fields.json")).unwrap();
    let mut account = Account::open();
    let (customer, _) = account.subscriber("prospector");
    let invoice = account.invoices(&customer)[0].clone();
    let (id, line) = (text(&invoice, "/id"), text(&invoice, "/lines/data/0/id"));
    account.post(
        "/v1/credit_notes",
        &format!(
            "invoice={id}&refund_amount=500&credit_amount=600&lines[0][type]=invoice_line_item&lines[0][amount]=1000\
             &lines[0][invoice_line_item]={line}&lines[1][type]=custom_line_item&lines[1][unit_amount]=100\
             &lines[1][description]=Goodwill"
        ),
    );
    account.post("/v1/coupons", "id=HALF&percent_off=50&duration=forever");
    account.post(
        "/v1/promotion_codes",
        "promotion[type]=coupon&promotion[coupon]=HALF",
    );
    let price = account.price("networker");
    account.post(
        "/v1/subscriptions",
        &format!("customer={customer}&items[0][price]={price}&discounts[0][coupon]=HALF"),
    );
    account.post("/v1/test_helpers/test_clocks", "frozen_time=1900000000");
    account.post("/v1/invoices", &format!("customer={customer}"));
    account.post(
        "/v1/invoiceitems",
        &format!("customer={customer}&amount=5&currency=usd"),
    );
    account.post("/v1/payment_intents", "amount=500&currency=usd");
    account.post("/v1/setup_intents", "");
    let charge = account.sim.objects("charge").next_back().unwrap();
    let charge = text(charge, "/id");
    account
        .sim
        .warn_of_fraud(&charge, "made_with_lost_card")
        .unwrap();
    account.sim.open_inquiry(&charge, "general").unwrap();
    let (mut wrong, mut kinds) = (BTreeSet::new(), BTreeSet::new());
    let all: Vec<&String> = fixtures.keys().collect();
    for object in all.iter().flat_map(|kind| account.sim.objects(kind)) {
        compare(object, &fixtures, &mut wrong, &mut kinds);
    }
    assert_eq!(wrong, BTreeSet::new());
    for kind in [
        "coupon",
        "credit_note",
        "credit_note_line_item",
        "customer_balance_transaction",
        "discount",
        "promotion_code",
        "radar.early_fraud_warning",
        "setup_intent",
        "test_helpers.test_clock",
    ] {
        assert!(kinds.contains(kind), "{kind} was not made");
    }
}

/// Compares an object and everything in it.
fn compare(
    value: &Value,
    fixtures: &BTreeMap<String, BTreeSet<String>>,
    wrong: &mut BTreeSet<String>,
    kinds: &mut BTreeSet<String>,
) {
    match value {
        Value::Array(list) => list
            .iter()
            .for_each(|each| compare(each, fixtures, wrong, kinds)),
        Value::Object(object) => {
            let kind = object
                .get("object")
                .and_then(Value::as_str)
                .unwrap_or_default();
            if let Some(known) = fixtures.get(kind)
                && !object.contains_key("deleted")
            {
                kinds.insert(kind.to_owned());
                for field in object.keys().filter(|field| !known.contains(*field)) {
                    if !BESIDE.contains(&(kind, field)) {
                        wrong.insert(format!("{kind} has {field}"));
                    }
                }
                for field in known.iter().filter(|field| !object.contains_key(*field)) {
                    if !OPTIONAL.contains(&(kind, field)) {
                        wrong.insert(format!("{kind} lacks {field}"));
                    }
                }
            }
            for (field, inner) in object {
                // What an event changed from is given in part.
                if field != "previous_attributes" {
                    compare(inner, fixtures, wrong, kinds);
                }
            }
        }
        _ => {}
    }
}
