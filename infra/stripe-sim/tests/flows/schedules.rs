//! Subscription schedules, walked through by the clock.

use serde_json::{Value, json};

use crate::account::{Account, text};

const DAY_S: i64 = 86_400;

/// A schedule from a running subscription with a second phase after the current one.
fn downgrade_at_period_end(account: &mut Account, subscription: &str, to: &str) -> String {
    let from = text(&account.object(subscription), "/items/data/0/price/id");
    let to = account.price(to);
    let made = account.post(
        "/v1/subscription_schedules",
        &format!("from_subscription={subscription}"),
    );
    let (start, end) = (
        &made["phases"][0]["start_date"],
        &made["phases"][0]["end_date"],
    );
    let id = text(&made, "/id");
    account.post(
        &format!("/v1/subscription_schedules/{id}"),
        &format!(
            "end_behavior=release&phases[0][start_date]={start}&phases[0][end_date]={end}\
             &phases[0][items][0][price]={from}&phases[1][items][0][price]={to}\
             &phases[1][duration][interval]=month"
        ),
    );
    id
}

#[test]
fn a_downgrade_at_period_end_costs_nothing_until_then() {
    let mut account = Account::open();
    let (customer, subscription) = account.subscriber("rainmaker");
    account.advance_days(3);
    let schedule = downgrade_at_period_end(&mut account, &subscription, "prospector");
    account.advance_days(25);
    account.advance(3_600);
    let totals: Vec<Value> = account
        .invoices(&customer)
        .iter()
        .map(|invoice| invoice["total"].clone())
        .collect();
    assert_eq!(totals, [json!(19_900), json!(7_500)]);
    let now = account.object(&schedule);
    assert_eq!(
        now["current_phase"]["start_date"],
        now["phases"][1]["start_date"]
    );
    account.advance_days(31);
    let released = account.object(&schedule);
    assert_eq!(
        (
            &released["status"],
            &released["released_subscription"],
            &released["subscription"]
        ),
        (&json!("released"), &json!(subscription), &json!(null))
    );
    assert_eq!(account.object(&subscription)["schedule"], json!(null));
    assert_eq!(account.invoices(&customer).len(), 3);
}

#[test]
fn a_change_in_the_middle_of_a_period_is_prorated_as_its_phase_says() {
    let mut account = Account::open();
    let (customer, subscription) = account.subscriber("prospector");
    let (from, to) = (account.price("prospector"), account.price("networker"));
    let made = account.post(
        "/v1/subscription_schedules",
        &format!("from_subscription={subscription}"),
    );
    let start_s = made["phases"][0]["start_date"].as_i64().unwrap();
    let middle_s = start_s + 14 * DAY_S;
    account.post(
        &format!("/v1/subscription_schedules/{}", text(&made, "/id")),
        &format!(
            "phases[0][start_date]={start_s}&phases[0][end_date]={middle_s}&phases[0][items][0][price]={from}\
             &phases[1][items][0][price]={to}&phases[1][proration_behavior]=always_invoice"
        ),
    );
    account.advance(14 * DAY_S);
    assert_eq!(account.invoices(&customer)[1]["amount_paid"], 3_500);
}

#[test]
fn a_schedule_guards_its_subscription_and_can_be_let_go() {
    let mut account = Account::open();
    let (_, subscription) = account.subscriber("prospector");
    let schedule = downgrade_at_period_end(&mut account, &subscription, "networker");
    let path = format!("/v1/subscriptions/{subscription}");
    let (_, error) = account.refused(&path, "cancel_at_period_end=true");
    assert!(text(&error, "/message").contains(&schedule), "{error}");
    let (_, error) = account.refused(
        "/v1/subscription_schedules",
        &format!("from_subscription={subscription}"),
    );
    assert_eq!(error["param"], "from_subscription");
    account.post(
        &format!("/v1/subscription_schedules/{schedule}/release"),
        "",
    );
    account.post(&path, "cancel_at_period_end=true");
    let (_, error) = account.refused(
        &format!("/v1/subscription_schedules/{schedule}/release"),
        "",
    );
    assert!(
        text(&error, "/message").contains("`released` status"),
        "{error}"
    );
}

#[test]
fn cancelling_either_cancels_both() {
    let mut account = Account::open();
    let (_, subscription) = account.subscriber("prospector");
    let schedule = downgrade_at_period_end(&mut account, &subscription, "networker");
    account.post(
        &format!("/v1/subscription_schedules/{schedule}/cancel"),
        "prorate=false&invoice_now=false",
    );
    assert_eq!(account.object(&subscription)["status"], "canceled");
    assert_eq!(account.object(&schedule)["status"], "canceled");

    let (_, subscription) = account.subscriber("prospector");
    let schedule = downgrade_at_period_end(&mut account, &subscription, "networker");
    account.delete(&format!("/v1/subscriptions/{subscription}"));
    assert_eq!(account.object(&schedule)["status"], "canceled");
}

#[test]
fn a_schedule_for_later_starts_and_ends_by_itself() {
    let mut account = Account::open();
    let (customer, price) = (account.customer(), account.price("prospector"));
    let start_s = account.sim.now_s() + 5 * DAY_S;
    let made = account.post(
        "/v1/subscription_schedules",
        &format!(
            "customer={customer}&start_date={start_s}&end_behavior=cancel&phases[0][items][0][price]={price}\
             &phases[0][duration][interval]=month&phases[0][duration][interval_count]=2"
        ),
    );
    let id = text(&made, "/id");
    assert_eq!(made["status"], "not_started");
    account.advance_days(5);
    assert_eq!(account.object(&id)["status"], "active");
    let subscription = text(&account.object(&id), "/subscription");
    assert_eq!(account.object(&subscription)["status"], "active");
    account.advance_days(62);
    assert_eq!(account.object(&id)["status"], "completed");
    assert_eq!(account.object(&subscription)["status"], "canceled");
    assert_eq!(account.invoices(&customer).len(), 2);
}

#[test]
fn phases_without_a_start_or_with_iterations_are_refused() {
    let mut account = Account::open();
    let (_, subscription) = account.subscriber("prospector");
    let price = account.price("prospector");
    let made = account.post(
        "/v1/subscription_schedules",
        &format!("from_subscription={subscription}"),
    );
    let path = format!("/v1/subscription_schedules/{}", text(&made, "/id"));
    let (_, error) = account.refused(&path, &format!("phases[0][items][0][price]={price}"));
    assert!(
        text(&error, "/message").contains("`start_date` to anchor end dates"),
        "{error}"
    );
    let (_, error) = account.refused(
        &path,
        &format!("phases[0][items][0][price]={price}&phases[0][iterations]=3"),
    );
    assert_eq!(
        error["message"],
        "Received unknown parameter: phases[0][iterations]"
    );
    let (_, error) = account.refused(
        "/v1/subscription_schedules",
        &format!("from_subscription={subscription}&end_behavior=release"),
    );
    assert_eq!(
        error["message"],
        "You cannot set `end_behavior` if `from_subscription` is set."
    );
}
