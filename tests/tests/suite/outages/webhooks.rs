//! What happens to webhooks on their way.

use serde_json::{Value, json};
use tests::{DAY_S, World};

use super::{HEALED_WITHIN_S, answered, assert_converged, noted};

/// A founding member signs up and becomes a Prospector while `fault` strikes.
async fn lived_through(fault: &Value) -> World {
    let world = World::new();
    let id = world.plan_fault(fault).await;
    world.sign_up("ada@example.com", "founding_member").await;
    world.advance_s(93 * DAY_S).await;
    let struck = world.take_fault_back(id).await;
    assert!(struck > 10, "{fault} struck {struck} times");
    world.advance_s(HEALED_WITHIN_S).await;
    world
}

#[tokio::test(start_paused = true)]
async fn deliveries_that_come_several_times_at_once_take_effect_once() {
    let fault = json!({ "on": "webhooks", "fault": "duplicate", "copies": 5 });
    let world = lived_through(&fault).await;
    assert!(noted(&world).contains(&"copy 5 of 5".to_owned()));
    assert_converged(&world, &fault).await;
    assert_eq!(
        world.subjects(),
        ["Welcome to Linky", "Your Linky plan is now Prospector"]
    );
}

#[tokio::test(start_paused = true)]
async fn deliveries_in_another_order_end_in_the_right_state() {
    for fault in [
        json!({ "on": "webhooks", "fault": "reorder", "within_s": 30 }),
        json!({ "on": "webhooks", "fault": "burst", "count": 20, "within_s": 60 }),
        json!({ "on": "webhooks", "fault": "same_second", "within_s": 60 }),
        json!({ "on": "webhooks", "fault": "delay", "delay_s": 3600, "percent": 50, "seed": 3 }),
        json!({ "on": "webhooks", "fault": "api_version", "api_version": "2025-03-31.basil" }),
    ] {
        let world = lived_through(&fault).await;
        assert!(!noted(&world).is_empty(), "{fault}");
        assert_converged(&world, &fault).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_corrupt_body_or_a_wrong_signature_is_refused_and_changes_nothing() {
    for (fault, times) in [("corrupt", 4), ("wrong_secret", 400)] {
        let ask = json!({ "on": "webhooks", "fault": fault, "times": times });
        let world = World::new();
        let ada = world.open_checkout("ada@example.com", "prospector").await;
        world.settle().await;
        world.pay(&ada.session, stripe_sim::TestCard::Good);
        let before = world.digest().await;
        let all = json!({ "on": "webhooks", "fault": fault });
        let id = world.plan_fault(&all).await;
        world.settle().await;
        let struck = world.take_fault_back(id).await;
        assert!(struck > 3, "{fault} struck {struck} times");
        assert_eq!(answered(&world, 400), usize::try_from(struck).unwrap());
        assert_eq!(world.digest().await, before, "{fault}");
        // Stripe sends again what was refused; some of it is spoiled once more.
        world.plan_fault(&ask).await;
        world.advance_s(2 * DAY_S).await;
        assert_converged(&world, &ask).await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_previous_secret_is_good_while_it_is_held() {
    let fault = json!({ "on": "webhooks", "fault": "old_secret" });
    let world = lived_through(&fault).await;
    assert_eq!(answered(&world, 400), 0);
    assert_converged(&world, &fault).await;
}

#[tokio::test(start_paused = true)]
async fn what_never_arrives_is_found_by_stripes_repetitions_or_by_the_night() {
    for fault in [
        json!({ "on": "webhooks", "fault": "drop", "percent": 50, "seed": 1 }),
        json!({ "on": "webhooks", "fault": "drop", "for_s": 4 * DAY_S }),
        json!({ "on": "webhooks", "fault": "swallow", "for_s": 3600 }),
    ] {
        let world = World::new();
        let id = world.plan_fault(&fault).await;
        world.sign_up("ada@example.com", "prospector").await;
        world.advance_s(6 * DAY_S).await;
        assert!(world.take_fault_back(id).await > 3, "{fault}");
        world.advance_s(DAY_S).await;
        assert_converged(&world, &fault).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_wrong_refuses_signatures_until_it_is_right_again() {
    for seconds in [-400, 400] {
        let world = World::new();
        let ada = world.open_checkout("ada@example.com", "prospector").await;
        world.settle().await;
        let answer = world
            .control("POST", "skew", &json!({ "seconds": seconds }))
            .await;
        assert_eq!(
            (answer.status, answer.body),
            (200, json!({ "skew_s": seconds }))
        );
        world.pay(&ada.session, stripe_sim::TestCard::Good);
        let before = answered(&world, 400);
        world.settle().await;
        assert!(answered(&world, 400) > before + 3, "{seconds}");
        world
            .control("POST", "skew", &json!({ "seconds": 0 }))
            .await;
        world.advance_s(DAY_S).await;
        assert_converged(&world, &json!({ "skew": seconds })).await;
    }
}
