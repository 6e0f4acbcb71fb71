//! Errors, idempotency keys, faults, expansion and paging, as a client meets them.

use serde_json::{Value, json};
use stripe_sim::{Fault, Moment, Request, Response, StripeSim};

use crate::account::{Account, call, text};

fn keyed(sim: &mut StripeSim, key: &str, path: &str, body: &str) -> Response {
    sim.handle(&Request {
        method: "POST",
        path,
        body,
        idempotency_key: Some(key),
        api_key: Some("sk_test_sim"),
        ..Request::default()
    })
}

#[test]
fn a_call_without_a_key_is_refused() {
    let mut account = Account::open();
    let request = Request {
        method: "GET",
        path: "/v1/customers",
        ..Request::default()
    };
    let response = account.sim.handle(&request);
    assert_eq!(response.status, 401);
    assert_eq!(response.body["error"]["type"], "invalid_request_error");
    let wrong = Request {
        api_key: Some("pk_wrong_key_here"),
        ..request
    };
    let response = account.sim.handle(&wrong);
    assert_eq!(
        response.body["error"]["message"],
        "Invalid API Key provided: pk_w*********here"
    );
}

#[test]
fn refusals_have_stripes_status_code_and_parameter() {
    let mut account = Account::open();
    let customer = account.customer();
    let cases = [
        (
            "/v1/customers/cus_none",
            "name=x",
            404,
            "resource_missing",
            "id",
        ),
        (
            "/v1/customers",
            "nickname=x",
            400,
            "parameter_unknown",
            "nickname",
        ),
        (
            "/v1/subscriptions",
            "",
            400,
            "parameter_missing",
            "customer",
        ),
        (
            "/v1/subscriptions",
            "customer=cus_none",
            400,
            "resource_missing",
            "customer",
        ),
        (
            "/v1/prices",
            "currency=usd&unit_amount=x",
            400,
            "parameter_invalid_integer",
            "unit_amount",
        ),
        (
            "/v1/refunds",
            "charge=ch_none",
            400,
            "resource_missing",
            "charge",
        ),
        (
            "/v1/webhook_endpoints",
            "url=example.com&enabled_events[]=*",
            400,
            "url_invalid",
            "url",
        ),
        (
            "/v1/payment_methods",
            "type=card&card[number]=4111",
            402,
            "incorrect_number",
            "number",
        ),
    ];
    let before = account.sim.clone();
    for (path, form, status, code, param) in cases {
        let (answered, error) = account.refused(path, form);
        let got = (answered, error["code"].clone(), error["param"].clone());
        assert_eq!(got, (status, json!(code), json!(param)), "{path} {form}");
    }
    let (status, error) = account.refused(
        "/v1/payment_methods/pm_card_visa_chargeDeclinedInsufficientFunds/attach",
        &format!("customer={customer}"),
    );
    assert_eq!(status, 402);
    assert_eq!(error["type"], "card_error");
    assert_eq!(error["code"], "card_declined");
    assert_eq!(error["decline_code"], "insufficient_funds");
    assert_eq!(error["message"], "Your card has insufficient funds.");
    assert_eq!(
        account.sim.events_count(),
        before.events_count(),
        "a refusal changes nothing"
    );
}

#[test]
fn an_unknown_address_is_named() {
    let mut account = Account::open();
    let response = call(&mut account.sim, "GET", "/v1/unicorns", "", "");
    assert_eq!(response.status, 404);
    let message = text(&response.body, "/error/message");
    assert!(
        message.starts_with("Unrecognized request URL (GET: /v1/unicorns)."),
        "{message}"
    );
}

#[test]
fn one_key_does_one_thing() {
    let mut account = Account::open();
    let first = keyed(
        &mut account.sim,
        "k",
        "/v1/customers",
        "name=Ada&email=a@example.com",
    );
    let again = keyed(
        &mut account.sim,
        "k",
        "/v1/customers",
        "email=a@example.com&name=Ada",
    );
    assert_eq!(again.body, first.body);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(again.header("original-request"), first.header("request-id"));
    assert_eq!(first.header("idempotent-replayed"), None);
    assert_eq!(account.sim.objects("customer").count(), 1);

    let other = keyed(&mut account.sim, "k", "/v1/customers", "name=Eve");
    assert_eq!(other.status, 400);
    assert_eq!(other.body["error"]["type"], "idempotency_error");
    let elsewhere = keyed(
        &mut account.sim,
        "k",
        "/v1/products",
        "name=Ada&email=a@example.com",
    );
    assert_eq!(elsewhere.body["error"]["type"], "idempotency_error");

    account.advance(24 * 3_600 - 1);
    let kept = keyed(
        &mut account.sim,
        "k",
        "/v1/customers",
        "name=Ada&email=a@example.com",
    );
    assert_eq!(kept.body, first.body);
    account.advance(1);
    let forgotten = keyed(&mut account.sim, "k", "/v1/customers", "name=Eve");
    assert_eq!(forgotten.status, 200);
    let long = keyed(&mut account.sim, &"k".repeat(256), "/v1/customers", "");
    assert_eq!(long.body["error"]["type"], "idempotency_error");
}

#[test]
fn a_call_that_never_began_does_not_use_up_its_key() {
    let mut account = Account::open();
    let refused = keyed(&mut account.sim, "k", "/v1/customers", "nickname=Ada");
    assert_eq!(refused.status, 400);
    assert_eq!(
        keyed(&mut account.sim, "k", "/v1/customers", "name=Ada").status,
        200
    );
}

#[test]
fn a_500_is_replayed_whether_it_struck_before_the_effect_or_after() {
    for (moment, made) in [(Moment::BeforeTheEffect, 0), (Moment::AfterTheEffect, 1)] {
        let mut account = Account::open();
        account.sim.fail(Fault {
            method: "POST".to_owned(),
            path_start: "/v1/customers".to_owned(),
            status: 500,
            moment,
            times: 1,
        });
        let failed = keyed(&mut account.sim, "k", "/v1/customers", "name=Ada");
        assert_eq!(
            (failed.status, &failed.body["error"]["type"]),
            (500, &json!("api_error"))
        );
        let again = keyed(&mut account.sim, "k", "/v1/customers", "name=Ada");
        assert_eq!(
            (again.status, again.header("idempotent-replayed")),
            (500, Some("true"))
        );
        assert_eq!(account.sim.objects("customer").count(), made);
        assert_eq!(
            keyed(&mut account.sim, "k2", "/v1/customers", "name=Ada").status,
            200
        );
    }
}

#[test]
fn a_429_leaves_the_key_free() {
    let mut account = Account::open();
    account.sim.fail(Fault {
        method: String::new(),
        path_start: String::new(),
        status: 429,
        moment: Moment::BeforeTheKey,
        times: 2,
    });
    for _ in 0..2 {
        let limited = keyed(&mut account.sim, "k", "/v1/customers", "name=Ada");
        assert_eq!(limited.status, 429);
        assert_eq!(limited.header("stripe-should-retry"), Some("true"));
        assert_eq!(limited.body["error"]["code"], "rate_limit");
    }
    assert_eq!(
        keyed(&mut account.sim, "k", "/v1/customers", "name=Ada").status,
        200
    );
}

#[test]
fn every_answer_carries_its_request_and_the_time() {
    let mut account = Account::open();
    let one = call(&mut account.sim, "GET", "/v1/customers", "", "");
    let two = call(&mut account.sim, "GET", "/v1/customers", "", "");
    assert!(
        one.header("request-id")
            .is_some_and(|id| id.starts_with("req_"))
    );
    assert_ne!(one.header("request-id"), two.header("request-id"));
    assert_eq!(one.header("date"), Some("Sat, 31 Jan 2026 10:00:00 GMT"));
}

#[test]
fn expansion_reaches_through_objects_and_lists() {
    let mut account = Account::open();
    let (customer, subscription) = account.subscriber("prospector");
    let found = account.get(
        &format!("/v1/subscriptions/{subscription}"),
        "expand[]=customer&expand[]=latest_invoice.payments&expand[]=items.data.price.product",
    );
    assert_eq!(found["customer"]["id"], json!(customer));
    assert_eq!(
        found["latest_invoice"]["payments"]["data"][0]["status"],
        "paid"
    );
    assert_eq!(
        found["items"]["data"][0]["price"]["product"]["name"],
        "Prospector"
    );
    let list = account.get("/v1/subscriptions", "expand[]=data.latest_invoice");
    assert_eq!(list["data"][0]["latest_invoice"]["object"], "invoice");
    let refused = call(
        &mut account.sim,
        "GET",
        &format!("/v1/customers/{customer}"),
        "expand[]=email",
        "",
    );
    assert_eq!(
        refused.body["error"]["message"],
        "This property cannot be expanded (email)."
    );
}

#[test]
fn a_list_is_paged_to_its_end_in_both_directions() {
    let mut account = Account::open();
    for number in 0..7 {
        account.post("/v1/customers", &format!("email=u{number}@example.com"));
    }
    let (mut seen, mut query) = (Vec::new(), "limit=3".to_owned());
    loop {
        let page = account.get("/v1/customers", &query);
        let emails = page["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|each| text(each, "/email"));
        seen.extend(emails);
        if page["has_more"] == json!(false) {
            break;
        }
        let last = page["data"].as_array().unwrap().last().unwrap();
        query = format!("limit=3&starting_after={}", text(last, "/id"));
    }
    let expected: Vec<String> = (0..7)
        .rev()
        .map(|number| format!("u{number}@example.com"))
        .collect();
    assert_eq!(seen, expected);
    let oldest = text(
        &account.sim.objects("customer").next().unwrap().clone(),
        "/id",
    );
    let page = account.get("/v1/customers", &format!("limit=2&ending_before={oldest}"));
    let emails: Vec<&Value> = page["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| &each["email"])
        .collect();
    assert_eq!(emails, [&json!("u2@example.com"), &json!("u1@example.com")]);
    let found = account.get("/v1/customers", "email=u4@example.com");
    assert_eq!(found["data"].as_array().unwrap().len(), 1);
}

#[test]
fn a_deleted_customer_leaves_a_tombstone_and_no_subscription() {
    let mut account = Account::open();
    let (customer, subscription) = account.subscriber("prospector");
    let gone = account.delete(&format!("/v1/customers/{customer}"));
    let tombstone = json!({"id": customer, "object": "customer", "deleted": true});
    assert_eq!(gone, tombstone);
    assert_eq!(
        account.get(&format!("/v1/customers/{customer}"), ""),
        tombstone
    );
    assert_eq!(account.object(&subscription)["status"], "canceled");
    assert_eq!(account.get("/v1/customers", "")["data"], json!([]));
    assert_eq!(
        account
            .refused(&format!("/v1/customers/{customer}"), "name=x")
            .0,
        404
    );
    assert_eq!(
        account.last_event("customer.deleted")["data"]["object"]["email"],
        "ada@example.com"
    );
}
