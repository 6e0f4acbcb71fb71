//! Payments that need the customer: asked for, passed, failed, confirmed with another card.

use serde_json::{Value, json};
use stripe_sim::{Authentication, TestCard};

use crate::account::{Account, text};

/// A customer whose card wants to be authenticated, a subscription that waits for it, its invoice and its intent.
struct Waiting {
    account: Account,
    customer: String,
    subscription: String,
    invoice: String,
    intent: String,
}

fn waiting() -> Waiting {
    let mut account = Account::open();
    let token = TestCard::AuthenticationRequired.token();
    let form = format!("payment_method={token}&invoice_settings[default_payment_method]={token}");
    let customer = text(&account.post("/v1/customers", &form), "/id");
    let price = account.price("prospector");
    let form =
        format!("customer={customer}&items[0][price]={price}&payment_behavior=allow_incomplete");
    let made = account.post("/v1/subscriptions", &form);
    assert_eq!(made["status"], "incomplete");
    let invoice = text(&made, "/latest_invoice");
    let payments = account.get(&format!("/v1/invoices/{invoice}"), "expand[]=payments");
    Waiting {
        customer,
        subscription: text(&made, "/id"),
        intent: text(&payments, "/payments/data/0/payment/payment_intent"),
        invoice,
        account,
    }
}

fn status(it: &Waiting, id: &str) -> Value {
    it.account.object(id)["status"].clone()
}

#[test]
fn a_subscription_begins_once_its_customer_has_authenticated() {
    let mut it = waiting();
    assert_eq!(status(&it, &it.intent), "requires_action");
    let told = it.account.last_event("invoice.payment_action_required");
    assert_eq!(told["data"]["object"]["id"], json!(it.invoice));
    let passed = it
        .account
        .sim
        .authenticate(&it.intent, Authentication::Passed)
        .unwrap();
    assert_eq!(
        (&passed["status"], &passed["next_action"]),
        (&json!("succeeded"), &json!(null))
    );
    assert_eq!(status(&it, &it.invoice), "paid");
    assert_eq!(status(&it, &it.subscription), "active");
    assert_eq!(
        it.account.last_event("payment_intent.succeeded")["data"]["object"]["id"],
        json!(it.intent)
    );
    let twice = it
        .account
        .sim
        .authenticate(&it.intent, Authentication::Passed)
        .unwrap_err();
    assert_eq!(twice.code, Some("payment_intent_unexpected_state"));
    assert_eq!(
        it.account
            .sim
            .objects("charge")
            .filter(|charge| charge["paid"] == true)
            .count(),
        1
    );
}

#[test]
fn a_customer_who_fails_may_pay_with_another_card() {
    let mut it = waiting();
    let failed = it
        .account
        .sim
        .authenticate(&it.intent, Authentication::Failed)
        .unwrap();
    assert_eq!(failed["status"], "requires_payment_method");
    assert_eq!(
        failed["last_payment_error"]["code"],
        "payment_intent_authentication_failure"
    );
    assert_eq!(status(&it, &it.subscription), "incomplete");

    let path = format!("/v1/payment_intents/{}/confirm", it.intent);
    let (_, error) = it.account.refused(&path, "");
    assert_eq!(error["code"], "payment_intent_unexpected_state");
    let (code, error) = it
        .account
        .refused(&path, "payment_method=pm_card_visa_chargeDeclined");
    assert_eq!((code, &error["code"]), (402, &json!("card_declined")));
    let paid = it.account.post(&path, "payment_method=pm_card_visa");
    assert_eq!(paid["status"], "succeeded");
    assert_eq!(status(&it, &it.subscription), "active");
    let (code, error) = it.account.refused(&path, "payment_method=pm_card_visa");
    assert_eq!(
        (code, &error["code"]),
        (400, &json!("payment_intent_unexpected_state"))
    );
}

#[test]
fn confirming_asks_the_customer_who_is_there_and_declines_for_one_who_is_not() {
    let mut it = waiting();
    let path = format!("/v1/payment_intents/{}/confirm", it.intent);
    let asked = it
        .account
        .post(&path, "return_url=https://example.com/back");
    assert_eq!(asked["status"], "requires_action");
    assert_eq!(
        asked["next_action"]["redirect_to_url"]["return_url"],
        "https://example.com/back"
    );
    let (code, error) = it.account.refused(&path, "off_session=true");
    assert_eq!(
        (code, &error["decline_code"]),
        (402, &json!("authentication_required"))
    );
    let stranger = it.account.customer();
    let card = text(
        &it.account.object(&stranger),
        "/invoice_settings/default_payment_method",
    );
    let (code, _) = it.account.refused(&path, &format!("payment_method={card}"));
    assert_eq!(code, 400);
    assert_eq!(it.account.invoices(&it.customer).len(), 1);
}

#[test]
fn who_never_comes_back_has_no_subscription() {
    let mut it = waiting();
    it.account.advance(23 * 3_600);
    assert_eq!(status(&it, &it.subscription), "incomplete_expired");
    it.account
        .sim
        .authenticate(&it.intent, Authentication::Passed)
        .unwrap_err();
    let path = format!("/v1/payment_intents/{}/confirm", it.intent);
    assert_eq!(
        it.account.refused(&path, "payment_method=pm_card_visa").0,
        400
    );
}
