//! What administrators do besides money: notes, alerts, resyncs, replays, each other's authenticators, and the audit log.

use local::browser::{Browser, Page};
use serde_json::{Value, json};
use shared::alert::Alert;
use shared::staff::Role;
use tests::staff::{card_of, person};
use tests::{DAY_S, World};

async fn send(browser: &Browser<'_>, method: &str, number: u64, path: &str, form: &Value) -> Page {
    let key = format!("act_{number:032x}");
    browser
        .send(method, path, Some(form), &[("idempotency-key", &key)])
        .await
}

#[tokio::test]
async fn a_note_is_written_once_and_put_otherwise_by_its_author_alone() {
    let world = World::new();
    let cards = world.staff().await;
    let ada = world.sign_up("ada@example.com", "prospector").await;
    let support = world.signed_in(&cards, Role::Support).await;
    let notes = format!("/api/admin/users/{}/notes", ada.customer);
    let form = json!({ "text": "Called, <b>will pay</b> on Friday" });
    let written = send(&support, "POST", 1, &notes, &form).await;
    assert_eq!(written.status, 201, "{written:?}");
    assert_eq!(send(&support, "POST", 1, &notes, &form).await, written);
    let other = json!({ "text": "Something else" });
    let reused = send(&support, "POST", 1, &notes, &other).await;
    assert_eq!((reused.status, reused.code()), (409, "action_id_reused"));
    let id = written.body["id"].as_str().unwrap();
    let edited = send(&support, "PUT", 2, &format!("{notes}/{id}"), &other).await;
    assert_eq!(
        (edited.status, &edited.body["text"]),
        (200, &json!("Something else"))
    );
    assert!(edited.body["edited_at"].is_string());
    let billing = world.signed_in(&cards, Role::Billing).await;
    let refused = send(&billing, "PUT", 3, &format!("{notes}/{id}"), &form).await;
    assert_eq!((refused.status, refused.code()), (403, "not_your_note"));
    let viewer = world.signed_in(&cards, Role::Viewer).await;
    assert_eq!(
        send(&viewer, "POST", 4, &notes, &form).await.code(),
        "role_too_low"
    );
    let user = viewer
        .get(&format!("/api/admin/users/{}", ada.customer))
        .await;
    assert_eq!(user.body["notes"][0]["text"], "Something else");
    for (path, form, status, code) in [
        (notes.as_str(), json!({ "text": "  " }), 400, "invalid_text"),
        (
            &notes,
            json!({ "text": "x".repeat(2_001) }),
            400,
            "invalid_text",
        ),
        (
            "/api/admin/users/cus_none/notes",
            form.clone(),
            404,
            "no_such_user",
        ),
    ] {
        let page = send(&support, "POST", 5, path, &form).await;
        assert_eq!((page.status, page.code()), (status, code), "{path}");
    }
    // The log says that it was written, and not what.
    let session = support.get("/api/session").await;
    let entries = world.audit_texts(person(&session).as_str().unwrap()).await;
    assert!(entries.iter().any(|it| it.contains("\"edit_note\"")));
    assert!(!entries.iter().any(|it| it.contains("Friday")));
}

#[tokio::test]
async fn an_alert_is_taken_on_with_its_entry_in_the_log() {
    let world = World::new();
    let cards = world.staff().await;
    let alert = Alert::dead_mail("welcome#sub_1", "no such address");
    world.store.raise(&alert, world.now()).await.unwrap();
    let support = world.signed_in(&cards, Role::Support).await;
    let list = support.get("/api/admin/alerts").await;
    assert_eq!(list.body["alerts"][0]["cause"], alert.cause, "{list:?}");
    let path = "/api/admin/alerts/acknowledge";
    let form = json!({ "cause": alert.cause, "reason": "Wrote to her" });
    let taken = support.post(path, &form).await;
    assert_eq!(
        (taken.status, &taken.body["opened_at"]),
        (200, &Value::Null),
        "{taken:?}"
    );
    let again = support.post(path, &form).await;
    assert_eq!((again.status, again.code()), (409, "alert_not_open"));
    let none = json!({ "cause": "nothing#at_all", "reason": "A test" });
    assert_eq!(support.post(path, &none).await.code(), "no_such_alert");
    let about = alert.cause.replace('#', "%23");
    let log = support
        .get(&format!("/api/admin/audit?subject={about}"))
        .await;
    assert_eq!(log.body["entries"][0]["reason"], "Wrote to her", "{log:?}");
}

#[tokio::test]
async fn a_customer_is_compared_with_stripe_and_put_right() {
    let world = World::new();
    let cards = world.staff().await;
    let ada = world.sign_up("ada@example.com", "rainmaker").await;
    world.advance_s(120).await;
    let support = world.signed_in(&cards, Role::Support).await;
    let path = format!("/api/admin/users/{}/resync", ada.customer);
    let dry = json!({ "apply": false, "reason": "Looks wrong" });
    let page = send(&support, "POST", 1, &path, &dry).await;
    assert_eq!(
        (page.status, &page.body["differences"]),
        (200, &json!([])),
        "{page:?}"
    );
    let is_subscription = |row: &Value| {
        let sk = row["sk"]["S"].as_str().unwrap_or_default();
        sk.starts_with("subscription#")
    };
    let mut rows = world.rows("users").await;
    rows.retain(is_subscription);
    rows[0]["facts"]["M"]["cancel_at_period_end"] = json!({ "BOOL": true });
    world.put_rows("users", &rows).await;
    let page = send(&support, "POST", 2, &path, &dry).await;
    let field = &page.body["differences"][0]["fields"][0];
    assert_eq!(
        (&field["field"], &field["ours"], &field["stripes"]),
        (&json!("cancel_at_period_end"), &json!(true), &json!(false)),
        "{page:?}"
    );
    assert_eq!(page.body["applied"], false);
    assert!(!world.wrongs().await.is_empty());
    let apply = json!({ "apply": true, "reason": "It was wrong" });
    let page = send(&support, "POST", 3, &path, &apply).await;
    assert_eq!(page.body["applied"], true, "{page:?}");
    world.advance_s(60).await;
    assert_eq!(world.wrongs().await, Vec::<String>::new());
    let none = send(
        &support,
        "POST",
        4,
        "/api/admin/users/cus_none/resync",
        &dry,
    )
    .await;
    assert_eq!((none.status, none.code()), (404, "no_such_user"));
}

#[tokio::test]
async fn events_are_replayed_after_it_was_told_what_that_changes() {
    let world = World::new();
    let cards = world.staff().await;
    world.sign_up("ada@example.com", "rainmaker").await;
    world.advance_s(120).await;
    let billing = world.signed_in(&cards, Role::Billing).await;
    let rows = world.rows("billing_events").await;
    let event = rows[0]["pk"]["S"].as_str().unwrap();
    let path = "/api/admin/events/replay";
    let form = json!({ "events": [event], "reason": "A test" });
    let page = billing.post(path, &form).await;
    assert_eq!(
        (page.status, &page.body["executed"]),
        (200, &json!(false)),
        "{page:?}"
    );
    let form = json!({ "events": [event], "execute": true, "reason": "A test" });
    let page = billing.post(path, &form).await;
    assert_eq!(page.body["executed"], true, "{page:?}");
    world.advance_s(120).await;
    assert_eq!(world.wrongs().await, Vec::<String>::new());
    let page = billing.post(path, &json!({ "events": [event] })).await;
    assert_eq!((page.status, page.code()), (400, "invalid_reason"));
    let page = billing.post(path, &json!({ "reason": "A test" })).await;
    assert_eq!(page.code(), "invalid_choice");
    let support = world.signed_in(&cards, Role::Support).await;
    assert_eq!(support.post(path, &form).await.code(), "role_too_low");
}

#[tokio::test]
async fn an_authenticator_is_taken_off_by_two_owners() {
    let world = World::new();
    let cards = world.staff().await;
    let owner = world.signed_in(&cards, Role::Owner).await;
    let staff = owner.get("/api/admin/staff").await;
    let id_of = |role: &str| {
        let all = staff.body["staff"].as_array().unwrap();
        let found = all.iter().find(|it| it["role"] == role).unwrap();
        found["id"].as_str().unwrap().to_owned()
    };
    let (support, billing) = (id_of("support"), id_of("billing"));
    let reset = format!("/api/admin/staff/{support}/reset-authenticator");
    let form = json!({ "reason": "Lost her phone" });
    let asked = owner.post(&reset, &form).await;
    assert_eq!(asked.status, 200, "{asked:?}");
    assert!(asked.body["reset_asked"]["by"].is_string());
    assert_eq!(asked.body["has_authenticator"], true);
    assert_eq!(
        owner.post(&reset, &form).await.code(),
        "second_owner_needed"
    );
    let own = format!("/api/admin/staff/{}/reset-authenticator", id_of("owner"));
    assert_eq!(owner.post(&own, &form).await.code(), "own_authenticator");
    let role = json!({ "role": "owner", "reason": "A second one" });
    let made = owner
        .post(&format!("/api/admin/staff/{billing}/role"), &role)
        .await;
    assert_eq!(made.status, 200, "{made:?}");
    let second = world.signed_in(&cards, Role::Billing).await;
    let done = second.post(&reset, &form).await;
    assert_eq!(
        (
            done.status,
            &done.body["has_authenticator"],
            &done.body["reset_asked"]
        ),
        (200, &json!(false), &Value::Null),
        "{done:?}"
    );
    let browser = world.browser();
    let email = &card_of(&cards, Role::Support).email;
    let page = tests::staff::enter_password(&browser, email, local::staff::PASSWORD).await;
    assert_eq!(page.body["stage"], "enrolment", "{page:?}");
}

#[tokio::test]
async fn a_changed_a_removed_and_a_surplus_entry_are_found() {
    let world = World::new();
    let cards = world.staff().await;
    let viewer = world.signed_in(&cards, Role::Viewer).await;
    let verify = async || viewer.get("/api/admin/audit/verify").await;
    let whole = verify().await;
    assert_eq!(
        (whole.status, &whole.body["broken"]),
        (200, &Value::Null),
        "{whole:?}"
    );
    assert!(whole.body["chains"].as_u64().unwrap() >= 4, "{whole:?}");
    assert_eq!(whole.body["next"], Value::Null);
    let rows = world.rows("audit_log").await;
    let entries: Vec<&Value> = rows
        .iter()
        .filter(|row| row["entry"]["S"].is_string())
        .collect();
    let victim = entries[1];
    let mut changed = victim.clone();
    let text = victim["entry"]["S"].as_str().unwrap();
    changed["entry"]["S"] = json!(text.replacen("Linky sandbox", "Another one", 1));
    assert_ne!(&changed, victim);
    world.put_rows("audit_log", &[changed]).await;
    let broken = verify().await;
    assert_eq!(
        broken.body["broken"]["actor"], victim["pk"]["S"],
        "{broken:?}"
    );
    world
        .put_rows("audit_log", std::slice::from_ref(victim))
        .await;
    assert_eq!(verify().await.body["broken"], Value::Null);
    let key = (victim["pk"].clone(), victim["sk"].clone());
    let is_it = |row: &Value| (row["pk"].clone(), row["sk"].clone()) == key;
    assert_eq!(world.lose_rows("audit_log", is_it).await, 1);
    assert!(
        verify().await.body["broken"]["why"]
            .as_str()
            .unwrap()
            .contains("missing")
    );
    world
        .put_rows("audit_log", std::slice::from_ref(victim))
        .await;
    let mut surplus = victim.clone();
    surplus["sk"]["S"] = json!("000000000999");
    world.put_rows("audit_log", &[surplus]).await;
    let why = verify().await.body["broken"]["why"].clone();
    assert!(
        why.as_str().unwrap().contains("should not be there"),
        "{why}"
    );
}

#[tokio::test]
async fn the_night_finds_a_chain_that_was_taken_out_as_a_whole() {
    let world = World::new();
    let cards = world.staff().await;
    let owner = world.signed_in(&cards, Role::Owner).await;
    let session = owner.get("/api/session").await;
    let actor = person(&session).as_str().unwrap().to_owned();
    world.advance_s(DAY_S).await;
    let causes = world.open_causes().await;
    assert!(
        !causes.iter().any(|it| it.starts_with("audit_broken")),
        "{causes:?}"
    );
    let lost = world
        .lose_rows("audit_log", |row| row["pk"]["S"] == actor.as_str())
        .await;
    assert!(lost > 1);
    world.advance_s(DAY_S).await;
    let causes = world.open_causes().await;
    assert!(
        causes.iter().any(|it| it.starts_with("audit_broken")),
        "{causes:?}"
    );
}

#[tokio::test]
async fn who_leaves_now_gets_back_what_is_not_used_up() {
    let world = World::new();
    let cards = world.staff().await;
    let ada = world.sign_up("ada@example.com", "rainmaker").await;
    world.advance_s(10 * DAY_S).await;
    let support = world.signed_in(&cards, Role::Support).await;
    let path = format!("/api/admin/users/{}/subscription", ada.customer);
    let unused = support.get(&format!("{path}/unused")).await;
    let cents = unused.body["unused"]["amount_cents"].as_i64().unwrap();
    // About two thirds of the month are left.
    assert!((12_000..13_600).contains(&cents), "{unused:?}");
    let form = |cents: i64| {
        json!({
            "order": { "operation": "cancel", "when": "now", "refund_cents": cents }, "reason": "She moves away",
        })
    };
    let over = send(&support, "POST", 1, &path, &form(cents + 100)).await;
    assert_eq!((over.status, over.code()), (409, "preview_stale"));
    let none = send(&support, "POST", 2, &path, &form(0)).await;
    assert_eq!(none.code(), "invalid_amount");
    let done = send(&support, "POST", 3, &path, &form(cents)).await;
    assert_eq!(done.body["state"], "succeeded", "{done:?}");
    world.advance_s(120).await;
    let user = support
        .get(&format!("/api/admin/users/{}", ada.customer))
        .await;
    assert_eq!(user.body["status"], "canceled");
    assert_eq!(user.body["totals"][0]["refunded_cents"], cents);
    let charges = support
        .get(&format!("/api/admin/users/{}/charges", ada.customer))
        .await;
    let charge = &charges.body["charges"][0];
    assert_eq!(
        charge["left"]["amount_cents"],
        19_900 - cents,
        "{charges:?}"
    );
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}
