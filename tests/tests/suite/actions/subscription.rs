//! What is done to a subscription.

use local::browser::{Browser, Page};
use serde_json::{Value, json};
use shared::staff::Role;
use stripe_sim::{OpenInvoices, TestCard};
use tests::{DAY_S, SignedUp, World};

use super::{id, world};

async fn act(browser: &Browser<'_>, ada: &SignedUp, number: u64, order: &Value) -> Page {
    let path = format!("/api/admin/users/{}/subscription", ada.customer);
    let form = json!({ "order": order, "reason": "She asked for it" });
    browser
        .send(
            "POST",
            &path,
            Some(&form),
            &[("idempotency-key", &id(number))],
        )
        .await
}

fn at_stripe(world: &World) -> Value {
    let stripe = world.sandbox.stripe().now();
    stripe.objects("subscription").next().unwrap().clone()
}

async fn is_on_record_as_at_stripe(world: &World) {
    world.advance_s(120).await;
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}

#[tokio::test]
async fn it_is_ended_with_its_period_kept_after_all_and_ended_now() {
    let (world, cards, ada, _) = world().await;
    let support = world.signed_in(&cards, Role::Support).await;
    let later = json!({ "operation": "cancel", "when": "period_end" });
    let page = act(&support, &ada, 1, &later).await;
    assert_eq!(
        (page.status, &page.body["state"]),
        (200, &json!("succeeded")),
        "{page:?}"
    );
    assert_eq!(at_stripe(&world)["cancel_at_period_end"], true);
    assert_eq!(act(&support, &ada, 2, &later).await.code(), "nothing_to_do");
    let undo = json!({ "operation": "undo_cancel" });
    assert_eq!(
        act(&support, &ada, 3, &undo).await.body["state"],
        "succeeded"
    );
    assert_eq!(at_stripe(&world)["cancel_at_period_end"], false);
    assert_eq!(act(&support, &ada, 4, &undo).await.code(), "nothing_to_do");
    is_on_record_as_at_stripe(&world).await;
    let now = json!({ "operation": "cancel", "when": "now" });
    assert_eq!(
        act(&support, &ada, 5, &now).await.body["state"],
        "succeeded"
    );
    assert_eq!(at_stripe(&world)["status"], "canceled");
    is_on_record_as_at_stripe(&world).await;
    assert_eq!(act(&support, &ada, 6, &now).await.code(), "no_subscription");
}

#[tokio::test]
async fn a_founding_member_who_leaves_with_the_period_does_not_become_a_prospector() {
    let world = World::new();
    let cards = world.staff().await;
    let ada = world.sign_up("ada@example.com", "founding_member").await;
    world.advance_s(120).await;
    let support = world.signed_in(&cards, Role::Support).await;
    let later = json!({ "operation": "cancel", "when": "period_end" });
    let page = act(&support, &ada, 1, &later).await;
    assert_eq!(page.body["state"], "succeeded", "{page:?}");
    world.advance_s(100 * DAY_S).await;
    assert_eq!(at_stripe(&world)["status"], "canceled");
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}

#[tokio::test]
async fn collecting_is_stopped_and_begun_again() {
    let (world, cards, ada, _) = world().await;
    let support = world.signed_in(&cards, Role::Support).await;
    let (pause, resume) = (
        json!({ "operation": "pause_collection" }),
        json!({ "operation": "resume_collection" }),
    );
    assert_eq!(
        act(&support, &ada, 1, &resume).await.code(),
        "nothing_to_do"
    );
    assert_eq!(
        act(&support, &ada, 2, &pause).await.body["state"],
        "succeeded"
    );
    assert_eq!(at_stripe(&world)["pause_collection"]["behavior"], "void");
    assert_eq!(act(&support, &ada, 3, &pause).await.code(), "nothing_to_do");
    let page = act(&support, &ada, 4, &resume).await;
    assert_eq!(page.body["state"], "succeeded", "{page:?}");
    assert_eq!(at_stripe(&world)["pause_collection"], json!(null));
    is_on_record_as_at_stripe(&world).await;
}

#[tokio::test]
async fn the_next_payment_is_put_off_by_days_and_no_more_than_the_role_may() {
    let (world, cards, ada, _) = world().await;
    let support = world.signed_in(&cards, Role::Support).await;
    let due = at_stripe(&world)["items"]["data"][0]["current_period_end"]
        .as_i64()
        .unwrap();
    let extend = |days: i64| json!({ "operation": "extend", "days": days });
    let page = act(&support, &ada, 1, &extend(7)).await;
    assert_eq!(page.body["state"], "succeeded", "{page:?}");
    let subscription = at_stripe(&world);
    assert_eq!(subscription["trial_end"], due + 7 * DAY_S);
    is_on_record_as_at_stripe(&world).await;
    let page = act(&support, &ada, 2, &extend(8)).await;
    assert_eq!(
        (page.status, &page.body["concerns"]),
        (202, &json!(["over_action_limit"]))
    );
    for days in [0, 91] {
        assert_eq!(
            act(&support, &ada, 3, &extend(days)).await.code(),
            "invalid_days",
            "{days}"
        );
    }
}

#[tokio::test]
async fn an_open_invoice_is_tried_now_and_a_decline_is_told() {
    let (world, cards, ada, _) = world().await;
    let retry = json!({ "operation": "retry_payment" });
    let fails = TestCard::DeclinedAfterAttach;
    let customer = ada.customer.as_ref();
    world
        .sandbox
        .stripe()
        .now()
        .replace_card(customer, fails, OpenInvoices::Leave)
        .unwrap();
    world.advance_s(31 * DAY_S + 7200).await;
    let support = world.signed_in(&cards, Role::Support).await;
    let page = act(&support, &ada, 1, &retry).await;
    assert_eq!(
        (page.status, &page.body["state"]),
        (200, &json!("failed")),
        "{page:?}"
    );
    assert!(
        page.body["failure"].as_str().unwrap().contains("declined"),
        "{page:?}"
    );
    let good = TestCard::Good;
    world
        .sandbox
        .stripe()
        .now()
        .replace_card(customer, good, OpenInvoices::Leave)
        .unwrap();
    let page = act(&support, &ada, 2, &retry).await;
    assert_eq!(page.body["state"], "succeeded", "{page:?}");
    assert_eq!(at_stripe(&world)["status"], "active");
    assert_eq!(act(&support, &ada, 3, &retry).await.code(), "nothing_to_do");
    is_on_record_as_at_stripe(&world).await;
}

#[tokio::test]
async fn a_credit_is_put_to_the_balance_within_the_limits() {
    let (world, cards, ada, _) = world().await;
    let support = world.signed_in(&cards, Role::Support).await;
    let credit = |cents: i64| json!({ "operation": "credit", "amount_cents": cents });
    let page = act(&support, &ada, 1, &credit(2_500)).await;
    assert_eq!(page.body["state"], "succeeded", "{page:?}");
    assert_eq!(world.at_stripe(ada.customer.as_ref())["balance"], -2_500);
    assert_eq!(act(&support, &ada, 2, &credit(20_001)).await.status, 202);
    for cents in [0, -1, 1_000_001] {
        assert_eq!(
            act(&support, &ada, 3, &credit(cents)).await.code(),
            "invalid_amount",
            "{cents}"
        );
    }
    let before = world.digest().await;
    for order in [
        json!({ "operation": "delete" }),
        json!({ "operation": "cancel" }),
        json!({ "operation": "cancel", "when": "now", "refund": true }),
        json!({ "operation": "undo_cancel", "when": "now" }),
        json!({}),
    ] {
        let page = act(&support, &ada, 4, &order).await;
        assert_eq!((page.status, page.code()), (400, "invalid_body"), "{order}");
    }
    assert_eq!(world.digest().await, before);
}
