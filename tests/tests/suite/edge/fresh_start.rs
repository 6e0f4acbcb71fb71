//! Where Stripe will not let a customer go on as before, the checkout starts afresh instead of failing for a day.

use serde_json::json;
use shared::id::{CustomerId, UserId};
use shared::store::users::Profile;
use stripe_sim::{Fault, Moment};
use tests::World;

use super::assert_refused;
use super::checkout::{form, post, url, with};

/// Stripe answers the next call to `path` with a 500, which it keeps under the key of the call.
fn fail_once(world: &World, path: &str, moment: Moment) {
    world.sandbox.stripe().now().fail(Fault {
        method: "POST".to_owned(),
        path_start: path.to_owned(),
        status: 500,
        moment,
        times: 1,
    });
}

fn count(world: &World, kind: &str) -> usize {
    world.sandbox.stripe().now().objects(kind).count()
}

#[tokio::test(start_paused = true)]
async fn edge_a_failure_that_stripe_keeps_holds_nobody_up() {
    for path in ["/v1/customers", "/v1/checkout/sessions"] {
        for moment in [Moment::BeforeTheEffect, Moment::AfterTheEffect] {
            let world = World::new();
            fail_once(&world, path, moment);
            let answer = post(&world, form().to_string()).await;
            assert_eq!(answer.status, 200, "{path}, {moment:?}: {:?}", answer.body);
            assert_eq!(count(&world, "customer"), 1, "{path}, {moment:?}");
            // The page stays the user's page.
            let again = post(&world, form().to_string()).await;
            assert_eq!(url(&again), url(&answer), "{path}, {moment:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn edge_a_page_that_could_not_be_closed_is_closed_under_another_key() {
    for moment in [Moment::BeforeTheEffect, Moment::AfterTheEffect] {
        let world = World::new();
        let first = world.open_checkout("ada@example.com", "prospector").await;
        let expire = format!("/v1/checkout/sessions/{}/expire", first.session);
        fail_once(&world, &expire, moment);
        let other = post(&world, with("plan", "rainmaker")).await;
        assert_eq!(other.status, 200, "{moment:?}: {:?}", other.body);
        assert_eq!(world.at_stripe(&first.session)["status"], json!("expired"));
    }
}

#[tokio::test]
async fn edge_whose_customer_was_deleted_at_stripe_can_buy_again() {
    let world = World::new();
    let first = world.sign_up("ada@example.com", "prospector").await;
    let path = format!("/v1/customers/{}", first.customer);
    world.sandbox.stripe().call("DELETE", &path, &[]).unwrap();
    world.settle().await;

    let browser = world.customer("ada@example.com").await;
    let second = world.buy(&browser, "ada@example.com", "rainmaker").await;
    assert_ne!(second.customer, first.customer);
    let account = world.account(&second.customer).await;
    assert_eq!(account.subscriptions.len(), 1);
    world.advance_s(120).await;
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}

#[tokio::test]
async fn edge_a_customer_missing_at_another_account_of_stripes_stays_bound() {
    let world = World::new();
    let profile = Profile {
        user: UserId::parse(format!("user_{:032x}", 1)).unwrap(),
        email: "ada@example.com".to_owned(),
        name: "Ada Lovelace".to_owned(),
        customer: Some(CustomerId::parse("cus_elsewhere".to_owned()).unwrap()),
        checkout: None,
        decoy: None,
        keys_given_up: 0,
        created_at: world.now(),
    };
    world.store.take_in_user(profile.clone()).await.unwrap();
    let answer = post(&world, form().to_string()).await;
    assert_refused(&answer, 500, "internal");
    let kept = world.store.user_of_email(&profile.email).await.unwrap();
    assert_eq!(kept, Some(profile));
}
