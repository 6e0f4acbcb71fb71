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
    let preview = account.post(
        "/v1/invoices/create_preview",
        &format!("subscription={subscription}"),
    );
    assert_eq!(preview["total"], 7_500);
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
fn three_cheap_months_paid_one_by_one_are_followed_by_the_plan_of_the_next_phase() {
    let mut account = Account::open();
    let form = "product_data[name]=Founding member&currency=usd&unit_amount=2500&recurring[interval]=month";
    let cheap = text(&account.post("/v1/prices", form), "/id");
    let (customer, prospector) = (account.customer(), account.price("prospector"));
    account.post(
        "/v1/subscription_schedules",
        &format!(
            "customer={customer}&start_date=now&end_behavior=release&phases[0][items][0][price]={cheap}\
             &phases[0][duration][interval]=month&phases[0][duration][interval_count]=3\
             &phases[1][items][0][price]={prospector}&phases[1][duration][interval]=month"
        ),
    );
    account.advance_days(125);
    let paid: Vec<Value> = account
        .invoices(&customer)
        .iter()
        .map(|invoice| invoice["amount_paid"].clone())
        .collect();
    assert_eq!(
        paid,
        [2_500, 2_500, 2_500, 7_500, 7_500].map(|cents| json!(cents))
    );
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

#[test]
fn a_coupon_of_a_phase_ends_with_it_and_what_the_subscription_had_stays() {
    let mut account = Account::open();
    let (customer, price) = (account.customer(), account.price("prospector"));
    account.post(
        "/v1/coupons",
        "id=own&amount_off=500&currency=usd&duration=forever",
    );
    account.post("/v1/coupons", "id=half&percent_off=50&duration=forever");
    let form = format!("customer={customer}&items[0][price]={price}&discounts[0][coupon]=own");
    let subscription = text(&account.post("/v1/subscriptions", &form), "/id");
    let form = format!("from_subscription={subscription}");
    let schedule = account.post("/v1/subscription_schedules", &form);
    let own = account.object(&subscription)["discounts"][0].clone();
    assert_eq!(
        schedule["phases"][0]["discounts"],
        json!([{"coupon": null, "discount": own, "promotion_code": null}])
    );
    let start = &schedule["phases"][0]["start_date"];
    let end = &schedule["phases"][0]["end_date"];
    let item = format!("[items][0][price]={price}");
    let form = format!(
        "phases[0]{item}&phases[0][start_date]={start}&phases[0][end_date]={end}\
         &phases[1]{item}&phases[1][duration][interval]=month&phases[1][discounts][0][coupon]=half\
         &phases[2]{item}&phases[2][duration][interval]=month"
    );
    let path = format!("/v1/subscription_schedules/{}", text(&schedule, "/id"));
    let planned = account.post(&path, &form);
    assert_eq!(planned["phases"][1]["discounts"][0]["coupon"], "half");
    account.advance_days(95);
    let totals: Vec<i64> = account
        .invoices(&customer)
        .iter()
        .map(|invoice| invoice["total"].as_i64().unwrap())
        .collect();
    // $75.00 less $5.00; in the second phase half of what is left is off too; then it is $5.00 again.
    assert_eq!(totals, [7_000, 3_500, 7_000, 7_000]);
    assert_eq!(account.object(&subscription)["discounts"], json!([own]));
}

#[test]
fn a_schedule_begins_with_the_coupon_of_its_first_phase() {
    let mut account = Account::open();
    let (customer, price) = (account.customer(), account.price("prospector"));
    account.post("/v1/coupons", "id=fifth&percent_off=20&duration=forever");
    account.post(
        "/v1/promotion_codes",
        "promotion[type]=coupon&promotion[coupon]=fifth&code=FIFTH",
    );
    let form = |discount: &str| {
        format!(
            "customer={customer}&start_date=now&phases[0][items][0][price]={price}&phases[0][discounts][0]{discount}\
             &default_settings[default_payment_method]=pm_card_visa"
        )
    };
    let (status, error) = account.refused("/v1/subscription_schedules", &form("[coupon]=none"));
    assert_eq!(
        (status, &error["param"]),
        (400, &json!("phases[0][discounts][0][coupon]"))
    );
    let (_, error) = account.refused("/v1/subscription_schedules", &form("[discount]=di_none"));
    assert_eq!(error["param"], "phases[0][discounts][0][discount]");
    account.post("/v1/subscription_schedules", &form("[coupon]=fifth"));
    assert_eq!(account.invoices(&customer)[0]["amount_paid"], 6_000);
}
