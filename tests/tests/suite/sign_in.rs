//! Signing in, and what a session opens.

mod reset;
mod roles;

use local::staff::{PASSWORD, SignInCard};
use serde_json::json;
use shared::audit::{Actor, Walk};
use shared::staff::Role;
use tests::World;
use tests::staff::{CODE_S, card_of, enter_password, person};

const MINUTE_S: i64 = 60;
const HOUR_S: i64 = 60 * MINUTE_S;

async fn world() -> (World, Vec<SignInCard>) {
    let world = World::new();
    let cards = world.staff().await;
    (world, cards)
}

#[tokio::test]
async fn an_administrator_signs_in_with_a_password_and_a_code_and_out_again() {
    let (world, cards) = world().await;
    let card = card_of(&cards, Role::Support);
    let browser = world.browser();
    let page = browser.get("/api/session").await;
    assert_eq!((page.status, page.code()), (401, "signed_out"));
    let page = enter_password(&browser, &card.email.to_uppercase(), PASSWORD).await;
    assert_eq!(
        (page.status, &page.body["stage"]),
        (200, &json!("second_factor"))
    );
    // The password alone opens nothing.
    for path in ["/api/sessions"] {
        assert_eq!(browser.get(path).await.code(), "second_factor_missing");
    }
    let planted = browser.cookie();
    let page = browser
        .post(
            "/api/sign-in/second-factor",
            &json!({ "code": card.code(world.now()) }),
        )
        .await;
    assert_eq!(
        (page.status, &page.body["stage"]),
        (200, &json!("signed_in"))
    );
    assert_eq!(page.body["person"]["role"], "support");
    assert_eq!(page.body["recovery_codes_left"], 10);
    assert_ne!(
        browser.cookie(),
        planted,
        "each step has a token of its own"
    );
    let old = world.browser();
    old.hold(planted);
    assert_eq!(old.get("/api/session").await.code(), "session_ended");
    assert_eq!(browser.post("/api/sign-out", &json!({})).await.status, 200);
    assert_eq!(browser.cookie(), None);
}

#[tokio::test]
async fn a_stranger_learns_nothing_and_waits_longer_and_longer() {
    let (world, cards) = world().await;
    let known = &card_of(&cards, Role::Owner).email;
    world.signed_in(&cards, Role::Owner).await;
    let stranger = local::browser::Browser::new(
        world.sandbox.gateway(),
        world.sandbox.base_url(),
        "203.0.113.66",
    );
    let mut pages = Vec::new();
    for email in [known.as_str(), "nobody@example.com"] {
        let mut page = enter_password(&stranger, email, "not the password").await;
        page.body["error"]["request_id"] = json!(null);
        pages.push(page);
    }
    assert_eq!((pages[0].status, pages[0].code()), (401, "wrong_password"));
    assert_eq!(pages[0], pages[1]);
    for _ in 0..3 {
        enter_password(&stranger, known, "not the password").await;
    }
    let page = enter_password(&stranger, known, PASSWORD).await;
    assert_eq!((page.status, page.code()), (429, "too_many_attempts"));
    // Whoever has signed in from the office before is not kept out by that.
    world.signed_in(&cards, Role::Owner).await;
    world.advance_s(2).await;
    let page = enter_password(&stranger, known, PASSWORD).await;
    assert_eq!(page.status, 200, "{page:?}");
}

#[tokio::test]
async fn right_passwords_slow_nobody_down_and_wrong_codes_still_do() {
    let (world, cards) = world().await;
    let card = card_of(&cards, Role::Support);
    let browser = world.browser();
    for _ in 0..8 {
        let page = enter_password(&browser, &card.email, PASSWORD).await;
        assert_eq!(page.status, 200, "{page:?}");
    }
    let wrong = json!({ "code": "000000" });
    let mut refused = Vec::new();
    for _ in 0..6 {
        enter_password(&browser, &card.email, PASSWORD).await;
        let page = browser.post("/api/sign-in/second-factor", &wrong).await;
        refused.push(page.code().to_owned());
    }
    assert_eq!(refused[..5], ["wrong_code"; 5]);
    assert_eq!(refused[5], "too_many_attempts");
}

#[tokio::test]
async fn a_hundred_guesses_at_once_are_not_one() {
    let (world, cards) = world().await;
    let known = &card_of(&cards, Role::Owner).email;
    let browser = local::browser::Browser::new(
        world.sandbox.gateway(),
        world.sandbox.base_url(),
        "203.0.113.66",
    );
    let guesses = (0..100).map(|number| {
        let (browser, guess) = (&browser, format!("guess number {number:04}"));
        async move { enter_password(browser, known, &guess).await }
    });
    let pages = futures::future::join_all(guesses).await;
    let looked_at = pages.iter().filter(|page| page.status == 401).count();
    let kept_off = pages.iter().filter(|page| page.status == 429).count();
    assert!((1..=5).contains(&looked_at), "{looked_at}");
    assert_eq!(looked_at + kept_off, 100);
}

#[tokio::test]
async fn a_code_is_good_once_also_for_two_at_the_same_moment() {
    let (world, cards) = world().await;
    let card = card_of(&cards, Role::Billing);
    let (one, other) = (world.browser(), world.browser());
    for browser in [&one, &other] {
        enter_password(browser, &card.email, PASSWORD).await;
    }
    let code = json!({ "code": card.code(world.now()) });
    let (first, second) = futures::join!(
        one.post("/api/sign-in/second-factor", &code),
        other.post("/api/sign-in/second-factor", &code)
    );
    let good = [&first, &second]
        .iter()
        .filter(|page| page.status == 200)
        .count();
    assert_eq!(good, 1, "{first:?} {second:?}");
    let late = world.browser();
    enter_password(&late, &card.email, PASSWORD).await;
    let page = late.post("/api/sign-in/second-factor", &code).await;
    assert_eq!((page.status, page.code()), (401, "wrong_code"));
}

#[tokio::test]
async fn a_session_ends_when_idle_when_old_when_revoked_and_with_its_person() {
    let (world, cards) = world().await;
    let idle = world.signed_in(&cards, Role::Viewer).await;
    world.advance_s(29 * MINUTE_S).await;
    assert_eq!(idle.get("/api/session").await.status, 200);
    world.advance_s(29 * MINUTE_S).await;
    assert_eq!(idle.get("/api/session").await.status, 200);
    world.advance_s(30 * MINUTE_S).await;
    assert_eq!(idle.get("/api/session").await.code(), "session_idle");

    let old = world.signed_in(&cards, Role::Viewer).await;
    for _ in 0..24 {
        assert_eq!(old.get("/api/session").await.status, 200);
        world.advance_s(29 * MINUTE_S).await;
    }
    assert_eq!(old.get("/api/session").await.status, 200);
    world.advance_s(24 * MINUTE_S).await;
    assert_eq!(old.get("/api/session").await.code(), "session_expired");

    let one = world.signed_in(&cards, Role::Owner).await;
    let other = world.signed_in(&cards, Role::Owner).await;
    let listed = one.get("/api/sessions").await;
    let sessions = listed.body["sessions"].as_array().unwrap();
    // The one of the day the sandbox was set up has been idle for hours.
    assert_eq!(sessions.len(), 2, "{sessions:?}");
    let theirs = sessions.iter().find(|it| it["current"] == false).unwrap();
    let path = format!("/api/sessions/{}", theirs["id"].as_str().unwrap());
    let viewer = world.signed_in(&cards, Role::Viewer).await;
    let refused = viewer.send("DELETE", &path, None, &[]).await;
    assert_eq!((refused.status, refused.code()), (404, "no_such_session"));
    assert_eq!(one.send("DELETE", &path, None, &[]).await.status, 200);
    assert_eq!(other.get("/api/session").await.code(), "session_ended");
    assert_eq!(one.get("/api/session").await.status, 200);
    assert_eq!(
        one.send("DELETE", &path, None, &[]).await.code(),
        "no_such_session"
    );
}

#[tokio::test]
async fn nothing_is_changed_by_a_page_of_another_site() {
    let (world, cards) = world().await;
    let browser = world.signed_in(&cards, Role::Owner).await;
    let before = world.digest().await;
    for headers in [
        ("origin", "https://evil.example"),
        ("origin", ""),
        ("origin", "null"),
        ("x-linky-client", ""),
    ] {
        for (method, path) in [
            ("POST", "/api/sign-in"),
            ("POST", "/api/sign-out"),
            ("POST", "/api/authenticator"),
            ("POST", "/api/admin/staff"),
            ("POST", "/api/password-resets"),
        ] {
            let page = browser
                .send(method, path, Some(&json!({})), &[headers])
                .await;
            assert_eq!(
                (page.status, page.code()),
                (403, "foreign_origin"),
                "{path}"
            );
        }
    }
    assert_eq!(world.digest().await, before);
}

#[tokio::test]
async fn a_lost_phone_is_made_up_for_by_a_recovery_code_and_replaced() {
    let (world, cards) = world().await;
    let card = card_of(&cards, Role::Support);
    let browser = world.signed_in(&cards, Role::Support).await;
    // A fresh sign-in counts as a code just shown: another app may be set up.
    let offered = browser.post("/api/authenticator", &json!({})).await;
    let secret = offered.body["secret"].as_str().unwrap().to_owned();
    assert!(offered.body["url"].as_str().unwrap().contains(&secret));
    let renewed = SignInCard {
        secret,
        ..card.clone()
    };
    let wrong = browser
        .post("/api/authenticator/confirm", &json!({ "code": "000000" }))
        .await;
    assert_eq!((wrong.status, wrong.code()), (401, "wrong_code"));
    let code = json!({ "code": renewed.code(world.now()) });
    let enrolled = browser.post("/api/authenticator/confirm", &code).await;
    let codes = enrolled.body["recovery_codes"].as_array().unwrap();
    assert_eq!(codes.len(), 10);
    world.advance_s(CODE_S).await;

    let phoneless = world.browser();
    enter_password(&phoneless, &card.email, PASSWORD).await;
    let page = phoneless
        .post("/api/sign-in/second-factor", &json!({ "code": codes[0] }))
        .await;
    assert_eq!(
        (page.status, &page.body["recovery_codes_left"]),
        (200, &json!(9))
    );
    let page = phoneless
        .post("/api/session/step-up", &json!({ "code": codes[1] }))
        .await;
    assert_eq!(page.code(), "wrong_code", "only an app steps up");
    let again = world.browser();
    enter_password(&again, &card.email, PASSWORD).await;
    let page = again
        .post("/api/sign-in/second-factor", &json!({ "code": codes[0] }))
        .await;
    assert_eq!(page.code(), "wrong_code");
}

#[tokio::test]
async fn what_everybody_did_is_in_their_chain() {
    let (world, cards) = world().await;
    let browser = world.signed_in(&cards, Role::Owner).await;
    let page = browser.get("/api/session").await;
    let actor = person(&page).as_str().unwrap();
    let entries = world.audit(actor).await;
    let told: Vec<_> = entries
        .iter()
        .map(|entry| {
            (
                entry["operation"].as_str().unwrap(),
                entry["outcome"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("set_password", "done"),
            ("sign_in", "begun"),
            ("offer_authenticator", "done"),
            ("set_up_authenticator", "done"),
            ("invite", "done"),
            ("invite", "done"),
            ("invite", "done"),
            ("sign_in", "begun"),
            ("second_factor", "done"),
        ]
    );
    assert!(entries.iter().all(|entry| entry["request_id"] != ""));
    let actor: Actor = serde_json::from_value(json!(actor)).unwrap();
    let mut walk = Walk::of(actor.clone());
    for (seq, text) in (1..).zip(world.audit_texts(actor.as_str()).await) {
        walk.step(seq, &text).unwrap();
    }
    let head = world.store.audit_head(&actor).await.unwrap();
    assert_eq!(walk.end(&head), Ok(9));
}

#[tokio::test]
async fn an_idle_session_is_not_kept_alive_by_what_it_may_not_do() {
    let (world, cards) = world().await;
    let viewer = world.signed_in(&cards, Role::Viewer).await;
    world.advance_s(HOUR_S).await;
    let form = json!({ "email": "a@example.com", "name": "A", "role": "owner", "reason": "none" });
    let page = viewer.post("/api/admin/staff", &form).await;
    assert_eq!((page.status, page.code()), (401, "session_idle"));
}
