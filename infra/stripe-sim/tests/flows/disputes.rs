//! Disputes, what comes before them, and how they end.

use serde_json::json;
use stripe_sim::{DisputeEnd, TestCard};

use crate::account::{Account, text};
use crate::refunds::charged;

const DAY_S: i64 = 86_400;

/// The identifier of the latest object of a kind.
fn latest(account: &Account, kind: &str) -> String {
    text(account.sim.objects(kind).next_back().unwrap(), "/id")
}

#[test]
fn an_inquiry_takes_no_money_and_leaves_the_charge_refundable() {
    let mut account = Account::open();
    let charge = charged(&mut account, TestCard::Inquired);
    let inquiry = account.object(&latest(&account, "dispute"));
    assert_eq!(
        (&inquiry["status"], &inquiry["is_charge_refundable"]),
        (&json!("warning_needs_response"), &json!(true))
    );
    assert_eq!(inquiry["balance_transactions"], json!([]));
    assert_eq!(
        inquiry["payment_method_details"]["card"]["case_type"],
        "inquiry"
    );
    account.post("/v1/refunds", &format!("charge={charge}&amount=7499"));
    assert_eq!(
        account.object(&text(&inquiry, "/id"))["status"],
        "warning_needs_response"
    );
    account.deliver_all();
    account.post("/v1/refunds", &format!("charge={charge}"));
    assert_eq!(
        account.event_types(),
        [
            "charge.refunded",
            "refund.created",
            "charge.dispute.updated",
            "charge.updated",
            "charge.dispute.closed",
        ]
    );
    let closed = account.last_event("charge.dispute.closed");
    assert_eq!(closed["data"]["object"]["status"], "warning_closed");
}

#[test]
fn an_inquiry_is_answered_and_closes_by_itself_after_120_days() {
    let mut account = Account::open();
    charged(&mut account, TestCard::Inquired);
    let inquiry = latest(&account, "dispute");
    let path = format!("/v1/disputes/{inquiry}");
    let answered = account.post(&path, "evidence[product_description]=Linky");
    assert_eq!(
        (
            &answered["status"],
            &answered["evidence_details"]["submission_count"]
        ),
        (&json!("warning_under_review"), &json!(1))
    );
    account.advance(120 * DAY_S - 1);
    assert_eq!(account.object(&inquiry)["status"], "warning_under_review");
    account.advance(1);
    assert_eq!(account.object(&inquiry)["status"], "warning_closed");
}

#[test]
fn an_inquiry_is_closed_by_the_account_and_takes_nothing() {
    let mut account = Account::open();
    let charge = charged(&mut account, TestCard::Inquired);
    let path = format!("/v1/disputes/{}/close", latest(&account, "dispute"));
    let closed = account.post(&path, "");
    assert_eq!(
        (&closed["status"], &closed["balance_transactions"]),
        (&json!("warning_closed"), &json!([]))
    );
    assert_eq!(account.object(&charge)["disputed"], false);
    let (status, _) = account.refused(&path, "");
    assert_eq!(status, 400);
}

#[test]
fn an_inquiry_that_escalates_takes_the_money_and_can_still_be_won() {
    let mut account = Account::open();
    let charge = charged(&mut account, TestCard::Inquired);
    let inquiry = latest(&account, "dispute");
    account.post(
        &format!("/v1/disputes/{inquiry}"),
        "evidence[uncategorized_text]=escalate_inquiry_evidence",
    );
    assert_eq!(
        account.event_types(),
        [
            "charge.dispute.updated",
            "charge.dispute.updated",
            "charge.dispute.funds_withdrawn"
        ]
    );
    let escalated = account.object(&inquiry);
    assert_eq!(
        (
            &escalated["status"],
            &escalated["is_charge_refundable"],
            &escalated["payment_method_details"]["card"]["case_type"],
            &escalated["balance_transactions"][0]["net"],
        ),
        (
            &json!("needs_response"),
            &json!(false),
            &json!("chargeback"),
            &json!(-9_000)
        )
    );
    let (_, error) = account.refused("/v1/refunds", &format!("charge={charge}"));
    assert_eq!(error["code"], "charge_disputed");
    account.post(
        &format!("/v1/disputes/{inquiry}"),
        "evidence[uncategorized_text]=winning_evidence",
    );
    assert_eq!(account.object(&inquiry)["status"], "won");
    assert_eq!(account.object(&charge)["disputed"], false);
    // It was decided: the end of the inquiry's 120 days changes nothing.
    account.advance_days(130);
    assert_eq!(account.object(&inquiry)["status"], "won");
}

#[test]
fn evidence_is_kept_back_submitted_and_then_closed() {
    let mut account = Account::open();
    charged(&mut account, TestCard::DisputedAsNotReceived);
    let dispute = latest(&account, "dispute");
    assert_eq!(account.object(&dispute)["reason"], "product_not_received");
    let path = format!("/v1/disputes/{dispute}");
    let kept = account.post(&path, "evidence[customer_name]=Ada&submit=false");
    assert_eq!(
        (&kept["status"], &kept["evidence_details"]["has_evidence"]),
        (&json!("needs_response"), &json!(true))
    );
    let emptied = account.post(&path, "evidence[customer_name]=&submit=true");
    assert_eq!(
        (
            &emptied["status"],
            &emptied["evidence_details"]["has_evidence"]
        ),
        (&json!("needs_response"), &json!(false))
    );
    let submitted = account.post(&path, "evidence[customer_name]=Ada&metadata[case]=7");
    assert_eq!(submitted["status"], "under_review");
    account.refused(&path, "evidence[customer_name]=Eve");
    account.post(&path, "metadata[case]=8");
    account.advance_days(30);
    assert_eq!(account.object(&dispute)["status"], "under_review");
    account
        .sim
        .close_dispute(&dispute, DisputeEnd::Lost)
        .unwrap();
    assert_eq!(account.object(&dispute)["status"], "lost");
}

#[test]
fn a_dispute_that_nobody_answers_is_lost_on_the_eighth_day() {
    let mut account = Account::open();
    charged(&mut account, TestCard::Disputed);
    let dispute = latest(&account, "dispute");
    account.advance(8 * DAY_S - 1);
    assert_eq!(account.object(&dispute)["status"], "needs_response");
    account.advance(1);
    let lost = account.object(&dispute);
    assert_eq!(
        (&lost["status"], &lost["evidence_details"]["past_due"]),
        (&json!("lost"), &json!(true))
    );
    assert_eq!(
        account.event_types(),
        ["charge.dispute.updated", "charge.dispute.closed"]
    );
}

#[test]
fn a_prevented_dispute_is_a_refund_and_nothing_to_answer() {
    let mut account = Account::open();
    let charge = charged(&mut account, TestCard::Good);
    account.post("/v1/refunds", &format!("charge={charge}&amount=500"));
    account.deliver_all();
    let dispute = account.sim.prevent_dispute(&charge, "fraudulent").unwrap();
    assert_eq!(
        account.event_types(),
        [
            "charge.refunded",
            "refund.created",
            "charge.dispute.created",
            "charge.dispute.closed"
        ]
    );
    let prevented = account.object(&dispute);
    assert_eq!(
        (
            &prevented["status"],
            &prevented["amount"],
            &prevented["balance_transactions"]
        ),
        (&json!("prevented"), &json!(7_000), &json!([]))
    );
    assert_eq!(account.object(&charge)["refunded"], true);
    assert!(
        account
            .sim
            .close_dispute(&dispute, DisputeEnd::Won)
            .is_err()
    );
    account.refused(
        &format!("/v1/disputes/{dispute}"),
        "evidence[receipt]=file_1",
    );
}

#[test]
fn an_early_fraud_warning_is_actionable_until_the_charge_is_refunded_or_disputed() {
    let mut account = Account::open();
    let charge = charged(&mut account, TestCard::WarnedOf);
    let warning = latest(&account, "radar.early_fraud_warning");
    let created = account.last_event("radar.early_fraud_warning.created");
    assert_eq!(created["data"]["object"]["actionable"], true);
    let listed = account.get(
        "/v1/radar/early_fraud_warnings",
        &format!("charge={charge}"),
    );
    assert_eq!(listed["data"][0]["id"], warning.as_str());
    assert_eq!(
        listed["data"][0]["payment_intent"],
        account.object(&charge)["payment_intent"]
    );
    account.post("/v1/refunds", &format!("charge={charge}&amount=7499"));
    account.deliver_all();
    account.post("/v1/refunds", &format!("charge={charge}"));
    assert_eq!(
        account.event_types(),
        [
            "charge.refunded",
            "refund.created",
            "radar.early_fraud_warning.updated"
        ]
    );
    assert_eq!(
        account.get(&format!("/v1/radar/early_fraud_warnings/{warning}"), "")["actionable"],
        false
    );

    let disputed = charged(&mut account, TestCard::Good);
    let warning = account
        .sim
        .warn_of_fraud(&disputed, "made_with_stolen_card")
        .unwrap();
    account.sim.open_dispute(&disputed, "fraudulent").unwrap();
    assert_eq!(account.object(&warning)["actionable"], false);
    assert!(account.sim.warn_of_fraud(&disputed, "misc").is_err());
}

#[test]
fn a_refund_that_is_on_its_way_gives_way_to_a_dispute() {
    let mut account = Account::open();
    let charge = charged(&mut account, TestCard::RefundPending);
    let refund = account.post("/v1/refunds", &format!("charge={charge}&amount=2500"));
    let dispute = account.sim.open_dispute(&charge, "fraudulent").unwrap();
    let failed = account.object(&text(&refund, "/id"));
    assert_eq!(
        (&failed["status"], &failed["failure_reason"]),
        (
            &json!("failed"),
            &json!("charge_for_pending_refund_disputed")
        )
    );
    assert_eq!(account.object(&dispute)["amount"], 7_500);
    assert_eq!(account.object(&charge)["amount_refunded"], 0);
}
