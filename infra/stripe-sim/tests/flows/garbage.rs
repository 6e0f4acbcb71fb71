//! Garbage in: every call is answered, and the state stays one that time can pass in.

use serde_json::Value;

use crate::account::{Account, call};
use crate::walks::{Numbers, step};

const PATHS: [&str; 65] = [
    "/v1/customers",
    "/v1/customers/{customer}",
    "/v1/customers/search",
    "/v1/billing_portal/configurations",
    "/v1/billing_portal/sessions",
    "/v1/account",
    "/v1/products",
    "/v1/prices",
    "/v1/payment_methods",
    "/v1/payment_methods/{payment_method}",
    "/v1/payment_methods/{payment_method}/attach",
    "/v1/payment_methods/{payment_method}/detach",
    "/v1/checkout/sessions",
    "/v1/checkout/sessions/{checkout.session}",
    "/v1/checkout/sessions/{checkout.session}/expire",
    "/v1/subscriptions",
    "/v1/subscriptions/{subscription}",
    "/v1/subscriptions/{subscription}/resume",
    "/v1/subscription_schedules",
    "/v1/subscription_schedules/{subscription_schedule}",
    "/v1/subscription_schedules/{subscription_schedule}/release",
    "/v1/subscription_schedules/{subscription_schedule}/cancel",
    "/v1/invoices",
    "/v1/invoices/create_preview",
    "/v1/invoices/{invoice}",
    "/v1/invoices/{invoice}/pay",
    "/v1/invoices/{invoice}/finalize",
    "/v1/invoiceitems",
    "/v1/invoice_payments",
    "/v1/charges/{charge}",
    "/v1/payment_intents/{payment_intent}/confirm",
    "/v1/refunds",
    "/v1/refunds/{refund}",
    "/v1/disputes/{dispute}",
    "/v1/webhook_endpoints",
    "/v1/webhook_endpoints/{webhook_endpoint}",
    "/v1/events",
    "/v1/coupons",
    "/v1/coupons/{coupon}",
    "/v1/promotion_codes",
    "/v1/promotion_codes/{promotion_code}",
    "/v1/credit_notes",
    "/v1/credit_notes/preview",
    "/v1/credit_notes/{credit_note}",
    "/v1/credit_notes/{credit_note}/void",
    "/v1/test_helpers/test_clocks",
    "/v1/test_helpers/test_clocks/{test_helpers.test_clock}",
    "/v1/test_helpers/test_clocks/{test_helpers.test_clock}/advance",
    "/v1/customers/{customer}/balance_transactions",
    "/v1/invoiceitems/{invoiceitem}",
    "/v1/invoices/{invoice}/send",
    "/v1/invoices/{invoice}/add_lines",
    "/v1/invoices/{invoice}/remove_lines",
    "/v1/invoices/{invoice}/update_lines",
    "/v1/invoices/{invoice}/lines/il_1",
    "/v1/payment_intents",
    "/v1/payment_intents/{payment_intent}",
    "/v1/payment_intents/{payment_intent}/capture",
    "/v1/payment_intents/{payment_intent}/cancel",
    "/v1/setup_intents",
    "/v1/setup_intents/{setup_intent}/confirm",
    "/v1/subscription_items",
    "/v1/radar/early_fraud_warnings",
    "/v1/refunds/{refund}/cancel",
    "/v1/events/evt_1",
];

const NAMES: [&str; 84] = [
    "customer",
    "email",
    "name",
    "address[city]",
    "address",
    "metadata",
    "metadata[a/b]",
    "metadata[a]",
    "balance",
    "shipping[address][city]",
    "price",
    "product",
    "product_data[name]",
    "currency",
    "unit_amount",
    "recurring[interval]",
    "recurring[interval_count]",
    "lookup_key",
    "type",
    "card[number]",
    "card[exp_year]",
    "mode",
    "line_items[0][price]",
    "line_items[0][quantity]",
    "success_url",
    "expires_at",
    "items[0][price]",
    "items[0][id]",
    "items[0][quantity]",
    "items[0][deleted]",
    "trial_period_days",
    "trial_end",
    "cancel_at",
    "cancel_at_period_end",
    "billing_cycle_anchor",
    "proration_behavior",
    "proration_date",
    "payment_behavior",
    "pause_collection",
    "pause_collection[behavior]",
    "pause_collection[resumes_at]",
    "from_subscription",
    "start_date",
    "end_behavior",
    "phases[0][start_date]",
    "phases[0][end_date]",
    "phases[0][items][0][price]",
    "phases[0][items][0][quantity]",
    "phases[0][duration][interval]",
    "phases[0][duration][interval_count]",
    "subscription",
    "subscription_details[items][0][price]",
    "charge",
    "amount",
    "reason",
    "url",
    "enabled_events[]",
    "limit",
    "starting_after",
    "created[gt]",
    "expand[]",
    "frozen_time",
    "test_clock",
    "percent_off",
    "amount_off",
    "duration",
    "duration_in_months",
    "discounts[0][coupon]",
    "discounts",
    "promotion[type]",
    "promotion[coupon]",
    "invoice",
    "refund_amount",
    "credit_amount",
    "lines[0][type]",
    "lines[0][amount]",
    "auto_advance",
    "pending_invoice_items_behavior",
    "pricing[price]",
    "capture_method",
    "confirm",
    "payment_method",
    "amount_to_capture",
    "default_payment_method",
];

const VALUES: [&str; 31] = [
    "",
    "x",
    "0",
    "1",
    "-1",
    "36",
    "9223372036854775807",
    "-9223372036854775808",
    "99999999999999999999",
    "now",
    "true",
    "false",
    "month",
    "year",
    "usd",
    "subscription",
    "always_invoice",
    "pending_if_incomplete",
    "void",
    "https://example.com",
    "%F0%9F%92%B8",
    "pm_card_visa",
    "customer.subscriptions.data.items.data.price",
    "{customer}",
    "{coupon}",
    "{invoice}",
    "{test_helpers.test_clock}",
    "1900000000",
    "repeating",
    "500",
    "{subscription}",
];

#[test]
fn every_call_is_answered_with_a_status_that_stripe_has() {
    let mut account = Account::open();
    let mut numbers = Numbers(7);
    let mut statuses = std::collections::BTreeMap::new();
    for turn in 0..4_000 {
        if turn % 40 == 0 {
            step(&mut account, &mut numbers);
        }
        let template = numbers.one_of(&PATHS);
        let path = filled(&account, &mut numbers, template);
        let method = ["GET", "POST", "POST", "POST", "DELETE"][numbers.below(5)];
        // Ending everything would leave nothing to throw at.
        if method == "DELETE" && numbers.below(10) > 0 {
            continue;
        }
        let mut pairs: Vec<(String, String)> = (0..numbers.below(8))
            .map(|_| {
                let (name, template) = (numbers.one_of(&NAMES), numbers.one_of(&VALUES));
                (name.to_owned(), filled(&account, &mut numbers, template))
            })
            .collect();
        let (form, response) = loop {
            let written: Vec<String> = pairs
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            let form = written.join("&");
            let response = call(&mut account.sim, method, &path, "", &form);
            // What this call does not know is taken out, so that the rest gets further.
            let unknown = response.body["error"]["code"] == "parameter_unknown";
            let param = response.body["error"]["param"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            let before = pairs.len();
            pairs.retain(|(name, _)| name.trim_end_matches("[]") != param.trim_end_matches("[0]"));
            if !unknown || pairs.len() == before {
                break (form, response);
            }
        };
        let known = [200, 400, 402, 404].contains(&response.status);
        assert!(known, "{method} {path} {form}: {}", response.body);
        let error = &response.body["error"]["message"];
        assert_eq!(
            response.status == 200,
            *error == Value::Null,
            "{method} {path} {form}"
        );
        *statuses.entry(response.status).or_insert(0) += 1;
    }
    assert!(statuses[&200] > 500, "{statuses:?}");
    account.advance_days(400);
}

/// A path or value with the identifier of some object in it.
fn filled(account: &Account, numbers: &mut Numbers, template: &str) -> String {
    let inside = template.split_once('{').and_then(|(before, rest)| {
        let (kind, after) = rest.split_once('}')?;
        Some((before, kind, after))
    });
    match inside {
        Some((before, kind, after)) => {
            format!("{before}{}{after}", numbers.some(&account.sim, kind))
        }
        None => template.to_owned(),
    }
}

#[test]
fn numbers_beyond_reason_are_refused() {
    let mut account = Account::open();
    let (customer, subscription) = account.subscriber("prospector");
    let price = account.price("prospector");
    let subscribe = format!("customer={customer}&items[0][price]={price}");
    let checkout = format!(
        "mode=subscription&success_url=https://example.com&line_items[0][price]={price}&line_items[0][quantity]=1"
    );
    let path = format!("/v1/subscriptions/{subscription}");
    let item = account.object(&subscription)["items"]["data"][0]["id"].clone();
    let quantity = format!("items[0][id]={}&items[0][quantity]", item.as_str().unwrap());
    let cases = [
        (
            "/v1/prices",
            "product_data[name]=x&currency=usd&unit_amount",
        ),
        ("/v1/customers", "balance"),
        (
            "/v1/subscriptions",
            &format!("{subscribe}&items[0][quantity]"),
        ),
        (
            "/v1/subscriptions",
            &format!("{subscribe}&trial_period_days"),
        ),
        ("/v1/subscriptions", &format!("{subscribe}&trial_end")),
        (
            "/v1/subscriptions",
            &format!("{subscribe}&billing_cycle_anchor"),
        ),
        ("/v1/checkout/sessions", &format!("{checkout}&expires_at")),
        (
            "/v1/checkout/sessions",
            &format!("{checkout}&subscription_data[trial_period_days]"),
        ),
        (
            "/v1/checkout/sessions",
            &format!("{checkout}&subscription_data[trial_end]"),
        ),
        (&path, &quantity),
        (&path, "proration_date"),
        (&path, "trial_end"),
    ];
    for (path, name) in cases {
        for value in [i64::MIN, i64::MAX] {
            let (status, error) = account.refused(path, &format!("{name}={value}"));
            assert_eq!(status, 400, "{path} {name} {error}");
        }
    }
    // What may lie far away does no harm when time passes.
    account.post(&path, &format!("cancel_at={}", i64::MAX));
    account.post(
        &path,
        &format!(
            "pause_collection[behavior]=void&pause_collection[resumes_at]={}",
            i64::MIN
        ),
    );
    account.advance_days(800);
    assert_eq!(account.object(&subscription)["status"], "active");
}
