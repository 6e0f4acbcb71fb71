//! What each role may do, and who decides that.

use serde_json::json;
use shared::staff::Role;
use tests::staff::{CODE_S, card_of, enter_password, person};

use super::{MINUTE_S, world};

#[tokio::test]
async fn a_role_that_is_too_low_is_refused_and_the_refusal_is_kept() {
    let (world, cards) = world().await;
    let form =
        json!({ "email": "eve@example.com", "name": "Eve", "role": "owner", "reason": "none" });
    for role in [Role::Viewer, Role::Support, Role::Billing] {
        let browser = world.signed_in(&cards, role).await;
        let page = browser.post("/api/admin/staff", &form).await;
        assert_eq!((page.status, page.code()), (403, "role_too_low"), "{role}");
        let session = browser.get("/api/session").await;
        let entries = world.audit(person(&session).as_str().unwrap()).await;
        let last = entries.last().unwrap();
        assert_eq!(last["operation"], "manage_staff");
        assert_eq!(
            (&last["outcome"], &last["code"]),
            (&json!("refused"), &json!("role_too_low"))
        );
        assert_eq!(last["role"], role.as_str());
    }
}

#[tokio::test]
async fn what_decides_who_may_needs_a_code_just_shown() {
    let (world, cards) = world().await;
    let owner = world.signed_in(&cards, Role::Owner).await;
    let form = json!({
        "role": "support", "per_action_cents": 5_000, "per_day_cents": 5_000, "extend_days": 3, "reason": "A test"
    });
    assert_eq!(owner.post("/api/admin/policy", &form).await.status, 200);
    world.advance_s(5 * MINUTE_S).await;
    let page = owner.post("/api/admin/policy", &form).await;
    assert_eq!((page.status, page.code()), (403, "step_up_required"));
    let code = card_of(&cards, Role::Owner).code(world.now());
    let page = owner
        .post("/api/session/step-up", &json!({ "code": code }))
        .await;
    assert_eq!(page.status, 200, "{page:?}");
    let page = owner.post("/api/admin/policy", &form).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.body["limits"]["support"]["per_action_cents"], 5_000);
    for (field, value) in [
        ("per_action_cents", json!(-1)),
        ("per_action_cents", json!(6_000)),
        ("role", json!("viewer")),
    ] {
        let mut wrong = form.clone();
        wrong[field] = value;
        let page = owner.post("/api/admin/policy", &wrong).await;
        assert_eq!(
            (page.status, page.code()),
            (400, "invalid_limits"),
            "{field}"
        );
    }
    let mut unknown = form.clone();
    unknown["approver"] = json!("me");
    let page = owner.post("/api/admin/policy", &unknown).await;
    assert!(
        page.body["error"]["message"]
            .as_str()
            .unwrap()
            .contains("approver")
    );
}

#[tokio::test]
async fn a_role_counts_from_the_moment_it_is_changed_and_who_is_disabled_is_out() {
    let (world, cards) = world().await;
    let owner = world.signed_in(&cards, Role::Owner).await;
    let billing = world.signed_in(&cards, Role::Billing).await;
    let id = person(&billing.get("/api/session").await)
        .as_str()
        .unwrap()
        .to_owned();
    let change = format!("/api/admin/staff/{id}/role");
    let form = json!({ "role": "viewer", "reason": "Leaves the team" });
    assert_eq!(owner.post(&change, &form).await.status, 200);
    assert_eq!(
        billing.get("/api/session").await.body["person"]["role"],
        "viewer"
    );
    let reason = json!({ "reason": "Has left" });
    let disable = format!("/api/admin/staff/{id}/disable");
    assert_eq!(owner.post(&disable, &reason).await.status, 200);
    assert_eq!(billing.get("/api/session").await.code(), "session_ended");
    let card = card_of(&cards, Role::Billing);
    let page = enter_password(&billing, &card.email, local::staff::PASSWORD).await;
    assert_eq!(page.code(), "wrong_password");
    let enable = format!("/api/admin/staff/{id}/enable");
    assert_eq!(owner.post(&enable, &reason).await.status, 200);
    let page = enter_password(&billing, &card.email, local::staff::PASSWORD).await;
    assert_eq!(page.status, 200);
}

#[tokio::test]
async fn there_is_always_an_owner_left() {
    let (world, cards) = world().await;
    let owner = world.signed_in(&cards, Role::Owner).await;
    let me = person(&owner.get("/api/session").await)
        .as_str()
        .unwrap()
        .to_owned();
    let reason = json!({ "reason": "Goes away" });
    let page = owner
        .post(&format!("/api/admin/staff/{me}/disable"), &reason)
        .await;
    assert_eq!((page.status, page.code()), (409, "last_owner"));
    let viewer = json!({ "role": "viewer", "reason": "Goes away" });
    let page = owner
        .post(&format!("/api/admin/staff/{me}/role"), &viewer)
        .await;
    assert_eq!((page.status, page.code()), (409, "last_owner"));
    // Of two owners who remove each other at once, one stays.
    world.advance_s(CODE_S).await;
    let billing = world.signed_in(&cards, Role::Billing).await;
    let other = person(&billing.get("/api/session").await)
        .as_str()
        .unwrap()
        .to_owned();
    let raise = json!({ "role": "owner", "reason": "A second owner" });
    let page = owner
        .post(&format!("/api/admin/staff/{other}/role"), &raise)
        .await;
    assert_eq!(page.status, 200, "{page:?}");
    let (mine, theirs) = (
        format!("/api/admin/staff/{other}/disable"),
        format!("/api/admin/staff/{me}/disable"),
    );
    let (one, two) = futures::join!(owner.post(&mine, &reason), billing.post(&theirs, &reason));
    let done = [&one, &two]
        .iter()
        .filter(|page| page.status == 200)
        .count();
    assert_eq!(done, 1, "{one:?} {two:?}");
}

#[tokio::test]
async fn an_address_has_one_administrator_and_the_first_owner_is_made_once() {
    let (world, cards) = world().await;
    let owner = world.signed_in(&cards, Role::Owner).await;
    let taken = json!({
        "email": card_of(&cards, Role::Viewer).email, "name": "Other", "role": "viewer", "reason": "A test"
    });
    let page = owner.post("/api/admin/staff", &taken).await;
    assert_eq!((page.status, page.code()), (409, "address_taken"));
    let order = json!({ "create_owner": { "email": "eve@example.com", "name": "Eve" } });
    let answer = world
        .sandbox
        .functions()
        .invoke("admin-staff", order)
        .await
        .unwrap();
    assert_eq!(answer["error"]["code"], "owner_exists");
    for (field, value, code) in [
        ("email", "no address", "invalid_email"),
        ("name", " ", "invalid_name"),
        ("role", "king", "invalid_body"),
        ("reason", "", "invalid_reason"),
    ] {
        let mut form = json!({ "email": "new@example.com", "name": "New", "role": "viewer", "reason": "A test" });
        form[field] = json!(value);
        let page = owner.post("/api/admin/staff", &form).await;
        assert_eq!((page.status, page.code()), (400, code), "{field}");
    }
}
