//! Webhooks: who gets what, signed, again and again until it is taken.

use serde_json::json;
use stripe_sim::{Delivery, DeliveryAnswer, signature, signature_header};

use crate::account::{Account, text};

fn only(account: &mut Account) -> Delivery {
    let mut due = account.sim.take_deliveries();
    assert_eq!(due.len(), 1);
    due.remove(0)
}

#[test]
fn a_delivery_is_the_event_signed_with_the_endpoints_secret() {
    let mut account = Account::open();
    account.deliver_all();
    let customer = account.post("/v1/customers", "email=ada@example.com");
    let delivery = only(&mut account);
    let event: serde_json::Value = serde_json::from_slice(&delivery.body).unwrap();
    assert_eq!(event["data"]["object"], customer);
    assert_eq!(event["pending_webhooks"], 1);
    assert_eq!(
        (delivery.url.as_str(), delivery.attempt),
        ("https://example.com/stripe", 1)
    );
    assert_eq!(
        (&delivery.event_id, delivery.event_type.as_str()),
        (&text(&event, "/id"), "customer.created")
    );
    assert_eq!(
        delivery.signature_header,
        signature_header(&account.secret, account.sim.now_s(), &delivery.body)
    );
}

#[test]
fn a_delivery_comes_again_with_growing_gaps_for_three_days_and_then_no_more() {
    let mut account = Account::open();
    account.deliver_all();
    account.post("/v1/customers", "");
    let (mut gaps_s, mut last_s) = (Vec::new(), account.sim.now_s());
    let first = only(&mut account);
    account.sim.delivered(&first.id, DeliveryAnswer::NoAnswer);
    while let Some(due_s) = account.sim.next_due_s() {
        account.sim.advance_to(due_s);
        let again = only(&mut account);
        assert_eq!((&again.id, &again.event_id), (&first.id, &first.event_id));
        assert_ne!(again.signature_header, first.signature_header);
        gaps_s.push(due_s - last_s);
        last_s = due_s;
        account
            .sim
            .delivered(&again.id, DeliveryAnswer::Status(500));
    }
    assert!(gaps_s.is_sorted(), "{gaps_s:?}");
    assert_eq!(gaps_s.len(), 9);
    assert!(gaps_s.iter().sum::<i64>() <= 3 * 86_400);
    let event = account.get(&format!("/v1/events/{}", first.event_id), "");
    assert_eq!(event["pending_webhooks"], 0);
    let lost = account.get("/v1/events", "delivery_success=false");
    assert_eq!(lost["data"], json!([event]));
}

#[test]
fn any_2xx_ends_a_delivery_and_nothing_is_due_while_one_is_under_way() {
    let mut account = Account::open();
    account.deliver_all();
    account.post("/v1/customers", "");
    let delivery = only(&mut account);
    assert_eq!(account.sim.take_deliveries(), []);
    assert_eq!(account.sim.next_due_s(), None);
    account
        .sim
        .delivered(&delivery.id, DeliveryAnswer::Status(204));
    account.advance_days(4);
    assert_eq!(account.sim.take_deliveries(), []);
    assert_eq!(
        account.get("/v1/events", "delivery_success=false")["data"],
        json!([])
    );
    let event = account.sim.event(&delivery.event_id).unwrap();
    assert_eq!(event["pending_webhooks"], 0);
}

#[test]
fn an_endpoint_gets_only_what_it_asked_for_and_only_while_enabled() {
    let mut account = Account::open();
    let form = "url=https://example.com/two&enabled_events[]=invoice.paid&enabled_events[]=customer.subscription.*";
    let second = text(&account.post("/v1/webhook_endpoints", form), "/id");
    let (_, subscription) = account.subscriber("prospector");
    let to_second = |account: &mut Account| -> Vec<String> {
        let all = account.deliver_all().into_iter();
        all.filter(|delivery| delivery.url.ends_with("two"))
            .map(|delivery| delivery.event_type)
            .collect()
    };
    assert_eq!(
        to_second(&mut account),
        [
            "customer.subscription.created",
            "invoice.paid",
            "customer.subscription.updated"
        ]
    );
    account.post(&format!("/v1/webhook_endpoints/{second}"), "disabled=true");
    account.delete(&format!("/v1/subscriptions/{subscription}"));
    assert_eq!(to_second(&mut account), Vec::<String>::new());
    let shown = account.get(&format!("/v1/webhook_endpoints/{second}"), "");
    assert_eq!(
        (&shown["status"], &shown["secret"]),
        (&json!("disabled"), &json!(null))
    );
}

#[test]
fn a_rolled_secret_signs_beside_the_one_before_until_that_runs_out() {
    let mut account = Account::open();
    account.deliver_all();
    let endpoint = account
        .sim
        .objects("webhook_endpoint")
        .next()
        .map(|endpoint| text(endpoint, "/id"))
        .unwrap();
    let secret = account.sim.roll_endpoint_secret(&endpoint, 3_600).unwrap();
    assert_eq!(
        account.sim.endpoint_secret(&endpoint),
        Some(secret.as_str())
    );
    account.post("/v1/customers", "");
    let delivery = only(&mut account);
    let (now_s, old) = (account.sim.now_s(), account.secret.clone());
    let both = format!(
        "{},v1={}",
        signature_header(&secret, now_s, &delivery.body),
        signature(&old, now_s, &delivery.body)
    );
    assert_eq!(delivery.signature_header, both);
    account.advance(3_600);
    account.post("/v1/customers", "");
    let delivery = only(&mut account);
    assert_eq!(
        delivery.signature_header,
        signature_header(&secret, now_s + 3_600, &delivery.body)
    );
}
