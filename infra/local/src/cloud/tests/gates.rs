//! Two invocations in flight, put in order at their calls.

use super::clients::{cloud, create_things, dynamodb, put};
use crate::cloud::{Fault, Gate, Matching};

#[tokio::test]
async fn a_call_held_before_its_effect_lets_another_overtake_it() {
    let (_, cloud) = cloud();
    create_things(&cloud);
    let (slow, quick) = (
        dynamodb(cloud.connector_of("slow")),
        dynamodb(cloud.connector_of("quick")),
    );
    let gate = Gate::closed();
    let planned = cloud
        .faults()
        .plan(Matching::any().by("slow"), Fault::HoldBefore(gate.clone()));
    let new = |client| {
        put(client, "one")
            .condition_expression("attribute_not_exists(pk)")
            .send()
    };
    let overtaking = async {
        gate.arrived(1).await;
        let overtaken = new(&quick).await;
        gate.let_one_through();
        overtaken
    };
    let (slow_outcome, quick_outcome) = tokio::join!(new(&slow), overtaking);
    quick_outcome.unwrap();
    assert!(
        slow_outcome
            .unwrap_err()
            .into_service_error()
            .is_conditional_check_failed_exception()
    );
    assert_eq!((planned.struck(), gate.waiting()), (1, 0));
}

#[tokio::test]
async fn a_call_held_after_its_effect_has_had_it() {
    let (_, cloud) = cloud();
    create_things(&cloud);
    let (slow, quick) = (
        dynamodb(cloud.connector_of("slow")),
        dynamodb(cloud.connector_of("quick")),
    );
    let gate = Gate::closed();
    cloud
        .faults()
        .plan(Matching::any().by("slow"), Fault::HoldAfter(gate.clone()));
    let new = |client| {
        put(client, "one")
            .condition_expression("attribute_not_exists(pk)")
            .send()
    };
    let late = async {
        gate.arrived(1).await;
        let late = new(&quick).await;
        gate.open();
        late
    };
    let (slow_outcome, quick_outcome) = tokio::join!(new(&slow), late);
    slow_outcome.unwrap();
    assert!(
        quick_outcome
            .unwrap_err()
            .into_service_error()
            .is_conditional_check_failed_exception()
    );
    new(&slow).await.unwrap_err();
}

#[tokio::test]
async fn a_caller_that_gives_up_no_longer_waits_at_the_gate() {
    let (_, cloud) = cloud();
    create_things(&cloud);
    let client = dynamodb(&cloud);
    let gate = Gate::closed();
    cloud
        .faults()
        .plan(Matching::any(), Fault::HoldBefore(gate.clone()));
    {
        let write = put(&client, "one").send();
        tokio::select! {
            _ = write => panic!("the gate is closed"),
            () = gate.arrived(1) => {}
        }
    }
    assert_eq!(gate.waiting(), 0);
}

/// The order in which the calls of two callers ended, each making three.
async fn order(seed: u64) -> Vec<String> {
    let (_, cloud) = cloud();
    create_things(&cloud);
    cloud.faults().plan(Matching::any(), Fault::GiveWay(seed));
    let three = async |caller: &str| {
        let client = dynamodb(cloud.connector_of(caller));
        for number in 0..3 {
            put(&client, &format!("{caller}{number}"))
                .send()
                .await
                .unwrap();
        }
    };
    tokio::join!(three("a"), three("b"));
    let made = cloud.calls().latest();
    made.iter().map(|call| call.caller.to_string()).collect()
}

#[tokio::test]
async fn calls_that_give_way_meet_in_the_order_of_their_seed() {
    let mut orders = std::collections::BTreeSet::new();
    for seed in 0..40 {
        let order_of_seed = order(seed).await;
        assert_eq!(order(seed).await, order_of_seed);
        orders.insert(order_of_seed.concat());
    }
    assert!(orders.len() >= 10, "of the 20 possible orders: {orders:?}");
}

#[tokio::test]
async fn of_two_callers_that_give_way_each_is_first_for_some_seed() {
    let mut first = std::collections::BTreeSet::new();
    for seed in 0..20 {
        let (_, cloud) = cloud();
        create_things(&cloud);
        cloud.faults().plan(Matching::any(), Fault::GiveWay(seed));
        let claim = async |caller: &str| {
            let client = dynamodb(cloud.connector_of(caller));
            let claim = put(&client, "one").condition_expression("attribute_not_exists(pk)");
            claim.send().await.is_ok()
        };
        first.insert(tokio::join!(claim("a"), claim("b")));
    }
    let expected = [(false, true), (true, false)];
    assert_eq!(first, std::collections::BTreeSet::from(expected));
}
