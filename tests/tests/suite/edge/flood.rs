//! A flood of posts that nobody signed: row 43 of the failure modes.

use std::collections::BTreeMap;

use local::cloud::Service;
use stripe_sim::signature_header;
use tests::World;

use super::{assert_unchanged, sample};

/// Posts in a flood. The answer to each is the same, so more of them show nothing more.
const FLOOD: usize = 1_000;

#[tokio::test]
async fn edge_a_flood_of_unsigned_posts_makes_no_call_to_aws() {
    let world = World::new();
    let before = world.digest().await;
    let calls = world.sandbox.cloud().calls();
    calls.clear();
    let body = sample("customer.created").to_string();
    for number in 0..FLOOD {
        let header = ["", "t=1", "v1=abc", "nonsense"][number % 4];
        assert_eq!(world.post_webhook(body.clone(), header).await.status, 400);
        assert_eq!(
            world
                .request("POST", "/checkout", &[], body.clone())
                .await
                .status,
            400
        );
    }
    assert_eq!(calls.counts(), BTreeMap::new());
    assert_unchanged(&world, &before).await;
}

#[tokio::test]
async fn edge_a_flood_of_forged_signatures_asks_for_the_secret_twice_a_minute_at_most() {
    let world = World::new();
    let calls = world.sandbox.cloud().calls();
    calls.clear();
    let body = sample("customer.created").to_string();
    for _ in 0..3 {
        for _ in 0..FLOOD / 3 {
            let forged = signature_header("whsec_forged", world.now().as_s(), body.as_bytes());
            assert_eq!(world.post_webhook(body.clone(), &forged).await.status, 400);
        }
        world.sandbox.time().leap_to(world.now().plus_s(20)).await;
    }
    let asked = BTreeMap::from([((Service::Ssm, "GetParameter".to_owned()), 2)]);
    assert_eq!(
        calls.counts(),
        asked,
        "at 0 s and at 40 s; nothing else is called"
    );
}
