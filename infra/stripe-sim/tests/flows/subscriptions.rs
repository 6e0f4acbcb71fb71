//! Periods, ends, pauses and trials of subscriptions.

use serde_json::{Value, json};

use crate::account::{Account, call, text};

const DAY_S: i64 = 86_400;

fn moment(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().unwrap().as_second()
}

#[test]
fn a_subscription_from_the_31st_renews_on_the_last_days_of_the_months() {
    let mut account = Account::open();
    let (customer, _) = account.subscriber("prospector");
    account.advance_days(150);
    let created: Vec<Value> = account
        .invoices(&customer)
        .iter()
        .map(|invoice| invoice["created"].clone())
        .collect();
    let days = ["01-31", "02-28", "03-31", "04-30", "05-31", "06-30"];
    assert_eq!(
        created,
        days.map(|day| json!(moment(&format!("2026-{day}T10:00:00Z"))))
    );
}

#[test]
fn a_renewal_is_a_draft_for_an_hour() {
    let mut account = Account::open();
    let (customer, _) = account.subscriber("prospector");
    account.advance_days(28);
    let draft = account.invoices(&customer)[1].clone();
    assert_eq!(
        (&draft["status"], &draft["number"]),
        (&json!("draft"), &json!(null))
    );
    assert_eq!(
        draft["automatically_finalizes_at"],
        account.sim.now_s() + 3_600
    );
    account.advance(3_599);
    assert_eq!(account.invoices(&customer)[1]["status"], "draft");
    account.advance(1);
    let paid = account.invoices(&customer)[1].clone();
    assert_eq!(paid["status"], "paid");
    assert!(text(&paid, "/number").ends_with("-0002"));
}

#[test]
fn an_end_at_the_period_can_be_taken_back_until_then() {
    let mut account = Account::open();
    let (_, subscription) = account.subscriber("prospector");
    let path = format!("/v1/subscriptions/{subscription}");
    let ending = account.post(&path, "cancel_at_period_end=true");
    assert_eq!(
        ending["cancel_at"],
        ending["items"]["data"][0]["current_period_end"]
    );
    assert_eq!(
        (&ending["status"], &ending["canceled_at"]),
        (&json!("active"), &json!(account.sim.now_s()))
    );
    let back = account.post(&path, "cancel_at_period_end=false");
    assert_eq!(
        (&back["cancel_at"], &back["canceled_at"]),
        (&json!(null), &json!(null))
    );
    account.advance_days(40);
    assert_eq!(account.object(&subscription)["status"], "active");
    account.post(&path, "cancel_at_period_end=true");
    account.advance_days(31);
    let ended = account.object(&subscription);
    assert_eq!(
        (&ended["status"], &ended["ended_at"]),
        (&json!("canceled"), &ended["cancel_at"])
    );
    assert_eq!(
        account.last_event("customer.subscription.deleted")["data"]["object"],
        ended
    );
    assert_eq!(account.refused(&path, "description=x").0, 400);
}

#[test]
fn an_end_now_refunds_nothing_unless_it_is_prorated() {
    let mut account = Account::open();
    let (customer, subscription) = account.subscriber("prospector");
    account.advance(14 * DAY_S);
    let response = call(
        &mut account.sim,
        "DELETE",
        &format!("/v1/subscriptions/{subscription}"),
        "",
        "prorate=true&invoice_now=true",
    );
    assert_eq!(response.body["status"], "canceled");
    assert_eq!(account.invoices(&customer)[1]["total"], -3_750);
    assert_eq!(account.object(&customer)["balance"], -3_750);
    assert_eq!(account.sim.objects("refund").count(), 0);
    account.advance_days(60);
    assert_eq!(account.invoices(&customer).len(), 2);
}

#[test]
fn a_pause_of_collection_leaves_the_status_and_ends_by_itself_or_by_the_empty_text() {
    let mut account = Account::open();
    let (customer, subscription) = account.subscriber("prospector");
    let path = format!("/v1/subscriptions/{subscription}");
    let resumes_s = account.sim.now_s() + 30 * DAY_S;
    let paused = account.post(
        &path,
        &format!("pause_collection[behavior]=void&pause_collection[resumes_at]={resumes_s}"),
    );
    assert_eq!(paused["status"], "active");
    account.advance_days(29);
    assert_eq!(account.invoices(&customer)[1]["status"], "void");
    account.advance_days(1);
    assert_eq!(
        account.object(&subscription)["pause_collection"],
        json!(null)
    );

    account.post(&path, "pause_collection[behavior]=keep_as_draft");
    account.advance_days(31);
    let kept = account.invoices(&customer)[2].clone();
    assert_eq!(
        (&kept["status"], &kept["auto_advance"]),
        (&json!("draft"), &json!(false))
    );
    let resumed = account.post(&path, "pause_collection=");
    assert_eq!(resumed["pause_collection"], json!(null));
    account.advance_days(31);
    assert_eq!(account.invoices(&customer)[3]["status"], "paid");
}

#[test]
fn a_trial_is_free_is_warned_of_and_then_paid() {
    let mut account = Account::open();
    let (customer, price) = (account.customer(), account.price("prospector"));
    let made = account.post(
        "/v1/subscriptions",
        &format!("customer={customer}&items[0][price]={price}&trial_period_days=14"),
    );
    assert_eq!(made["status"], "trialing");
    assert_eq!(account.invoices(&customer)[0]["amount_paid"], 0);
    account.advance_days(11);
    account.last_event("customer.subscription.trial_will_end");
    account.advance_days(3);
    account.advance(3_600);
    assert_eq!(account.object(&text(&made, "/id"))["status"], "active");
    assert_eq!(account.invoices(&customer)[1]["amount_paid"], 7_500);
}

#[test]
fn a_pending_update_takes_hold_when_it_is_paid_and_lapses_when_not() {
    use stripe_sim::{OpenInvoices, TestCard};
    let mut account = Account::open();
    let (customer, subscription) = account.subscriber("prospector");
    let path = format!("/v1/subscriptions/{subscription}");
    let (item, price) = (
        text(&account.object(&subscription), "/items/data/0/id"),
        account.price("networker"),
    );
    let form = format!(
        "items[0][id]={item}&items[0][price]={price}&proration_behavior=always_invoice\
         &payment_behavior=pending_if_incomplete"
    );
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
    account.advance_days(7);
    let kept = account.post(&path, &form);
    assert_eq!(kept["status"], "active");
    assert_eq!(
        kept["items"]["data"][0]["price"]["lookup_key"],
        "prospector"
    );
    assert_eq!(
        kept["pending_update"]["subscription_items"][0]["price"]["lookup_key"],
        "networker"
    );
    account.advance(23 * 3_600);
    let lapsed = account.object(&subscription);
    assert_eq!(lapsed["pending_update"], json!(null));
    assert_eq!(
        account.object(&text(&lapsed, "/latest_invoice"))["status"],
        "void"
    );

    account.post(&path, &form);
    assert!(
        account
            .sim
            .replace_card(&customer, TestCard::Good, OpenInvoices::Pay)
            .is_ok()
    );
    let applied = account.object(&subscription);
    assert_eq!(
        applied["items"]["data"][0]["price"]["lookup_key"],
        "networker"
    );
    assert_eq!(applied["pending_update"], json!(null));
}

#[test]
fn a_session_expires_after_a_day_or_when_asked() {
    let mut account = Account::open();
    let price = account.price("prospector");
    let form = format!(
        "mode=subscription&line_items[0][price]={price}&line_items[0][quantity]=1&success_url=https://example.com"
    );
    let (one, two) = (
        account.post("/v1/checkout/sessions", &form),
        account.post("/v1/checkout/sessions", &form),
    );
    account.post(
        &format!("/v1/checkout/sessions/{}/expire", text(&one, "/id")),
        "",
    );
    assert_eq!(account.object(&text(&one, "/id"))["status"], "expired");
    account.advance_days(1);
    assert_eq!(account.object(&text(&two, "/id"))["status"], "expired");
    let card = stripe_sim::TestCard::Good;
    assert!(
        account
            .sim
            .complete_checkout(&text(&two, "/id"), card)
            .is_err()
    );
}

#[test]
fn a_checkout_without_a_customer_makes_one() {
    let mut account = Account::open();
    let price = account.price("prospector");
    let session = account.post(
        "/v1/checkout/sessions",
        &format!(
            "mode=subscription&line_items[0][price]={price}&line_items[0][quantity]=1\
             &success_url=https://example.com&customer_email=new@example.com"
        ),
    );
    account.deliver_all();
    let done = account
        .sim
        .complete_checkout(&text(&session, "/id"), stripe_sim::TestCard::Good)
        .unwrap();
    assert_eq!(done["customer_details"]["email"], "new@example.com");
    assert_eq!(
        account.object(&text(&done, "/customer"))["email"],
        "new@example.com"
    );
    assert_eq!(account.event_types()[0], "customer.created");
}
