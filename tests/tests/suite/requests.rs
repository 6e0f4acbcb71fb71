//! What the functions ask of Stripe, written down as they ask it: `tests/official` holds it against the types of Stripe's own
//! libraries.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use local::cloud::StripeRequest;
use serde_json::{Value, json};
use stripe_sim::{API_VERSION, Fault, Moment, TestCard};
use tests::history::Deed;
use tests::{DAY_S, World};

/// Where the requests are left for the official libraries.
const REQUESTS: &str = "../target/official/requests.json";

/// What is asked in a year and a day of trouble: a call that is new here is new to the libraries too. The objects that are read
/// by their identifiers alone, without a parameter, are not all among them.
const ROUTES: [&str; 19] = [
    "GET /v1/charges/:id",
    "GET /v1/checkout/sessions/:id",
    "GET /v1/customers",
    "GET /v1/customers/:id",
    "GET /v1/disputes",
    "GET /v1/disputes/:id",
    "GET /v1/events",
    "GET /v1/invoices",
    "GET /v1/prices",
    "GET /v1/refunds",
    "GET /v1/refunds/:id",
    "GET /v1/subscriptions",
    "GET /v1/subscriptions/:id",
    "GET /v1/webhook_endpoints",
    "POST /v1/checkout/sessions",
    "POST /v1/checkout/sessions/:id/expire",
    "POST /v1/customers",
    "POST /v1/subscription_schedules",
    "POST /v1/subscription_schedules/:id",
];

type Requests = Arc<Mutex<Vec<StripeRequest>>>;

/// A world that keeps every request to Stripe.
fn listening() -> (World, Requests) {
    let world = World::new();
    let requests = Requests::default();
    let answers = world.sandbox.stripe().handler("http://127.0.0.1:4242");
    let kept = requests.clone();
    world.sandbox.cloud().set_stripe(Arc::new(move |request| {
        kept.lock().unwrap().push(request.clone());
        answers(request)
    }));
    (world, requests)
}

/// The path with every identifier named `:id`.
fn route(request: &StripeRequest) -> String {
    let steps = request.path.split('/').map(|step| {
        let is_random = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
        let is_id = step.bytes().any(is_random) && step != "v1";
        if is_id { ":id" } else { step }
    });
    format!("{} {}", request.method, steps.collect::<Vec<_>>().join("/"))
}

/// A founding member through a year of what customers do.
async fn a_year(world: &World) {
    // Another plan closes the page that was open for the first.
    world.open_checkout("ada@example.com", "rainmaker").await;
    let ada = world.sign_up("ada@example.com", "founding_member").await;
    world.advance_s(100 * DAY_S).await;
    world.happen(ada.customer.as_ref(), Deed::Refund);
    world.happen(
        ada.customer.as_ref(),
        Deed::Card(TestCard::DeclinedAfterAttach),
    );
    world.advance_s(31 * DAY_S).await;
    world.happen(ada.customer.as_ref(), Deed::Card(TestCard::Good));
    world.happen(ada.customer.as_ref(), Deed::LoseDispute);
    world.advance_s(2 * DAY_S).await;
    for table in ["refunds", "disputes", "invoices"] {
        world.lose_rows(table, |_| true).await;
    }
    world
        .lose_rows("users", |row| {
            row["sk"]["S"]
                .as_str()
                .is_some_and(|sk| sk.starts_with("subscription"))
        })
        .await;
    world.advance_s(2 * DAY_S).await;
    world.happen(ada.customer.as_ref(), Deed::Cancel);
    world.advance_s(2 * DAY_S).await;
}

/// Checkouts that begin afresh, and news whose order the record cannot tell.
async fn a_day_of_trouble(world: &World) {
    world.all_pending().await;
    world.advance_s(DAY_S).await;
    world.sandbox.stripe().now().fail(Fault {
        method: "POST".to_owned(),
        path_start: "/v1/customers".to_owned(),
        status: 500,
        moment: Moment::AfterTheEffect,
        times: 1,
    });
    let grace = world.sign_up("grace@example.com", "prospector").await;
    let customer = grace.customer.as_ref();
    world.advance_s(DAY_S).await;
    for deed in [
        Deed::Move("rainmaker"),
        Deed::Move("prospector"),
        Deed::Move("rainmaker"),
        Deed::EndWithPeriod(true),
        Deed::EndWithPeriod(false),
        Deed::EndWithPeriod(true),
        Deed::Refund,
    ] {
        world.happen(customer, deed);
    }
    let mut held = world.hold_webhooks();
    held.reverse();
    for event in &held {
        world.bring(event).await;
    }
    world.advance_s(DAY_S).await;
    let browser = world.customer("grace@example.com").await;
    world.happen(customer, Deed::DeleteCustomer);
    world.hold_webhooks();
    world
        .order(&browser, "grace@example.com", "prospector")
        .await;
}

#[tokio::test(start_paused = true)]
async fn what_the_functions_ask_of_stripe_is_written_down_for_its_own_libraries() {
    let (world, requests) = listening();
    a_year(&world).await;
    let (troubled, more) = listening();
    a_day_of_trouble(&troubled).await;
    let mut asked: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    let both = [requests, more].map(|requests| requests.lock().unwrap().clone());
    for request in both.iter().flatten() {
        assert_eq!(request.header("stripe-version"), Some(API_VERSION));
        if request.method == "POST" {
            assert!(request.header("idempotency-key").is_some(), "{request:?}");
        }
        asked.entry(route(request)).or_default().push(json!({
            "method": request.method, "path": request.path, "query": request.query, "body": request.body,
        }));
    }
    let routes: Vec<&str> = asked.keys().map(String::as_str).collect();
    assert_eq!(routes, ROUTES);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(REQUESTS);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    let written = serde_json::to_vec_pretty(&asked).unwrap();
    std::fs::write(file, written).unwrap();
}
