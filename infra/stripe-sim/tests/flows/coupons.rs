//! Coupons on subscriptions and in checkouts, to the cent, by hand.

use serde_json::{Value, json};
use stripe_sim::{OpenInvoices, TestCard};

use crate::account::{Account, text};

const DAY_S: i64 = 86_400;

fn coupon(account: &mut Account, form: &str) -> String {
    text(&account.post("/v1/coupons", form), "/id")
}

/// A subscription to a plan with a coupon: the customer's and its identifier.
fn subscribed(account: &mut Account, plan: &str, coupon: &str) -> (String, String) {
    let (customer, price) = (account.customer(), account.price(plan));
    let made = account.post(
        "/v1/subscriptions",
        &format!("customer={customer}&items[0][price]={price}&discounts[0][coupon]={coupon}"),
    );
    assert_eq!(made["status"], "active");
    (customer, text(&made, "/id"))
}

/// What the invoices of a customer came to.
fn paid(account: &mut Account, customer: &str) -> Vec<Value> {
    let invoices = account.invoices(customer);
    invoices
        .iter()
        .map(|invoice| invoice["amount_paid"].clone())
        .collect()
}

#[test]
fn once_repeating_and_forever_last_as_long_as_they_say() {
    for (duration, expected) in [
        ("duration=once", [5_625, 7_500, 7_500, 7_500]),
        (
            "duration=repeating&duration_in_months=3",
            [5_625, 5_625, 5_625, 7_500],
        ),
        ("duration=forever", [5_625, 5_625, 5_625, 5_625]),
    ] {
        let mut account = Account::open();
        let coupon = coupon(&mut account, &format!("percent_off=25&{duration}"));
        let (customer, _) = subscribed(&mut account, "prospector", &coupon);
        // 31 January to 30 April.
        account.advance(89 * DAY_S + 3_600);
        assert_eq!(paid(&mut account, &customer), expected, "{duration}");
        assert_eq!(account.object(&coupon)["times_redeemed"], 1);
    }
}

#[test]
fn an_invoice_shows_what_was_taken_off_and_events_say_when_it_is_over() {
    let mut account = Account::open();
    let coupon = coupon(&mut account, "amount_off=1000&currency=usd&name=Ten");
    account.deliver_all();
    let (customer, subscription) = subscribed(&mut account, "prospector", &coupon);
    let types = account.event_types();
    let discounts: Vec<&String> = types
        .iter()
        .filter(|event_type| event_type.starts_with("customer.discount"))
        .collect();
    assert_eq!(
        discounts,
        ["customer.discount.created", "customer.discount.deleted"]
    );
    let invoice = account.invoices(&customer)[0].clone();
    assert_eq!(
        (
            &invoice["subtotal"],
            &invoice["total"],
            &invoice["total_discount_amounts"][0]["amount"],
            &invoice["lines"]["data"][0]["amount"],
            &invoice["lines"]["data"][0]["discount_amounts"][0]["amount"],
        ),
        (
            &json!(7_500),
            &json!(6_500),
            &json!(1_000),
            &json!(7_500),
            &json!(1_000)
        )
    );
    assert_eq!(account.object(&subscription)["discounts"], json!([]));
    let expanded = account.get(
        &format!("/v1/invoices/{}", text(&invoice, "/id")),
        "expand[]=discounts.source.coupon",
    );
    assert_eq!(expanded["discounts"][0]["source"]["coupon"]["name"], "Ten");
}

#[test]
fn an_upgrade_credits_what_was_paid_and_charges_what_is_to_be_paid() {
    // Half off for ever: 7 of 28 days are over. Credit 3750 × ¾ = 2812.5 → 2813, charge 7250 × ¾ = 5437.5 → 5438.
    let mut account = Account::open();
    let half = coupon(&mut account, "percent_off=50&duration=forever");
    let (customer, subscription) = subscribed(&mut account, "prospector", &half);
    account.advance(7 * DAY_S);
    upgrade(&mut account, &subscription);
    assert_eq!(lines(&mut account, &customer), [-2_813, 5_438]);

    // Half off once: what is credited is half, what is charged is not: 14500 × ¾ = 10875.
    let mut account = Account::open();
    let once = coupon(&mut account, "percent_off=50&duration=once");
    let (customer, subscription) = subscribed(&mut account, "prospector", &once);
    account.advance(7 * DAY_S);
    upgrade(&mut account, &subscription);
    assert_eq!(lines(&mut account, &customer), [-2_813, 10_875]);
}

fn upgrade(account: &mut Account, subscription: &str) {
    let (item, price) = (
        text(&account.object(subscription), "/items/data/0/id"),
        account.price("networker"),
    );
    account.post(
        &format!("/v1/subscriptions/{subscription}"),
        &format!("items[0][id]={item}&items[0][price]={price}&proration_behavior=always_invoice"),
    );
}

fn lines(account: &mut Account, customer: &str) -> Vec<i64> {
    let invoice = account.invoices(customer)[1].clone();
    let lines = invoice["lines"]["data"].as_array().unwrap().iter();
    lines.map(|line| line["amount"].as_i64().unwrap()).collect()
}

#[test]
fn a_preview_takes_off_what_the_renewal_does() {
    let mut account = Account::open();
    let coupon = coupon(
        &mut account,
        "percent_off=33.33&duration=repeating&duration_in_months=2",
    );
    let (customer, subscription) = subscribed(&mut account, "rainmaker", &coupon);
    for expected in [13_267, 19_900] {
        let preview = account.post(
            "/v1/invoices/create_preview",
            &format!("subscription={subscription}"),
        );
        // 19900 × 33.33 % = 6632.67 → 6633.
        assert_eq!(preview["total"], expected);
        account.advance(32 * DAY_S);
        let last = account.invoices(&customer).pop().unwrap();
        assert_eq!(last["total"], expected);
    }
}

#[test]
fn a_coupon_of_everything_needs_no_card() {
    let mut account = Account::open();
    let coupon = coupon(&mut account, "percent_off=100&duration=once");
    let customer = text(&account.post("/v1/customers", "name=Ada"), "/id");
    let price = account.price("prospector");
    let made = account.post(
        "/v1/subscriptions",
        &format!("customer={customer}&items[0][price]={price}&discounts[0][coupon]={coupon}"),
    );
    assert_eq!(made["status"], "active");
    assert_eq!(account.invoices(&customer)[0]["status"], "paid");
}

#[test]
fn coupons_are_put_on_and_taken_off_a_running_subscription() {
    let mut account = Account::open();
    let (customer, subscription) = account.subscriber("prospector");
    let ten = coupon(&mut account, "percent_off=10&duration=forever");
    let five = coupon(&mut account, "amount_off=500&currency=usd&duration=forever");
    let path = format!("/v1/subscriptions/{subscription}");
    let first = account.post(&path, &format!("discounts[0][coupon]={ten}"));
    let kept = text(&first, "/discounts/0");
    let both = account.post(
        &path,
        &format!("discounts[0][discount]={kept}&discounts[1][coupon]={five}"),
    );
    assert_eq!(both["discounts"][0], kept.as_str());
    account.advance(28 * DAY_S + 3_600);
    // 7500 − 750 − 500.
    assert_eq!(paid(&mut account, &customer), [7_500, 6_250]);
    account.deliver_all();
    let off = account.post(&path, "discounts=");
    assert_eq!(off["discounts"], json!([]));
    assert_eq!(
        account.event_types(),
        [
            "customer.discount.deleted",
            "customer.discount.deleted",
            "customer.subscription.updated"
        ]
    );
    let (status, _) = account.refused(&path, "discounts[0][discount]=di_none");
    assert_eq!(status, 400);
    account.post(&path, &format!("discounts[0][coupon]={ten}"));
    let deleted = account.delete(&format!("{path}/discount"));
    assert_eq!(deleted.get("end"), None);
    assert_eq!(deleted["deleted"], true);
}

#[test]
fn a_checkout_with_a_coupon_or_a_promotion_code_charges_less() {
    let mut account = Account::open();
    let half = coupon(&mut account, "id=HALF&percent_off=50&max_redemptions=1");
    let code = account.post(
        "/v1/promotion_codes",
        &format!("promotion[type]=coupon&promotion[coupon]={half}&code=Welcome"),
    );
    let code = text(&code, "/id");
    let found = account.get("/v1/promotion_codes", "code=WELCOME");
    assert_eq!(found["data"][0]["id"], code.as_str());
    let price = account.price("founding_member");
    let form = format!(
        "mode=subscription&success_url=https://example.com&line_items[0][price]={price}&line_items[0][quantity]=1\
         &discounts[0][promotion_code]={code}"
    );
    let session = account.post("/v1/checkout/sessions", &form);
    assert_eq!(
        (
            &session["amount_subtotal"],
            &session["amount_total"],
            &session["total_details"]["amount_discount"],
            &session["discounts"]
        ),
        (
            &json!(2_500),
            &json!(1_250),
            &json!(1_250),
            &json!([{"coupon": "HALF", "promotion_code": code}])
        )
    );
    account.refused(
        "/v1/checkout/sessions",
        &format!("{form}&allow_promotion_codes=true"),
    );
    let done = account
        .sim
        .complete_checkout(&text(&session, "/id"), TestCard::Good)
        .unwrap();
    let invoice = account.object(&text(&done, "/invoice"));
    assert_eq!(invoice["amount_paid"], 1_250);
    let discount = account.object(&text(&invoice, "/discounts/0"));
    assert_eq!(
        (&discount["promotion_code"], &discount["checkout_session"]),
        (&json!(code), &session["id"])
    );
    // It could be redeemed once.
    assert_eq!(account.get("/v1/coupons/HALF", "")["valid"], false);
    let (status, error) = account.refused("/v1/checkout/sessions", &form);
    assert_eq!((status, &error["code"]), (400, &json!("coupon_expired")));
}

#[test]
fn a_coupon_is_refused_where_it_says_too_much_or_too_little() {
    let mut account = Account::open();
    for form in [
        "",
        "percent_off=0",
        "percent_off=100.01",
        "percent_off=x",
        "percent_off=10&amount_off=5&currency=usd",
        "amount_off=500",
        "percent_off=10&duration=repeating",
        "percent_off=10&duration=once&duration_in_months=3",
        "percent_off=10&redeem_by=1",
        "percent_off=10&applies_to[products][0]=prod_1",
    ] {
        let (status, error) = account.refused("/v1/coupons", form);
        assert_eq!(status, 400, "{form}: {error}");
    }
    let euros = coupon(&mut account, "amount_off=500&currency=eur");
    let (customer, price) = (account.customer(), account.price("prospector"));
    let subscribe = format!("customer={customer}&items[0][price]={price}&discounts[0][coupon]");
    account.refused("/v1/subscriptions", &format!("{subscribe}={euros}"));
    account.delete(&format!("/v1/coupons/{euros}"));
    let (_, error) = account.refused("/v1/subscriptions", &format!("{subscribe}={euros}"));
    assert_eq!(
        (&error["message"], &error["param"]),
        (
            &json!(format!("No such coupon: '{euros}'")),
            &json!("discounts[0][coupon]")
        )
    );
}

#[test]
fn a_deleted_coupon_stays_with_who_has_it() {
    let mut account = Account::open();
    let coupon = coupon(&mut account, "percent_off=25&duration=forever");
    let (customer, _) = subscribed(&mut account, "prospector", &coupon);
    account.delete(&format!("/v1/coupons/{coupon}"));
    let replaced = account
        .sim
        .replace_card(&customer, TestCard::Good, OpenInvoices::Leave);
    assert!(replaced.is_ok());
    account.advance(28 * DAY_S + 3_600);
    assert_eq!(paid(&mut account, &customer), [5_625, 5_625]);
}

#[test]
fn a_preview_shows_what_a_coupon_or_a_new_subscription_would_cost() {
    let mut account = Account::open();
    let coupon = coupon(&mut account, "percent_off=20&duration=once");
    let (customer, subscription) = account.subscriber("prospector");
    let preview = |account: &mut Account, form: &str| {
        account.post("/v1/invoices/create_preview", form)["amount_due"].clone()
    };
    let running = format!("subscription={subscription}");
    assert_eq!(preview(&mut account, &running), 7_500);
    let with_coupon = format!("{running}&discounts[0][coupon]={coupon}");
    assert_eq!(preview(&mut account, &with_coupon), 6_000);
    let rainmaker = account.price("rainmaker");
    let new = format!(
        "customer={customer}&subscription_details[items][0][price]={rainmaker}&subscription_details[items][0][quantity]=2"
    );
    assert_eq!(preview(&mut account, &new), 39_800);
    let new = format!("{new}&discounts[0][coupon]={coupon}");
    assert_eq!(preview(&mut account, &new), 31_840);
    // Nothing of it happened.
    assert_eq!(account.invoices(&customer).len(), 1);
    assert_eq!(account.object(&coupon)["times_redeemed"], 0);
    assert_eq!(account.object(&subscription)["discounts"], json!([]));
    let (status, error) = account.refused("/v1/invoices/create_preview", "discounts=");
    assert_eq!((status, &error["param"]), (400, &json!("customer")));
}

#[test]
fn a_trial_leaves_a_coupon_for_the_first_invoice_that_costs_something() {
    let mut account = Account::open();
    let coupon = coupon(&mut account, "percent_off=50&duration=once");
    let (customer, price) = (account.customer(), account.price("prospector"));
    let made = account.post(
        "/v1/subscriptions",
        &format!(
            "customer={customer}&items[0][price]={price}&discounts[0][coupon]={coupon}&trial_period_days=7"
        ),
    );
    assert_eq!(made["discounts"].as_array().unwrap().len(), 1);
    account.advance(7 * DAY_S + 3_600);
    assert_eq!(paid(&mut account, &customer), [0, 3_750]);
    assert_eq!(account.object(&text(&made, "/id"))["discounts"], json!([]));
}
