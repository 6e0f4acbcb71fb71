//! What may be sent to start a checkout, and what may happen meanwhile.

use local::cloud::{Fault, Gate, Matching, Service};
use serde_json::{Value, json};
use stripe_sim::TestCard;
use tests::{Answer, World};

use super::{assert_refused, assert_unchanged};

fn form() -> Value {
    json!({"email": "ada@example.com", "name": "Ada Lovelace", "plan": "prospector"})
}

fn with(field: &str, value: impl Into<Value>) -> String {
    let mut form = form();
    form[field] = value.into();
    form.to_string()
}

fn without(field: &str) -> String {
    let mut form = form();
    form.as_object_mut().unwrap().remove(field);
    form.to_string()
}

async fn post(world: &World, body: impl Into<axum::body::Bytes>) -> Answer {
    let headers = [("content-type", "application/json")];
    world.request("POST", "/checkout", &headers, body).await
}

fn words(answer: &Answer) -> &str {
    answer.body["error"]["message"].as_str().unwrap()
}

fn url(answer: &Answer) -> &str {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["checkout_url"].as_str().unwrap()
}

#[tokio::test]
async fn edge_a_form_that_is_not_in_order_is_refused_by_name_and_changes_nothing() {
    let world = World::new();
    let before = world.digest().await;
    let long = "x".repeat(300_000);
    let cases: Vec<(String, &str, &str)> = vec![
        (
            with("plan", "gold"),
            "unknown_plan",
            "founding_member, prospector, networker, rainmaker",
        ),
        (with("plan", "unmapped"), "unknown_plan", "Choose one of"),
        (with("plan", ""), "unknown_plan", "Choose one of"),
        (with("plan", "Prospector"), "unknown_plan", "Choose one of"),
        (without("plan"), "invalid_body", "missing field `plan`"),
        (without("email"), "invalid_body", "missing field `email`"),
        (without("name"), "invalid_body", "missing field `name`"),
        (with("price", 1), "invalid_body", "unknown field `price`"),
        (
            with("customer", "cus_1"),
            "invalid_body",
            "unknown field `customer`",
        ),
        (with(&long, 1), "invalid_body", "unknown field"),
        (with("plan", 1), "invalid_body", "expected a string"),
        (
            with("email", Value::Null),
            "invalid_body",
            "expected a string",
        ),
        (with("email", "ada"), "invalid_email", "`email`"),
        (with("email", "ada@"), "invalid_email", "`email`"),
        (with("email", "@example.com"), "invalid_email", "`email`"),
        (
            with("email", "ada@example.com,eve@example.com"),
            "invalid_email",
            "`email`",
        ),
        (
            with("email", "Ada <ada@example.com>"),
            "invalid_email",
            "`email`",
        ),
        (
            with("email", "ada@example.com\r\nBcc: eve@example.com"),
            "invalid_email",
            "`email`",
        ),
        (
            with("email", "a da@example.com"),
            "invalid_email",
            "`email`",
        ),
        (
            with("email", format!("{long}@example.com")),
            "invalid_email",
            "`email`",
        ),
        (with("name", ""), "invalid_name", "`name`"),
        (with("name", "  "), "invalid_name", "`name`"),
        (with("name", "Ada\nLovelace"), "invalid_name", "one line"),
        (with("name", "Ada\u{0}"), "invalid_name", "`name`"),
        (with("name", "x".repeat(201)), "invalid_name", "1 to 200"),
        (String::new(), "invalid_body", "EOF"),
        ("{".to_owned(), "invalid_body", "EOF"),
        ("plan=prospector".to_owned(), "invalid_body", "expected"),
        ("null".to_owned(), "invalid_body", "null"),
        ("[]".to_owned(), "invalid_body", "invalid length"),
        (
            format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)),
            "invalid_body",
            "cannot be read",
        ),
        (format!("{}garbage", form()), "invalid_body", "trailing"),
    ];
    for (body, code, told) in cases {
        let answer = post(&world, body.clone()).await;
        assert_refused(&answer, 400, code);
        let shown = body.get(..200).unwrap_or(&body);
        assert!(words(&answer).contains(told), "{shown}: {}", words(&answer));
        assert!(
            words(&answer).len() < 500,
            "{shown}: {}",
            words(&answer).len()
        );
    }
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/jsonp",
        "",
    ] {
        let headers = [("content-type", kind)];
        let answer = world
            .request("POST", "/checkout", &headers, form().to_string())
            .await;
        assert_refused(&answer, 400, "not_json");
    }
    assert_refused(
        &post(&world, "x".repeat(512 * 1024 + 1)).await,
        413,
        "body_too_large",
    );
    assert_unchanged(&world, &before).await;
    assert_eq!(
        world.sandbox.cloud().calls().counts().len(),
        1,
        "the digest's own scans"
    );
}

#[tokio::test]
async fn edge_names_and_addresses_are_taken_as_people_write_them() {
    let world = World::new();
    for (number, (name, email)) in [
        ("José Ñandú", "Jose@Example.COM"),
        ("李小龍", "li@example.com"),
        ("O'Brien <b>&amp;", "o.brien+linky@example.com"),
        ("=cmd|' /C calc'!A0", "calc@example.com"),
        ("x", "x@example.com"),
    ]
    .into_iter()
    .enumerate()
    {
        let form = json!({"email": email, "name": name, "plan": "networker"});
        url(&world.start_checkout(&form).await);
        let stripe = world.sandbox.stripe().now();
        assert_eq!(stripe.objects("customer").count(), number + 1);
        let names: Vec<_> = stripe
            .objects("customer")
            .map(|customer| customer["name"].clone())
            .collect();
        assert!(names.contains(&json!(name)), "{names:?}");
    }
    // One person has one address, however it is typed.
    let again = json!({"email": " JOSE@example.com ", "name": "José", "plan": "networker"});
    url(&world.start_checkout(&again).await);
    assert_eq!(world.sandbox.stripe().now().objects("customer").count(), 5);
}

#[tokio::test]
async fn edge_who_has_a_subscription_is_told_what_to_do_instead() {
    let world = World::new();
    world.sign_up("ada@example.com", "prospector").await;
    let before = world.digest().await;
    for plan in ["prospector", "rainmaker"] {
        let answer = post(&world, with("plan", plan)).await;
        assert_refused(&answer, 409, "already_subscribed");
        assert!(
            words(&answer).contains("already has Prospector"),
            "{}",
            words(&answer)
        );
        assert!(
            words(&answer).contains("Change that plan instead"),
            "{}",
            words(&answer)
        );
    }
    assert_unchanged(&world, &before).await;
}

#[tokio::test]
async fn edge_a_second_tab_gets_the_same_page_and_another_plan_closes_the_first() {
    let world = World::new();
    let first = post(&world, form().to_string()).await;
    let before = world.digest().await;
    assert_eq!(post(&world, form().to_string()).await, first);
    assert_unchanged(&world, &before).await;

    let other = post(&world, with("plan", "rainmaker")).await;
    assert_ne!(url(&other), url(&first));
    let status = |answer: &Answer| {
        let session = url(answer).rsplit('/').next().unwrap().to_owned();
        world.at_stripe(&session)["status"].clone()
    };
    assert_eq!(
        (status(&first), status(&other)),
        (json!("expired"), json!("open"))
    );

    // And back: the closed page does not come up again.
    let back = post(&world, form().to_string()).await;
    assert_ne!(url(&back), url(&first));
    assert_eq!(
        (status(&other), status(&back)),
        (json!("expired"), json!("open"))
    );
    assert_eq!(world.sandbox.stripe().now().objects("customer").count(), 1);
}

#[tokio::test]
async fn edge_a_page_that_has_run_out_is_replaced() {
    let world = World::new();
    let first = post(&world, form().to_string()).await;
    world.advance_s(24 * 3600).await;
    let second = post(&world, form().to_string()).await;
    assert_ne!(url(&first), url(&second));
    let third = post(&world, form().to_string()).await;
    assert_eq!(url(&second), url(&third));
    assert_eq!(world.sandbox.stripe().now().objects("customer").count(), 1);
}

#[tokio::test]
async fn edge_a_page_paid_while_another_plan_is_chosen_is_what_counts() {
    let world = World::new();
    let opened = world.open_checkout("ada@example.com", "prospector").await;
    let gate = Gate::closed();
    let expires =
        Matching::service(Service::Stripe).and(|call| call.operation.ends_with("/expire"));
    world
        .sandbox
        .cloud()
        .faults()
        .plan(expires, Fault::HoldBefore(gate.clone()));
    let (answer, ()) = tokio::join!(post(&world, with("plan", "rainmaker")), async {
        gate.arrived(1).await;
        world.pay(&opened.session, TestCard::Good);
        gate.open();
    });
    assert_refused(&answer, 409, "checkout_completed");
    assert!(
        words(&answer).contains("Reload the page"),
        "{}",
        words(&answer)
    );
    world.settle().await;
    assert_eq!(
        world.sandbox.stripe().now().objects("subscription").count(),
        1
    );
    let again = post(&world, with("plan", "rainmaker")).await;
    assert_refused(&again, 409, "already_subscribed");
}

#[tokio::test]
async fn edge_two_tabs_at_once_make_one_customer_and_one_page() {
    for seed in 0..20 {
        let world = World::new();
        world
            .sandbox
            .cloud()
            .faults()
            .plan(Matching::any(), Fault::GiveWay(seed));
        let (one, two) = tokio::join!(
            post(&world, form().to_string()),
            post(&world, form().to_string())
        );
        assert_eq!(url(&one), url(&two), "seed {seed}");
        let stripe = world.sandbox.stripe().now();
        let counts = ["customer", "checkout.session"].map(|kind| stripe.objects(kind).count());
        assert_eq!(counts, [1, 1], "seed {seed}");
    }
}

#[tokio::test]
async fn edge_of_two_plans_chosen_at_once_one_page_is_handed_out_that_can_be_paid() {
    for seed in 0..20 {
        let world = World::new();
        world
            .sandbox
            .cloud()
            .faults()
            .plan(Matching::any(), Fault::GiveWay(seed));
        let answers: [Answer; 2] = tokio::join!(
            post(&world, form().to_string()),
            post(&world, with("plan", "rainmaker"))
        )
        .into();
        let payable = answers.iter().filter(|answer| {
            if answer.status == 409 {
                assert_refused(answer, 409, "checkout_in_progress");
                return false;
            }
            let session = url(answer).rsplit('/').next().unwrap();
            world.at_stripe(session)["status"] == "open"
        });
        assert_eq!(payable.count(), 1, "seed {seed}: {answers:?}");
        assert_eq!(
            world.sandbox.stripe().now().objects("customer").count(),
            1,
            "seed {seed}"
        );
    }
}
