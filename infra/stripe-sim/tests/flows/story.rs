//! The story the product tells: a founding member, three months for $25, Prospector by itself, a card that declines
//! and is mended.

use crate::account::{Account, text};
use serde_json::json;
use stripe_sim::{OpenInvoices, TestCard};

#[test]
fn a_founding_member_becomes_a_prospector_falls_behind_and_recovers() {
    let mut account = Account::open();
    let (founding, prospector) = (
        account.price("founding_member"),
        account.price("prospector"),
    );
    let customer = text(
        &account.post("/v1/customers", "email=ada@example.com&name=Ada"),
        "/id",
    );
    let session = account.post(
        "/v1/checkout/sessions",
        &format!(
            "mode=subscription&customer={customer}&line_items[0][price]={founding}&line_items[0][quantity]=1\
             &client_reference_id=user_1&success_url=https://example.com/?s={{CHECKOUT_SESSION_ID}}\
             &subscription_data[metadata][user]=user_1"
        ),
    );
    let session = text(&session, "/id");
    account.deliver_all();

    let declined = account
        .sim
        .complete_checkout(&session, TestCard::InsufficientFunds)
        .unwrap_err();
    assert_eq!(declined.decline_code, Some("insufficient_funds"));
    assert_eq!(account.object(&session)["status"], "open");
    assert_eq!(account.event_types(), Vec::<String>::new());

    let completed = account
        .sim
        .complete_checkout(&session, TestCard::Good)
        .unwrap();
    assert_eq!(completed["client_reference_id"], "user_1");
    assert_eq!(completed["payment_status"], "paid");
    assert_eq!(
        account.event_types(),
        [
            "payment_method.attached",
            "customer.updated",
            "customer.subscription.created",
            "invoice.created",
            "payment_intent.created",
            "invoice.finalized",
            "charge.succeeded",
            "payment_intent.succeeded",
            "invoice.updated",
            "invoice.paid",
            "invoice.payment_succeeded",
            "invoice_payment.paid",
            "customer.subscription.updated",
            "checkout.session.completed",
        ]
    );
    let subscription = text(&completed, "/subscription");
    assert_eq!(account.invoices(&customer)[0]["amount_paid"], 2500);
    assert_eq!(
        account.object(&subscription)["metadata"],
        json!({"user": "user_1"})
    );

    let schedule = account.post(
        "/v1/subscription_schedules",
        &format!("from_subscription={subscription}"),
    );
    let (schedule, start) = (
        text(&schedule, "/id"),
        schedule["phases"][0]["start_date"].clone(),
    );
    account.post(
        &format!("/v1/subscription_schedules/{schedule}"),
        &format!(
            "end_behavior=release&phases[0][start_date]={start}&phases[0][items][0][price]={founding}\
             &phases[0][duration][interval]=month&phases[0][duration][interval_count]=3\
             &phases[1][items][0][price]={prospector}&phases[1][duration][interval]=month\
             &phases[1][duration][interval_count]=1"
        ),
    );
    account.deliver_all();

    // Three months from 31 January are 30 April; the renewal is a draft for an hour.
    account.sim.advance_to(
        "2026-04-30T10:00:00Z"
            .parse::<jiff::Timestamp>()
            .unwrap()
            .as_second(),
    );
    assert_eq!(
        account.event_types(),
        [
            "invoice.upcoming",
            "customer.subscription.updated",
            "subscription_schedule.updated",
            "customer.subscription.updated",
            "invoice.created",
        ]
    );
    let renewed = account.object(&subscription);
    assert_eq!(
        renewed["items"]["data"][0]["price"]["lookup_key"],
        "prospector"
    );
    assert_eq!(account.invoices(&customer)[1]["status"], "draft");
    account.advance(3_600);
    let paid = &account.invoices(&customer)[1];
    assert_eq!(
        (&paid["status"], &paid["amount_paid"]),
        (&json!("paid"), &json!(7500))
    );
    account.deliver_all();

    // A month on the schedule has nothing more to say, and a card that fails leaves the customer past due.
    let replaced = account.sim.replace_card(
        &customer,
        TestCard::DeclinedAfterAttach,
        OpenInvoices::Leave,
    );
    assert!(replaced.is_ok());
    account.advance_days(31);
    let behind = account.object(&subscription);
    assert_eq!(behind["status"], "past_due");
    assert_eq!(behind["schedule"], json!(null));
    assert_eq!(account.object(&schedule)["status"], "released");
    let failed = account.last_event("invoice.payment_failed");
    assert_eq!(failed["data"]["object"]["attempt_count"], 1);
    assert_eq!(account.object(&customer)["delinquent"], true);

    // The first retry, three days later, fails as well; then the card is mended and the invoice paid.
    account.advance_days(3);
    assert_eq!(
        account.last_event("invoice.payment_failed")["data"]["object"]["attempt_count"],
        2
    );
    account.deliver_all();
    let replaced = account
        .sim
        .replace_card(&customer, TestCard::Good, OpenInvoices::Pay);
    assert!(replaced.is_ok());
    assert_eq!(account.object(&subscription)["status"], "active");
    assert_eq!(account.object(&customer)["delinquent"], false);
    let types = account.event_types();
    assert!(types.contains(&"invoice.paid".to_owned()), "{types:?}");
}
