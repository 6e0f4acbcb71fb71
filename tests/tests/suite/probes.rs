//! Who may do what, asked of every route: with every kind of session that does not open it, in every role that may not, with ids
//! of others and none, with bodies and headers that are not in order. Whatever is refused changes nothing.

mod sessions;

use local::browser::{Browser, Page};
use serde_json::{Value, json};
use shared::alert::Alert;
use shared::session::STEP_UP_S;
use shared::staff::Role;
use tests::api::{Needs, Route, routes};
use tests::{SignedUp, World};

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "DELETE", "PATCH"];

/// Headers that a page of another site, or no page at all, would send.
const HEADERS: [&[(&str, &str)]; 4] = [
    &[],
    &[("x-linky-client", "")],
    &[("origin", "")],
    &[("origin", "https://evil.example")],
];

const BODIES: [&str; 3] = ["sample", "garbage", "unknown"];

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

async fn probe(
    browser: &Browser<'_>,
    method: &str,
    path: &str,
    body: Option<&Value>,
    headers: &[(&str, &str)],
) -> Page {
    let mut all = vec![("idempotency-key", "act_0123456789abcdef0123456789abcdef")];
    all.extend(headers);
    browser.send(method, path, body, &all).await
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

/// Whether a session of this kind gets through to what a route needs.
fn opens(session: &str, needs: Needs) -> bool {
    match needs {
        Needs::Nobody => true,
        Needs::Session => matches!(
            session,
            "second factor missing" | "enrolment missing" | "a customer's" | "role removed"
        ),
        Needs::SignedIn => matches!(session, "a customer's" | "role removed"),
        Needs::Admin(_) => false,
    }
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
    let mut count = 0_u32;
    for route in routes() {
        for (session, cookie) in &sessions {
            if opens(session, route.needs) {
                continue;
            }
            let browser = world.browser();
            for (which, headers, body) in combinations() {
                browser.hold(cookie.clone());
                let path = ids.path(&route, which);
                let body = ids.body(&route, body);
                let page = probe(&browser, route.method, &path, body.as_ref(), headers).await;
                count += 1;
                let what = format!("{} {path} with {session}: {page:?}", route.method);
                let admins = matches!(route.needs, Needs::Admin(_));
                // What is for whoever signs in looks at the form first.
                let expected: &[u16] = if admins {
                    &[401, 403]
                } else {
                    &[400, 401, 403, 404]
                };
                assert!(expected.contains(&page.status), "{what}");
                assert!(!page.code().is_empty(), "{what}");
            }
            for method in METHODS.into_iter().filter(|it| *it != route.method) {
                browser.hold(cookie.clone());
                let path = ids.path(&route, "own");
                let page = probe(&browser, method, &path, None, &[]).await;
                count += 1;
                // Another route of the same path, or none.
                assert!(
                    page.status >= 400,
                    "{method} {path} with {session}: {page:?}"
                );
            }
        }
        unchanged(&world, &before, route.path).await;
    }
    assert!(count >= 18_000, "{count} probes");
}

/// Which id, with which headers, and which body.
type Combination = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

/// Every id with every kind of header and body.
fn combinations() -> Vec<Combination> {
    let mut all = Vec::new();
    for which in ["own", "unknown", "malformed"] {
        for headers in HEADERS {
            for body in BODIES {
                all.push((which, headers, body));
            }
        }
    }
    all
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
    let mut count = 0_u32;
    for route in routes() {
        let Needs::Admin(operation) = route.needs else {
            continue;
        };
        for (role, browser) in &browsers {
            let may = operation.is_for(*role);
            for (which, headers, body) in combinations() {
                let path = ids.path(&route, which);
                let sent = ids.body(&route, body);
                let changes = route.method != "GET";
                let foreign = changes && !headers.is_empty();
                if may && changes && !foreign && which == "own" && body == "sample" {
                    // In order: what it does is for other tests.
                    continue;
                }
                if may && changes && !foreign && body == "sample" && !route.path.contains("{id}") {
                    continue;
                }
                let page = probe(browser, route.method, &path, sent.as_ref(), headers).await;
                count += 1;
                let what = format!("{} {path} as {role}, {body}: {page:?}", route.method);
                let expected: &[u16] = match (foreign, may, which) {
                    (true, ..) | (false, false, _) => &[403],
                    (false, true, "own") if !changes => &[200, 404, 409],
                    _ if !changes && !route.path.contains('{') => &[200],
                    // Of nobody there is nothing to list.
                    _ if !changes && which == "unknown" => &[200, 404, 409],
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
    assert!(count >= 5_000, "{count} probes");
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
    let mut count = 0;
    for route in routes() {
        let Needs::Admin(operation) = route.needs else {
            continue;
        };
        if !operation.needs_step_up() {
            continue;
        }
        for (which, _, body) in combinations() {
            let path = ids.path(&route, which);
            let body = ids.body(&route, body);
            let page = probe(&owner, route.method, &path, body.as_ref(), &[]).await;
            count += 1;
            assert_eq!(
                (page.status, page.code()),
                (403, "step_up_required"),
                "{path}"
            );
        }
    }
    unchanged(&world, &before, "step-up").await;
    assert!(count >= 400, "{count} probes");
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
