//! Services that fail for a while, and a worker that dies: what is on record equals Stripe once they are back.

use serde_json::{Value, json};
use stripe_sim::TestCard;
use tests::{DAY_S, World};

use super::{HEALED_WITHIN_S, assert_converged};

/// A customer has paid when the fault begins; an hour and a half later it is over by itself.
async fn paid_into(fault: &Value) -> World {
    let world = World::new();
    let ada = world
        .open_checkout("ada@example.com", "founding_member")
        .await;
    let id = world.plan_fault(fault).await;
    world.pay(&ada.session, TestCard::Good);
    world.advance_s(90 * 60).await;
    let struck = world.take_fault_back(id).await;
    assert!(struck > 0, "{fault} never struck");
    world
}

#[tokio::test(start_paused = true)]
async fn stripe_down_for_an_hour_leaves_the_record_equal_to_stripe() {
    let fault = json!({ "on": "stripe", "fault": "down", "for_s": 3600 });
    let world = paid_into(&fault).await;
    world.advance_s(HEALED_WITHIN_S).await;
    let schedules = {
        let stripe = world.sandbox.stripe().now();
        stripe.objects("subscription_schedule").count()
    };
    assert_eq!(schedules, 1);
    assert_converged(&world, &fault).await;
}

#[tokio::test(start_paused = true)]
async fn every_other_outage_of_an_hour_is_healed_too() {
    for (on, fault) in [
        ("stripe", "throttle"),
        ("stripe", "lost_answer"),
        ("stripe", "timeout"),
        ("dynamodb", "down"),
        ("dynamodb", "throttle"),
        ("dynamodb", "error_before"),
        ("dynamodb", "error_after"),
        ("dynamodb", "lost_answer"),
        ("dynamodb", "conflict"),
        ("sqs", "down"),
        ("sqs", "throttle"),
        ("sqs", "lost_answer"),
        ("ses", "down"),
        ("ses", "throttle"),
        ("ses", "error_before"),
    ] {
        let fault = json!({ "on": on, "fault": fault, "for_s": 3600 });
        let world = paid_into(&fault).await;
        world.advance_s(DAY_S).await;
        assert_converged(&world, &fault).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_that_stripe_repeats_under_the_key_is_outlived() {
    for fault in ["error_before", "error_after"] {
        let fault = json!({ "on": "stripe", "fault": fault, "for_s": 3600 });
        let world = paid_into(&fault).await;
        // Stripe forgets a key after a day.
        world.advance_s(3 * DAY_S).await;
        assert_converged(&world, &fault).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_500_of_stripe_is_repeated_under_its_key_and_under_no_other() {
    let world = World::new();
    let call = async |key: &str| {
        let request = http::Request::post("https://api.stripe.com/v1/customers")
            .header("authorization", "Bearer rk_test_sandbox")
            .header("idempotency-key", key)
            .body("email=ada@example.com".into())
            .unwrap();
        let answer = world.sandbox.cloud().handle(request).await.unwrap();
        answer.status().as_u16()
    };
    // The second call it strikes is a repetition, which is answered with what is kept.
    let fault = json!({ "on": "stripe", "fault": "error_before", "times": 2 });
    let id = world.plan_fault(&fault).await;
    assert_eq!(
        [call("one").await, call("one").await, call("one").await],
        [500; 3]
    );
    assert_eq!(world.take_fault_back(id).await, 2);
    assert_eq!(call("another").await, 200);
    // Stripe forgets a key after a day.
    world.advance_s(DAY_S + 60).await;
    assert_eq!(call("one").await, 200);
}

#[tokio::test(start_paused = true)]
async fn calls_that_fail_now_and_then_are_healed_whatever_the_seed() {
    for seed in 1..=4 {
        let fault = json!({ "on": "dynamodb", "fault": "error_after", "percent": 30, "seed": seed, "for_s": 3600 });
        let world = paid_into(&fault).await;
        world.advance_s(HEALED_WITHIN_S).await;
        assert_converged(&world, &fault).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_worker_killed_between_any_two_calls_is_made_up_for() {
    for call in 1..=12 {
        let world = World::new();
        let fault =
            json!({ "on": "function", "fault": "die", "function": "retry-event", "call": call });
        let id = world.plan_fault(&fault).await;
        world.sign_up("ada@example.com", "founding_member").await;
        world.advance_s(HEALED_WITHIN_S).await;
        let killed = world.sandbox.functions().latest();
        let killed = killed.iter().filter_map(|ran| ran.failure.as_deref());
        let struck = world.take_fault_back(id).await;
        assert_eq!(killed.count(), usize::try_from(struck).unwrap());
        assert!(struck == 1 || call > 8, "call {call} was never made");
        assert_converged(&world, &fault).await;
    }
}
