//! Which page to pay on a customer gets: one.

use local::cloud::{Fault, Matching};
use tests::{Answer, World};

use super::checkout::{form, leads_to, post, url, with};
use super::{assert_refused, assert_unchanged};

#[tokio::test]
async fn edge_a_second_tab_gets_the_same_page_and_another_plan_closes_the_first() {
    let world = World::new();
    let first = post(&world, form().to_string()).await;
    let before = world.digest().await;
    assert_eq!(post(&world, form().to_string()).await, first);
    assert_unchanged(&world, &before).await;

    let other = post(&world, with("plan", "rainmaker")).await;
    assert_ne!(url(&other), url(&first));
    assert_eq!(leads_to(&world, &first).await, None);
    let open = leads_to(&world, &other).await.unwrap();
    assert_eq!(world.at_stripe(&open)["status"], "open");

    // And back: the closed page does not come up again.
    let back = post(&world, form().to_string()).await;
    assert_ne!(url(&back), url(&first));
    assert_eq!(leads_to(&world, &other).await, None);
    assert_eq!(world.at_stripe(&open)["status"], "expired");
    let open = leads_to(&world, &back).await.unwrap();
    assert_eq!(world.at_stripe(&open)["status"], "open");
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
        let mut payable = 0;
        for answer in &answers {
            if answer.status == 409 {
                assert_refused(answer, 409, "checkout_in_progress");
                continue;
            }
            if let Some(session) = leads_to(&world, answer).await {
                assert_eq!(world.at_stripe(&session)["status"], "open", "seed {seed}");
                payable += 1;
            }
        }
        assert_eq!(payable, 1, "seed {seed}: {answers:?}");
        assert_eq!(world.count_at_stripe("customer"), 1, "seed {seed}");
    }
}
