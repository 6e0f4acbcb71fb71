//! Refunds in all their states.

use serde_json::{Value, json};
use stripe_sim::{OpenInvoices, TestCard};

use crate::account::{Account, text};

/// A charge of $75.00 to a card.
pub(crate) fn charged(account: &mut Account, card: TestCard) -> String {
    let (customer, price) = (account.customer(), account.price("prospector"));
    let replaced = account
        .sim
        .replace_card(&customer, card, OpenInvoices::Leave);
    assert!(replaced.is_ok());
    account.post(
        "/v1/subscriptions",
        &format!("customer={customer}&items[0][price]={price}"),
    );
    let charges = account.get("/v1/charges", &format!("customer={customer}"));
    account.deliver_all();
    text(&charges, "/data/0/id")
}

fn refunded(account: &Account, charge: &str) -> (Value, Value) {
    let charge = account.object(charge);
    (
        charge["amount_refunded"].clone(),
        charge["refunded"].clone(),
    )
}

#[test]
fn a_pending_refund_counts_at_once_and_arrives_some_minutes_later() {
    let mut account = Account::open();
    let charge = charged(&mut account, TestCard::RefundPending);
    let refund = account.post("/v1/refunds", &format!("charge={charge}&amount=2500"));
    assert_eq!(
        (&refund["status"], &refund["pending_reason"]),
        (&json!("pending"), &json!("processing"))
    );
    assert_eq!(refunded(&account, &charge), (json!(2_500), json!(false)));
    assert_eq!(account.event_types(), ["charge.refunded", "refund.created"]);
    account.advance(299);
    assert_eq!(account.event_types(), Vec::<String>::new());
    account.advance(1);
    assert_eq!(
        account.event_types(),
        ["refund.updated", "charge.refund.updated"]
    );
    let arrived = account.object(&text(&refund, "/id"));
    assert_eq!(arrived["status"], "succeeded");
    assert_eq!(arrived.get("pending_reason"), None);
    assert_eq!(
        account.last_event("refund.updated")["data"]["previous_attributes"],
        json!({"status": "pending", "pending_reason": "processing"})
    );
}

#[test]
fn a_refund_that_fails_later_gives_the_money_back_to_the_account() {
    let mut account = Account::open();
    let charge = charged(&mut account, TestCard::RefundFails);
    let refund = account.post("/v1/refunds", &format!("charge={charge}"));
    assert_eq!(refund["status"], "succeeded");
    assert_eq!(refunded(&account, &charge), (json!(7_500), json!(true)));
    account.deliver_all();
    account.advance(300);
    assert_eq!(
        account.event_types(),
        [
            "refund.updated",
            "charge.refund.updated",
            "charge.updated",
            "refund.failed"
        ]
    );
    let failed = account.object(&text(&refund, "/id"));
    assert_eq!(
        (&failed["status"], &failed["failure_reason"]),
        (&json!("failed"), &json!("expired_or_canceled_card"))
    );
    assert!(text(&failed, "/failure_balance_transaction").starts_with("txn_"));
    assert_eq!(refunded(&account, &charge), (json!(0), json!(false)));
    // What came back can be refunded again.
    account.post("/v1/refunds", &format!("charge={charge}"));
    assert_eq!(refunded(&account, &charge), (json!(7_500), json!(true)));
}

/// A refund of $25.00 that waits for its customer.
fn waiting(account: &mut Account) -> (String, String) {
    let charge = charged(account, TestCard::RefundPending);
    let refund = account.post("/v1/refunds", &format!("charge={charge}&amount=2500"));
    let refund = text(&refund, "/id");
    account.sim.ask_where_to_refund(&refund).unwrap();
    account.deliver_all();
    (charge, refund)
}

#[test]
fn a_refund_that_waits_for_its_customer_can_be_cancelled() {
    let mut account = Account::open();
    let (charge, refund) = waiting(&mut account);
    let asked = account.object(&refund);
    assert_eq!(asked["status"], "requires_action");
    let details = &asked["next_action"]["display_details"];
    assert_eq!(details["email_sent"]["email_sent_to"], "ada@example.com");
    assert_eq!(details["expires_at"], account.sim.now_s() + 45 * 86_400);
    let cancelled = account.post(&format!("/v1/refunds/{refund}/cancel"), "");
    assert_eq!(cancelled["status"], "canceled");
    assert_eq!(cancelled.get("next_action"), None);
    assert_eq!(refunded(&account, &charge), (json!(0), json!(false)));
    assert_eq!(
        account.event_types(),
        ["refund.updated", "charge.refund.updated", "charge.updated"]
    );
    let (status, error) = account.refused(&format!("/v1/refunds/{refund}/cancel"), "");
    assert_eq!(
        (status, &error["message"]),
        (
            400,
            &json!(
                "This refund cannot be canceled because its status is `canceled`. Only refunds with a status of \
                 `requires_action` can be canceled."
            )
        )
    );
}

#[test]
fn a_customer_who_never_answers_lets_the_refund_fail_and_one_who_does_gets_the_money() {
    let mut account = Account::open();
    let (charge, refund) = waiting(&mut account);
    account.advance_days(45);
    assert_eq!(account.object(&refund)["status"], "failed");
    assert_eq!(refunded(&account, &charge), (json!(0), json!(false)));

    let (charge, refund) = waiting(&mut account);
    account.sim.settle_refund(&refund).unwrap();
    assert_eq!(account.object(&refund)["status"], "succeeded");
    account.advance_days(45);
    assert_eq!(refunded(&account, &charge), (json!(2_500), json!(false)));

    let (_, refund) = waiting(&mut account);
    let expired = account.post(&format!("/v1/test_helpers/refunds/{refund}/expire"), "");
    assert_eq!(expired["status"], "failed");
    assert_eq!(
        account.last_event("refund.failed")["data"]["object"]["id"],
        refund.as_str()
    );
}

#[test]
fn a_refund_beyond_the_balance_is_pending_until_somebody_settles_it() {
    let mut account = Account::open();
    let charge = charged(&mut account, TestCard::Good);
    let refund = account.sim.refund_beyond_balance(&charge, Some(2_500));
    let refund = refund.unwrap();
    let pending = account.object(&refund);
    assert_eq!(
        (&pending["status"], &pending["pending_reason"]),
        (&json!("pending"), &json!("insufficient_funds"))
    );
    assert_eq!(refunded(&account, &charge), (json!(2_500), json!(false)));
    account.advance_days(30);
    assert_eq!(account.object(&refund)["status"], "pending");
    account.sim.settle_refund(&refund).unwrap();
    let settled = account.object(&refund);
    assert_eq!(
        (&settled["status"], settled.get("pending_reason")),
        (&json!("succeeded"), None)
    );
    account
        .sim
        .settle_refund(&refund)
        .expect_err("it has arrived");
    for amount in [0, 5_001] {
        account
            .sim
            .refund_beyond_balance(&charge, Some(amount))
            .expect_err("there are $50.00 left");
    }
    account
        .sim
        .refund_beyond_balance(&charge, Some(5_000))
        .unwrap();
    assert_eq!(refunded(&account, &charge), (json!(7_500), json!(true)));
}

#[test]
fn a_cent_at_a_time_until_nothing_is_left() {
    let mut account = Account::open();
    let charge = charged(&mut account, TestCard::Good);
    for form in ["amount=1", "amount=7498", "amount=1"] {
        account.post("/v1/refunds", &format!("charge={charge}&{form}"));
    }
    assert_eq!(refunded(&account, &charge), (json!(7_500), json!(true)));
    for amount in ["0", "-1", "1.5", "x"] {
        let (status, error) =
            account.refused("/v1/refunds", &format!("charge={charge}&amount={amount}"));
        assert_eq!(status, 400, "{amount} {error}");
    }
    let listed = account.get("/v1/refunds", &format!("charge={charge}"));
    let amounts: Vec<i64> = listed["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|refund| refund["amount"].as_i64().unwrap())
        .collect();
    assert_eq!(amounts, [1, 7_498, 1]);
}
