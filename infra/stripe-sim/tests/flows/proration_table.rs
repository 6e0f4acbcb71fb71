//! A table of plan changes, each worked out by hand: price × seconds left ÷ seconds of the period, to the nearest cent,
//! half a cent up. Periods begin at 10:00 UTC and end in the same hour, on the last day of a month that is shorter.

use serde_json::json;

use crate::account::{Account, text};
use stripe_sim::Options;

const DAY_S: i64 = 86_400;

/// When a plan began, how many seconds of it are over, the plan before and after, and the amounts of the lines.
type Row = (
    &'static str,
    i64,
    &'static str,
    &'static str,
    &'static [i64],
);

const UPGRADES: [Row; 16] = [
    // 31 January to 28 February: 28 days. All, all but a second, three quarters, half.
    (
        "2026-01-31",
        0,
        "prospector",
        "networker",
        &[-7_500, 14_500],
    ),
    (
        "2026-01-31",
        1,
        "prospector",
        "networker",
        &[-7_500, 14_500],
    ),
    (
        "2026-01-31",
        7 * DAY_S,
        "prospector",
        "networker",
        &[-5_625, 10_875],
    ),
    (
        "2026-01-31",
        14 * DAY_S,
        "prospector",
        "networker",
        &[-3_750, 7_250],
    ),
    // 678,855 of 2,419,200 seconds: 2104.585 and 4068.865.
    (
        "2026-01-31",
        1_740_345,
        "prospector",
        "networker",
        &[-2_105, 4_069],
    ),
    // 200 seconds: 0.62 and 1.20 cents. The last second: less than half a cent of either.
    (
        "2026-01-31",
        28 * DAY_S - 200,
        "prospector",
        "networker",
        &[-1, 1],
    ),
    ("2026-01-31", 28 * DAY_S - 1, "prospector", "networker", &[]),
    // The leap year, 31 January to 29 February: 19 of 29 days: 4913.79 and 13037.93.
    (
        "2028-01-31",
        10 * DAY_S,
        "prospector",
        "rainmaker",
        &[-4_914, 13_038],
    ),
    // 28, 29 and 30 January to 28 February are 31, 30 and 29 days.
    (
        "2026-01-28",
        10 * DAY_S,
        "prospector",
        "rainmaker",
        &[-5_081, 13_481],
    ),
    (
        "2026-01-29",
        10 * DAY_S,
        "prospector",
        "rainmaker",
        &[-5_000, 13_267],
    ),
    (
        "2026-01-30",
        10 * DAY_S,
        "prospector",
        "rainmaker",
        &[-4_914, 13_038],
    ),
    // In the leap year 29 and 30 January to 29 February are 31 and 30.
    (
        "2028-01-29",
        10 * DAY_S,
        "prospector",
        "rainmaker",
        &[-5_081, 13_481],
    ),
    (
        "2028-01-30",
        10 * DAY_S,
        "prospector",
        "rainmaker",
        &[-5_000, 13_267],
    ),
    // 29 February to 29 March: 13.5 of 29 days: 6750 and 9263.79.
    (
        "2028-02-29",
        15 * DAY_S + 43_200,
        "networker",
        "rainmaker",
        &[-6_750, 9_264],
    ),
    // 28 February to 28 March: 14 of 28 days.
    (
        "2026-02-28",
        14 * DAY_S,
        "networker",
        "rainmaker",
        &[-7_250, 9_950],
    ),
    // 31 July to 31 August: 20 of 31 days: 4838.71 and 12838.71.
    (
        "2026-07-31",
        11 * DAY_S,
        "prospector",
        "rainmaker",
        &[-4_839, 12_839],
    ),
];

const DOWNGRADES: [Row; 5] = [
    // 31 March to 30 April: 30 days. All, half, the last second.
    (
        "2026-03-31",
        0,
        "rainmaker",
        "prospector",
        &[-19_900, 7_500],
    ),
    (
        "2026-03-31",
        15 * DAY_S,
        "rainmaker",
        "prospector",
        &[-9_950, 3_750],
    ),
    // 30 April to 30 May: 1,637,939 of 2,592,000 seconds: 12575.226 and 9162.853.
    (
        "2026-04-30",
        11 * DAY_S + 3_661,
        "rainmaker",
        "networker",
        &[-12_575, 9_163],
    ),
    // 31 July to 31 August: 14 of 31 days: 6548.387 and 3387.097.
    (
        "2026-07-31",
        17 * DAY_S,
        "networker",
        "prospector",
        &[-6_548, 3_387],
    ),
    // 31 December to 31 January: 1,678,400 of 2,678,400 seconds: 12470.19 and 4699.82.
    (
        "2026-12-31",
        1_000_000,
        "rainmaker",
        "prospector",
        &[-12_470, 4_700],
    ),
];

/// The founding price is paid for three months, and every other plan begins a month of its own.
const FROM_FOUNDING: [Row; 6] = [
    // 30 November to 28 February: 90 days. All, half, the last second.
    (
        "2026-11-30",
        0,
        "founding_member",
        "prospector",
        &[-2_500, 7_500],
    ),
    (
        "2026-11-30",
        45 * DAY_S,
        "founding_member",
        "prospector",
        &[-1_250, 7_500],
    ),
    (
        "2026-11-30",
        90 * DAY_S - 1,
        "founding_member",
        "prospector",
        &[7_500],
    ),
    // 31 January to 30 April: 59 of 89 days: 1657.30.
    (
        "2026-01-31",
        30 * DAY_S,
        "founding_member",
        "prospector",
        &[-1_657, 7_500],
    ),
    // 30 November to 29 February of a leap year: 31 of 91 days: 851.65.
    (
        "2027-11-30",
        60 * DAY_S,
        "founding_member",
        "rainmaker",
        &[-852, 19_900],
    ),
    // 31 July to 31 October: 46 of 92 days.
    (
        "2026-07-31",
        46 * DAY_S,
        "founding_member",
        "networker",
        &[-1_250, 14_500],
    ),
];

#[test]
fn upgrades_are_charged_to_the_cent() {
    for row in UPGRADES {
        check(&row);
    }
}

#[test]
fn downgrades_are_credited_to_the_cent() {
    for row in DOWNGRADES {
        check(&row);
    }
}

#[test]
fn a_founding_member_who_changes_is_credited_to_the_cent() {
    for row in FROM_FOUNDING {
        check(&row);
    }
}

fn second(day: &str) -> i64 {
    let moment: jiff::Timestamp = format!("{day}T10:00:00Z").parse().unwrap();
    moment.as_second()
}

/// Changes the plan, and compares what it costs with the row and with the preview of it.
fn check(row: &Row) {
    let (day, over_s, before, after, amounts) = *row;
    let mut account = Account::open_with(Options {
        now_s: second(day),
        ..Options::default()
    });
    let (customer, subscription) = account.subscriber(before);
    account.advance(over_s);
    let (item, price) = (
        text(&account.object(&subscription), "/items/data/0/id"),
        account.price(after),
    );
    let change = |items: &str, behavior: &str| {
        format!("{items}[0][id]={item}&{items}[0][price]={price}&{behavior}=always_invoice")
    };
    let balance = amounts.iter().sum::<i64>();
    if !amounts.is_empty() {
        let previewed = change(
            "subscription_details[items]",
            "subscription_details[proration_behavior]",
        );
        let preview = account.post(
            "/v1/invoices/create_preview",
            &format!("subscription={subscription}&{previewed}"),
        );
        assert_eq!(preview["total"], balance, "{row:?}");
    }
    let changed = change("items", "proration_behavior");
    account.post(&format!("/v1/subscriptions/{subscription}"), &changed);
    let invoices = account.invoices(&customer);
    let lines: Vec<i64> = invoices
        .get(1)
        .map(|invoice| invoice["lines"]["data"].as_array().unwrap().as_slice())
        .unwrap_or_default()
        .iter()
        .map(|line| line["amount"].as_i64().unwrap())
        .collect();
    assert_eq!(lines, amounts, "{row:?}");
    if let Some(invoice) = invoices.get(1) {
        let paid = balance.max(0);
        assert_eq!(invoice["amount_paid"], paid, "{row:?}");
        // What is not paid out stays as the customer's credit.
        assert_eq!(account.object(&customer)["balance"], json!(balance.min(0)));
    }
}

#[test]
fn a_first_period_cut_short_by_its_anchor_is_credited_for_what_it_cost() {
    // 31 January to 14 February, of a month that would have begun on 14 January: 14 of 31 days are 3387.10.
    let mut account = Account::open();
    let (customer, price) = (account.customer(), account.price("prospector"));
    let anchor_s = second("2026-02-14");
    let made = account.post(
        "/v1/subscriptions",
        &format!("customer={customer}&items[0][price]={price}&billing_cycle_anchor={anchor_s}"),
    );
    assert_eq!(account.invoices(&customer)[0]["amount_paid"], 3_387);
    // Half of the 14 days are left: 3387 ÷ 2 = 1693.5, and 14500 × 7 ÷ 31 = 3274.19.
    account.advance(7 * DAY_S);
    let (item, price) = (text(&made, "/items/data/0/id"), account.price("networker"));
    account.post(
        &format!("/v1/subscriptions/{}", text(&made, "/id")),
        &format!("items[0][id]={item}&items[0][price]={price}&proration_behavior=always_invoice"),
    );
    let invoice = account.invoices(&customer)[1].clone();
    let lines: Vec<i64> = invoice["lines"]["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["amount"].as_i64().unwrap())
        .collect();
    assert_eq!(lines, [-1_694, 3_274]);
}
