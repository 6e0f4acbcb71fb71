//! Which page to pay on a customer gets: one, and none where there is a subscription already.

use std::time::Duration;

use local::cloud::{Fault, Gate, Matching, Service};
use serde_json::json;
use stripe_sim::TestCard;
use tests::{Answer, World};

use super::checkout::{form, post, url, with, words};
use super::{assert_refused, assert_unchanged};

#[tokio::test]
async fn edge_who_has_a_subscription_is_told_what_to_do_instead() {
    let world = World::new();
    world.sign_up("ada@example.com", "prospector").await;
    let before = world.digest().await;
    for plan in ["prospector", "rainmaker"] {
        let answer = post(&world, with("plan", plan)).await;
        assert_refused(&answer, 409, "already_subscribed");
        assert!(
            words(&answer).contains("Change its plan instead"),
            "{}",
            words(&answer)
        );
        assert!(!words(&answer).contains("Prospector"), "{}", words(&answer));
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
    assert_eq!(world.count_at_stripe("customer"), 1);
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
    assert_eq!(world.count_at_stripe("customer"), 1);
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
        let arrived = tokio::time::timeout(Duration::from_secs(10), gate.arrived(1));
        arrived.await.expect("the first page is closed at Stripe");
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
    assert_eq!(world.count_at_stripe("subscription"), 1);
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
        assert_eq!(world.count_at_stripe("customer"), 1, "seed {seed}");
    }
}
