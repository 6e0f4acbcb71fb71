//! Payments that fail, and how they end.

use serde_json::json;
use stripe_sim::{AfterRetries, DisputeEnd, OpenInvoices, Options, TestCard};

use crate::account::{Account, START_S, text};

/// A subscriber whose card fails at the first renewal, just after that renewal failed.
fn past_due(account: &mut Account, card: TestCard) -> (String, String) {
    let (customer, subscription) = account.subscriber("prospector");
    assert!(
        account
            .sim
            .replace_card(&customer, card, OpenInvoices::Leave)
            .is_ok()
    );
    account.advance(28 * 86_400 + 3_600);
    assert_eq!(account.object(&subscription)["status"], "past_due");
    (customer, subscription)
}

#[test]
fn a_soft_decline_is_retried_on_the_third_eighth_and_fifteenth_day_and_then_cancelled() {
    let mut account = Account::open();
    let (customer, subscription) = past_due(&mut account, TestCard::DeclinedAfterAttach);
    let failed_s = account.sim.now_s();
    let mut attempts = vec![];
    for day in 0..=16 {
        account.sim.advance_to(failed_s + day * 86_400);
        let invoice = account.invoices(&customer)[1].clone();
        attempts.push(invoice["attempt_count"].as_i64().unwrap());
    }
    assert_eq!(
        attempts,
        [1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 4, 4]
    );
    let ended = account.object(&subscription);
    assert_eq!(ended["status"], "canceled");
    assert_eq!(ended["cancellation_details"]["reason"], "payment_failed");
    let invoice = account.invoices(&customer)[1].clone();
    assert_eq!(
        (
            &invoice["status"],
            &invoice["next_payment_attempt"],
            &invoice["auto_advance"]
        ),
        (&json!("open"), &json!(null), &json!(false))
    );
    assert_eq!(
        account
            .sim
            .objects("charge")
            .filter(|charge| charge["status"] == "failed")
            .count(),
        4
    );
}

#[test]
fn a_hard_decline_is_not_retried() {
    let mut account = Account::open();
    let (customer, subscription) = past_due(&mut account, TestCard::AuthenticationRequired);
    let event = account.last_event("invoice.payment_action_required");
    assert_eq!(event["data"]["object"]["next_payment_attempt"], json!(null));
    account.advance_days(14);
    assert_eq!(account.invoices(&customer)[1]["attempt_count"], 1);
    assert_eq!(account.object(&subscription)["status"], "past_due");
    account.advance_days(2);
    assert_eq!(account.object(&subscription)["status"], "canceled");
}

#[test]
fn another_card_in_place_of_one_that_was_refused_for_good_is_charged_at_the_next_retry() {
    let mut account = Account::open();
    let (customer, subscription) = past_due(&mut account, TestCard::AuthenticationRequired);
    account.advance_days(4);
    assert!(
        account
            .sim
            .replace_card(&customer, TestCard::Good, OpenInvoices::Leave)
            .is_ok()
    );
    account.advance_days(3);
    assert_eq!(account.object(&subscription)["status"], "past_due");
    account.advance_days(1);
    assert_eq!(account.object(&subscription)["status"], "active");
    // What was left out did not count; what succeeded did.
    assert_eq!(account.invoices(&customer)[1]["attempt_count"], 2);
}

#[test]
fn the_account_decides_what_follows_the_last_retry() {
    for (after_retries, status) in [
        (AfterRetries::MarkUnpaid, "unpaid"),
        (AfterRetries::LeavePastDue, "past_due"),
    ] {
        let mut account = Account::open_with(Options {
            now_s: START_S,
            retry_gaps_s: vec![86_400],
            after_retries,
            ..Options::default()
        });
        let (_, subscription) = past_due(&mut account, TestCard::DeclinedAfterAttach);
        account.advance_days(2);
        assert_eq!(account.object(&subscription)["status"], status);
    }
}

#[test]
fn a_new_card_and_a_payment_bring_the_subscription_back() {
    let mut account = Account::open();
    let (customer, subscription) = past_due(&mut account, TestCard::DeclinedAfterAttach);
    let invoice = text(&account.invoices(&customer)[1], "/id");
    let path = format!("/v1/invoices/{invoice}/pay");
    let (status, error) = account.refused(&path, "");
    assert_eq!((status, &error["code"]), (402, &json!("card_declined")));
    assert_eq!(error["payment_intent"]["status"], "requires_payment_method");
    // A manual attempt after the first does not move the retries.
    assert_eq!(account.object(&invoice)["attempt_count"], 1);
    assert!(
        account
            .sim
            .replace_card(&customer, TestCard::Good, OpenInvoices::Leave)
            .is_ok()
    );
    account.deliver_all();
    let paid = account.post(&path, "");
    assert_eq!(
        (&paid["status"], &paid["amount_remaining"]),
        (&json!("paid"), &json!(0))
    );
    assert_eq!(account.object(&subscription)["status"], "active");
    assert_eq!(
        account.event_types(),
        [
            "charge.succeeded",
            "payment_intent.succeeded",
            "invoice.updated",
            "invoice.paid",
            "invoice.payment_succeeded",
            "invoice_payment.paid",
            "customer.subscription.updated",
            "customer.updated",
        ]
    );
    let change = account.last_event("customer.subscription.updated");
    assert_eq!(
        change["data"]["previous_attributes"],
        json!({"status": "past_due"})
    );
}

#[test]
fn a_first_payment_that_fails_leaves_the_subscription_incomplete_for_23_hours() {
    let mut account = Account::open();
    let (customer, price) = (account.customer(), account.price("prospector"));
    assert!(
        account
            .sim
            .replace_card(
                &customer,
                TestCard::DeclinedAfterAttach,
                OpenInvoices::Leave
            )
            .is_ok()
    );
    let form = format!("customer={customer}&items[0][price]={price}");
    let made = account.post("/v1/subscriptions", &form);
    assert_eq!(made["status"], "incomplete");
    let (status, error) = account.refused(
        "/v1/subscriptions",
        &format!("{form}&payment_behavior=error_if_incomplete"),
    );
    assert_eq!((status, &error["code"]), (402, &json!("card_declined")));
    assert_eq!(account.sim.objects("subscription").count(), 1);
    account.advance(23 * 3_600);
    assert_eq!(
        account.object(&text(&made, "/id"))["status"],
        "incomplete_expired"
    );
    assert_eq!(
        account.object(&text(&made, "/latest_invoice"))["status"],
        "void"
    );
}

#[test]
fn refunds_stop_at_what_is_left() {
    let mut account = Account::open();
    let (customer, _) = account.subscriber("prospector");
    let charge = text(
        &account.get("/v1/charges", &format!("customer={customer}")),
        "/data/0/id",
    );
    account.deliver_all();
    account.post("/v1/refunds", &format!("charge={charge}&amount=2500"));
    assert_eq!(account.event_types(), ["charge.refunded", "refund.created"]);
    let refunded = account.last_event("charge.refunded");
    assert_eq!(
        refunded["data"]["previous_attributes"],
        json!({"amount_refunded": 0})
    );
    let (_, error) = account.refused("/v1/refunds", &format!("charge={charge}&amount=5001"));
    assert_eq!(
        error["message"],
        "Refund amount ($50.01) is greater than unrefunded amount on charge ($50.00)"
    );
    let rest = account.post("/v1/refunds", &format!("charge={charge}"));
    assert_eq!(rest["amount"], 5_000);
    let refunded = account.last_event("charge.refunded");
    assert_eq!(
        refunded["data"]["previous_attributes"],
        json!({"amount_refunded": 2_500, "refunded": false})
    );
    let (_, error) = account.refused("/v1/refunds", &format!("charge={charge}"));
    assert_eq!(error["code"], "charge_already_refunded");
    account.deliver_all();
    assert!(account.sim.fail_refund(&text(&rest, "/id")).is_ok());
    assert_eq!(account.object(&charge)["amount_refunded"], 2_500);
    assert_eq!(
        account.event_types(),
        [
            "refund.updated",
            "charge.refund.updated",
            "charge.updated",
            "refund.failed"
        ]
    );
}

#[test]
fn a_dispute_takes_the_money_and_winning_brings_it_back() {
    let mut account = Account::open();
    let (customer, _) = account.subscriber("prospector");
    let charge = text(
        &account.get("/v1/charges", &format!("customer={customer}")),
        "/data/0/id",
    );
    account.deliver_all();
    let dispute = account.sim.open_dispute(&charge, "fraudulent").unwrap();
    let (_, error) = account.refused("/v1/refunds", &format!("charge={charge}"));
    assert_eq!(error["code"], "charge_disputed");
    account
        .sim
        .close_dispute(&dispute, DisputeEnd::Won)
        .unwrap();
    assert_eq!(
        account.event_types(),
        [
            "charge.updated",
            "charge.dispute.created",
            "charge.dispute.funds_withdrawn",
            "charge.dispute.updated",
            "charge.dispute.funds_reinstated",
            "charge.updated",
            "charge.dispute.closed",
        ]
    );
    assert_eq!(account.object(&dispute)["status"], "won");
    assert!(
        account
            .sim
            .close_dispute(&dispute, DisputeEnd::Lost)
            .is_err()
    );
}

#[test]
fn a_card_that_disputes_does_so_by_itself() {
    let mut account = Account::open();
    let customer = account.customer();
    assert!(
        account
            .sim
            .replace_card(&customer, TestCard::Disputed, OpenInvoices::Leave)
            .is_ok()
    );
    let price = account.price("prospector");
    account.post(
        "/v1/subscriptions",
        &format!("customer={customer}&items[0][price]={price}"),
    );
    assert_eq!(
        account.last_event("charge.dispute.created")["data"]["object"]["reason"],
        "fraudulent"
    );
}

#[test]
fn voiding_and_writing_off_close_an_invoice() {
    for (verb, status, event) in [
        ("void", "void", "invoice.voided"),
        (
            "mark_uncollectible",
            "uncollectible",
            "invoice.marked_uncollectible",
        ),
    ] {
        let mut account = Account::open();
        let (customer, subscription) = past_due(&mut account, TestCard::DeclinedAfterAttach);
        let invoice = text(&account.invoices(&customer)[1], "/id");
        account.post(&format!("/v1/invoices/{invoice}/{verb}"), "");
        assert_eq!(
            account.last_event(event)["data"]["object"]["status"],
            status
        );
        assert_eq!(account.object(&subscription)["status"], "active");
        account.advance_days(20);
        assert_eq!(account.object(&invoice)["attempt_count"], 1);
    }
}

#[test]
fn a_card_given_as_a_source_pays_until_it_is_taken_off_and_is_refused_like_any_other() {
    let mut account = Account::open();
    let customer = account.post("/v1/customers", "source=tok_visa");
    let (customer, card) = (text(&customer, "/id"), text(&customer, "/default_source"));
    assert!(card.starts_with("card_"), "{card}");
    let price = account.price("prospector");
    let form = format!("customer={customer}&items[0][price]={price}");
    let subscription = account.post("/v1/subscriptions", &form);
    assert_eq!(subscription["status"], "active");
    account.post(&format!("/v1/payment_methods/{card}/detach"), "");
    assert_eq!(account.object(&customer)["default_source"], json!(null));

    let (status, error) = account.refused("/v1/customers", "source=tok_chargeDeclined");
    assert_eq!((status, &error["code"]), (402, &json!("card_declined")));
    let (status, error) = account.refused("/v1/customers", "source=tok_unheard_of");
    assert_eq!((status, &error["param"]), (400, &json!("source")));
}
