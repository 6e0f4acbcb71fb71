//! Who may do what, asked of every route: with every kind of session that does not open it, in every role that may not, with ids
//! of others and none, with bodies and headers that are not in order. Whatever is refused changes nothing.

mod sessions;

use local::browser::{Browser, Page};
use serde_json::{Value, json};
use shared::alert::Alert;
use shared::session::STEP_UP_S;
use shared::staff::Role;
use tests::api::probes::{self, Probe};
use tests::api::{Needs, Route, routes};
use tests::{SignedUp, World};

/// The ids that probes name.
struct Ids {
    ada: SignedUp,
    charge: String,
    event: String,
    action: String,
    admin: String,
    alert: String,
}

impl Ids {
    async fn of(world: &World) -> Self {
        let ada = world.sign_up("ada@example.com", "prospector").await;
        world.sign_up("bob@example.com", "rainmaker").await;
        world.advance_s(120).await;
        let charge = {
            let stripe = world.sandbox.stripe().now();
            let mut charges = stripe.objects("charge");
            let charge = charges.find(|charge| charge["customer"] == ada.customer.as_ref());
            charge.unwrap()["id"].as_str().unwrap().to_owned()
        };
        let events = world.rows("billing_events").await;
        let staff = world.rows("credentials").await;
        let viewer = staff
            .iter()
            .find(|row| row["role"]["S"] == "viewer")
            .unwrap();
        let alert = Alert::dead_mail("welcome#sub_1", "no such address");
        world.store.raise(&alert, world.now()).await.unwrap();
        Self {
            ada,
            charge,
            event: events[0]["pk"]["S"].as_str().unwrap().to_owned(),
            action: format!("act_{}", "a".repeat(32)),
            admin: viewer["pk"]["S"].as_str().unwrap().to_owned(),
            alert: alert.cause,
        }
    }

    /// The path of a route with its own id, one that nobody has, or one that is none.
    fn path(&self, route: &Route, which: &str) -> String {
        let users = route.path.starts_with("/api/admin/users/");
        let staff = route.path.starts_with("/api/admin/staff/");
        let events = route.path.starts_with("/api/admin/events/");
        let digits = "f".repeat(32);
        let (own, unknown) = if users {
            (self.ada.customer.to_string(), "cus_nobody".to_owned())
        } else if staff {
            (self.admin.clone(), format!("admin_{digits}"))
        } else if events {
            (self.event.clone(), "evt_none".to_owned())
        } else if route.path.starts_with("/api/sessions/") {
            (format!("session_{digits}"), format!("session_{digits}"))
        } else {
            (self.action.clone(), format!("act_{digits}"))
        };
        let id = match which {
            "own" => own,
            "unknown" => unknown,
            _ => "a%20b%00".to_owned(),
        };
        route
            .path
            .replace("{id}", &id)
            .replace("{note}", &format!("note_{digits}"))
            .replace(
                "{day}",
                if which == "malformed" {
                    "never"
                } else {
                    "2020-01-01"
                },
            )
    }

    async fn probe(&self, browser: &Browser<'_>, route: &Route, asked: &Probe) -> Page {
        let path = self.path(route, asked.id);
        let body = asked.body.and_then(|which| self.body(route, which));
        let mut headers = vec![("idempotency-key", "act_0123456789abcdef0123456789abcdef")];
        headers.extend(asked.headers);
        browser
            .send(asked.method, &path, body.as_ref(), &headers)
            .await
    }

    fn body(&self, route: &Route, which: &str) -> Option<Value> {
        route.body.as_ref()?;
        let sample = route
            .sample
            .replace("ch_CHARGE", &self.charge)
            .replace("evt_EVENT", &self.event)
            .replace("ALERT", &self.alert);
        let mut body: Value = serde_json::from_str(&sample).unwrap();
        match which {
            "garbage" => Some(json!(["garbage"])),
            "unknown" => {
                body["surprise"] = json!(true);
                Some(body)
            }
            _ => Some(body),
        }
    }
}

/// What must not be changed by a refusal: everything, but for the log that somebody was refused.
async fn unchanged(world: &World, before: &tests::Digest, what: &str) {
    let after = world.digest().await;
    let changed = after.since(before);
    let beyond: Vec<&str> = changed
        .split(", ")
        .filter(|place| !place.is_empty() && !place.starts_with("audit_log "))
        .collect();
    assert_eq!(beyond, Vec::<&str>::new(), "{what}");
}

#[tokio::test]
async fn without_a_session_that_counts_nothing_opens() {
    let world = World::new();
    let cards = world.staff().await;
    let ids = Ids::of(&world).await;
    let sessions = sessions::closed(&world, &cards).await;
    for (_, cookie) in &sessions {
        // That a session was used is noted once a minute, and the clock stands from here on.
        let browser = world.browser();
        browser.hold(cookie.clone());
        browser.get("/api/session").await;
    }
    let before = world.digest().await;
    for route in routes() {
        for (session, cookie) in &sessions {
            let browser = world.browser();
            for asked in probes::without_session(&route, session) {
                browser.hold(cookie.clone());
                let path = ids.path(&route, asked.id);
                let page = ids.probe(&browser, &route, &asked).await;
                let what = format!("{} {path} with {session}: {page:?}", asked.method);
                if asked.method != route.method {
                    // Another route of the same path, or none.
                    assert!(page.status >= 400, "{what}");
                    continue;
                }
                // What is for whoever signs in looks at the form first.
                let expected: &[u16] = if matches!(route.needs, Needs::Admin(_)) {
                    &[401, 403]
                } else {
                    &[400, 401, 403, 404]
                };
                assert!(expected.contains(&page.status), "{what}");
                assert!(!page.code().is_empty(), "{what}");
            }
        }
        unchanged(&world, &before, route.path).await;
    }
}

#[test]
fn there_are_very_many_probes() {
    assert!(probes::count() >= 23_000, "{}", probes::count());
}

#[tokio::test]
async fn each_role_does_what_it_may_and_nothing_else() {
    let world = World::new();
    let cards = world.staff().await;
    let ids = Ids::of(&world).await;
    let mut browsers = Vec::new();
    for role in Role::ALL {
        browsers.push((role, world.signed_in(&cards, role).await));
    }
    for (_, browser) in &browsers {
        // That a session was used is noted once a minute, and the clock stands from here on.
        assert_eq!(browser.get("/api/session").await.status, 200);
    }
    let before = world.digest().await;
    for route in routes() {
        let Needs::Admin(operation) = route.needs else {
            continue;
        };
        for (role, browser) in &browsers {
            let may = operation.is_for(*role);
            for asked in probes::by_role(&route, *role) {
                let path = ids.path(&route, asked.id);
                let changes = route.method != "GET";
                let foreign = changes && !asked.headers.is_empty();
                let page = ids.probe(browser, &route, &asked).await;
                let what = format!(
                    "{} {path} as {role}, {:?}: {page:?}",
                    route.method, asked.body
                );
                let expected: &[u16] = match (foreign, may, asked.id) {
                    (true, ..) | (false, false, _) => &[403],
                    (false, true, "own") if !changes => &[200, 404, 409],
                    _ if !changes && !route.path.contains('{') => &[200],
                    // Of nobody there is nothing to list.
                    _ if !changes && asked.id == "unknown" => &[200, 404, 409],
                    _ => &[400, 404, 409],
                };
                assert!(expected.contains(&page.status), "{what}");
                if expected == [403] {
                    let code = if foreign {
                        "foreign_origin"
                    } else {
                        "role_too_low"
                    };
                    assert_eq!(page.code(), code, "{what}");
                }
            }
        }
        unchanged(&world, &before, route.path).await;
    }
}

#[tokio::test]
async fn what_moves_money_or_decides_who_may_needs_a_code_just_shown() {
    let world = World::new();
    let cards = world.staff().await;
    let ids = Ids::of(&world).await;
    let owner = world.signed_in(&cards, Role::Owner).await;
    world.advance_s(STEP_UP_S + 1).await;
    assert_eq!(
        owner.get("/api/session").await.body["stepped_up_until"],
        Value::Null
    );
    let before = world.digest().await;
    for route in routes() {
        for asked in probes::without_code(&route) {
            let page = ids.probe(&owner, &route, &asked).await;
            assert_eq!(
                (page.status, page.code()),
                (403, "step_up_required"),
                "{} {asked:?}",
                route.path
            );
        }
    }
    unchanged(&world, &before, "step-up").await;
}

#[test]
fn the_table_of_routes_is_what_is_deployed() {
    let world = World::new();
    let mut deployed: Vec<(String, String)> = world
        .sandbox
        .deployment()
        .routes
        .iter()
        .filter(|route| route.path.starts_with("/api/"))
        .map(|route| (route.method.clone(), route.path.clone()))
        .collect();
    deployed.sort();
    let mut described: Vec<(String, String)> = routes()
        .into_iter()
        .map(|route| (route.method.to_owned(), route.path.to_owned()))
        .collect();
    described.sort();
    assert_eq!(described, deployed);
}
