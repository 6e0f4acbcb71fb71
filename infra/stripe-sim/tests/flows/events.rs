//! What events say, and how they are listed.

use serde_json::{Value, json};

use crate::account::{Account, text};

#[test]
fn an_event_says_what_changed_from_what_and_which_call_did_it() {
    let mut account = Account::open();
    let customer = text(
        &account.post("/v1/customers", "name=Ada&metadata[plan]=a&metadata[old]=1"),
        "/id",
    );
    let response = account.sim.handle(&stripe_sim::Request {
        method: "POST",
        path: &format!("/v1/customers/{customer}"),
        body: "name=Ada&email=ada@example.com&metadata[plan]=b&metadata[old]=&metadata[new]=2",
        idempotency_key: Some("key-1"),
        api_key: Some("sk_test_sim"),
        ..Default::default()
    });
    let event = account.last_event("customer.updated");
    assert_eq!(
        event["data"]["previous_attributes"],
        json!({"email": null, "metadata": {"plan": "a", "old": "1", "new": null}})
    );
    assert_eq!(event["data"]["object"], response.body);
    let request_id = response.header("request-id");
    assert_eq!(
        event["request"],
        json!({"id": request_id, "idempotency_key": "key-1"})
    );
    assert_eq!(event["api_version"], "2026-09-30.endive");
}

#[test]
fn an_update_that_changes_nothing_is_no_event() {
    let mut account = Account::open();
    let customer = text(&account.post("/v1/customers", "name=Ada"), "/id");
    account.deliver_all();
    account.post(&format!("/v1/customers/{customer}"), "name=Ada");
    assert_eq!(account.event_types(), Vec::<String>::new());
}

#[test]
fn a_snapshot_stays_as_it_was() {
    let mut account = Account::open();
    let customer = text(&account.post("/v1/customers", "name=Ada"), "/id");
    account.post(&format!("/v1/customers/{customer}"), "name=Grace");
    assert_eq!(
        account.last_event("customer.created")["data"]["object"]["name"],
        "Ada"
    );
}

/// Every `.updated` event of one object leads from the state its predecessor showed to the state it shows.
#[test]
fn the_events_of_a_subscription_form_an_unbroken_chain() {
    let mut account = Account::open();
    let (_, subscription) = account.subscriber("prospector");
    let item = text(&account.object(&subscription), "/items/data/0/id");
    let networker = account.price("networker");
    account.advance_days(10);
    let path = format!("/v1/subscriptions/{subscription}");
    account.post(
        &path,
        &format!(
            "items[0][id]={item}&items[0][price]={networker}&proration_behavior=always_invoice"
        ),
    );
    account.post(&path, "metadata[note]=1&cancel_at_period_end=true");
    account.post(&path, "metadata[note]=&cancel_at_period_end=false");
    account.advance_days(19);
    let mut shown: Option<Value> = None;
    let mut links = 0;
    for event in account.sim.events() {
        let object = &event["data"]["object"];
        if object["id"] != json!(subscription) {
            continue;
        }
        if let (Some(before), Some(previous)) = (&shown, event["data"].get("previous_attributes")) {
            assert_eq!(&went_back(object, previous), before, "{}", event["id"]);
            links += 1;
        }
        shown = Some(object.clone());
    }
    assert_eq!(links, 5);
}

/// The object with its previous attributes put back. A key of the metadata that was null was not there: metadata holds
/// texts only.
fn went_back(object: &Value, previous: &Value) -> Value {
    let (Value::Object(object), Value::Object(previous)) = (object, previous) else {
        return previous.clone();
    };
    let mut before = object.clone();
    for (name, old) in previous {
        let mut merged = match (object.get(name), old) {
            (Some(now @ Value::Object(_)), Value::Object(_)) => went_back(now, old),
            _ => old.clone(),
        };
        if let ("metadata", Value::Object(metadata)) = (name.as_str(), &mut merged) {
            metadata.retain(|_, value| !value.is_null());
        }
        before.insert(name.clone(), merged);
    }
    Value::Object(before)
}

#[test]
fn events_are_listed_by_type_time_and_delivery_for_thirty_days() {
    let mut account = Account::open();
    account.post("/v1/customers", "");
    let at_s = account.sim.now_s();
    account.deliver_all();
    account.advance_days(1);
    account.subscriber("prospector");
    let count = |account: &mut Account, query: &str| -> usize {
        account.get("/v1/events", query)["data"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(count(&mut account, "type=customer.created"), 2);
    assert_eq!(
        count(
            &mut account,
            &format!("type=customer.created&created[gt]={at_s}")
        ),
        1
    );
    assert_eq!(
        count(&mut account, "types[]=invoice.paid&types[]=invoice.created"),
        2
    );
    assert_eq!(
        count(&mut account, "delivery_success=true&type=customer.created"),
        1
    );
    assert_eq!(
        count(&mut account, "delivery_success=false&type=customer.created"),
        1
    );
    account.advance_days(30);
    assert_eq!(count(&mut account, &format!("created[lte]={at_s}")), 0);
    let many: Vec<String> = (0..21).map(|number| format!("types[]=a{number}")).collect();
    let refused = crate::account::call(&mut account.sim, "GET", "/v1/events", &many.join("&"), "");
    assert_eq!(refused.status, 400);
}
