//! Setting a new password.

use local::cloud::Service;
use serde_json::{Value, json};
use shared::staff::Role;
use tests::World;
use tests::customers::PASSWORD;
use tests::staff::{card_of, enter_password};

use super::{MINUTE_S, world};

fn calls_made(world: &World) -> u64 {
    world.sandbox.cloud().calls().count(Service::DynamoDb)
}

fn form(token: &str) -> Value {
    json!({ "token": token, "password": PASSWORD })
}

#[tokio::test]
async fn a_new_password_ends_every_session_and_keeps_the_second_factor() {
    let (world, cards) = world().await;
    let card = card_of(&cards, Role::Billing);
    let before = world.signed_in(&cards, Role::Billing).await;
    let first = world.reset_token("administrator", &card.email).await;
    let second = world.reset_token("administrator", &card.email).await;
    let browser = world.browser();
    let confirm = "/api/password-resets/confirm";
    assert_eq!(
        browser.post(confirm, &form(&first)).await.code(),
        "stale_link"
    );
    let weak = json!({ "token": second, "password": "short" });
    assert_eq!(browser.post(confirm, &weak).await.code(), "weak_password");
    let second = form(&second);
    let (one, other) = futures::join!(
        browser.post(confirm, &second),
        browser.post(confirm, &second)
    );
    let set = [&one, &other]
        .iter()
        .filter(|page| page.status == 200)
        .count();
    assert_eq!(set, 1, "{one:?} {other:?}");
    assert_eq!(before.get("/api/session").await.code(), "session_ended");
    let page = enter_password(&browser, &card.email, local::staff::PASSWORD).await;
    assert_eq!(page.code(), "wrong_password");
    let page = enter_password(&browser, &card.email, PASSWORD).await;
    assert_eq!(page.body["stage"], "second_factor");
}

#[tokio::test]
async fn a_link_is_good_for_half_an_hour() {
    let (world, cards) = world().await;
    let token = world
        .reset_token("administrator", &card_of(&cards, Role::Support).email)
        .await;
    world.advance_s(30 * MINUTE_S).await;
    let page = world
        .browser()
        .post("/api/password-resets/confirm", &form(&token))
        .await;
    assert_eq!((page.status, page.code()), (400, "stale_link"));
}

#[tokio::test]
async fn who_asks_for_an_unknown_address_gets_the_same_answer_and_nobody_a_mail() {
    let (world, cards) = world().await;
    let ask = async |email: &str| {
        let form = json!({ "kind": "administrator", "email": email });
        world.browser().post("/api/password-resets", &form).await
    };
    let known = ask(&card_of(&cards, Role::Owner).email).await;
    let calls = calls_made(&world);
    let mails = world.subjects().len();
    let unknown = ask("nobody@example.com").await;
    assert_eq!(known, unknown);
    let of_unknown = calls_made(&world) - calls;
    world.advance_s(2 * MINUTE_S).await;
    assert_eq!(world.subjects().len(), mails + 1, "only the known one");
    let calls = calls_made(&world);
    ask(&card_of(&cards, Role::Billing).email).await;
    assert_eq!(calls_made(&world) - calls, of_unknown);
}

#[tokio::test]
async fn nobody_is_bombed_with_links() {
    let (world, cards) = world().await;
    let email = &card_of(&cards, Role::Owner).email;
    let mails = world.subjects().len();
    for number in 0..20 {
        let browser = local::browser::Browser::new(
            world.sandbox.gateway(),
            world.sandbox.base_url(),
            &format!("203.0.113.{number}"),
        );
        let form = json!({ "kind": "administrator", "email": email });
        assert_eq!(
            browser.post("/api/password-resets", &form).await.status,
            202
        );
    }
    world.advance_s(2 * MINUTE_S).await;
    assert_eq!(world.subjects().len() - mails, 5);
}

#[tokio::test]
async fn a_customer_sets_a_first_password_and_signs_in_with_it() {
    let (world, _) = world().await;
    world.sign_up("ada@example.com", "prospector").await;
    let browser = world.customer("ada@example.com").await;
    let form = json!({ "kind": "administrator", "email": "ada@example.com", "password": PASSWORD });
    assert_eq!(
        world.browser().post("/api/sign-in", &form).await.code(),
        "wrong_password"
    );
    let staff = json!({ "email": "a@example.com", "name": "A", "role": "owner", "reason": "none" });
    let page = browser.post("/api/admin/staff", &staff).await;
    assert_eq!((page.status, page.code()), (403, "not_an_administrator"));
}

#[tokio::test]
async fn an_administrator_has_a_link_sent_to_a_customer_and_does_not_see_it() {
    let (world, cards) = world().await;
    let ada = world.sign_up("ada@example.com", "prospector").await;
    let support = world.signed_in(&cards, Role::Support).await;
    let path = format!("/api/admin/users/{}/password-reset", ada.customer);
    let page = support
        .post(&path, &json!({ "reason": "She asked on the phone" }))
        .await;
    assert_eq!(page.status, 202, "{page:?}");
    world.advance_s(2 * MINUTE_S).await;
    let token = world.token_of_latest_mail();
    assert!(!page.body.to_string().contains(&token));
    let set = world
        .browser()
        .post("/api/password-resets/confirm", &form(&token))
        .await;
    assert_eq!(set.status, 200);
    for (path, status, code) in [
        (
            "/api/admin/users/cus_nobody/password-reset",
            404,
            "no_such_user",
        ),
        ("/api/admin/users/sub_1/password-reset", 400, "invalid_id"),
    ] {
        let page = support.post(path, &json!({ "reason": "She asked" })).await;
        assert_eq!((page.status, page.code()), (status, code));
    }
    let page = support.post(&path, &json!({ "reason": " " })).await;
    assert_eq!((page.status, page.code()), (400, "invalid_reason"));
}
