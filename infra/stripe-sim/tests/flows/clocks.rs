//! Test clocks: some customers live on a time of their own.

use serde_json::{Value, json};
use stripe_sim::{OpenInvoices, StripeSim, TestCard};

use crate::account::{Account, text};

const DAY_S: i64 = 86_400;

/// 1 March 2030, noon: far from the account's own January of 2026.
const FROZEN_S: i64 = 1_898_596_800;

/// A clock with a customer who has a plan: the identifiers of all three.
fn on_a_clock(account: &mut Account) -> (String, String, String) {
    let clock = account.post(
        "/v1/test_helpers/test_clocks",
        &format!("frozen_time={FROZEN_S}&name=Spring"),
    );
    let clock = text(&clock, "/id");
    let form = format!(
        "test_clock={clock}&email=ada@example.com&payment_method=pm_card_visa\
         &invoice_settings[default_payment_method]=pm_card_visa"
    );
    let customer = text(&account.post("/v1/customers", &form), "/id");
    let price = account.price("prospector");
    let form = format!("customer={customer}&items[0][price]={price}");
    let subscription = account.post("/v1/subscriptions", &form);
    assert_eq!(
        (&subscription["status"], &subscription["created"]),
        (&json!("active"), &json!(FROZEN_S))
    );
    (clock, customer, text(&subscription, "/id"))
}

fn advance(account: &mut Account, clock: &str, frozen_s: i64) -> Value {
    let path = format!("/v1/test_helpers/test_clocks/{clock}");
    let advancing = account.post(
        &format!("{path}/advance"),
        &format!("frozen_time={frozen_s}"),
    );
    assert_eq!(
        (&advancing["status"], &advancing["status_details"]),
        (
            &json!("advancing"),
            &json!({"advancing": {"target_frozen_time": frozen_s}})
        )
    );
    account.get(&path, "")
}

#[test]
fn a_clock_runs_its_customers_through_their_renewals_and_nobody_else() {
    let mut account = Account::open();
    let (other, _) = account.subscriber("prospector");
    let (clock, customer, subscription) = on_a_clock(&mut account);
    let home_s = account.sim.now_s();
    account.deliver_all();
    // March has 31 days; the renewal is a draft for an hour.
    let ready = advance(&mut account, &clock, FROZEN_S + 31 * DAY_S + 3_600);
    assert_eq!(
        (&ready["status"], &ready["frozen_time"]),
        (&json!("ready"), &json!(FROZEN_S + 31 * DAY_S + 3_600))
    );
    assert_eq!(account.sim.now_s(), home_s);
    let invoices = account.invoices(&customer);
    assert_eq!(
        (&invoices[1]["status"], &invoices[1]["amount_paid"]),
        (&json!("paid"), &json!(7_500))
    );
    assert_eq!(invoices[1]["test_clock"], clock.as_str());
    assert_eq!(invoices[1]["created"], FROZEN_S + 31 * DAY_S);
    assert_eq!(account.invoices(&other).len(), 1);
    let types = account.event_types();
    assert_eq!(types[0], "test_helpers.test_clock.advancing");
    assert_eq!(types.last().unwrap(), "test_helpers.test_clock.ready");
    assert!(types.contains(&"invoice.paid".to_owned()));
    // The account's own time leaves the clock alone.
    account.advance_days(29);
    assert_eq!(account.invoices(&customer).len(), 2);
    assert_eq!(account.invoices(&other).len(), 2);
    assert_eq!(account.object(&subscription)["status"], "active");
}

#[test]
fn plain_lists_leave_out_who_lives_on_a_clock() {
    let mut account = Account::open();
    let (other, _) = account.subscriber("prospector");
    let (clock, customer, subscription) = on_a_clock(&mut account);
    let ids = |list: Value| -> Vec<String> {
        let data = list["data"].as_array().unwrap().iter();
        data.map(|object| text(object, "/id")).collect()
    };
    let plain = account.get("/v1/customers", "email=ada@example.com");
    assert_eq!(ids(plain), [other.as_str()]);
    let on_clock = account.get("/v1/customers", &format!("test_clock={clock}"));
    assert_eq!(ids(on_clock), [customer.as_str()]);
    for query in [
        format!("test_clock={clock}"),
        format!("customer={customer}"),
    ] {
        let listed = account.get("/v1/subscriptions", &query);
        assert_eq!(ids(listed), [subscription.as_str()], "{query}");
    }
    let plain = account.get("/v1/subscriptions", "status=all");
    assert!(!ids(plain).contains(&subscription));
    let plain = account.get("/v1/invoices", "");
    assert_eq!(plain["data"].as_array().unwrap().len(), 1);
}

#[test]
fn a_clock_moves_forward_by_at_most_two_intervals() {
    let mut account = Account::open();
    let (clock, _, _) = on_a_clock(&mut account);
    let path = format!("/v1/test_helpers/test_clocks/{clock}/advance");
    // From 1 March two months are 31 + 30 days.
    let two_months_s = FROZEN_S + 61 * DAY_S;
    for wrong in [FROZEN_S - 1, FROZEN_S, two_months_s + 1] {
        let (status, error) = account.refused(&path, &format!("frozen_time={wrong}"));
        assert_eq!((status, &error["param"]), (400, &json!("frozen_time")));
    }
    for wrong in [
        "",
        "frozen_time=soon",
        "frozen_time=-1",
        "frozen_time=9223372036854775807",
    ] {
        assert_eq!(account.refused(&path, wrong).0, 400, "{wrong}");
    }
    advance(&mut account, &clock, two_months_s);
}

#[test]
fn a_card_that_fails_is_dunned_on_the_clock() {
    let mut account = Account::open();
    let (clock, customer, subscription) = on_a_clock(&mut account);
    let card = TestCard::DeclinedAfterAttach;
    let replaced = account
        .sim
        .replace_card(&customer, card, OpenInvoices::Leave);
    assert!(replaced.is_ok());
    advance(&mut account, &clock, FROZEN_S + 31 * DAY_S + 3_600);
    assert_eq!(account.object(&subscription)["status"], "past_due");
    let failed = account.last_event("invoice.payment_failed");
    assert_eq!(failed["created"], FROZEN_S + 31 * DAY_S + 3_600);
    advance(&mut account, &clock, FROZEN_S + 47 * DAY_S);
    assert_eq!(account.object(&subscription)["status"], "canceled");
}

#[test]
fn the_state_with_a_clock_survives_being_written_down_and_ends_with_the_clock() {
    let mut account = Account::open();
    let (clock, customer, subscription) = on_a_clock(&mut account);
    let written = serde_json::to_string(&account.sim).unwrap();
    let read: StripeSim = serde_json::from_str(&written).unwrap();
    assert_eq!(read, account.sim);
    account.sim = read;
    advance(&mut account, &clock, FROZEN_S + 31 * DAY_S + 3_600);
    assert_eq!(account.invoices(&customer).len(), 2);
    let path = format!("/v1/test_helpers/test_clocks/{clock}");
    let deleted = account.delete(&path);
    assert_eq!(deleted["deleted"], true);
    assert_eq!(account.object(&subscription)["status"], "canceled");
    assert_eq!(account.object(&customer)["deleted"], true);
    // Its invoices stay, and with them the account's own time.
    on_a_clock(&mut account);
    let invoice = text(&account.invoices(&customer)[0], "/id");
    account.post(&format!("/v1/invoices/{invoice}"), "metadata[a]=b");
    let told = account.last_event("invoice.updated");
    assert_eq!(told["created"], account.sim.now_s());
    let (status, error) = account.refused(&format!("{path}/advance"), "frozen_time=1");
    assert_eq!((status, &error["code"]), (404, &json!("resource_missing")));
    // A clock that nobody deletes goes by itself after 30 days.
    let (clock, _, _) = on_a_clock(&mut account);
    account.advance_days(30);
    assert_eq!(account.sim.object(&clock), None);
}

#[test]
fn a_clock_takes_three_customers_and_only_in_test_mode() {
    let mut account = Account::open();
    let (clock, _, _) = on_a_clock(&mut account);
    let form = format!("test_clock={clock}");
    account.post("/v1/customers", &form);
    account.post("/v1/customers", &form);
    let (status, error) = account.refused("/v1/customers", &form);
    assert_eq!((status, &error["param"]), (400, &json!("test_clock")));
    let (status, _) = account.refused("/v1/customers", "test_clock=clock_none");
    assert_eq!(status, 400);
}

#[test]
fn the_portal_is_used_now_and_changes_what_is_on_the_clock() {
    let mut account = Account::open();
    let (clock, customer, subscription) = on_a_clock(&mut account);
    let portal = account.post(
        "/v1/billing_portal/sessions",
        &format!("customer={customer}&return_url=https://example.com"),
    );
    let portal = text(&portal, "/id");
    let home_s = account.sim.now_s();
    assert_eq!(account.object(&portal)["created"], home_s);
    account.sim.portal_cancel(&portal, &subscription).unwrap();
    assert_eq!(account.object(&subscription)["canceled_at"], FROZEN_S);
    advance(&mut account, &clock, FROZEN_S + 31 * DAY_S);
    assert_eq!(account.object(&subscription)["status"], "canceled");
    account.advance(3_601);
    assert!(account.sim.portal_session(&portal).is_err());
}
