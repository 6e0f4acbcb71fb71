//! The built function as a process: under a flood of posts that nobody signed, and killed between any two of its calls.

use std::time::Duration;

use local::cloud::{Fault, Gate, Matching};
use serde_json::Value;
use shared::time::Timestamp;
use stripe_sim::{TestCard, signature_header};
use tests::World;
use tests::process::{Deployed, Loopback};
use tests::triggers::webhook_request;

const PROGRAM: (&str, &str) = ("stripe-webhook", env!("CARGO_BIN_EXE_stripe-webhook"));

/// What the template gives it, in effect: it is told, and nobody ends it.
const TIMEOUT: Duration = Duration::from_secs(25);

/// Posts in the flood.
const POSTS: usize = 3_000;

/// Growth of its memory that is no leak: a body of 512 KiB is held a few times over while it is looked at.
const GROWTH_BYTES_MAX: u64 = 8 * 1024 * 1024;

fn signed(world: &World, body: &str) -> Value {
    webhook_request(body, &world.sign(body.as_bytes()), world.now())
}

/// Five posts that are not from Stripe, of which one has the largest body that is looked at.
fn forgeries(world: &World, genuine: &str, largest: &str) -> Vec<Value> {
    let now = world.now();
    let secret = world.sandbox.signing_secret();
    let of = |at: Timestamp, secret: &str, body: &str| {
        signature_header(secret, at.as_s(), body.as_bytes())
    };
    let tampered = genuine.replacen("evt_", "evt_x", 1);
    vec![
        webhook_request(genuine, "", now),
        webhook_request(genuine, &of(now, "whsec_guessed", genuine), now),
        webhook_request(genuine, &of(now.plus_s(-301), secret, genuine), now),
        webhook_request(&tampered, &of(now, secret, genuine), now),
        webhook_request(largest, "t=1,v1=00,v1=,v0=garbled", now),
    ]
}

#[tokio::test]
async fn a_flood_of_forged_posts_costs_no_call_and_stripe_gets_through() {
    let world = World::in_real_time();
    let ada = world.open_checkout("ada@example.com", "prospector").await;
    world.pay(&ada.session, TestCard::Good);
    let events = world.hold_webhooks();
    let cloud = world.sandbox.cloud();
    let loopback = Loopback::serve(cloud.clone()).await.unwrap();
    let mut function = Deployed::start(&world, &loopback, PROGRAM, TIMEOUT)
        .await
        .unwrap();
    let largest = "x".repeat(512 * 1024);
    let forgeries = forgeries(&world, events[0].text(), &largest);
    for forged in &forgeries {
        function.handle(forged).await.unwrap();
    }

    let before = world.digest().await;
    let memory_before = function.process.memory_bytes();
    cloud.calls().clear();
    for forged in forgeries.iter().cycle().take(POSTS) {
        let answer = function.handle(forged).await.unwrap().body;
        assert_eq!(answer["statusCode"], 400, "{answer}");
    }
    assert_eq!(cloud.calls().latest().len(), 0);
    assert_eq!(world.digest().await, before);
    if let (Some(before), Some(after)) = (memory_before, function.process.memory_bytes()) {
        assert!(
            after < before + GROWTH_BYTES_MAX,
            "{before} bytes, then {after}"
        );
    }

    for event in &events {
        let answer = function
            .handle(&signed(&world, event.text()))
            .await
            .unwrap()
            .body;
        assert_eq!(answer["statusCode"], 200, "{answer}");
    }
    assert!(world.account(&ada.customer).await.subscription().is_some());
}

/// Calls at which it is killed: it makes fewer for one event.
const CALLS_MAX: u64 = 8;

#[tokio::test]
async fn killed_between_any_two_calls_an_event_takes_effect_once_when_stripe_sends_it_again() {
    for number in 1..=CALLS_MAX {
        for hold in [Fault::HoldBefore, Fault::HoldAfter] {
            let world = World::in_real_time();
            let ada = world.open_checkout("ada@example.com", "prospector").await;
            world.pay(&ada.session, TestCard::Good);
            let events = world.hold_webhooks();
            let loopback = Loopback::serve(world.sandbox.cloud().clone())
                .await
                .unwrap();
            let gate = Gate::closed();
            let faults = world.sandbox.cloud().faults();
            faults.plan(Matching::any().by("").nth(number), hold(gate.clone()));

            let mut doomed = Deployed::start(&world, &loopback, PROGRAM, TIMEOUT)
                .await
                .unwrap();
            for event in &events {
                let request = signed(&world, event.text());
                tokio::select! {
                    answer = doomed.handle(&request) => { answer.unwrap(); }
                    () = gate.arrived(1) => break,
                }
            }
            assert_eq!(gate.waiting(), 1, "it makes no {number} calls");
            drop(doomed);
            gate.open();

            let mut next = Deployed::start(&world, &loopback, PROGRAM, TIMEOUT)
                .await
                .unwrap();
            for event in &events {
                let answer = next
                    .handle(&signed(&world, event.text()))
                    .await
                    .unwrap()
                    .body;
                assert_eq!(answer["statusCode"], 200, "{answer}");
            }
            drop((next, loopback));
            world.advance_s(15 * 60).await;
            assert_eq!(
                world.wrongs().await,
                Vec::<String>::new(),
                "killed at call {number}"
            );
        }
    }
}
