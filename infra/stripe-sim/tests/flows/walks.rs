//! Random walks: whatever is done, in whatever order, what listeners were told is what is.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Value, json};
use stripe_sim::{OpenInvoices, StripeSim, TestCard};

use crate::account::{Account, call};

/// Kinds of which every change is an event.
const TOLD: [&str; 12] = [
    "charge",
    "checkout.session",
    "credit_note",
    "discount",
    "dispute",
    "invoice",
    "payment_method",
    "radar.early_fraud_warning",
    "refund",
    "subscription",
    "subscription_schedule",
    "test_helpers.test_clock",
];

/// Twelve accounts, each after eighty steps.
static WALKS: LazyLock<Vec<StripeSim>> =
    LazyLock::new(|| (0..12).map(|seed| walk(seed, 80)).collect());

#[test]
fn the_last_event_of_an_object_shows_it_as_it_is() {
    for (seed, walked) in WALKS.iter().enumerate() {
        let mut shown: BTreeMap<String, Value> = BTreeMap::new();
        for event in walked.events() {
            let object = &event["data"]["object"];
            if let Some(id) = object["id"].as_str() {
                shown.insert(id.to_owned(), object.clone());
            }
        }
        for object in TOLD.iter().flat_map(|kind| walked.objects(kind)) {
            let id = object["id"].as_str().unwrap();
            if let Some(last) = shown.get(id) {
                assert_eq!(
                    differences(last, object),
                    Vec::<String>::new(),
                    "seed {seed}, {id}"
                );
            }
        }
    }
}

fn differences(shown: &Value, is: &Value) -> Vec<String> {
    let fields = is.as_object().unwrap().iter();
    fields
        .filter(|(name, value)| shown[*name] != **value)
        .map(|(name, value)| format!("{name} is {value} and was shown as {}", shown[name]))
        .collect()
}

#[test]
fn money_adds_up() {
    for (seed, walked) in WALKS.iter().enumerate() {
        for invoice in walked.objects("invoice") {
            let amount = |field: &str| invoice[field].as_i64().unwrap();
            let lines = invoice["lines"]["data"].as_array().unwrap().iter();
            let sum: i64 = lines.map(|line| line["amount"].as_i64().unwrap()).sum();
            assert_eq!(sum, amount("subtotal"), "seed {seed}: {invoice}");
            let discounts = invoice["total_discount_amounts"].as_array().unwrap().iter();
            let off: i64 = discounts.map(|off| off["amount"].as_i64().unwrap()).sum();
            assert_eq!(sum - off, amount("total"), "seed {seed}: {invoice}");
            for part in ["pre_payment", "post_payment"] {
                let notes = walked.objects("credit_note");
                let credited: i64 = notes
                    .filter(|note| note["invoice"] == invoice["id"] && note["status"] == "issued")
                    .map(|note| note[format!("{part}_amount")].as_i64().unwrap())
                    .sum();
                let field = format!("{part}_credit_notes_amount");
                assert_eq!(credited, amount(&field), "seed {seed}: {invoice}");
            }
            let settled = amount("amount_paid") + amount("amount_remaining");
            assert_eq!(settled, amount("amount_due"), "seed {seed}: {invoice}");
        }
        for charge in walked.objects("charge") {
            let refunds = walked.objects("refund");
            let refunded: i64 = refunds
                .filter(|refund| {
                    let gone = refund["status"] == "failed" || refund["status"] == "canceled";
                    refund["charge"] == charge["id"] && !gone
                })
                .map(|refund| refund["amount"].as_i64().unwrap())
                .sum();
            assert_eq!(json!(refunded), charge["amount_refunded"], "seed {seed}");
        }
    }
}

#[test]
fn a_walk_written_down_is_read_back_the_same() {
    for seed in 0..5 {
        let walked = walk(seed, 40);
        let read: StripeSim =
            serde_json::from_slice(&serde_json::to_vec(&walked).unwrap()).unwrap();
        assert_eq!(read, walked, "seed {seed}");
    }
}

/// Numbers for a walk, from a linear congruence.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    pub(crate) fn one_of<'a>(&mut self, from: &[&'a str]) -> &'a str {
        if from.is_empty() {
            ""
        } else {
            from[self.below(from.len())]
        }
    }

    /// The identifier of some object of a kind; empty where there is none.
    pub(crate) fn some(&mut self, sim: &StripeSim, kind: &str) -> String {
        let ids: Vec<&str> = sim
            .objects(kind)
            .filter_map(|object| object["id"].as_str())
            .collect();
        self.one_of(&ids).to_owned()
    }
}

const PLANS: [&str; 4] = ["founding_member", "prospector", "networker", "rainmaker"];
const CARDS: [TestCard; 9] = [
    TestCard::Good,
    TestCard::Good,
    TestCard::DeclinedAfterAttach,
    TestCard::AuthenticationRequired,
    TestCard::Disputed,
    TestCard::Inquired,
    TestCard::WarnedOf,
    TestCard::RefundPending,
    TestCard::RefundFails,
];

/// A simulator after some steps.
fn walk(seed: u64, steps: usize) -> StripeSim {
    let mut account = Account::open();
    let mut numbers = Numbers(seed);
    for _ in 0..steps {
        step(&mut account, &mut numbers);
    }
    account.sim
}

/// One step. Its call may be refused: what matters is what is left behind.
pub(crate) fn step(account: &mut Account, numbers: &mut Numbers) {
    let plan = account.price(PLANS[numbers.below(PLANS.len())]);
    let customer = numbers.some(&account.sim, "customer");
    let subscription = numbers.some(&account.sim, "subscription");
    let path = format!("/v1/subscriptions/{subscription}");
    let known = account
        .sim
        .object(&subscription)
        .cloned()
        .unwrap_or_default();
    let item = known["items"]["data"][0]["id"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let mut post = |path: &str, form: &str| call(&mut account.sim, "POST", path, "", form);
    match numbers.below(23) {
        0 | 1 => {
            account.customer();
        }
        2..=4 => {
            let kinds = [
                "",
                "",
                "&trial_period_days=5",
                "&payment_behavior=default_incomplete",
            ];
            let kind = numbers.one_of(&kinds);
            post(
                "/v1/subscriptions",
                &format!("customer={customer}&items[0][price]={plan}{kind}"),
            );
        }
        5 | 6 => {
            let proration = numbers.one_of(&["create_prorations", "always_invoice", "none"]);
            let payment = numbers.one_of(&["", "&payment_behavior=pending_if_incomplete"]);
            let form = format!(
                "items[0][id]={item}&items[0][price]={plan}&proration_behavior={proration}{payment}"
            );
            post(&path, &form);
        }
        7 => {
            post(
                &path,
                numbers.one_of(&["cancel_at_period_end=true", "cancel_at_period_end=false"]),
            );
        }
        8 => {
            post(
                &path,
                numbers.one_of(&["pause_collection[behavior]=void", "pause_collection="]),
            );
        }
        9 => {
            call(&mut account.sim, "DELETE", &path, "", "");
        }
        10 => {
            let made = post(
                "/v1/subscription_schedules",
                &format!("from_subscription={subscription}"),
            )
            .body;
            let (start, end) = (
                &made["phases"][0]["start_date"],
                &made["phases"][0]["end_date"],
            );
            let from = known["items"]["data"][0]["price"]["id"]
                .as_str()
                .unwrap_or_default();
            let id = made["id"].as_str().unwrap_or_default();
            let form = format!(
                "phases[0][start_date]={start}&phases[0][end_date]={end}&phases[0][items][0][price]={from}\
                 &phases[1][items][0][price]={plan}"
            );
            post(&format!("/v1/subscription_schedules/{id}"), &form);
        }
        11 => {
            let invoice = numbers.some(&account.sim, "invoice");
            let verb = numbers.one_of(&["pay", "void", "mark_uncollectible", "finalize"]);
            call(
                &mut account.sim,
                "POST",
                &format!("/v1/invoices/{invoice}/{verb}"),
                "",
                "",
            );
        }
        12 => {
            let charge = numbers.some(&account.sim, "charge");
            let form = format!("charge={charge}&amount={}", 1 + numbers.below(9_000));
            call(&mut account.sim, "POST", "/v1/refunds", "", &form);
        }
        13 => {
            let pay = [OpenInvoices::Leave, OpenInvoices::Pay][numbers.below(2)];
            // Before the first customer, and for one that was deleted, there is no card to replace.
            account
                .sim
                .replace_card(&customer, CARDS[numbers.below(CARDS.len())], pay)
                .ok();
        }
        14 if numbers.below(4) == 0 => {
            call(
                &mut account.sim,
                "DELETE",
                &format!("/v1/customers/{customer}"),
                "",
                "",
            );
        }
        15 => {
            let invoice = numbers.some(&account.sim, "invoice");
            let amount = 1 + numbers.below(9_000);
            let back = numbers.one_of(&["refund_amount", "credit_amount", "memo"]);
            let form = format!("invoice={invoice}&amount={amount}&{back}={amount}");
            call(&mut account.sim, "POST", "/v1/credit_notes", "", &form);
            let note = numbers.some(&account.sim, "credit_note");
            if numbers.below(3) == 0 {
                let path = format!("/v1/credit_notes/{note}/void");
                call(&mut account.sim, "POST", &path, "", "");
            }
        }
        16 => {
            let terms = numbers.one_of(&[
                "percent_off=33.33",
                "percent_off=100&duration=repeating&duration_in_months=2",
                "amount_off=1999&currency=usd&duration=forever",
            ]);
            call(&mut account.sim, "POST", "/v1/coupons", "", terms);
            let coupon = numbers.some(&account.sim, "coupon");
            let form = match numbers.below(4) {
                0 => "discounts=".to_owned(),
                _ => format!("discounts[0][coupon]={coupon}"),
            };
            call(&mut account.sim, "POST", &path, "", &form);
        }
        17 => bank(account, numbers),
        18 => {
            let form = format!(
                "customer={customer}&amount={}&currency=usd",
                numbers.below(5_000)
            );
            call(&mut account.sim, "POST", "/v1/invoiceitems", "", &form);
            let more = numbers.one_of(&["", "&auto_advance=true"]);
            let form = format!("customer={customer}&pending_invoice_items_behavior=include{more}");
            call(&mut account.sim, "POST", "/v1/invoices", "", &form);
        }
        _ => account.advance(i64::try_from(numbers.below(12 * 86_400)).unwrap()),
    }
}

/// What the bank and its customer do about a charge. It may be too late for it.
fn bank(account: &mut Account, numbers: &mut Numbers) {
    let charge = numbers.some(&account.sim, "charge");
    let dispute = numbers.some(&account.sim, "dispute");
    let refund = numbers.some(&account.sim, "refund");
    let sim = &mut account.sim;
    match numbers.below(8) {
        0 => sim.open_inquiry(&charge, "fraudulent").is_ok(),
        1 => sim.prevent_dispute(&charge, "fraudulent").is_ok(),
        2 => sim.warn_of_fraud(&charge, "made_with_lost_card").is_ok(),
        3 => sim.escalate_inquiry(&dispute).is_ok(),
        4 => sim.drop_inquiry(&dispute).is_ok(),
        5 => sim.ask_where_to_refund(&refund).is_ok(),
        6 => sim.settle_refund(&refund).is_ok(),
        _ => {
            let word = numbers.one_of(&["winning_evidence", "losing_evidence", "none"]);
            let form = format!("evidence[uncategorized_text]={word}");
            let path = format!("/v1/disputes/{dispute}");
            call(sim, "POST", &path, "", &form).status == 200
        }
    };
}
