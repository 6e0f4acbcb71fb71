//! Objects as Stripe writes them, with the oddities that older tutorials get wrong.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::*;
use crate::money::{Cents, Currency};
use crate::time::Timestamp;

fn read<T: DeserializeOwned>(object: Value) -> T {
    serde_json::from_value(object).unwrap()
}

fn subscription(extra: &[(&str, Value)]) -> Value {
    let mut object = json!({
        "id": "sub_1",
        "object": "subscription",
        "customer": "cus_1",
        "status": "active",
        "created": 1_767_225_600,
        "start_date": 1_767_225_600,
        "items": {"object": "list", "has_more": false, "data": [{
            "id": "si_1",
            "quantity": 1,
            "current_period_start": 1_767_225_600,
            "current_period_end": 1_775_001_600,
            "price": {
                "id": "price_1",
                "currency": "usd",
                "unit_amount": 2500,
                "lookup_key": "founding_member",
                "recurring": {"interval": "month", "interval_count": 3, "usage_type": "licensed"},
            },
        }]},
    });
    for (field, value) in extra {
        object[*field] = value.clone();
    }
    object
}

#[test]
fn a_subscriptions_period_and_price_are_on_its_item() {
    let subscription: Subscription = read(subscription(&[]));
    let item = subscription.item().unwrap();
    assert_eq!(
        item.current_period_end,
        Some(Timestamp::from_s(1_775_001_600))
    );
    let price = Price {
        id: "price_1".parse().unwrap(),
        lookup_key: Some("founding_member".to_owned()),
        unit_amount: Some(Cents(2500)),
        currency: Currency::USD,
        recurring: Some(Recurring {
            interval: Interval::Month,
            interval_count: 3,
        }),
    };
    assert_eq!(item.price, price);
    assert_eq!(subscription.schedule_id(), None);
    assert!(!subscription.has_pending_update);
    assert!(subscription.metadata.is_empty());
}

#[test]
fn a_reference_is_read_alone_and_expanded() {
    let schedule = json!({
        "id": "sub_sched_1",
        "status": "active",
        "customer": {"id": "cus_1", "object": "customer"},
        "subscription": "sub_1",
        "phases": [{"start_date": 1, "end_date": 2, "items": [{"price": "price_1", "quantity": 1}]}],
        "metadata": {},
    });
    for field in [json!("sub_sched_1"), schedule] {
        let subscription: Subscription = read(subscription(&[("schedule", field)]));
        assert_eq!(subscription.schedule_id().unwrap().as_str(), "sub_sched_1");
    }
    let expanded = json!({"id": "in_1", "object": "invoice", "total": 1});
    let subscription: Subscription = read(subscription(&[("latest_invoice", expanded)]));
    assert_eq!(subscription.latest_invoice.unwrap().as_str(), "in_1");
}

#[test]
fn what_stripe_adds_one_day_is_kept_as_its_text() {
    let subscription: Subscription = read(subscription(&[
        ("status", json!("hibernating")),
        ("pending_update", json!({"expires_at": 1})),
        (
            "pause_collection",
            json!({"behavior": "void", "resumes_at": null}),
        ),
    ]));
    let status = SubscriptionStatus::Other("hibernating".to_owned());
    assert_eq!(subscription.status, status);
    assert_eq!(serde_json::to_value(&status).unwrap(), "hibernating");
    assert!(subscription.has_pending_update);
    assert_eq!(subscription.pause_collection.unwrap().behavior, "void");
}

#[test]
fn what_decides_is_read_strictly() {
    for (field, value) in [
        ("id", json!("cus_1")),
        ("customer", Value::Null),
        ("created", json!("yesterday")),
        ("items", json!({"data": [{"id": "si_1"}]})),
    ] {
        let object = subscription(&[(field, value)]);
        assert!(
            serde_json::from_value::<Subscription>(object).is_err(),
            "{field}"
        );
    }
}

fn invoice(id: Value, parent: Value) -> Invoice {
    read(json!({
        "id": id,
        "customer": "cus_1",
        "parent": parent,
        "status": "open",
        "billing_reason": "subscription_cycle",
        "currency": "usd",
        "amount_due": 7500,
        "amount_paid": 0,
        "amount_remaining": 7500,
        "total": 7500,
        "attempt_count": 2,
        "attempted": true,
        "next_payment_attempt": null,
        "created": 1_767_225_600,
    }))
}

#[test]
fn an_invoice_names_its_subscription_under_its_parent() {
    let parent = json!({
        "type": "subscription_details",
        "quote_details": null,
        "subscription_details": {"subscription": "sub_1", "metadata": {}},
    });
    let invoice_of = |parent| invoice(json!("in_1"), parent).subscription;
    assert_eq!(invoice_of(parent), Some("sub_1".parse().unwrap()));
    assert_eq!(invoice_of(Value::Null), None);
    assert_eq!(invoice_of(json!({"type": "quote_details"})), None);
}

#[test]
fn a_foreseen_invoice_has_no_id() {
    assert_eq!(invoice(Value::Null, Value::Null).id, None);
    assert_eq!(invoice(json!("upcoming_in_1"), Value::Null).id, None);
    let made = invoice(json!("in_1"), Value::Null).id;
    assert_eq!(made, Some("in_1".parse().unwrap()));
}

#[test]
fn a_deleted_customer_is_still_one_and_nobodys_name_is_printed() {
    let gone: Customer = read(json!({"id": "cus_1", "object": "customer", "deleted": true}));
    assert!(gone.deleted);
    assert_eq!((gone.email, gone.created), (None, None));

    let customer: Customer = read(json!({
        "id": "cus_1",
        "email": "ada@example.com",
        "name": "Ada",
        "created": 1,
        "metadata": {"user_id": "user_1"},
        "invoice_settings": {"default_payment_method": "pm_1", "footer": null},
    }));
    assert_eq!(
        customer.default_payment_method,
        Some("pm_1".parse().unwrap())
    );
    let printed = format!("{customer:?}");
    assert!(
        !printed.contains("ada@") && !printed.contains("Ada"),
        "{printed}"
    );
}

#[test]
fn a_dispute_knows_until_when_to_answer() {
    let dispute = |details: Value| -> Dispute {
        read(json!({
            "id": "du_1", "charge": "ch_1", "payment_intent": "pi_1", "amount": 2500,
            "currency": "usd", "status": "needs_response", "reason": "fraudulent",
            "created": 1, "evidence_details": details,
        }))
    };
    let open = dispute(json!({"due_by": 7, "has_evidence": false}));
    assert_eq!(open.evidence_details.due_by, Some(Timestamp::from_s(7)));
    assert_eq!(dispute(Value::Null).evidence_details.due_by, None);
}

#[test]
fn an_event_gives_its_object_as_what_it_is() {
    let event: EventEnvelope = read(json!({
        "id": "evt_1",
        "object": "event",
        "api_version": "2026-09-30.endive",
        "created": 1_767_225_600,
        "livemode": false,
        "type": "customer.subscription.updated",
        "data": {
            "object": subscription(&[("status", json!("past_due"))]),
            "previous_attributes": {"status": "active"},
        },
        "request": {"id": null, "idempotency_key": null},
    }));
    let subscription: Subscription = event.object().unwrap();
    assert_eq!(subscription.status, SubscriptionStatus::PastDue);
    assert_eq!(
        event.data.previous_attributes,
        Some(json!({"status": "active"}))
    );
    assert!(event.object::<Invoice>().is_err());
}

#[test]
fn a_bad_reference_is_answered_with_what_is_wrong_with_it() {
    for customer in [json!("sub_1"), json!({"object": "customer", "id": "sub_1"})] {
        let object = subscription(&[("customer", customer)]);
        let error = serde_json::from_value::<Subscription>(object).unwrap_err();
        assert_eq!(error.to_string(), "a customer id begins with cus_");
    }
    let object = subscription(&[("customer", json!({"object": "customer"}))]);
    let error = serde_json::from_value::<Subscription>(object).unwrap_err();
    assert_eq!(error.to_string(), "missing field `id`");
}
