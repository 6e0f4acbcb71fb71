//! The clock in the control API: moved on, stopped on its way, and set wrong.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use shared::time::Timestamp;

use super::control::{Answer, Refusal, parsed, refuse};
use crate::sandbox::Sandbox;

pub(super) fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/advance", post(advance).delete(cancel))
        .route("/next", post(next))
        .route("/skew", post(skew))
}

/// How far to move the clock. Months are those of the calendar, and two hours more: what falls due on their last day is
/// a draft for an hour before it is charged, and whoever moves on by months wants to see it charged.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Advance {
    months: i32,
    days: i64,
    hours: i64,
    minutes: i64,
    seconds: i64,
}

/// Furthest journey in one step: ten years.
const ADVANCE_S_MAX: i64 = 3653 * 86_400;

async fn advance(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Answer {
    let by: Advance = parsed(&body)?;
    let from = sandbox.time().tick();
    let to = moved(from, &by).filter(|to| *to > from && to.since_s(from) <= ADVANCE_S_MAX);
    let to = to.ok_or_else(|| {
        refuse("say how far, between a second and ten years, as in {\"months\": 1}")
    })?;
    travelled(sandbox, to).await
}

/// Moves the clock to what happens next.
async fn next(State(sandbox): State<Arc<Sandbox>>) -> Answer {
    let next = sandbox.next_happening();
    let next = next.ok_or_else(|| {
        Refusal(
            StatusCode::CONFLICT,
            "nothing is due by itself; move the clock with POST /control/advance".to_owned(),
        )
    })?;
    // What is due this very moment happens without the clock being moved.
    let to = next.at.max(sandbox.time().tick().plus_s(1));
    travelled(sandbox, to).await
}

/// Moves the clock, to the end also if whoever asked for it has gone: a page that is closed on the way must not leave it
/// somewhere.
async fn travelled(sandbox: Arc<Sandbox>, to: Timestamp) -> Answer {
    let travelling = async move {
        let outcome = sandbox.travel_to(to).await;
        sandbox.wake();
        outcome
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "the sandbox's server is no Lambda: it is not frozen between requests"
    )]
    let outcome = tokio::spawn(travelling).await;
    let outcome = outcome.map_err(|error| {
        Refusal(
            StatusCode::INTERNAL_SERVER_ERROR,
            format!("the journey broke off: {error}"),
        )
    })?;
    let journey = outcome.map_err(|error| Refusal(StatusCode::CONFLICT, error.to_string()))?;
    Ok(Json(json!({ "journey": journey })))
}

async fn cancel(State(sandbox): State<Arc<Sandbox>>) -> Answer {
    let journey = sandbox.travel().cancel();
    let journey = journey.ok_or_else(|| {
        Refusal(
            StatusCode::CONFLICT,
            "the clock is not being moved; there is nothing to cancel".to_owned(),
        )
    })?;
    Ok(Json(json!({ "journey": journey })))
}

/// How wrong the functions' clock is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Skew {
    /// Seconds ahead; behind where negative; 0 is right.
    seconds: i64,
}

/// Furthest that the functions' clock may be wrong: a day.
const SKEW_S_MAX: i64 = 86_400;

async fn skew(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Answer {
    let Skew { seconds } = parsed(&body)?;
    if seconds.unsigned_abs() > SKEW_S_MAX.unsigned_abs() {
        return Err(refuse(format!(
            "\"seconds\" is from -{SKEW_S_MAX} to {SKEW_S_MAX}, which is a day; 0 sets the clock right"
        )));
    }
    sandbox.time().set_skew_s(seconds);
    sandbox.wake();
    Ok(Json(json!({ "skew_s": seconds })))
}

fn moved(from: Timestamp, by: &Advance) -> Option<Timestamp> {
    let start = jiff::Timestamp::from_millisecond(from.as_ms()).ok()?;
    let hours = if by.months > 0 {
        by.hours + 2
    } else {
        by.hours
    };
    let span = jiff::Span::new()
        .try_months(by.months)
        .and_then(|span| span.try_days(by.days))
        .and_then(|span| span.try_hours(hours))
        .and_then(|span| span.try_minutes(by.minutes))
        .and_then(|span| span.try_seconds(by.seconds))
        .ok()?;
    let end = start
        .to_zoned(jiff::tz::TimeZone::UTC)
        .checked_add(span)
        .ok()?;
    Some(Timestamp::from_ms(end.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_those_of_the_calendar_and_end_once_their_invoice_is_charged() {
        let from: Timestamp = "2026-01-31T10:00:00.000Z".parse().unwrap();
        let by = |body: &str| {
            moved(from, &serde_json::from_str(body).unwrap())
                .unwrap()
                .to_string()
        };
        assert_eq!(by("{\"months\":1}"), "2026-02-28T12:00:00.000Z");
        assert_eq!(by("{\"days\":1,\"hours\":2}"), "2026-02-01T12:00:00.000Z");
        assert!(serde_json::from_str::<Advance>("{\"fortnights\":1}").is_err());
    }
}
