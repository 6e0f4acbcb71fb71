//! Changes within a period, to the cent, by hand.

use serde_json::json;

use crate::account::{Account, text};

const DAY_S: i64 = 86_400;

/// Changes the only item of a subscription.
fn change(account: &mut Account, subscription: &str, plan: &str, more: &str) -> serde_json::Value {
    let (item, price) = (
        text(&account.object(subscription), "/items/data/0/id"),
        account.price(plan),
    );
    account.post(
        &format!("/v1/subscriptions/{subscription}"),
        &format!("items[0][id]={item}&items[0][price]={price}{more}"),
    )
}

fn lines(invoice: &serde_json::Value) -> Vec<(i64, String)> {
    let lines = invoice["lines"]["data"].as_array().unwrap().iter();
    lines
        .map(|line| (line["amount"].as_i64().unwrap(), text(line, "/description")))
        .collect()
}

#[test]
fn an_upgrade_is_charged_for_the_seconds_left() {
    let mut account = Account::open();
    let (customer, subscription) = account.subscriber("prospector");
    // 31 January to 28 February are 28 days; 7 are over, so 21 of 28 are left: three quarters.
    account.advance(7 * DAY_S);
    change(
        &mut account,
        &subscription,
        "networker",
        "&proration_behavior=always_invoice",
    );
    let invoice = account.invoices(&customer)[1].clone();
    assert_eq!(
        lines(&invoice),
        [
            (
                -5_625,
                "Unused time on Prospector after 7 Feb 2026".to_owned()
            ),
            (
                10_875,
                "Remaining time on Networker after 7 Feb 2026".to_owned()
            ),
        ]
    );
    assert_eq!(invoice["amount_paid"], 5_250);
    assert_eq!(invoice["billing_reason"], "subscription_update");
    assert_eq!(
        account.object(&subscription)["latest_invoice"],
        invoice["id"]
    );
}

#[test]
fn a_single_second_and_odd_cents_are_rounded_to_the_nearest() {
    let mut account = Account::open();
    let (customer, subscription) = account.subscriber("prospector");
    // 1,000,000 of 2,419,200 seconds are over: 7500 × 0.586640 = 4399.80 and 19900 × 0.586640 = 11674.14.
    account.advance(1_000_000);
    change(
        &mut account,
        &subscription,
        "rainmaker",
        "&proration_behavior=always_invoice",
    );
    let invoice = account.invoices(&customer)[1].clone();
    let amounts: Vec<i64> = lines(&invoice)
        .into_iter()
        .map(|(amount, _)| amount)
        .collect();
    assert_eq!(amounts, [-4_400, 11_674]);
}

#[test]
fn prorations_that_are_not_invoiced_wait_for_the_renewal() {
    let mut account = Account::open();
    let (customer, subscription) = account.subscriber("prospector");
    account.advance(14 * DAY_S);
    change(&mut account, &subscription, "networker", "");
    assert_eq!(account.invoices(&customer).len(), 1);
    let waiting = account.get(
        "/v1/invoiceitems",
        &format!("customer={customer}&pending=true"),
    );
    assert_eq!(waiting["data"].as_array().unwrap().len(), 2);
    account.advance(14 * DAY_S);
    let renewal = account.invoices(&customer)[1].clone();
    let amounts: Vec<i64> = lines(&renewal)
        .into_iter()
        .map(|(amount, _)| amount)
        .collect();
    assert_eq!(amounts, [-3_750, 7_250, 14_500]);
    assert_eq!(renewal["total"], 18_000);
}

#[test]
fn without_proration_the_new_price_holds_from_the_next_period_on() {
    let mut account = Account::open();
    let (customer, subscription) = account.subscriber("prospector");
    account.advance(14 * DAY_S);
    change(
        &mut account,
        &subscription,
        "rainmaker",
        "&proration_behavior=none",
    );
    account.advance(14 * DAY_S);
    assert_eq!(account.invoices(&customer)[1]["total"], 19_900);
}

#[test]
fn a_downgrade_invoiced_at_once_becomes_credit_that_later_invoices_use_up() {
    let mut account = Account::open();
    let (customer, subscription) = account.subscriber("rainmaker");
    account.advance(14 * DAY_S);
    change(
        &mut account,
        &subscription,
        "prospector",
        "&proration_behavior=always_invoice",
    );
    let credit = account.invoices(&customer)[1].clone();
    assert_eq!(
        (&credit["total"], &credit["amount_due"], &credit["status"]),
        (&json!(-6_200), &json!(0), &json!("paid"))
    );
    assert_eq!(account.object(&customer)["balance"], -6_200);
    account.advance(14 * DAY_S + 3_600);
    let renewal = account.invoices(&customer)[2].clone();
    assert_eq!(
        (&renewal["total"], &renewal["amount_paid"]),
        (&json!(7_500), &json!(1_300))
    );
    assert_eq!(account.object(&customer)["balance"], 0);
}

#[test]
fn another_interval_starts_a_new_period_and_credits_the_old() {
    let mut account = Account::open();
    let (customer, subscription) = account.subscriber("founding_member");
    // 31 January to 30 April are 89 days; 30 are over: 2500 × 59 / 89 = 1657.30.
    account.advance(30 * DAY_S);
    let changed = change(&mut account, &subscription, "prospector", "");
    let invoice = account.invoices(&customer)[1].clone();
    let amounts: Vec<i64> = lines(&invoice)
        .into_iter()
        .map(|(amount, _)| amount)
        .collect();
    assert_eq!(amounts, [-1_657, 7_500]);
    assert_eq!(invoice["amount_paid"], 5_843);
    assert_eq!(changed["billing_cycle_anchor"], account.sim.now_s());
    // 2 March + one month.
    assert_eq!(
        changed["items"]["data"][0]["current_period_end"],
        account.sim.now_s() + 31 * DAY_S
    );
}

#[test]
fn what_is_previewed_is_what_is_charged() {
    let mut account = Account::open();
    let (customer, subscription) = account.subscriber("prospector");
    account.advance(1_234_567);
    let (item, price) = (
        text(&account.object(&subscription), "/items/data/0/id"),
        account.price("networker"),
    );
    let date = account.sim.now_s();
    let before = account.sim.clone();
    let preview = account.post(
        "/v1/invoices/create_preview",
        &format!(
            "customer={customer}&subscription={subscription}&subscription_details[items][0][id]={item}\
             &subscription_details[items][0][price]={price}&subscription_details[proration_behavior]=always_invoice\
             &subscription_details[proration_date]={date}"
        ),
    );
    assert_eq!(
        account.sim.events_count(),
        before.events_count(),
        "a preview changes nothing"
    );
    assert_eq!(account.invoices(&customer).len(), 1);
    account.advance(60);
    change(
        &mut account,
        &subscription,
        "networker",
        &format!("&proration_behavior=always_invoice&proration_date={date}"),
    );
    let charged = account.invoices(&customer)[1].clone();
    assert_eq!(lines(&preview), lines(&charged));
    assert_eq!(preview["amount_due"], charged["amount_paid"]);
    assert!(text(&preview, "/id").starts_with("upcoming_in_"));
}

#[test]
fn the_next_invoice_is_previewed_as_it_comes() {
    let mut account = Account::open();
    let (customer, subscription) = account.subscriber("prospector");
    account.advance(14 * DAY_S);
    change(&mut account, &subscription, "networker", "");
    let preview = account.post(
        "/v1/invoices/create_preview",
        &format!("subscription={subscription}"),
    );
    account.advance(14 * DAY_S);
    let renewal = account.invoices(&customer)[1].clone();
    assert_eq!(lines(&preview), lines(&renewal));
    assert_eq!(
        (&preview["total"], &preview["created"]),
        (&renewal["total"], &renewal["created"])
    );
    account.post(
        &format!("/v1/subscriptions/{subscription}"),
        "cancel_at_period_end=true",
    );
    let (status, error) = account.refused(
        "/v1/invoices/create_preview",
        &format!("subscription={subscription}"),
    );
    assert_eq!(
        (status, &error["code"]),
        (404, &json!("invoice_upcoming_none"))
    );
}

#[test]
fn a_proration_date_must_lie_in_the_period_and_not_meet_a_new_anchor() {
    let mut account = Account::open();
    let (_, subscription) = account.subscriber("prospector");
    let path = format!("/v1/subscriptions/{subscription}");
    let now_s = account.sim.now_s();
    let (_, early) = account.refused(&path, &format!("proration_date={}", now_s - 1));
    assert_eq!(early["param"], "proration_date");
    let (_, both) = account.refused(
        &path,
        &format!("proration_date={now_s}&billing_cycle_anchor=now"),
    );
    assert_eq!(both["param"], "proration_date");
}
