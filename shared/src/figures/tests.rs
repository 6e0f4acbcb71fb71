use super::*;
use crate::tally::Counted;
use crate::time::Timestamp;

const NOON: Timestamp = Timestamp::from_s(1_767_268_800);

fn held(plan: Plan, mrr_cents: i64) -> Held {
    let plan = Some(plan);
    Held { plan, mrr_cents }
}

fn day(before: &Books, figures: &[Figure]) -> DayFigures {
    DayFigures::of(NOON.day(), before, figures, &[], NOON, false)
}

fn dollars(cents: i64) -> Money {
    Money::new(cents, CURRENCY)
}

#[test]
fn each_change_of_revenue_has_its_name() {
    let trial = held(Plan::Prospector, 0);
    let prospector = held(Plan::Prospector, 7_500);
    let networker = held(Plan::Networker, 14_500);
    let none = Held::default();
    for (before, after, returning, movement) in [
        (none, prospector, false, Some(Movement::New)),
        (trial, prospector, false, Some(Movement::New)),
        (none, prospector, true, Some(Movement::Recovered)),
        (prospector, networker, false, Some(Movement::Upgrade)),
        (networker, prospector, true, Some(Movement::Downgrade)),
        (prospector, none, false, Some(Movement::Churn)),
        (prospector, trial, true, Some(Movement::Churn)),
        (none, trial, false, None),
    ] {
        assert_eq!(
            Movement::of(before, after, returning),
            movement,
            "{before:?} {after:?}"
        );
    }
}

#[test]
fn the_books_go_on_from_day_to_day_and_agree_with_the_movements() {
    let none = Held::default();
    let founding = held(Plan::FoundingMember, 833);
    let prospector = held(Plan::Prospector, 7_500);
    let networker = held(Plan::Networker, 14_500);
    let revenue = |before, after| Figure::Revenue {
        before,
        after,
        returning: false,
    };
    let first = day(
        &Books::new(),
        &[
            revenue(none, founding),
            revenue(none, founding),
            revenue(none, prospector),
        ],
    );
    assert_eq!(first.mrr_cents, 9_166);
    assert_eq!((first.founding.begun, first.founding.converted), (2, 0));
    let second = day(
        &first.plans,
        &[
            revenue(founding, prospector),
            revenue(founding, none),
            revenue(prospector, networker),
        ],
    );
    let moved: i64 = second.movements.values().map(|sum| sum.cents).sum();
    assert_eq!(second.mrr_cents, first.mrr_cents + moved);
    assert_eq!(second.mrr_cents, 22_000);
    assert_eq!(second.plans[&Plan::Prospector].customers, 1);
    assert_eq!(second.plans[&Plan::Networker].mrr_cents, 14_500);
    // Whoever has nobody any more is not listed.
    assert!(!second.plans.contains_key(&Plan::FoundingMember));
    assert_eq!((second.founding.converted, second.founding.left), (1, 1));
}

#[test]
fn of_another_currency_only_cases_are_counted() {
    let euros = Money::new(9_900, "eur".parse().unwrap());
    let counted = day(
        &Books::new(),
        &[
            Figure::Paid {
                amount: dollars(7_500),
                recovered: true,
            },
            Figure::Paid {
                amount: euros,
                recovered: false,
            },
            Figure::Failed {
                amount: dollars(14_500),
            },
            Figure::Refunded { amount: euros },
            Figure::Disputed {
                amount: dollars(2_500),
            },
        ],
    );
    let sum = |count, cents| Sum { count, cents };
    assert_eq!(counted.payments.paid, sum(2, 7_500));
    assert_eq!(counted.payments.recovered, sum(1, 7_500));
    assert_eq!(counted.payments.failed, sum(1, 14_500));
    assert_eq!(counted.refunds, sum(1, 0));
    assert_eq!(counted.disputes, sum(1, 2_500));
}

#[test]
fn what_stripe_did_not_send_is_no_delivery_of_its_own() {
    let came = |lag_s: i64, answer: &str| Counted {
        event_kind: None,
        received_at: NOON,
        lag_s: Some(lag_s),
        answer: answer.to_owned(),
    };
    let mut deliveries: Vec<Counted> = (1..=20).map(|lag| came(lag, "applied")).collect();
    deliveries.push(came(900, "found_by_sync"));
    deliveries.push(came(900, "replayed"));
    let counted = DayFigures::of(NOON.day(), &Books::new(), &[], &deliveries, NOON, true);
    assert_eq!(counted.webhooks.deliveries, 20);
    assert_eq!(counted.webhooks.answers["applied"], 20);
    assert_eq!(counted.webhooks.lag_p50_s, Some(10));
    assert_eq!(counted.webhooks.lag_p95_s, Some(19));
    let nothing = day(&Books::new(), &[]);
    assert_eq!(nothing.webhooks.lag_p50_s, None);
    assert_eq!(nothing.mrr_cents, 0);
}
