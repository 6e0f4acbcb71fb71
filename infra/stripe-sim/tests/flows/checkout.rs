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

/// A price that is paid once, of its own product.
fn one_time_price(account: &mut Account, amount: i64) -> String {
    let form = format!("currency=usd&unit_amount={amount}&product_data[name]=Printed%20map");
    text(&account.post("/v1/prices", &form), "/id")
}

#[test]
fn a_session_in_payment_mode_takes_the_money_once() {
    let mut account = Account::open();
    let price = one_time_price(&mut account, 1_500);
    account.deliver_all();
    let form = format!(
        "mode=payment&success_url=https://example.com&line_items[0][price]={price}&line_items[0][quantity]=2\
         &payment_intent_data[metadata][order]=7&payment_intent_data[shipping][name]=Ada\
         &payment_intent_data[shipping][address][line1]=1%20Main%20St"
    );
    let session = account.post("/v1/checkout/sessions", &form);
    assert_eq!(
        (&session["amount_total"], &session["customer_creation"]),
        (&json!(3_000), &json!("if_required"))
    );
    let id = text(&session, "/id");
    account
        .sim
        .complete_checkout(&id, TestCard::InsufficientFunds)
        .unwrap_err();
    let paid = account.sim.complete_checkout(&id, TestCard::Good).unwrap();
    assert_eq!(
        (
            &paid["payment_status"],
            &paid["customer"],
            &paid["subscription"]
        ),
        (&json!("paid"), &json!(null), &json!(null))
    );
    let intent = account.object(&text(&paid, "/payment_intent"));
    assert_eq!(
        (
            &intent["status"],
            &intent["metadata"]["order"],
            &intent["shipping"]["name"]
        ),
        (&json!("succeeded"), &json!("7"), &json!("Ada"))
    );
    let charge = account.object(&text(&intent, "/latest_charge"));
    assert_eq!(
        (&charge["amount"], &charge["shipping"]["address"]["line1"]),
        (&json!(3_000), &json!("1 Main St"))
    );
    assert_eq!(
        account.event_types(),
        [
            "payment_intent.created",
            "charge.succeeded",
            "payment_intent.succeeded",
            "checkout.session.completed"
        ]
    );
}

#[test]
fn a_card_that_is_paid_with_again_needs_a_customer_who_has_it_on_file() {
    let mut account = Account::open();
    let price = one_time_price(&mut account, 1_500);
    let form = format!(
        "mode=payment&success_url=https://example.com&line_items[0][price]={price}&line_items[0][quantity]=1\
         &customer_email=ada@example.com&payment_intent_data[setup_future_usage]=off_session\
         &payment_intent_data[capture_method]=manual"
    );
    let session = text(&account.post("/v1/checkout/sessions", &form), "/id");
    let paid = account
        .sim
        .complete_checkout(&session, TestCard::Good)
        .unwrap();
    assert_eq!(paid["payment_status"], "unpaid");
    let intent = account.object(&text(&paid, "/payment_intent"));
    assert_eq!(intent["status"], "requires_capture");
    let card = account.object(&text(&intent, "/payment_method"));
    assert_eq!(card["customer"], paid["customer"]);
    assert_eq!(
        account.object(&text(&paid, "/customer"))["email"],
        "ada@example.com"
    );
}

#[test]
fn a_session_in_setup_mode_puts_a_card_on_file_and_takes_nothing() {
    let mut account = Account::open();
    let customer = account.customer();
    let form = format!(
        "mode=setup&success_url=https://example.com&currency=usd&customer={customer}\
         &setup_intent_data[metadata][from]=page"
    );
    let session = account.post("/v1/checkout/sessions", &form);
    assert_eq!(
        (&session["amount_total"], &session["payment_status"]),
        (&json!(null), &json!("no_payment_required"))
    );
    let done = account
        .sim
        .complete_checkout(&text(&session, "/id"), TestCard::GoodMastercard)
        .unwrap();
    let intent = account.object(&text(&done, "/setup_intent"));
    assert_eq!(
        (&intent["status"], &intent["metadata"]["from"]),
        (&json!("succeeded"), &json!("page"))
    );
    let card = account.object(&text(&intent, "/payment_method"));
    assert_eq!(card["customer"], customer.as_str());
    assert_eq!(account.sim.objects("charge").count(), 0);
}

#[test]
fn a_mode_refuses_what_is_of_another() {
    let mut account = Account::open();
    let (monthly, once) = (
        account.price("prospector"),
        one_time_price(&mut account, 100),
    );
    let line = |price: &str| format!("&line_items[0][price]={price}&line_items[0][quantity]=1");
    for (form, param) in [
        (
            format!("mode=payment{}", line(&monthly)),
            "line_items[0][price]",
        ),
        (
            format!("mode=subscription{}", line(&once)),
            "line_items[0][price]",
        ),
        (
            format!(
                "mode=payment&subscription_data[description]=a{}",
                line(&once)
            ),
            "subscription_data",
        ),
        (
            format!(
                "mode=subscription&payment_intent_data[description]=a{}",
                line(&monthly)
            ),
            "payment_intent_data",
        ),
        (format!("mode=setup{}", line(&once)), "line_items"),
        (
            "mode=setup&allow_promotion_codes=true".to_owned(),
            "allow_promotion_codes",
        ),
        ("mode=payment".to_owned(), "line_items"),
        (
            format!("mode=payment&currency=eur{}", line(&once)),
            "currency",
        ),
        (
            format!(
                "mode=payment&payment_intent_data[shipping][name]=a{}",
                line(&once)
            ),
            "payment_intent_data[shipping][address]",
        ),
    ] {
        let form = format!("{form}&success_url=https://example.com");
        let (status, error) = account.refused("/v1/checkout/sessions", &form);
        assert_eq!((status, &error["param"]), (400, &json!(param)), "{form}");
    }
}

#[test]
fn a_code_typed_on_the_page_takes_its_coupon_off_until_it_is_removed() {
    let mut account = Account::open();
    account.post("/v1/coupons", "id=fifth&percent_off=20&duration=once");
    let code = account.post(
        "/v1/promotion_codes",
        "promotion[type]=coupon&promotion[coupon]=fifth&code=FIFTH&max_redemptions=1",
    );
    let closed = session(&mut account, "");
    account
        .sim
        .enter_promotion_code(&closed, "FIFTH")
        .unwrap_err();
    let id = session(&mut account, "&allow_promotion_codes=true");
    let wrong = account.sim.enter_promotion_code(&id, "SIXTH").unwrap_err();
    assert_eq!(wrong.message, "This code is invalid.");
    let entered = account.sim.enter_promotion_code(&id, " fifth ").unwrap();
    assert_eq!(
        (
            &entered["amount_total"],
            &entered["total_details"]["amount_discount"]
        ),
        (&json!(6_000), &json!(1_500))
    );
    assert_eq!(entered["discounts"][0]["promotion_code"], code["id"]);
    let lines = account.get(&format!("/v1/checkout/sessions/{id}/line_items"), "");
    assert_eq!(lines["data"][0]["amount_discount"], 1_500);
    let removed = account.sim.remove_promotion_code(&id).unwrap();
    assert_eq!(
        (&removed["amount_total"], &removed["discounts"]),
        (&json!(7_500), &json!([]))
    );
    account.sim.enter_promotion_code(&id, "FIFTH").unwrap();
    let paid = account.sim.complete_checkout(&id, TestCard::Good).unwrap();
    let invoice = account.object(&text(&paid, "/invoice"));
    assert_eq!(invoice["amount_paid"], 6_000);
    assert_eq!(account.object(&text(&code, "/id"))["times_redeemed"], 1);
    account.sim.remove_promotion_code(&id).unwrap_err();
    let late = session(&mut account, "&allow_promotion_codes=true");
    account
        .sim
        .enter_promotion_code(&late, "FIFTH")
        .unwrap_err();
}

#[test]
fn a_coupon_for_all_of_a_payment_leaves_nothing_to_charge() {
    let mut account = Account::open();
    let price = one_time_price(&mut account, 1_500);
    account.post("/v1/coupons", "id=gift&percent_off=100&duration=once");
    let form = format!(
        "mode=payment&success_url=https://example.com&line_items[0][price]={price}&line_items[0][quantity]=1\
         &discounts[0][coupon]=gift"
    );
    let session = text(&account.post("/v1/checkout/sessions", &form), "/id");
    let done = account
        .sim
        .complete_checkout(&session, TestCard::Good)
        .unwrap();
    assert_eq!(
        (&done["payment_status"], &done["payment_intent"]),
        (&json!("no_payment_required"), &json!(null))
    );
    assert_eq!(account.object("gift")["times_redeemed"], 1);
}
