//! What the API takes, and what it refuses before it looks at the call: versions, rates, shapes of parameters.

use serde_json::json;
use stripe_sim::{Fault, Moment, Options, Request, TestCard};

use crate::account::{Account, START_S, call, post, text};

const LIST: Request<'static> = Request {
    method: "GET",
    path: "/v1/customers",
    query: "",
    body: "",
    idempotency_key: None,
    api_key: Some("sk_test_sim"),
    stripe_version: None,
};

#[test]
fn a_version_is_echoed_and_one_that_is_none_is_refused() {
    let mut account = Account::open();
    for version in ["2026-09-30.endive", "2025-03-31.basil", "2023-10-16"] {
        let stripe_version = Some(version);
        let response = account.sim.handle(&Request {
            stripe_version,
            ..LIST
        });
        assert_eq!(
            (response.status, response.header("stripe-version")),
            (200, stripe_version)
        );
    }
    for version in [
        "",
        "latest",
        "2026-9-30",
        "2026-13-01",
        "2026-09-30.",
        "2027-01-01.fig",
    ] {
        let stripe_version = Some(version);
        let response = account.sim.handle(&Request {
            stripe_version,
            ..LIST
        });
        assert_eq!(response.status, 400, "{version}");
        assert_eq!(
            response.body["error"]["message"],
            format!("Invalid Stripe API version: {version}")
        );
    }
}

#[test]
fn the_call_beyond_the_rate_is_refused_until_the_next_second() {
    let mut account = Account::open_with(Options {
        now_s: START_S,
        rate_per_s: Some(25),
        ..Options::default()
    });
    account.advance(1);
    for _ in 0..25 {
        assert_eq!(account.sim.handle(&LIST).status, 200);
    }
    let limited = account.sim.handle(&LIST);
    assert_eq!(limited.status, 429);
    assert_eq!(limited.body["error"]["code"], "rate_limit");
    assert_eq!(limited.header("stripe-should-retry"), Some("true"));
    assert_eq!(
        limited.header("stripe-rate-limited-reason"),
        Some("global-rate")
    );
    account.advance(1);
    assert_eq!(account.sim.handle(&LIST).status, 200);
}

#[test]
fn a_key_under_way_is_a_conflict_that_may_be_tried_again() {
    let mut account = Account::open();
    account.sim.fail(Fault {
        method: "POST".to_owned(),
        path_start: String::new(),
        status: 409,
        moment: Moment::BeforeTheKey,
        times: 1,
    });
    let response = post(&mut account.sim, "/v1/customers", "");
    assert_eq!(response.status, 409);
    assert_eq!(response.body["error"]["type"], "idempotency_error");
    assert_eq!(response.body["error"]["code"], "idempotency_key_in_use");
    assert_eq!(response.header("stripe-should-retry"), Some("true"));
}

#[test]
fn a_plain_value_is_neither_a_list_nor_an_object() {
    let mut account = Account::open();
    let customer = account.customer();
    let path = format!("/v1/customers/{customer}");
    for (form, message, param) in [
        ("expand=subscriptions", "Invalid array", "expand"),
        ("preferred_locales=en", "Invalid array", "preferred_locales"),
        ("metadata=x", "Invalid object", "metadata"),
        ("balance=ten", "Invalid integer: ten", "balance"),
    ] {
        let (status, error) = account.refused(&path, form);
        assert_eq!(status, 400, "{form}");
        assert_eq!(
            (&error["message"], &error["param"]),
            (&json!(message), &json!(param))
        );
    }
    account.post(&path, "metadata[a]=b");
    assert_eq!(account.post(&path, "metadata=")["metadata"], json!({}));
}

#[test]
fn the_limits_of_metadata_count_characters() {
    let mut account = Account::open();
    let long = "ä".repeat(500);
    account.post(
        "/v1/customers",
        &format!("metadata[{}]={long}", "ö".repeat(40)),
    );
    let (_, error) = account.refused("/v1/customers", &format!("metadata[k]={long}ä"));
    assert_eq!(
        error["message"],
        "Metadata values can have up to 500 characters."
    );
}

#[test]
fn a_list_goes_one_way() {
    let mut account = Account::open();
    let customer = account.customer();
    let query = format!("starting_after={customer}&ending_before={customer}");
    let response = call(&mut account.sim, "GET", "/v1/customers", &query, "");
    assert_eq!(response.status, 400);
}

#[test]
fn the_account_and_its_balance_can_be_read() {
    let mut account = Account::open();
    let mine = account.get("/v1/account", "");
    assert!(text(&mine, "/id").starts_with("acct_1"));
    assert_eq!(account.get("/v1/account", ""), mine);
    assert_eq!(account.get("/v1/balance", "")["pending"][0]["amount"], 0);
    account.subscriber("prospector");
    let charge = account
        .sim
        .objects("charge")
        .next()
        .map(|charge| text(charge, "/id"));
    account.post(
        "/v1/refunds",
        &format!("charge={}&amount=500", charge.unwrap()),
    );
    let balance = account.get("/v1/balance", "");
    assert_eq!(
        balance["pending"],
        json!([{"amount": 7_000, "currency": "usd", "source_types": {"card": 7_000}}])
    );
}

#[test]
fn a_product_goes_only_without_prices() {
    let mut account = Account::open();
    let product = account.post(
        "/v1/products",
        "name=Spare&url=https://example.com&images[]=https://example.com/a.png",
    );
    assert_eq!(product["images"], json!(["https://example.com/a.png"]));
    let id = text(&product, "/id");
    let gone = account.delete(&format!("/v1/products/{id}"));
    assert_eq!(
        gone,
        json!({"id": id, "object": "product", "deleted": true})
    );
    assert_eq!(
        account.last_event("product.deleted")["data"]["object"]["name"],
        "Spare"
    );
    let path = format!("/v1/products/{id}");
    assert_eq!(call(&mut account.sim, "GET", &path, "", "").status, 404);

    let priced = account
        .sim
        .objects("product")
        .next()
        .map(|product| text(product, "/id"));
    let path = format!("/v1/products/{}", priced.unwrap());
    let refused = call(&mut account.sim, "DELETE", &path, "", "");
    assert_eq!(refused.status, 400);
    assert_eq!(account.get(&path, "")["object"], "product");
}

#[test]
fn a_card_is_read_through_its_own_customer_only() {
    let mut account = Account::open();
    let (one, two) = (account.customer(), account.customer());
    let card = text(
        &account.object(&one),
        "/invoice_settings/default_payment_method",
    );
    let path = |customer: &str| format!("/v1/customers/{customer}/payment_methods/{card}");
    assert_eq!(account.get(&path(&one), "")["id"], json!(card));
    let response = call(&mut account.sim, "GET", &path(&two), "", "");
    assert_eq!(
        (response.status, &response.body["error"]["code"]),
        (404, &json!("resource_missing"))
    );
}

#[test]
fn every_card_that_declines_says_why() {
    let mut account = Account::open();
    let customer = account.customer();
    for (card, code, reason) in [
        (
            TestCard::Declined,
            "card_declined",
            json!("generic_decline"),
        ),
        (
            TestCard::InsufficientFunds,
            "card_declined",
            json!("insufficient_funds"),
        ),
        (TestCard::Lost, "card_declined", json!("lost_card")),
        (TestCard::Stolen, "card_declined", json!("stolen_card")),
        (TestCard::Fraudulent, "card_declined", json!("fraudulent")),
        (
            TestCard::VelocityExceeded,
            "card_declined",
            json!("card_velocity_exceeded"),
        ),
        (TestCard::Expired, "expired_card", json!(null)),
        (TestCard::IncorrectCvc, "incorrect_cvc", json!(null)),
        (TestCard::ProcessingError, "processing_error", json!(null)),
    ] {
        let path = format!("/v1/payment_methods/{}/attach", card.token());
        let (status, error) = account.refused(&path, &format!("customer={customer}"));
        assert_eq!(
            (status, &error["code"], &error["decline_code"]),
            (402, &json!(code), &reason),
            "{card:?}"
        );
    }
}

#[test]
fn a_card_expires_in_a_month_to_come() {
    let mut account = Account::open();
    let form = "type=card&card[number]=4242424242424242";
    for (expires, code) in [
        (
            "card[exp_year]=2025&card[exp_month]=12",
            "invalid_expiry_year",
        ),
        (
            "card[exp_year]=2077&card[exp_month]=1",
            "invalid_expiry_year",
        ),
        (
            "card[exp_year]=2030&card[exp_month]=13",
            "invalid_expiry_month",
        ),
        (
            "card[exp_year]=2030&card[exp_month]=0",
            "invalid_expiry_month",
        ),
    ] {
        let (status, error) = account.refused("/v1/payment_methods", &format!("{form}&{expires}"));
        assert_eq!((status, &error["code"]), (402, &json!(code)), "{expires}");
    }
    // The account's clock stands in January 2026, in which such a card is still good.
    let expires = "card[exp_year]=2026&card[exp_month]=1";
    let card = text(
        &account.post("/v1/payment_methods", &format!("{form}&{expires}")),
        "/id",
    );
    account.advance_days(1);
    let (_, error) = account.refused("/v1/payment_methods", &format!("{form}&{expires}"));
    assert_eq!(error["code"], "invalid_expiry_month");
    let customer = account.customer();
    account.post(
        &format!("/v1/payment_methods/{card}/attach"),
        &format!("customer={customer}"),
    );
    account.sim.renew_card(&card).unwrap();
    assert_eq!(account.object(&card)["card"]["exp_year"], 2030);
    account.last_event("payment_method.automatically_updated");
}

#[test]
fn an_endpoint_has_a_version_and_events_and_fifteen_others_at_most() {
    let mut account = Account::open();
    let form = "url=https://example.com&enabled_events[]=*";
    let (_, error) = account.refused(
        "/v1/webhook_endpoints",
        &format!("{form}&api_version=latest"),
    );
    assert_eq!(error["param"], "api_version");
    for _ in 0..15 {
        account.post("/v1/webhook_endpoints", form);
    }
    let (status, error) = account.refused("/v1/webhook_endpoints", form);
    assert_eq!(
        (status, &error["message"]),
        (
            400,
            &json!("You have reached the maximum of 16 test webhook endpoints.")
        )
    );
    let first = account
        .sim
        .objects("webhook_endpoint")
        .next()
        .map(|endpoint| text(endpoint, "/id"));
    let path = format!("/v1/webhook_endpoints/{}", first.unwrap());
    assert_eq!(account.refused(&path, "enabled_events=").0, 400);
    assert_eq!(account.get(&path, "")["secret"], json!(null));
}
