//! What every route is asked in order to find out that it does not open: with which session or role, id, headers and body.

use shared::staff::Role;

use super::{Needs, Route, routes};

/// Kinds of sessions that open nothing, each for another reason.
pub const CLOSED: [&str; 13] = [
    "none",
    "garbled",
    "unknown",
    "another name",
    "idle",
    "lasted",
    "revoked",
    "role removed",
    "disabled",
    "second factor missing",
    "enrolment missing",
    "a customer's",
    "two at once",
];

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "DELETE", "PATCH"];

/// Headers that a page of another site, or no page at all, would send.
const HEADERS: [&[(&str, &str)]; 4] = [
    &[],
    &[("x-linky-client", "")],
    &[("origin", "")],
    &[("origin", "https://evil.example")],
];

const BODIES: [&str; 3] = ["sample", "garbage", "unknown"];

/// One thing that a route is asked.
#[derive(Debug, Clone, Copy)]
pub struct Probe {
    /// The method: the route's, or one that it does not have.
    pub method: &'static str,
    /// Whose id: `own`, `unknown` or `malformed`.
    pub id: &'static str,
    /// Headers beside, or instead of, those of the portal.
    pub headers: &'static [(&'static str, &'static str)],
    /// The body: `sample`, `garbage`, or with a field that is `unknown`; none with a method that the route does not have.
    pub body: Option<&'static str>,
}

/// With a session that opens nothing.
pub fn without_session(route: &Route, session: &str) -> Vec<Probe> {
    if gets_through(session, route.needs) {
        return Vec::new();
    }
    let others = METHODS.into_iter().filter(|it| *it != route.method);
    let others = others.map(|method| Probe {
        method,
        id: "own",
        headers: &[],
        body: None,
    });
    every_combination(route).chain(others).collect()
}

/// By an administrator, but for what is in order: what that does is for other tests.
pub fn by_role(route: &Route, role: Role) -> Vec<Probe> {
    let Needs::Admin(operation) = route.needs else {
        return Vec::new();
    };
    let changes = route.method != "GET";
    let is_in_order = |probe: &Probe| {
        let own = probe.id == "own" || !route.path.contains("{id}");
        operation.is_for(role)
            && changes
            && probe.headers.is_empty()
            && probe.body == Some("sample")
            && own
    };
    let all = every_combination(route);
    all.filter(|probe| !is_in_order(probe)).collect()
}

/// By somebody who did not show a code lately, where that is needed.
pub fn without_code(route: &Route) -> Vec<Probe> {
    match route.needs {
        Needs::Admin(operation) if operation.needs_step_up() => every_combination(route)
            .map(|probe| Probe {
                headers: &[],
                ..probe
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// How many there are in all.
pub fn count() -> usize {
    let each = |route: &Route| {
        let closed = CLOSED.iter().map(|it| without_session(route, it).len());
        let roles = Role::ALL.iter().map(|it| by_role(route, *it).len());
        closed.chain(roles).sum::<usize>() + without_code(route).len()
    };
    routes().iter().map(each).sum()
}

/// Every id with every kind of header and body.
fn every_combination(route: &Route) -> impl Iterator<Item = Probe> {
    let method = route.method;
    ["own", "unknown", "malformed"]
        .into_iter()
        .flat_map(move |id| {
            HEADERS.into_iter().flat_map(move |headers| {
                BODIES.into_iter().map(move |body| Probe {
                    method,
                    id,
                    headers,
                    body: Some(body),
                })
            })
        })
}

/// Whether a session of this kind gets through to what a route needs.
fn gets_through(session: &str, needs: Needs) -> bool {
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
