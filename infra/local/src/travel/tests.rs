//! Journeys: what they run, how they end, and that two never run at once.

use std::path::Path;

use serde_json::json;
use shared::clock::Clock;
use stripe_sim::TestCard;

use super::*;
use crate::checkout;
use crate::sandbox::Start;

const START_S: i64 = 1_767_225_600;
const DAY_S: i64 = 86_400;

fn sandbox() -> Sandbox {
    let start = Start {
        project: Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."),
        folder: None,
        base_url: "http://127.0.0.1:1".into(),
        machine: Clock::manual(Timestamp::from_s(START_S)),
    };
    Sandbox::start(start).unwrap()
}

async fn signed_up(sandbox: &Sandbox) {
    let form = json!({ "name": "Ada", "email": "ada@example.com", "plan": "founding_member" });
    let session = checkout::start(sandbox.gateway(), "127.0.0.1", &form)
        .await
        .unwrap();
    sandbox
        .stripe()
        .now()
        .complete_checkout(&session, TestCard::Good)
        .unwrap();
}

fn paid_cents(sandbox: &Sandbox) -> i64 {
    let stripe = sandbox.stripe().now();
    let paid = stripe
        .objects("invoice")
        .map(|invoice| invoice["amount_paid"].as_i64().unwrap());
    paid.sum()
}

#[tokio::test]
async fn a_year_passes_with_every_renewal_once_and_few_stops() {
    let sandbox = sandbox();
    signed_up(&sandbox).await;
    let end = Timestamp::from_s(START_S + 366 * DAY_S);
    let journey = sandbox.travel_to(end).await.unwrap();
    assert_eq!(sandbox.time().clock().now(), end);
    // $25.00 for the first three months, then nine months and the first day of the second year at $75.00.
    assert_eq!(paid_cents(&sandbox), 25_00 + 10 * 75_00);
    // A stop each night, and one for each thing that happened.
    assert!(journey.stops < 366 + 100, "{journey:?}");
    let failed = sandbox
        .functions()
        .latest()
        .into_iter()
        .find(|ran| ran.failure.is_some());
    assert_eq!(failed, None);
    let subjects = sandbox
        .cloud()
        .mail()
        .mails()
        .into_iter()
        .map(|mail| mail.subject);
    let subjects: Vec<String> = subjects.collect();
    assert_eq!(
        subjects,
        ["Welcome to Linky", "Your Linky plan is now Prospector"]
    );
}

#[tokio::test]
async fn two_short_journeys_end_like_one_long_one() {
    let (whole, halves) = (sandbox(), sandbox());
    for sandbox in [&whole, &halves] {
        signed_up(sandbox).await;
    }
    for (sandbox, days) in [(&whole, 100), (&halves, 50), (&halves, 100)] {
        sandbox
            .travel_to(Timestamp::from_s(START_S + days * DAY_S))
            .await
            .unwrap();
    }
    assert_eq!(paid_cents(&whole), paid_cents(&halves));
    let events = |sandbox: &Sandbox| {
        sandbox
            .cloud()
            .items("linky-billing_events", None)
            .unwrap()
            .len()
    };
    assert_eq!(events(&whole), events(&halves));
}

#[tokio::test]
async fn a_journey_that_is_cancelled_ends_on_the_way_and_the_next_one_does_not() {
    let sandbox = sandbox();
    signed_up(&sandbox).await;
    assert_eq!(sandbox.travel().cancel(), None);
    let far = Timestamp::from_s(START_S + 366 * DAY_S);
    let cancel = async {
        // The journey has begun, and is at one of its first moments.
        tokio::task::yield_now().await;
        sandbox.travel().cancel()
    };
    let (journey, cancelled) = tokio::join!(sandbox.travel_to(far), cancel);
    assert!(cancelled.is_some());
    let journey = journey.unwrap();
    assert!(journey.cancelled && journey.at < far, "{journey:?}");
    let journey = sandbox.travel_to(far).await.unwrap();
    assert_eq!((journey.cancelled, journey.at), (false, far));
    assert_eq!(journey.renewals, 10);
    assert!(journey.webhooks > 40, "{journey:?}");
}

#[tokio::test]
async fn what_happens_next_is_what_a_journey_there_finds() {
    let sandbox = sandbox();
    let night = sandbox.next_happening().unwrap();
    assert_eq!(night.what, "The nightly schedule");
    signed_up(&sandbox).await;
    let next = sandbox.next_happening().unwrap();
    assert_eq!(next.at, Timestamp::from_s(START_S), "{next:?}");
    sandbox.travel_to(next.at.plus_s(DAY_S)).await.unwrap();
    let next = sandbox.next_happening().unwrap();
    assert!(
        next.at > sandbox.time().clock().now() && next.what.starts_with("Stripe"),
        "{next:?}"
    );
    let journey = sandbox.travel_to(next.at).await.unwrap();
    assert!(journey.webhooks > 0, "{journey:?}");
}

#[tokio::test]
async fn a_second_journey_waits_for_its_turn_and_nothing_goes_back() {
    let sandbox = sandbox();
    let later = Timestamp::from_s(START_S + 40 * DAY_S);
    let (first, second) = tokio::join!(sandbox.travel_to(later), sandbox.travel_to(later));
    assert!(first.is_ok());
    assert_eq!(second, Err(TravelError::UnderWay));
    let back = sandbox.travel_to(Timestamp::from_s(START_S)).await.unwrap();
    assert_eq!(back.at, later);
}
