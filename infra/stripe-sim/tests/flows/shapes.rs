//! Every object has exactly the fields that Stripe's published fixtures give it (`fields.json`, of API version
//! 2026-09-30.endive, without the two that this version shows only when expanded or no more).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use stripe_sim::sample_events;

/// Fields that Stripe sends and its fixtures leave out.
const BESIDE: [(&str, &str); 9] = [
    // New in this version; the types of Stripe's own libraries require them.
    ("checkout.session", "allowed_payment_method_types"),
    ("payment_intent", "allowed_payment_method_types"),
    ("payment_intent", "payment_record"),
    ("product", "tax_details"),
    ("subscription_item", "current_trial"),
    ("subscription", "plan"),
    ("subscription", "quantity"),
    // Only on refunds that failed.
    ("refund", "failure_balance_transaction"),
    ("refund", "failure_reason"),
];

/// Fields that the fixtures have and that are not always there.
const OPTIONAL: [(&str, &str); 1] = [
    // `invoice.upcoming` has an invoice without an identifier.
    ("invoice", "id"),
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
