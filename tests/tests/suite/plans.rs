//! Changes of plan: what is charged is what was shown, or nothing happens.

use local::browser::{Browser, Page};
use serde_json::{Value, json};
use shared::staff::Role;
use stripe_sim::{OpenInvoices, TestCard};
use tests::{DAY_S, SignedUp, World};

async fn world(plan: &str) -> (World, SignedUp) {
    let world = World::new();
    let ada = world.sign_up("ada@example.com", plan).await;
    world.advance_s(120).await;
    (world, ada)
}

async fn support(world: &World) -> Browser<'_> {
    let cards = world.staff().await;
    world.signed_in(&cards, Role::Support).await
}

fn path(ada: &SignedUp, rest: &str) -> String {
    format!("/api/admin/users/{}/plan{rest}", ada.customer)
}

async fn preview(browser: &Browser<'_>, ada: &SignedUp, form: &Value) -> Page {
    browser.post(&path(ada, "/preview"), form).await
}

async fn act(browser: &Browser<'_>, number: u64, path: &str, form: &Value) -> Page {
    let key = format!("act_{number:032x}");
    browser
        .send("POST", path, Some(form), &[("idempotency-key", &key)])
        .await
}

/// The change that a preview showed.
fn shown(page: &Page) -> Value {
    json!({
        "plan": page.body["to"], "when": page.body["when"], "proration_date": page.body["proration_date"],
        "due_now_cents": page.body["due_now"]["amount_cents"], "reason": "She asked for it",
    })
}

fn charged_cents(world: &World) -> Vec<i64> {
    let stripe = world.sandbox.stripe().now();
    let charges = stripe.objects("charge");
    charges
        .filter(|charge| charge["status"] == "succeeded")
        .map(|charge| charge["amount"].as_i64().unwrap())
        .collect()
}

async fn plan_of(browser: &Browser<'_>, ada: &SignedUp) -> Value {
    let user = browser
        .get(&format!("/api/admin/users/{}", ada.customer))
        .await;
    user.body["plan"].clone()
}

async fn pending_of(browser: &Browser<'_>, ada: &SignedUp) -> Value {
    let user = browser
        .get(&format!("/api/admin/users/{}", ada.customer))
        .await;
    user.body["subscription"]["pending_change"]["to"].clone()
}

#[tokio::test]
async fn an_upgrade_charges_now_what_was_shown_and_nothing_else() {
    let (world, ada) = world("prospector").await;
    world.advance_s(10 * DAY_S).await;
    let support = support(&world).await;
    let page = preview(&support, &ada, &json!({ "plan": "rainmaker" })).await;
    assert_eq!(
        (page.status, &page.body["when"]),
        (200, &json!("now")),
        "{page:?}"
    );
    assert_eq!(page.body["verdict"], "allowed");
    let lines = page.body["lines"].as_array().unwrap();
    let sum: i64 = lines
        .iter()
        .map(|line| line["amount"]["amount_cents"].as_i64().unwrap())
        .sum();
    let due = page.body["due_now"]["amount_cents"].as_i64().unwrap();
    assert!(due > 0 && sum == due, "{page:?}");
    // A minute later the same: it is counted from the moment that was shown.
    world.advance_s(60).await;
    let form = shown(&page);
    let done = act(&support, 1, &path(&ada, ""), &form).await;
    assert_eq!(
        (done.status, &done.body["state"]),
        (200, &json!("succeeded")),
        "{done:?}"
    );
    assert_eq!(act(&support, 1, &path(&ada, ""), &form).await, done);
    assert_eq!(charged_cents(&world), [7_500, due]);
    world.advance_s(120).await;
    assert_eq!(plan_of(&support, &ada).await, "rainmaker");
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}

#[tokio::test]
async fn what_is_no_longer_as_it_was_shown_is_refused_and_changes_nothing() {
    let (world, ada) = world("prospector").await;
    let support = support(&world).await;
    let page = preview(&support, &ada, &json!({ "plan": "networker" })).await;
    let mut dearer = shown(&page);
    dearer["due_now_cents"] = json!(dearer["due_now_cents"].as_i64().unwrap() - 1);
    let refused = act(&support, 1, &path(&ada, ""), &dearer).await;
    assert_eq!((refused.status, refused.code()), (409, "preview_stale"));
    let mut of_another_second = shown(&page);
    of_another_second["proration_date"] = json!("2026-01-01T00:00:00.500Z");
    let refused = act(&support, 2, &path(&ada, ""), &of_another_second).await;
    assert_eq!(refused.code(), "preview_stale");
    let stale = shown(&page);
    world.advance_s(25 * 3_600).await;
    let support = support_again(&world).await;
    let refused = act(&support, 3, &path(&ada, ""), &stale).await;
    assert_eq!(refused.code(), "preview_stale");
    assert_eq!(charged_cents(&world), [7_500]);
    assert_eq!(plan_of(&support, &ada).await, "prospector");
}

async fn support_again(world: &World) -> Browser<'_> {
    world.signed_in(world.sandbox.staff(), Role::Support).await
}

#[tokio::test]
async fn where_the_card_is_declined_the_plan_stays() {
    let (world, ada) = world("prospector").await;
    let support = support(&world).await;
    let stripe = world.sandbox.stripe();
    stripe
        .now()
        .replace_card(
            ada.customer.as_ref(),
            TestCard::DeclinedAfterAttach,
            OpenInvoices::Leave,
        )
        .unwrap();
    let page = preview(&support, &ada, &json!({ "plan": "rainmaker" })).await;
    let done = act(&support, 1, &path(&ada, ""), &shown(&page)).await;
    assert_eq!(done.body["state"], "failed", "{done:?}");
    assert!(done.body["failure"].is_string());
    world.advance_s(120).await;
    assert_eq!(plan_of(&support, &ada).await, "prospector");
    assert_eq!(charged_cents(&world), [7_500]);
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_downgrade_waits_for_the_period_and_can_be_taken_back() {
    let (world, ada) = world("rainmaker").await;
    let support = support(&world).await;
    let page = preview(&support, &ada, &json!({ "plan": "prospector" })).await;
    assert_eq!(page.body["when"], "period_end", "{page:?}");
    assert_eq!(page.body["due_now"]["amount_cents"], 0);
    assert_eq!(page.body["next_charge"]["amount"]["amount_cents"], 7_500);
    let done = act(&support, 1, &path(&ada, ""), &shown(&page)).await;
    assert_eq!(done.body["state"], "succeeded", "{done:?}");
    world.advance_s(60).await;
    assert_eq!(plan_of(&support, &ada).await, "rainmaker");
    assert_eq!(pending_of(&support, &ada).await, "prospector");
    let keep = json!({ "reason": "She stays after all" });
    let kept = act(&support, 2, &path(&ada, "/keep"), &keep).await;
    assert_eq!(kept.body["state"], "succeeded", "{kept:?}");
    let again = act(&support, 3, &path(&ada, "/keep"), &keep).await;
    assert_eq!((again.status, again.code()), (409, "nothing_to_do"));
    world.advance_s(60).await;
    assert_eq!(pending_of(&support, &ada).await, Value::Null);
    let page = preview(&support, &ada, &json!({ "plan": "prospector" })).await;
    let done = act(&support, 4, &path(&ada, ""), &shown(&page)).await;
    assert_eq!(done.body["state"], "succeeded", "{done:?}");
    world.advance_s(32 * DAY_S).await;
    assert_eq!(charged_cents(&world), [19_900, 7_500]);
    let support = support_again(&world).await;
    assert_eq!(plan_of(&support, &ada).await, "prospector");
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_founding_member_keeps_what_follows_unless_they_move_themselves() {
    let (world, ada) = world("founding_member").await;
    let support = support(&world).await;
    assert_eq!(pending_of(&support, &ada).await, "prospector");
    let keep = json!({ "reason": "Nothing to take back" });
    let page = act(&support, 1, &path(&ada, "/keep"), &keep).await;
    assert_eq!(page.code(), "nothing_to_do");
    let later = json!({ "plan": "networker", "when": "period_end" });
    let page = preview(&support, &ada, &later).await;
    let done = act(&support, 2, &path(&ada, ""), &shown(&page)).await;
    assert_eq!(done.body["state"], "succeeded", "{done:?}");
    world.advance_s(60).await;
    assert_eq!(pending_of(&support, &ada).await, "networker");
    let page = act(&support, 3, &path(&ada, "/keep"), &keep).await;
    assert_eq!(page.body["state"], "succeeded", "{page:?}");
    world.advance_s(60).await;
    assert_eq!(pending_of(&support, &ada).await, "prospector");
    // Now: the quarter that is paid for is taken into account, and the schedule is let go of.
    world.advance_s(20 * DAY_S).await;
    let support = support_again(&world).await;
    let page = preview(&support, &ada, &json!({ "plan": "networker" })).await;
    let due = page.body["due_now"]["amount_cents"].as_i64().unwrap();
    assert!((1..14_500).contains(&due), "{page:?}");
    let done = act(&support, 4, &path(&ada, ""), &shown(&page)).await;
    assert_eq!(done.body["state"], "succeeded", "{done:?}");
    assert_eq!(charged_cents(&world), [2_500, due]);
    world.advance_s(35 * DAY_S).await;
    let support = support_again(&world).await;
    assert_eq!(plan_of(&support, &ada).await, "networker");
    assert_eq!(charged_cents(&world), [2_500, due, 14_500]);
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_what_to_do() {
    let (world, ada) = world("prospector").await;
    let support = support(&world).await;
    for (form, status, code) in [
        (json!({ "plan": "gold" }), 400, "unknown_plan"),
        (json!({ "plan": "prospector" }), 409, "same_plan"),
        (json!({ "plan": "founding_member" }), 409, "not_offered"),
        (
            json!({ "plan": "networker", "when": "never" }),
            400,
            "invalid_body",
        ),
        (
            json!({ "plan": "networker", "size": 3 }),
            400,
            "invalid_body",
        ),
    ] {
        let page = preview(&support, &ada, &form).await;
        assert_eq!((page.status, page.code()), (status, code), "{form}");
    }
    let cancel = json!({ "order": { "operation": "cancel", "when": "now" }, "reason": "A test" });
    let to = format!("/api/admin/users/{}/subscription", ada.customer);
    assert_eq!(
        act(&support, 1, &to, &cancel).await.body["state"],
        "succeeded"
    );
    world.advance_s(60).await;
    let page = preview(&support, &ada, &json!({ "plan": "networker" })).await;
    assert_eq!((page.status, page.code()), (409, "no_subscription"));
}
