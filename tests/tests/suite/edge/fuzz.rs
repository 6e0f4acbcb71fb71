//! Whatever is sent, nobody without the secret gets in, nothing panics, and nothing is answered 5xx.

use std::future::Future;

use axum::body::Bytes;
use http::{HeaderValue, Request};
use local::runtime::Failed;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use tests::World;

use super::sample;

/// Runs `check` on `cases` values in one world: a few seconds at most.
fn probe<T: std::fmt::Debug>(
    cases: u32,
    strategy: impl Strategy<Value = T>,
    check: impl AsyncFn(&World, T) -> Result<(), TestCaseError>,
    at_the_end: impl AsyncFn(&World),
) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let world = World::new();
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&strategy, |value| within(&runtime, check(&world, value)))
        .unwrap_or_else(|error| panic!("{error}"));
    within(&runtime, at_the_end(&world));
}

fn within<T>(runtime: &tokio::runtime::Runtime, work: impl Future<Output = T>) -> T {
    runtime.block_on(work)
}

/// Posts raw bytes; none where no HTTP client could send such a header.
async fn post(world: &World, header: &[u8], body: Vec<u8>) -> Option<(u16, Value)> {
    let header = HeaderValue::from_bytes(header).ok()?;
    let request = Request::post("/stripe/webhook")
        .header("content-type", "application/json")
        .header("user-agent", header.clone())
        .header("stripe-signature", header)
        .body(Bytes::from(body))
        .ok()?;
    let response = world.sandbox.gateway().handle(request, "203.0.113.7").await;
    let body = serde_json::from_slice(response.body()).unwrap_or_default();
    Some((response.status().as_u16(), body))
}

async fn refuses(world: &World, header: &[u8], body: Vec<u8>) -> Result<(), TestCaseError> {
    if let Some((status, body)) = post(world, header, body).await {
        let code = body["error"]["code"].as_str().unwrap_or_default();
        prop_assert!(
            status == 400 && code.starts_with("signature_"),
            "{status} {body}"
        );
    }
    Ok(())
}

/// Nothing at all was written, so nobody was let in.
async fn nothing_was_written(world: &World) {
    let digest = world.digest().await;
    assert_eq!(digest.since(&World::new().digest().await), "");
}

#[test]
fn edge_fuzz_one_bit_flipped_in_the_body_is_refused() {
    let body = sample("customer.created").to_string().into_bytes();
    probe(
        2_000,
        any::<Index>(),
        async |world, index| {
            let bit = index.index(body.len() * 8);
            let mut flipped = body.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            refuses(world, world.sign(&body).as_bytes(), flipped).await
        },
        nothing_was_written,
    );
}

#[tokio::test]
async fn edge_fuzz_every_bit_flipped_in_the_header_is_refused() {
    let world = World::new();
    let body = sample("customer.created").to_string().into_bytes();
    let good = world.sign(&body).into_bytes();
    for bit in 0..good.len() * 8 {
        let mut flipped = good.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        refuses(&world, &flipped, body.clone()).await.unwrap();
    }
    nothing_was_written(&world).await;
    assert_eq!(
        post(&world, &good, body).await.unwrap().0,
        200,
        "the flips were what was refused"
    );
}

#[test]
fn edge_fuzz_arbitrary_headers_are_refused() {
    let field = prop_oneof![
        "t=[0-9]{0,30}",
        "v[01]=[0-9a-fA-F]{0,80}",
        "[ -~]{0,40}",
        Just("t=1767225600".to_owned()),
    ];
    let texts = vec(field, 0..20).prop_map(|fields| fields.join(",").into_bytes());
    probe(
        1_000,
        prop_oneof![texts, vec(any::<u8>(), 0..200)],
        async |world, header| refuses(world, &header, b"{}".to_vec()).await,
        nothing_was_written,
    );
}

#[test]
fn edge_fuzz_arbitrary_signed_bytes_are_kept_and_never_fail() {
    let bytes = prop_oneof![
        vec(any::<u8>(), 0..300),
        any::<String>().prop_map(String::into_bytes),
        anything().prop_map(|value| value.to_string().into_bytes()),
    ]
    .prop_filter("a longer one is refused for that", |bytes| {
        bytes.len() <= 512 * 1024
    });
    probe(
        200,
        bytes,
        async |world, body| {
            let header = world.sign(&body);
            let answer = post(world, header.as_bytes(), body).await;
            prop_assert_eq!(answer, Some((200, json!({"outcome": "quarantined"}))));
            Ok(())
        },
        async |_| {},
    );
}

/// Any JSON value, those at the edges of their type above all.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop_oneof![Just(i64::MIN), Just(i64::MAX), Just(0), Just(-1)].prop_map(Value::from),
        Just(json!(u64::MAX)),
        Just(json!(1e308)),
        any::<String>().prop_map(Value::from),
        "(cus|sub|sub_sched|in|ch|re|dp|pm|evt|price|cs|user)_[a-z0-9]{0,20}".prop_map(Value::from),
        prop_oneof![Just(300_usize), Just(5_000), Just(400_000)]
            .prop_map(|length| "x".repeat(length).into()),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec(("[a-z_]{0,12}", inner), 0..4).prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

/// The places of every value within `value`, as JSON pointers, itself left out.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), value))
            .collect(),
        Value::Array(values) => values
            .iter()
            .enumerate()
            .map(|(n, value)| (n.to_string(), value))
            .collect(),
        _ => return,
    };
    for (name, value) in inner {
        let place = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
        places(value, &place, found);
        found.push(place);
    }
}

/// Puts `to` in a place of the event, or takes out what is there.
fn mutate(event: &mut Value, place: Index, to: Option<Value>) {
    let mut found = Vec::new();
    places(event, "", &mut found);
    if found.is_empty() {
        return;
    }
    let place = place.get(&found);
    let (parent, name) = place.rsplit_once('/').unwrap();
    match (event.pointer_mut(parent), to) {
        (Some(Value::Object(fields)), None) => drop(fields.remove(name)),
        (Some(Value::Array(values)), None) => drop(values.pop()),
        (_, Some(to)) => *event.pointer_mut(place).unwrap() = to,
        _ => {}
    }
}

#[test]
fn edge_fuzz_mutated_events_are_taken_and_end_settled() {
    let samples: Vec<Value> = stripe_sim::sample_events().into_values().collect();
    let mutations = vec((any::<Index>(), proptest::option::of(anything())), 1..4);
    let number = std::cell::Cell::new(0);
    probe(
        600,
        (any::<Index>(), mutations),
        async |world, (index, mutations)| {
            let mut event = index.get(&samples).clone();
            number.set(number.get() + 1);
            event["id"] = format!("evt_fuzz{}", number.get()).into();
            for (place, to) in mutations {
                mutate(&mut event, place, to);
            }
            let answer = world.deliver(&event).await;
            let fits = event.to_string().len() <= 512 * 1024;
            prop_assert_eq!(answer.status, if fits { 200 } else { 413 }, "{:?}", answer);
            Ok(())
        },
        async |world| {
            world.advance_s(24 * 3600).await;
            let digest = world.digest().await;
            for row in digest.table("billing_events") {
                let outcome = row["outcome"]["S"].as_str().unwrap();
                assert!(
                    !["pending", "dead"].contains(&outcome),
                    "{} {} {}",
                    row["kind"]["S"],
                    row["reason"],
                    row["object_id"]
                );
            }
            let failed = world
                .sandbox
                .functions()
                .latest()
                .into_iter()
                .filter_map(|ran| ran.failure);
            assert_eq!(failed.collect::<Vec<_>>(), Vec::<String>::new());
        },
    );
}

#[test]
fn edge_fuzz_no_event_of_the_gateway_makes_a_function_panic() {
    let encoded = prop_oneof![Just(json!(true)), Just(json!(false)), anything(),];
    let body = prop_oneof![anything(), "[A-Za-z0-9+/=]{0,40}".prop_map(Value::from)];
    let header = prop_oneof![
        anything(),
        Just(json!({"stripe-signature": "t=1,v1=ab", "content-type": "application/json"})),
        vec(("[ -~]{0,20}", anything()), 0..4).prop_map(|fields| fields.into_iter().collect()),
    ];
    let function = prop_oneof![
        Just(("stripe-webhook", "POST /stripe/webhook")),
        Just(("start-checkout", "POST /checkout")),
        Just(("start-checkout", "GET /checkout/pages/{page}")),
    ];
    probe(
        1_000,
        (
            function,
            body,
            encoded,
            header,
            proptest::option::of(any::<Index>()),
        ),
        async |world, ((function, route), body, encoded, headers, missing)| {
            let mut event = json!({
                "version": "2.0",
                "rawPath": "/",
                "rawQueryString": "",
                "requestContext": {"http": {"method": "POST", "path": "/", "sourceIp": "203.0.113.7"}},
                "headers": headers,
                "body": body,
                "isBase64Encoded": encoded,
            });
            if let Some(place) = missing {
                mutate(&mut event, place, None);
            }
            // By this the gateway chose the function.
            event["routeKey"] = json!(route);
            match world.sandbox.functions().invoke(function, event).await {
                Ok(answer) => prop_assert!(answer["statusCode"].as_u64() < Some(500), "{}", answer),
                // What is no event of the gateway's cannot come from it. A failed invocation is the right word for it.
                Err(Failed::Returned(_)) => {}
                Err(other) => prop_assert!(false, "{other}"),
            }
            Ok(())
        },
        nothing_was_written,
    );
}
