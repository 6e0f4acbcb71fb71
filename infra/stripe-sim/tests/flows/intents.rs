//! Payments and cards on file that a call asks for, rather than an invoice.

use serde_json::json;
use stripe_sim::Authentication;

use crate::account::{Account, text};

#[test]
fn a_payment_is_held_captured_in_part_and_refunded() {
    let mut account = Account::open();
    account.deliver_all();
    let held = account.post(
        "/v1/payment_intents",
        "amount=2000&currency=usd&payment_method=pm_card_visa&confirm=true&capture_method=manual",
    );
    assert_eq!(
        (&held["status"], &held["amount_capturable"]),
        (&json!("requires_capture"), &json!(2_000))
    );
    let (intent, charge) = (text(&held, "/id"), text(&held, "/latest_charge"));
    let (status, _) = account.refused("/v1/refunds", &format!("charge={charge}"));
    assert_eq!(status, 400);
    let captured = account.post(
        &format!("/v1/payment_intents/{intent}/capture"),
        "amount_to_capture=1500",
    );
    assert_eq!(
        (&captured["status"], &captured["amount_received"]),
        (&json!("succeeded"), &json!(1_500))
    );
    assert_eq!(
        account.event_types(),
        [
            "payment_intent.created",
            "charge.succeeded",
            "payment_intent.amount_capturable_updated",
            "charge.captured",
            "payment_intent.succeeded",
        ]
    );
    let refund = account.post("/v1/refunds", &format!("payment_intent={intent}"));
    assert_eq!(refund["amount"], 1_500);
    let (_, error) = account.refused(&format!("/v1/payment_intents/{intent}/cancel"), "");
    assert_eq!(error["code"], "payment_intent_unexpected_state");
}

#[test]
fn a_payment_declines_is_mended_and_authenticated() {
    let mut account = Account::open();
    let customer = account.customer();
    let form = format!("customer={customer}&amount=999&currency=usd&metadata[a]=b");
    let made = account.post("/v1/payment_intents", &form);
    let path = format!("/v1/payment_intents/{}", text(&made, "/id"));
    assert_eq!(made["status"], "requires_payment_method");
    let (status, error) = account.refused(
        &format!("{path}/confirm"),
        "payment_method=pm_card_chargeCustomerFail",
    );
    assert_eq!((status, &error["code"]), (402, &json!("card_declined")));
    assert_eq!(error["payment_intent"]["status"], "requires_payment_method");
    account.post(&path, "amount=1000&description=Ten");
    let asks = account.post(
        &format!("{path}/confirm"),
        "payment_method=pm_card_authenticationRequired",
    );
    assert_eq!(asks["status"], "requires_action");
    let passed = account
        .sim
        .authenticate(&text(&made, "/id"), Authentication::Passed)
        .unwrap();
    assert_eq!(
        (&passed["status"], &passed["amount_received"]),
        (&json!("succeeded"), &json!(1_000))
    );
    account.refused(&path, "amount=2000");
    let other = account.post("/v1/payment_intents", &form);
    let path = format!("/v1/payment_intents/{}/cancel", text(&other, "/id"));
    let cancelled = account.post(&path, "cancellation_reason=abandoned");
    assert_eq!(cancelled["status"], "canceled");
    for wrong in [
        "amount=49",
        "amount=x",
        "amount=100000000",
        "amount=500&confirm=true",
        "",
    ] {
        let (status, _) = account.refused("/v1/payment_intents", &format!("{wrong}&currency=usd"));
        assert_eq!(status, 400, "{wrong}");
    }
}

#[test]
fn a_card_is_put_on_file_without_a_payment() {
    let mut account = Account::open();
    let customer = account.customer();
    let form = format!("customer={customer}&confirm=true&payment_method");
    account.deliver_all();
    let done = account.post("/v1/setup_intents", &format!("{form}=pm_card_mastercard"));
    assert_eq!(done["status"], "succeeded");
    assert_eq!(
        account.event_types(),
        [
            "setup_intent.created",
            "payment_method.attached",
            "setup_intent.succeeded"
        ]
    );
    let (status, error) = account.refused(
        "/v1/setup_intents",
        &format!("{form}=pm_card_visa_chargeDeclined"),
    );
    assert_eq!((status, &error["code"]), (402, &json!("card_declined")));
    let asks = account.post(
        "/v1/setup_intents",
        &format!("{form}=pm_card_authenticationRequired"),
    );
    assert_eq!(asks["status"], "requires_action");
    let id = text(&asks, "/id");
    let passed = account.sim.authenticate(&id, Authentication::Passed);
    assert_eq!(passed.unwrap()["status"], "succeeded");
    let (_, error) = account.refused(&format!("/v1/setup_intents/{id}/cancel"), "");
    assert_eq!(error["code"], "setup_intent_unexpected_state");
    let open = account.post("/v1/setup_intents", &format!("customer={customer}"));
    let path = format!("/v1/setup_intents/{}", text(&open, "/id"));
    account.post(&path, "metadata[a]=b");
    let cancelled = account.post(&format!("{path}/cancel"), "");
    assert_eq!(cancelled["status"], "canceled");
}

#[test]
fn an_intent_that_is_confirmed_by_hand_is_confirmed_again_after_its_customer_authenticated() {
    let mut account = Account::open();
    let asked = account.post(
        "/v1/payment_intents",
        "amount=2000&currency=usd&confirmation_method=manual&confirm=true\
         &payment_method=pm_card_threeDSecure2Required",
    );
    assert_eq!(
        (&asked["status"], &asked["confirmation_method"]),
        (&json!("requires_action"), &json!("manual"))
    );
    let intent = text(&asked, "/id");
    let passed = account
        .sim
        .authenticate(&intent, Authentication::Passed)
        .unwrap();
    assert_eq!(
        (&passed["status"], &passed["next_action"]),
        (&json!("requires_confirmation"), &json!(null))
    );
    assert_eq!(account.sim.objects("charge").count(), 0);
    let path = format!("/v1/payment_intents/{intent}/confirm");
    assert_eq!(account.post(&path, "")["status"], "succeeded");
    let (status, error) = account.refused(
        "/v1/payment_intents",
        "amount=2000&currency=usd&confirmation_method=later",
    );
    assert_eq!(
        (status, &error["param"]),
        (400, &json!("confirmation_method"))
    );
}

#[test]
fn a_payment_knows_where_its_goods_are_sent() {
    let mut account = Account::open();
    let made = account.post(
        "/v1/payment_intents",
        "amount=2000&currency=usd&payment_method=pm_card_visa&shipping[name]=Ada&shipping[carrier]=Post\
         &shipping[address][line1]=1%20Main%20St",
    );
    assert_eq!(
        made["shipping"],
        json!({
            "address": {
                "city": null, "country": null, "line1": "1 Main St", "line2": null, "postal_code": null, "state": null,
            },
            "carrier": "Post", "name": "Ada", "phone": null, "tracking_number": null,
        })
    );
    let path = format!("/v1/payment_intents/{}", text(&made, "/id"));
    let paid = account.post(&format!("{path}/confirm"), "");
    let charge = account.object(&text(&paid, "/latest_charge"));
    assert_eq!(charge["shipping"], made["shipping"]);
    assert_eq!(account.post(&path, "shipping=")["shipping"], json!(null));
    let (status, error) = account.refused(&path, "shipping[name]=Ada");
    assert_eq!(
        (status, &error["param"]),
        (400, &json!("shipping[address]"))
    );
}
