//! What a change means: plans, mails, totals, alerts, questions.

use serde_json::{Value, json};

use super::*;

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
