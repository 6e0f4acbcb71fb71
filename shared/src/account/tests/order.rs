//! News of one object, put in order.

use serde_json::json;

use super::*;

#[test]
fn the_first_event_of_a_second_is_stale_after_a_later_one() {
    let mut account = Account::default();
    let created = event(
        "evt_1",
        "customer.subscription.created",
        T,
        subscription("incomplete", "prospector"),
        None,
    );
    let active = event(
        "evt_2",
        "customer.subscription.updated",
        T,
        subscription("active", "prospector"),
        None,
    );
    apply(&mut account, &active);
    assert_eq!(outcome(&account, &created), Outcome::Stale);
}

#[test]
fn older_news_is_stale_and_newer_news_is_applied() {
    let mut account = Account::default();
    apply(
        &mut account,
        &event(
            "evt_2",
            "customer.subscription.updated",
            T + 5,
            subscription("past_due", "prospector"),
            None,
        ),
    );
    let older = event(
        "evt_1",
        "customer.subscription.updated",
        T + 4,
        subscription("active", "prospector"),
        None,
    );
    assert_eq!(outcome(&account, &older), Outcome::Stale);
    let newer = event(
        "evt_3",
        "customer.subscription.updated",
        T + 6,
        subscription("active", "prospector"),
        None,
    );
    apply(&mut account, &newer);
    let (_, kept) = account.subscription().unwrap();
    assert_eq!(kept.facts.status, SubscriptionStatus::Active);
    assert_eq!(kept.facts.past_due_since, None);
}

#[test]
fn the_successor_of_the_first_event_is_known_by_what_it_says_was_before() {
    let mut account = Account::default();
    apply(
        &mut account,
        &event(
            "evt_1",
            "customer.subscription.created",
            T,
            subscription("active", "prospector"),
            None,
        ),
    );
    let successor = event(
        "evt_2",
        "customer.subscription.updated",
        T,
        subscription("active", "networker"),
        Some(json!({ "items": { "data": [{ "price": price("prospector") }] } })),
    );
    let change = apply(&mut account, &successor);
    let changed = change.plan_change.unwrap();
    assert_eq!(
        (changed.from, changed.to),
        (Some(Plan::Prospector), Some(Plan::Networker))
    );
    assert_eq!(change.mails[0].id, "plan_changed#sub_1#evt_2");
}

#[test]
fn a_switch_thrown_there_and_back_within_a_second_is_asked_of_stripe() {
    let thrown = |id: &str, ends: bool| {
        let mut object = subscription("active", "prospector");
        object["cancel_at_period_end"] = json!(ends);
        event(
            id,
            "customer.subscription.updated",
            T + 9,
            object,
            Some(json!({ "cancel_at_period_end": !ends })),
        )
    };
    let mut account = Account::default();
    apply(
        &mut account,
        &event(
            "evt_1",
            "customer.subscription.created",
            T,
            subscription("active", "prospector"),
            None,
        ),
    );
    // Told the wrong way round: back first, then there. What `there` says was before is what `back` left behind.
    apply(&mut account, &thrown("evt_3", false));
    assert_eq!(
        outcome(&account, &thrown("evt_2", true)),
        Outcome::Ask(Question::Object)
    );
}

#[test]
fn of_two_updates_within_a_second_the_one_of_the_later_period_is_the_newer() {
    let renewed = |period_start: i64| {
        let mut object = subscription("active", "prospector");
        object["items"]["data"][0]["current_period_start"] = json!(period_start);
        object
    };
    let mut account = Account::default();
    apply(
        &mut account,
        &event(
            "evt_1",
            "customer.subscription.updated",
            T,
            renewed(T),
            None,
        ),
    );
    apply(
        &mut account,
        &event(
            "evt_2",
            "customer.subscription.updated",
            T,
            renewed(T + 9),
            None,
        ),
    );
    let late = event(
        "evt_3",
        "customer.subscription.updated",
        T,
        renewed(T),
        None,
    );
    assert_eq!(outcome(&account, &late), Outcome::Stale);
}

#[test]
fn what_one_second_cannot_settle_is_asked_of_stripe_and_the_answer_counts() {
    let mut account = Account::default();
    apply(
        &mut account,
        &event(
            "evt_1",
            "customer.subscription.updated",
            T,
            subscription("active", "networker"),
            None,
        ),
    );
    let unclear = event(
        "evt_2",
        "customer.subscription.updated",
        T,
        subscription("active", "prospector"),
        None,
    );
    assert_eq!(outcome(&account, &unclear), Outcome::Ask(Question::Object));
    let reading = Reading {
        subject: unclear.subject.clone(),
        charge: None,
        at: Timestamp::from_s(T + 60),
        attempt: 1,
    };
    let Outcome::Apply(change) = account.after_reading(&unclear, &reading, &Catalogue::linky())
    else {
        panic!("the reading was not applied")
    };
    write(&mut account, &change);
    assert_eq!(
        account.subscription().unwrap().1.facts.plan,
        Plan::Prospector
    );

    // What happened up to the reading is in it; what is told to have happened within its skew is asked again.
    let before = event(
        "evt_3",
        "customer.subscription.updated",
        T + 57,
        subscription("active", "networker"),
        None,
    );
    assert_eq!(outcome(&account, &before), Outcome::Stale);
    for at in [T + 58, T + 60, T + 62] {
        let within = event(
            "evt_4",
            "customer.subscription.updated",
            at,
            subscription("active", "networker"),
            None,
        );
        assert_eq!(
            outcome(&account, &within),
            Outcome::Ask(Question::Object),
            "{at}"
        );
    }
    let after = event(
        "evt_5",
        "customer.subscription.updated",
        T + 63,
        subscription("active", "networker"),
        None,
    );
    apply(&mut account, &after);
}

#[test]
fn nothing_comes_after_the_end() {
    let mut account = Account::default();
    let ended = event(
        "evt_1",
        "customer.subscription.deleted",
        T,
        subscription("canceled", "prospector"),
        None,
    );
    apply(&mut account, &ended);
    let late = event(
        "evt_2",
        "customer.subscription.updated",
        T + 99,
        subscription("active", "prospector"),
        None,
    );
    assert_eq!(outcome(&account, &late), Outcome::Stale);

    let customer =
        json!({ "id": "cus_1", "email": "ada@example.com", "invoice_settings": {}, "created": T });
    let deleted = event("evt_3", "customer.deleted", T, customer.clone(), None);
    apply(&mut account, &deleted);
    let kept = account.customer.clone().unwrap();
    assert!(kept.facts.deleted && kept.facts.email.is_none());
    let late = event("evt_4", "customer.updated", T + 99, customer, None);
    assert_eq!(outcome(&account, &late), Outcome::Stale);
}

#[test]
fn the_states_of_an_invoice_within_one_second_end_the_same_in_every_order() {
    let events = [
        event("evt_1", "invoice.created", T, invoice("draft", 0), None),
        event("evt_2", "invoice.finalized", T, invoice("open", 0), None),
        event(
            "evt_3",
            "invoice.payment_failed",
            T,
            invoice("open", 1),
            None,
        ),
        event("evt_4", "invoice.paid", T, invoice("paid", 1), None),
    ];
    for order in permutations(events.len()) {
        let mut account = Account::default();
        let mut paid_cents = 0;
        for index in order.iter().map(|index| &events[*index]) {
            if let Outcome::Apply(change) = outcome(&account, index) {
                paid_cents += change.totals.map_or(0, |totals| totals.paid_cents);
                write(&mut account, &change);
            }
        }
        let kept = account.invoices.values().next().unwrap();
        assert_eq!(kept.facts.status, Some(InvoiceStatus::Paid), "{order:?}");
        assert_eq!(paid_cents, 7_500, "{order:?}");
    }
}

fn permutations(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![vec![]];
    }
    permutations(count - 1)
        .into_iter()
        .flat_map(|shorter| {
            (0..count).map(move |place| {
                let mut longer = shorter.clone();
                longer.insert(place, count - 1);
                longer
            })
        })
        .collect()
}
