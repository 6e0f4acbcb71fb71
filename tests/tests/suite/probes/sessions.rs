//! Sessions that open nothing, each for another reason.

use local::staff::SignInCard;
use serde_json::json;
use shared::session::{IDLE_S, LASTS_S};
use shared::staff::Role;
use shared::time::Timestamp;
use tests::World;
use tests::api::probes::CLOSED;
use tests::staff::{card_of, enter_password, person};

/// Sessions that open nothing, by what is wrong with them.
pub(super) async fn closed(
    world: &World,
    cards: &[SignInCard],
) -> Vec<(&'static str, Option<String>)> {
    let mut sessions = vec![
        ("none", None),
        ("garbled", Some("__Host-session=not a token".to_owned())),
        (
            "unknown",
            Some(format!("__Host-session={}", "A".repeat(43))),
        ),
        ("another name", Some(format!("session={}", "A".repeat(43)))),
    ];
    let idle = world.signed_in(cards, Role::Owner).await.cookie();
    age(world, "seen_at", IDLE_S + 1).await;
    let lasted = world.signed_in(cards, Role::Owner).await.cookie();
    age_latest(world, LASTS_S + 1).await;
    let revoked = world.signed_in(cards, Role::Owner).await;
    let cookie = revoked.cookie();
    assert_eq!(revoked.post("/api/sign-out", &json!({})).await.status, 200);
    let stripped = world.signed_in(cards, Role::Support).await;
    let session = stripped.get("/api/session").await;
    let admin = person(&session).as_str().unwrap().to_owned();
    let mut rows = world.rows("credentials").await;
    rows.retain(|row| row["pk"]["S"] == admin.as_str());
    rows[0].as_object_mut().unwrap().remove("role");
    world.put_rows("credentials", &rows).await;
    let disabled = world.signed_in(cards, Role::Billing).await;
    let session = disabled.get("/api/session").await;
    let admin = person(&session).as_str().unwrap().to_owned();
    let mut rows = world.rows("credentials").await;
    rows.retain(|row| row["pk"]["S"] == admin.as_str());
    rows[0]["disabled_at"] = json!({ "S": world.now().to_string() });
    rows[0]["sessions_since"] = json!({ "S": world.now().plus_s(1).to_string() });
    world.put_rows("credentials", &rows).await;
    let half = world.browser();
    let email = &card_of(cards, Role::Owner).email;
    let page = enter_password(&half, email, local::staff::PASSWORD).await;
    assert_eq!(page.body["stage"], "second_factor");
    let mut rows = world.rows("credentials").await;
    rows.retain(|row| row["role"]["S"] == "viewer");
    rows[0].as_object_mut().unwrap().remove("authenticator");
    world.put_rows("credentials", &rows).await;
    let new = world.browser();
    let email = &card_of(cards, Role::Viewer).email;
    let page = enter_password(&new, email, local::staff::PASSWORD).await;
    assert_eq!(page.body["stage"], "enrolment", "{page:?}");
    sessions.extend([
        ("idle", idle),
        ("lasted", lasted),
        ("revoked", cookie.clone()),
        ("role removed", stripped.cookie()),
        ("disabled", disabled.cookie()),
        ("second factor missing", half.cookie()),
        ("enrolment missing", new.cookie()),
        ("a customer's", Some(customers(world).await)),
        (
            "two at once",
            Some(format!("{}; {}", cookie.unwrap(), half.cookie().unwrap())),
        ),
    ]);
    let kinds: Vec<&str> = sessions.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, CLOSED);
    sessions
}

/// Makes every session look older.
async fn age(world: &World, field: &str, seconds: i64) {
    let mut rows = world.rows("sessions").await;
    for row in &mut rows {
        let at: Timestamp = row[field]["S"].as_str().unwrap().parse().unwrap();
        row[field]["S"] = json!(at.plus_s(-seconds).to_string());
    }
    world.put_rows("sessions", &rows).await;
}

/// Makes the session begun last look as if it had lasted.
async fn age_latest(world: &World, seconds: i64) {
    let mut rows = world.rows("sessions").await;
    rows.sort_by_key(|row| row["created_at"]["S"].as_str().unwrap().to_owned());
    let mut latest = rows.pop().unwrap();
    let at: Timestamp = latest["created_at"]["S"].as_str().unwrap().parse().unwrap();
    latest["created_at"]["S"] = json!(at.plus_s(-seconds).to_string());
    world.put_rows("sessions", &[latest]).await;
}

/// The session of a customer who is signed in.
async fn customers(world: &World) -> String {
    let browser = world.browser();
    let email = "ada@example.com";
    let form = json!({ "kind": "customer", "email": email });
    assert_eq!(
        browser.post("/api/password-resets", &form).await.status,
        202
    );
    world.advance_s(120).await;
    let mails = world.sandbox.cloud().mail().mails();
    let text = mails.last().unwrap().text.clone().unwrap();
    let token = text
        .split_whitespace()
        .find_map(|word| word.split_once("/app/set-password#"))
        .unwrap()
        .1
        .to_owned();
    let password = "a password of a customer";
    let form = json!({ "token": token, "password": password });
    assert_eq!(
        browser
            .post("/api/password-resets/confirm", &form)
            .await
            .status,
        200
    );
    let form = json!({ "kind": "customer", "email": email, "password": password });
    assert_eq!(
        browser.post("/api/sign-in", &form).await.body["stage"],
        "signed_in"
    );
    browser.cookie().unwrap()
}
