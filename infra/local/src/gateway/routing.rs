//! Which route a request takes: the most particular one that fits (the developer guide's page "Develop routes for HTTP APIs",
//! read November 2026: a whole match comes before one with a variable, and a greedy variable comes last).

use std::collections::BTreeMap;

use crate::template::Route;

/// A route with what stood in the path for its variables.
pub(super) struct Matched<'a> {
    pub(super) route: &'a Route,
    pub(super) parameters: BTreeMap<String, String>,
}

/// The route for a request; none where nothing answers there.
pub(super) fn matched<'a>(routes: &'a [Route], method: &str, path: &str) -> Option<Matched<'a>> {
    let fitting = routes.iter().filter(|route| route.method == method);
    let fitting = fitting.filter_map(|route| {
        let parameters = parameters(&route.path, path)?;
        Some((rank(&route.path), Matched { route, parameters }))
    });
    fitting
        .min_by_key(|(rank, _)| *rank)
        .map(|(_, matched)| matched)
}

/// How general a route is: by its greedy variable, then by its other ones.
fn rank(pattern: &str) -> (bool, usize) {
    (pattern.contains("+}"), pattern.matches('{').count())
}

fn parameters(pattern: &str, path: &str) -> Option<BTreeMap<String, String>> {
    let mut parameters = BTreeMap::new();
    let mut rest = path.strip_prefix('/')?;
    let mut parts = pattern.strip_prefix('/')?.split('/').peekable();
    while let Some(part) = parts.next() {
        let variable = part
            .strip_prefix('{')
            .and_then(|part| part.strip_suffix('}'));
        if let Some(name) = variable.and_then(|name| name.strip_suffix('+')) {
            parameters.insert(name.to_owned(), rest.to_owned());
            return (!rest.is_empty()).then_some(parameters);
        }
        let is_last = parts.peek().is_none();
        let (segment, after) = match rest.split_once('/') {
            Some((segment, after)) => (segment, Some(after)),
            None => (rest, None),
        };
        if is_last != after.is_none() {
            return None;
        }
        match variable {
            Some(_) if segment.is_empty() => return None,
            Some(name) => {
                parameters.insert(name.to_owned(), segment.to_owned());
            }
            None if segment == part => {}
            None => return None,
        }
        rest = after.unwrap_or_default();
    }
    Some(parameters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_particular_route_is_taken_with_what_stands_for_its_variables() {
        let routes: Vec<Route> = [
            ("GET", "/api/admin/{proxy+}"),
            ("POST", "/api/admin/users/{id}/refunds"),
            ("GET", "/api/admin/users/{id}"),
            ("GET", "/api/admin/users/me"),
            ("POST", "/checkout"),
        ]
        .into_iter()
        .map(|(method, path)| Route {
            method: method.to_owned(),
            path: path.to_owned(),
            function: path.to_owned(),
        })
        .collect();
        let taken = |method: &str, path: &str| {
            let matched = matched(&routes, method, path)?;
            let values = matched.parameters.into_values().collect::<Vec<_>>();
            Some((matched.route.path.as_str(), values.join(",")))
        };
        let some = |path, value: &str| Some((path, value.to_owned()));
        assert_eq!(
            taken("POST", "/api/admin/users/cus_1/refunds"),
            some("/api/admin/users/{id}/refunds", "cus_1")
        );
        assert_eq!(
            taken("GET", "/api/admin/users/cus_1"),
            some("/api/admin/users/{id}", "cus_1")
        );
        assert_eq!(
            taken("GET", "/api/admin/users/me"),
            some("/api/admin/users/me", "")
        );
        assert_eq!(
            taken("GET", "/api/admin/a/b/c"),
            some("/api/admin/{proxy+}", "a/b/c")
        );
        assert_eq!(taken("POST", "/checkout"), some("/checkout", ""));
        for (method, path) in [
            ("POST", "/api/admin/users//refunds"),
            ("POST", "/api/admin/users/cus_1/refunds/"),
            ("POST", "/checkout/"),
            ("GET", "/checkout"),
            ("GET", "/api/admin/"),
            ("GET", ""),
        ] {
            assert_eq!(taken(method, path), None, "{method} {path}");
        }
    }
}
