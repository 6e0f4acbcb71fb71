//! What a checkout session keeps for its page, and how an expired one is taken up again.

use serde_json::json;
use stripe_sim::TestCard;

use crate::account::{Account, text};

const DAY_S: i64 = 86_400;

/// An open session for the plan Prospector.
fn session(account: &mut Account, more: &str) -> String {
    let price = account.price("prospector");
    let form = format!(
        "mode=subscription&success_url=https://example.com&line_items[0][price]={price}\
         &line_items[0][quantity]=1&customer_email=ada@example.com{more}"
    );
    text(&account.post("/v1/checkout/sessions", &form), "/id")
}

#[test]
fn an_expired_session_is_recovered_for_a_month() {
    let mut account = Account::open();
    let id = session(
        &mut account,
        "&after_expiration[recovery][enabled]=true&metadata[cart]=7",
    );
    account.sim.recover_checkout(&id).unwrap_err();
    account.advance(DAY_S);
    let told = account.last_event("checkout.session.expired");
    let recovery = &told["data"]["object"]["after_expiration"]["recovery"];
    assert_eq!(
        recovery["url"],
        json!(format!("https://buy.stripe.com/r/{id}"))
    );
    assert_eq!(
        recovery["expires_at"],
        json!(account.sim.now_s() + 30 * DAY_S)
    );

    let again = account.sim.recover_checkout(&id).unwrap();
    assert_eq!(
        (&again["recovered_from"], &again["status"]),
        (&json!(id), &json!("open"))
    );
    assert_eq!(again["metadata"]["cart"], "7");
    let paid = account
        .sim
        .complete_checkout(&text(&again, "/id"), TestCard::Good)
        .unwrap();
    assert_eq!(
        (&paid["payment_status"], &paid["recovered_from"]),
        (&json!("paid"), &json!(id))
    );
    let listed = account.get(
        "/v1/checkout/sessions",
        "customer_details[email]=ada@example.com",
    );
    assert_eq!(listed["data"][0]["id"], paid["id"]);

    let unpaid = text(&account.sim.recover_checkout(&id).unwrap(), "/id");
    account.advance(DAY_S);
    assert_eq!(account.object(&unpaid)["status"], "expired");
    account.advance(29 * DAY_S);
    account.sim.recover_checkout(&id).unwrap_err();
}

#[test]
fn a_session_made_without_recovery_stays_expired() {
    let mut account = Account::open();
    let id = session(&mut account, "");
    account.advance(DAY_S);
    assert_eq!(account.object(&id)["after_expiration"], json!(null));
    account.sim.recover_checkout(&id).unwrap_err();
}

#[test]
fn the_words_on_the_page_are_kept_and_have_a_length() {
    let mut account = Account::open();
    let id = session(
        &mut account,
        "&custom_text[submit][message]=Cancel%20any%20time.",
    );
    let kept = account.object(&id)["custom_text"].clone();
    assert_eq!(kept["submit"], json!({"message": "Cancel any time."}));
    assert_eq!(kept["after_submit"], json!(null));
    let price = account.price("prospector");
    let long = "x".repeat(1_201);
    let form = format!(
        "mode=subscription&success_url=https://example.com&line_items[0][price]={price}\
         &line_items[0][quantity]=1&custom_text[submit][message]={long}"
    );
    let (status, error) = account.refused("/v1/checkout/sessions", &form);
    assert_eq!(
        (status, &error["param"]),
        (400, &json!("custom_text[submit][message]"))
    );
}
