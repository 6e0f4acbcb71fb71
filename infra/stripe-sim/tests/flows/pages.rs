//! The lists inside objects are paged through like any other.

use serde_json::Value;

use crate::account::{Account, call, text};

/// A customer who pays three prices by one subscription.
fn with_three_items() -> (Account, Value) {
    let mut account = Account::open();
    let customer = account.post(
        "/v1/customers",
        "payment_method=pm_card_visa&invoice_settings[default_payment_method]=pm_card_visa",
    );
    let mut form = format!("customer={}", text(&customer, "/id"));
    for number in 0..3 {
        let price = account.post(
            "/v1/prices",
            &format!(
                "currency=usd&unit_amount={number}00&recurring[interval]=month&product_data[name]=P"
            ),
        );
        form.push_str(&format!("&items[{number}][price]={}", text(&price, "/id")));
    }
    let subscription = account.post("/v1/subscriptions", &form);
    (account, subscription)
}

/// The identifiers on a page, and whether there is more.
fn page(account: &mut Account, path: &str, query: &str) -> (Vec<String>, bool) {
    let answer = call(&mut account.sim, "GET", path, query, "");
    assert_eq!(answer.status, 200, "{}", answer.body);
    let data = answer.body["data"].as_array().into_iter().flatten();
    let ids = data.map(|element| text(element, "/id")).collect();
    (ids, answer.body["has_more"] == true)
}

#[test]
fn items_and_lines_come_in_pages_forward_and_backward() {
    let (mut account, subscription) = with_three_items();
    let lines = format!(
        "/v1/invoices/{}/lines",
        text(&subscription, "/latest_invoice")
    );
    let items = format!("subscription={}&", text(&subscription, "/id"));
    for (path, of) in [("/v1/subscription_items", items.as_str()), (&lines, "")] {
        let (all, more) = page(&mut account, path, of.trim_end_matches('&'));
        assert_eq!((all.len(), more), (3, false), "{path}");
        let [first, second, third] = [&all[0], &all[1], &all[2]];
        for (query, expected, more) in [
            ("limit=2".to_owned(), vec![first, second], true),
            (
                format!("limit=2&starting_after={second}"),
                vec![third],
                false,
            ),
            (
                format!("limit=1&starting_after={first}"),
                vec![second],
                true,
            ),
            (format!("limit=1&ending_before={third}"), vec![second], true),
            (format!("ending_before={third}"), vec![first, second], false),
            (format!("ending_before={first}"), vec![], false),
        ] {
            let (found, has_more) = page(&mut account, path, &format!("{of}{query}"));
            assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{path} {query}");
            assert_eq!(has_more, more, "{path} {query}");
        }
        let foreign = call(
            &mut account.sim,
            "GET",
            path,
            &format!("{of}starting_after=si_none"),
            "",
        );
        assert_eq!(foreign.status, 400, "{}", foreign.body);
        assert_eq!(foreign.body["error"]["param"], "starting_after");
    }
}
