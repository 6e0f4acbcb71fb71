//! What was measured, and what it comes to.

use proptest::prelude::*;

use super::*;
use crate::alert::{kind, parts_of};
use crate::tally::Counted;

const AT: Timestamp = Timestamp::from_s(1_767_225_600);

/// All is well.
fn well() -> Measured {
    let mut tally = Tally::starting_at(AT.plus_s(-10 * 86_400));
    let came = Counted {
        event_kind: Some("invoice.paid".to_owned()),
        received_at: AT.plus_s(-60),
        lag_s: Some(1),
        answer: "applied".to_owned(),
    };
    tally.count(&vec![came; 40], AT);
    Measured {
        at: AT,
        tally,
        lag_s: Some(1),
        undelivered: Some(0),
        missed: None,
        events: Waiting::default(),
        mails: Waiting::default(),
        dead_letters: Some(0),
        syncs: Syncs {
            finished_at: Some(AT.plus_s(-3600)),
            ..Syncs::default()
        },
        endpoint: Endpoint::Seen(Vec::new()),
        open: Vec::new(),
    }
}

/// Waiting since so many seconds.
fn since(seconds: i64) -> Waiting {
    Waiting {
        count: 1,
        oldest_at: Some(AT.plus_s(-seconds)),
    }
}

fn raised(measured: &Measured) -> Vec<String> {
    let conditions = measured.conditions().into_iter();
    conditions
        .filter_map(|condition| match condition {
            Holds::Yes(alert) => Some(alert.cause),
            Holds::No(_) => None,
        })
        .collect()
}

/// One row: how it is changed, the part that shows it, its state, and the causes raised.
type Row = (
    fn(&mut Measured),
    &'static str,
    State,
    &'static [&'static str],
);

#[test]
fn each_trouble_shows_in_its_part_and_is_told_where_it_should_be() {
    let rows: [Row; 24] = [
        (|_| {}, "webhooks", State::Ok, &[]),
        (|it| it.lag_s = Some(301), "webhooks", State::Degraded, &[]),
        (
            |it| it.undelivered = Some(1),
            "webhooks",
            State::Degraded,
            &[],
        ),
        (
            |it| it.at = AT.plus_s(SILENT_S_MAX - 60),
            "webhooks",
            State::Ok,
            &[],
        ),
        (
            |it| it.at = AT.plus_s(SILENT_S_MAX),
            "webhooks",
            State::Failing,
            &["no_webhooks#all"],
        ),
        (
            |it| {
                it.at = AT.plus_s(SILENT_S_MAX);
                it.missed = Some(false);
            },
            "webhooks",
            State::Ok,
            &[],
        ),
        (
            |it| {
                it.at = AT.plus_s(SILENT_S_MAX);
                it.tally.days.clear();
            },
            "webhooks",
            State::Ok,
            &[],
        ),
        (
            |it| {
                it.at = AT.plus_s(SILENT_S_MAX);
                it.tally.days.clear();
                it.missed = Some(true);
            },
            "webhooks",
            State::Failing,
            &["no_webhooks#all"],
        ),
        (
            |it| it.tally.last_webhook_at = None,
            "webhooks",
            State::Ok,
            &[],
        ),
        (
            |it| it.endpoint = Endpoint::Missing,
            "endpoint",
            State::Failing,
            &["endpoint#webhook"],
        ),
        (
            |it| it.endpoint = Endpoint::Seen(vec!["it is disabled".to_owned()]),
            "endpoint",
            State::Failing,
            &["endpoint#webhook"],
        ),
        (
            |it| it.endpoint = Endpoint::Unknown,
            "endpoint",
            State::Degraded,
            &[],
        ),
        (|it| it.undelivered = None, "stripe", State::Degraded, &[]),
        (
            |it| it.events = since(WAITED_S_MAX),
            "events",
            State::Ok,
            &[],
        ),
        (
            |it| it.events = since(WAITED_S_MAX + 1),
            "events",
            State::Degraded,
            &["queue_age#events"],
        ),
        (
            |it| it.events = since(3601),
            "events",
            State::Failing,
            &["queue_age#events"],
        ),
        (
            |it| it.mails = since(36_000),
            "mails",
            State::Degraded,
            &["queue_age#mails"],
        ),
        (
            |it| it.dead_letters = Some(2),
            "dead letters",
            State::Degraded,
            &[],
        ),
        (
            |it| it.syncs.finished_at = Some(AT.plus_s(-SYNCED_S_MAX)),
            "nightly sync",
            State::Ok,
            &[],
        ),
        (
            |it| it.syncs.finished_at = Some(AT.plus_s(-SYNCED_S_MAX - 1)),
            "nightly sync",
            State::Failing,
            &["sync_missing#nightly"],
        ),
        (
            |it| it.syncs.finished_at = None,
            "nightly sync",
            State::Failing,
            &["sync_missing#nightly"],
        ),
        (
            |it| {
                it.syncs.finished_at = None;
                it.tally.since = AT.plus_s(-3600);
            },
            "nightly sync",
            State::Ok,
            &[],
        ),
        (
            |it| it.syncs.found = 3,
            "nightly sync",
            State::Degraded,
            &[],
        ),
        (
            |it| it.open = vec![(kind::QUARANTINED_EVENT.to_owned(), 2)],
            "dead events",
            State::Degraded,
            &[],
        ),
    ];
    for (number, (change, part, state, causes)) in rows.into_iter().enumerate() {
        let mut measured = well();
        change(&mut measured);
        let report = Report::of(&measured);
        let found = report.parts.iter().find(|it| it.name == part).unwrap();
        assert_eq!(found.state, state, "row {number}: {found:?}");
        assert_eq!(raised(&measured), causes, "row {number}");
        assert!(report.state >= state, "row {number}");
    }
}

#[test]
fn all_is_well_where_nothing_is_wrong() {
    let report = Report::of(&well());
    assert_eq!(report.state, State::Ok, "{report:?}");
    assert!(report.parts.iter().all(|part| part.to_do.is_none()));
    assert!(report.is_fresh(AT.plus_s(MEASURED_S_MAX)));
    assert!(!report.is_fresh(AT.plus_s(MEASURED_S_MAX + 1)));
}

#[test]
fn an_endpoint_is_right_only_with_our_events_and_our_version() {
    let right = WebhookEndpoint {
        url: "https://api.example.com/stripe/webhook".to_owned(),
        status: "enabled".to_owned(),
        enabled_events: subscribed_kinds().map(str::to_owned).collect(),
        api_version: Some("ours".to_owned()),
    };
    let judged = |endpoints: &[WebhookEndpoint]| Endpoint::of(endpoints, "ours");
    assert_eq!(
        judged(std::slice::from_ref(&right)),
        Endpoint::Seen(Vec::new())
    );
    let all = WebhookEndpoint {
        enabled_events: vec!["*".to_owned()],
        ..right.clone()
    };
    assert_eq!(judged(&[all]), Endpoint::Seen(Vec::new()));
    let elsewhere = WebhookEndpoint {
        url: "https://example.com/other".to_owned(),
        ..right.clone()
    };
    assert_eq!(judged(std::slice::from_ref(&elsewhere)), Endpoint::Missing);
    assert_eq!(judged(&[]), Endpoint::Missing);
    let wrong = WebhookEndpoint {
        status: "disabled".to_owned(),
        enabled_events: right.enabled_events[2..].to_vec(),
        api_version: None,
        ..right.clone()
    };
    let Endpoint::Seen(wrongs) = judged(&[elsewhere, wrong.clone()]) else {
        panic!("there is one");
    };
    assert_eq!(wrongs.len(), 3, "{wrongs:?}");
    assert!(wrongs[1].starts_with("2 types of event"), "{wrongs:?}");
    assert_eq!(judged(&[wrong, right]), Endpoint::Seen(Vec::new()));
}

prop_compose! {
    fn waiting()(count in 0_u64..5, ago in proptest::option::of(0_i64..10_000)) -> Waiting {
        Waiting { count, oldest_at: ago.map(|ago| AT.plus_s(-ago)) }
    }
}

fn endpoint() -> impl Strategy<Value = Endpoint> {
    prop_oneof![
        Just(Endpoint::Unknown),
        Just(Endpoint::Missing),
        proptest::collection::vec("[a-z]{1,9}", 0..3).prop_map(Endpoint::Seen),
    ]
}

prop_compose! {
    fn measured()(
        events in waiting(),
        mails in waiting(),
        endpoint in endpoint(),
        undelivered in proptest::option::of(0_u64..3),
        missed in proptest::option::of(any::<bool>()),
        dead_letters in proptest::option::of(0_u64..3),
        finished_ago in proptest::option::of(0_i64..200_000),
        found in 0_u64..2,
        later_s in 0_i64..40_000,
    ) -> Measured {
        let well = well();
        Measured {
            at: AT.plus_s(later_s),
            events,
            mails,
            endpoint,
            undelivered,
            missed,
            dead_letters,
            syncs: Syncs {
                finished_at: finished_ago.map(|ago| AT.plus_s(-ago)),
                found,
                running_since: None,
            },
            ..well
        }
    }
}

proptest! {
    #[test]
    fn the_whole_is_as_its_worst_part_and_whatever_is_wrong_says_what_to_do(measured in measured()) {
        let report = Report::of(&measured);
        let worst = report.parts.iter().map(|part| part.state).max();
        prop_assert_eq!(Some(report.state), worst);
        for part in &report.parts {
            prop_assert_eq!(part.to_do.is_none(), part.state == State::Ok, "{:?}", part);
            prop_assert!(!part.reason.is_empty());
        }
        let shown = serde_json::to_string(&report).unwrap();
        prop_assert_eq!(serde_json::from_str::<Report>(&shown).unwrap(), report);
    }

    #[test]
    fn a_condition_is_told_once_and_only_where_its_part_is_not_well(measured in measured()) {
        let causes = raised(&measured);
        let distinct: std::collections::BTreeSet<_> = causes.iter().collect();
        prop_assert_eq!(distinct.len(), causes.len());
        let report = Report::of(&measured);
        for cause in &causes {
            let part = match parts_of(cause) {
                (kind::QUEUE_AGE, work) => work,
                (kind::NO_WEBHOOKS, _) => "webhooks",
                (kind::SYNC_MISSING, _) => "nightly sync",
                (kind::ENDPOINT, _) => "endpoint",
                other => panic!("{other:?}"),
            };
            let part = report.parts.iter().find(|it| it.name == part).unwrap();
            prop_assert!(part.state > State::Ok, "{}: {:?}", cause, part);
        }
    }
}
