//! What events do to an account, in every order they may come in.

use serde_json::{Value, json};

use super::{Account, Change, Outcome, Question, Reading, Record};
use crate::event::{Event, Subject};
use crate::outbox::MailKind;
use crate::plan::{Catalogue, Plan};
use crate::stripe_objects::{InvoiceStatus, SubscriptionStatus};
use crate::time::Timestamp;

const T: i64 = 1_767_225_600;

fn event(id: &str, kind: &str, created: i64, object: Value, previous: Option<Value>) -> Event {
    let mut data = json!({ "object": object });
    if let Some(previous) = previous {
        data["previous_attributes"] = previous;
    }
    let body = json!({
        "id": id, "object": "event", "type": kind, "created": created, "livemode": false, "data": data,
    });
    Event::parse(body.to_string().as_bytes()).unwrap()
}

fn price(key: &str) -> Value {
    let (cents, months) = match key {
        "founding_member" => (2_500, 3),
        "prospector" => (7_500, 1),
        "networker" => (14_500, 1),
        _ => (100, 1),
    };
    json!({
        "id": format!("price_{key}"), "lookup_key": key, "unit_amount": cents, "currency": "usd",
        "recurring": { "interval": "month", "interval_count": months },
    })
}

fn subscription(status: &str, plan: &str) -> Value {
    json!({
        "id": "sub_1", "customer": "cus_1", "status": status, "created": T, "start_date": T,
        "items": { "data": [{
            "id": "si_1", "price": price(plan), "current_period_start": T, "current_period_end": T + 2_592_000,
        }] },
    })
}

fn invoice(status: &str, attempts: u32) -> Value {
    let paid = if status == "paid" { 7_500 } else { 0 };
    json!({
        "id": "in_1", "customer": "cus_1", "status": status, "currency": "usd", "created": T,
        "billing_reason": "subscription_cycle", "attempt_count": attempts, "attempted": attempts > 0,
        "amount_due": 7_500, "amount_paid": paid, "amount_remaining": 7_500 - paid, "total": 7_500,
    })
}

fn refund(status: &str) -> Value {
    json!({
        "id": "re_1", "charge": "ch_1", "amount": 2_500, "currency": "usd", "status": status, "created": T,
    })
}

fn charge() -> crate::stripe_objects::Charge {
    serde_json::from_value(json!({
        "id": "ch_1", "customer": "cus_1", "amount": 7_500, "amount_captured": 7_500, "amount_refunded": 2_500,
        "currency": "usd", "disputed": false, "refunded": false, "status": "succeeded", "created": T,
    }))
    .unwrap()
}

/// Writes what a change writes, as the store does.
fn write(account: &mut Account, change: &Change) {
    for write in &change.writes {
        match write.record.clone() {
            Record::Customer(kept) => account.customer = Some(kept),
            Record::Subscription(id, kept) => drop(account.subscriptions.insert(id, kept)),
            Record::Schedule(id, kept) => drop(account.schedules.insert(id, kept)),
            Record::Card(id, kept) => drop(account.cards.insert(id, kept)),
            Record::Charge(id, kept) => drop(account.charges.insert(id, kept)),
            Record::Invoice(id, kept) => drop(account.invoices.insert(id, kept)),
            Record::Refund(id, kept) => drop(account.refunds.insert(id, kept)),
            Record::Dispute(id, kept) => drop(account.disputes.insert(id, kept)),
        }
    }
}

/// What an event changes; panics where it is not applied.
fn apply(account: &mut Account, event: &Event) -> Change {
    match account.after(event, &Catalogue::linky()) {
        Outcome::Apply(change) => {
            write(account, &change);
            *change
        }
        other => panic!("{} was not applied: {other:?}", event.id),
    }
}

fn outcome(account: &Account, event: &Event) -> Outcome {
    account.after(event, &Catalogue::linky())
}

#[test]
fn a_new_subscription_begins_a_plan_and_owes_a_welcome_once() {
    let mut account = Account::default();
    let incomplete = event(
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
        Some(json!({ "status": "incomplete" })),
    );
    let first = apply(&mut account, &incomplete);
    assert_eq!((first.plan_change, first.mails), (None, vec![]));
    let second = apply(&mut account, &active);
    let begun = second.plan_change.unwrap();
    assert_eq!((begun.from, begun.to), (None, Some(Plan::Prospector)));
    assert_eq!(second.mails.len(), 1);
    assert_eq!(second.mails[0].id, "welcome#sub_1");
    assert_eq!(
        second.mails[0].kind,
        MailKind::Welcome {
            plan: Plan::Prospector
        }
    );
}

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
fn an_unknown_price_is_unmapped_alerts_and_mails_nothing() {
    let mut account = Account::default();
    let unmapped = event(
        "evt_1",
        "customer.subscription.created",
        T,
        subscription("active", "pro_monthly"),
        None,
    );
    let change = apply(&mut account, &unmapped);
    assert_eq!(change.plan_change.unwrap().to, Some(Plan::Unmapped));
    assert_eq!(change.alerts.len(), 1);
    assert_eq!(change.alerts[0].cause, "unmapped_price#price_pro_monthly");
    assert_eq!(change.mails, vec![]);
}

#[test]
fn a_failed_payment_is_told_per_attempt_and_its_recovery_once() {
    let mut account = Account::default();
    apply(
        &mut account,
        &event("evt_1", "invoice.finalized", T, invoice("open", 0), None),
    );
    let first = apply(
        &mut account,
        &event(
            "evt_2",
            "invoice.payment_failed",
            T,
            invoice("open", 1),
            None,
        ),
    );
    assert_eq!(first.mails[0].id, "payment_failed#in_1#1");
    let second = apply(
        &mut account,
        &event(
            "evt_3",
            "invoice.payment_failed",
            T + 9,
            invoice("open", 2),
            None,
        ),
    );
    assert_eq!(second.mails[0].id, "payment_failed#in_1#2");
    let paid = apply(
        &mut account,
        &event("evt_4", "invoice.paid", T + 20, invoice("paid", 3), None),
    );
    assert_eq!(paid.mails[0].id, "payment_recovered#in_1");
    assert_eq!(paid.totals.unwrap().paid_cents, 7_500);
    let again = event("evt_5", "invoice.paid", T + 20, invoice("paid", 3), None);
    assert_eq!(outcome(&account, &again), Outcome::Apply(Box::default()));
}

#[test]
fn a_payment_that_went_through_before_its_failure_was_told_owes_no_mail() {
    let mut account = Account::default();
    let paid = apply(
        &mut account,
        &event("evt_2", "invoice.paid", T + 5, invoice("paid", 1), None),
    );
    assert_eq!(paid.mails, vec![]);
    let late = event(
        "evt_1",
        "invoice.payment_failed",
        T,
        invoice("open", 1),
        None,
    );
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

#[test]
fn a_refund_names_no_customer_so_its_charge_is_asked_and_a_failed_one_counts_no_more() {
    let mut account = Account::default();
    let made = event("evt_1", "refund.created", T, refund("pending"), None);
    let asked = Outcome::Ask(Question::Charge("ch_1".parse().unwrap()));
    assert_eq!(outcome(&account, &made), asked);
    let reading = Reading {
        subject: made.subject.clone(),
        charge: Some(charge()),
        at: Timestamp::from_s(T),
        attempt: 1,
    };
    let Outcome::Apply(change) = account.after_reading(&made, &reading, &Catalogue::linky()) else {
        panic!("the reading was not applied")
    };
    assert_eq!(change.totals.unwrap().refunded_cents, 2_500);
    write(&mut account, &change);
    let kept = account.refunds.values().next().unwrap();
    assert_eq!(kept.customer, Some("cus_1".parse().unwrap()));

    let failed = apply(
        &mut account,
        &event("evt_2", "refund.failed", T + 9, refund("failed"), None),
    );
    assert_eq!(failed.totals.unwrap().refunded_cents, -2_500);
    let late = event("evt_3", "refund.updated", T + 3, refund("succeeded"), None);
    assert_eq!(outcome(&account, &late), Outcome::Stale);
}

#[test]
fn a_founding_checkout_asks_for_its_schedule_and_another_asks_nothing() {
    let session = |plan: &str| {
        json!({
            "id": "cs_1", "customer": "cus_1", "subscription": "sub_1", "mode": "subscription", "status": "complete",
            "payment_status": "paid", "metadata": { "plan": plan }, "expires_at": T,
        })
    };
    let founding = event(
        "evt_1",
        "checkout.session.completed",
        T,
        session("founding_member"),
        None,
    );
    let asked = Outcome::Ask(Question::FoundingSchedule("sub_1".parse().unwrap()));
    assert_eq!(outcome(&Account::default(), &founding), asked);
    let other = event(
        "evt_2",
        "checkout.session.completed",
        T,
        session("networker"),
        None,
    );
    assert_eq!(
        outcome(&Account::default(), &other),
        Outcome::Apply(Box::default())
    );
}

#[test]
fn a_detached_card_stays_on_record_as_detached() {
    let card = |customer: Value| {
        json!({
            "id": "pm_1", "customer": customer, "type": "card",
            "card": { "brand": "visa", "last4": "4242", "exp_month": 8, "exp_year": 2030 },
        })
    };
    let mut account = Account::default();
    apply(
        &mut account,
        &event(
            "evt_1",
            "payment_method.attached",
            T,
            card(json!("cus_1")),
            None,
        ),
    );
    let detached = event(
        "evt_2",
        "payment_method.detached",
        T,
        card(Value::Null),
        Some(json!({ "customer": "cus_1" })),
    );
    apply(&mut account, &detached);
    let kept = account.cards.values().next().unwrap();
    assert!(!kept.facts.attached);
    assert_eq!(kept.customer, Some("cus_1".parse().unwrap()));
}

#[test]
fn every_other_type_is_ignored() {
    let unknown = event(
        "evt_1",
        "product.updated",
        T,
        json!({ "id": "prod_1" }),
        None,
    );
    assert_eq!(unknown.subject, Subject::Other);
    assert_eq!(outcome(&Account::default(), &unknown), Outcome::Ignore);
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
