//! Invoices and items that a call writes, rather than a subscription.

use serde_json::{Value, json};

use crate::account::{Account, text};

const DAY_S: i64 = 86_400;

/// A draft with two items on it, $20.00 and 3 × $5.00: the customer's and its identifier.
fn draft(account: &mut Account, more: &str) -> (String, String) {
    let customer = account.customer();
    let invoice = account.post("/v1/invoices", &format!("customer={customer}{more}"));
    assert_eq!(
        (
            &invoice["status"],
            &invoice["billing_reason"],
            &invoice["parent"]
        ),
        (&json!("draft"), &json!("manual"), &json!(null))
    );
    let invoice = text(&invoice, "/id");
    let price = account.post(
        "/v1/prices",
        "product_data[name]=Seat&currency=usd&unit_amount=500",
    );
    let item = format!("customer={customer}&invoice={invoice}");
    account.post(
        "/v1/invoiceitems",
        &format!("{item}&amount=2000&currency=usd&description=Setup"),
    );
    account.post(
        "/v1/invoiceitems",
        &format!("{item}&pricing[price]={}&quantity=3", text(&price, "/id")),
    );
    (customer, invoice)
}

fn lines(invoice: &Value) -> Vec<(i64, String)> {
    let lines = invoice["lines"]["data"].as_array().unwrap().iter();
    lines
        .map(|line| (line["amount"].as_i64().unwrap(), text(line, "/description")))
        .collect()
}

#[test]
fn an_invoice_by_hand_is_written_finalised_and_paid() {
    let mut account = Account::open();
    let (_, invoice) = draft(&mut account, "&description=Onboarding&metadata[order]=7");
    let path = format!("/v1/invoices/{invoice}");
    let written = account.get(&path, "");
    assert_eq!(
        lines(&written),
        [(2_000, "Setup".to_owned()), (1_500, "Seat".to_owned())]
    );
    assert_eq!(written["total"], 3_500);
    // It waits: nobody asked for it to advance by itself.
    account.advance_days(2);
    assert_eq!(account.object(&invoice)["status"], "draft");
    account.deliver_all();
    let paid = account.post(&format!("{path}/pay"), "");
    assert_eq!(
        (&paid["status"], &paid["amount_paid"]),
        (&json!("paid"), &json!(3_500))
    );
    assert_eq!(
        account.event_types(),
        [
            "payment_intent.created",
            "invoice.finalized",
            "charge.succeeded",
            "payment_intent.succeeded",
            "invoice.updated",
            "invoice.paid",
            "invoice.payment_succeeded",
            "invoice_payment.paid",
        ]
    );
    let (_, error) = account.refused(
        "/v1/invoiceitems",
        &format!(
            "customer={}&invoice={invoice}&amount=1&currency=usd",
            text(&paid, "/customer")
        ),
    );
    assert_eq!(error["code"], "invoice_not_editable");
}

#[test]
fn items_change_and_go_while_their_invoice_is_a_draft() {
    let mut account = Account::open();
    let (customer, invoice) = draft(&mut account, "");
    let listed = account.get("/v1/invoiceitems", &format!("invoice={invoice}"));
    let (seats, setup) = (text(&listed, "/data/0/id"), text(&listed, "/data/1/id"));
    let line = text(&account.object(&invoice), "/lines/data/0/id");
    account.post(&format!("/v1/invoiceitems/{setup}"), "amount=-500");
    let changed = account.object(&invoice);
    assert_eq!(
        (&changed["total"], &changed["lines"]["data"][0]["id"]),
        (&json!(1_000), &json!(line))
    );
    account.refused(&format!("/v1/invoiceitems/{seats}"), "amount=1");
    account.delete(&format!("/v1/invoiceitems/{seats}"));
    assert_eq!(account.object(&invoice)["total"], -500);
    account.post(&format!("/v1/invoices/{invoice}/finalize"), "");
    assert_eq!(account.object(&customer)["balance"], -500);
    let (_, error) = account.refused(&format!("/v1/invoiceitems/{setup}"), "amount=1");
    assert_eq!(error["code"], "invoice_not_editable");
}

#[test]
fn a_draft_that_is_deleted_lets_its_items_wait_for_the_next() {
    let mut account = Account::open();
    let (customer, invoice) = draft(&mut account, "");
    account.delete(&format!("/v1/invoices/{invoice}"));
    assert_eq!(account.sim.object(&invoice), None);
    let empty = account.post("/v1/invoices", &format!("customer={customer}"));
    assert_eq!(empty["total"], 0);
    let next = account.post(
        "/v1/invoices",
        &format!("customer={customer}&pending_invoice_items_behavior=include&auto_advance=true"),
    );
    assert_eq!(next["total"], 3_500);
    account.advance(3_600);
    assert_eq!(account.object(&text(&next, "/id"))["status"], "paid");
}

#[test]
fn an_item_of_a_subscription_comes_with_its_renewal_or_when_asked_for() {
    let mut account = Account::open();
    let (customer, subscription) = account.subscriber("prospector");
    let form = format!("customer={customer}&subscription={subscription}");
    let (_, error) = account.refused("/v1/invoices", &form);
    assert_eq!(error["code"], "invoice_no_subscription_line_items");
    let item = format!("{form}&currency=usd&amount");
    account.post("/v1/invoiceitems", &format!("{item}=700"));
    let now = account.post("/v1/invoices", &form);
    assert_eq!(
        (
            &now["total"],
            &now["parent"]["subscription_details"]["subscription"]
        ),
        (&json!(700), &json!(subscription))
    );
    account.post("/v1/invoiceitems", &format!("{item}=-300"));
    account.advance(28 * DAY_S + 3_600);
    let renewal = account.invoices(&customer).pop().unwrap();
    assert_eq!(renewal["amount_paid"], 7_200);
}

#[test]
fn an_invoice_that_is_sent_is_not_charged_by_itself() {
    let mut account = Account::open();
    let (_, error) = {
        let customer = account.customer();
        account.refused(
            "/v1/invoices",
            &format!("customer={customer}&collection_method=send_invoice"),
        )
    };
    assert_eq!(error["param"], "collection_method");
    let (_, invoice) = draft(
        &mut account,
        "&collection_method=send_invoice&days_until_due=14&auto_advance=true",
    );
    let sent = account.post(&format!("/v1/invoices/{invoice}/send"), "");
    assert_eq!(
        (&sent["status"], &sent["due_date"]),
        (&json!("open"), &json!(account.sim.now_s() + 14 * DAY_S))
    );
    assert_eq!(
        account.last_event("invoice.sent")["data"]["object"]["id"],
        invoice.as_str()
    );
    account.advance_days(20);
    assert_eq!(account.object(&invoice)["status"], "open");
    account.post(
        &format!("/v1/invoices/{invoice}/pay"),
        "paid_out_of_band=true",
    );
    assert_eq!(account.object(&invoice)["status"], "paid");
}

#[test]
fn a_coupon_on_an_invoice_by_hand_follows_its_items() {
    let mut account = Account::open();
    account.post("/v1/coupons", "id=TENTH&percent_off=10");
    let (_, invoice) = draft(&mut account, "&discounts[0][coupon]=TENTH");
    let written = account.object(&invoice);
    assert_eq!(
        (
            &written["subtotal"],
            &written["total"],
            &written["total_discount_amounts"][0]["amount"]
        ),
        (&json!(3_500), &json!(3_150), &json!(350))
    );
    let path = format!("/v1/invoices/{invoice}");
    let kept = text(&written, "/discounts/0");
    account.post("/v1/coupons", "id=FIVE&amount_off=500&currency=usd");
    let both = account.post(
        &path,
        &format!("discounts[0][discount]={kept}&discounts[1][coupon]=FIVE"),
    );
    assert_eq!(
        (&both["total"], &both["lines"]["total_count"]),
        (&json!(2_650), &json!(2))
    );
    assert_eq!(account.post(&path, "discounts=")["total"], 3_500);
    account.post(&format!("{path}/finalize"), "");
    let (_, error) = account.refused(&path, "discounts[0][coupon]=FIVE");
    assert_eq!(error["code"], "invoice_not_editable");
}

#[test]
fn items_of_a_subscription_are_added_changed_and_taken_away_with_proration() {
    let mut account = Account::open();
    let (customer, subscription) = account.subscriber("prospector");
    let (networker, rainmaker) = (account.price("networker"), account.price("rainmaker"));
    // 14 of 28 days are left: half of $145.00.
    account.advance(14 * DAY_S);
    let added = account.post(
        "/v1/subscription_items",
        &format!("subscription={subscription}&price={networker}&metadata[a]=b"),
    );
    let path = format!("/v1/subscription_items/{}", text(&added, "/id"));
    assert_eq!(account.get(&path, "")["metadata"], json!({"a": "b"}));
    account.post(
        &path,
        &format!("price={rainmaker}&proration_behavior=always_invoice"),
    );
    let invoice = account.invoices(&customer)[1].clone();
    let amounts: Vec<i64> = lines(&invoice)
        .into_iter()
        .map(|(amount, _)| amount)
        .collect();
    assert_eq!(amounts, [7_250, -7_250, 9_950]);
    let deleted = account.delete(&path);
    assert_eq!(
        deleted,
        json!({"id": added["id"], "object": "subscription_item", "deleted": true})
    );
    let (status, error) = account.refused(&path, "quantity=2");
    assert_eq!(
        (status, &error["message"]),
        (
            404,
            &json!(format!(
                "No such subscription item: '{}'",
                text(&added, "/id")
            ))
        )
    );
    let (_, error) = account.refused(
        "/v1/subscription_items",
        &format!("subscription={subscription}&price=price_none"),
    );
    assert_eq!(error["param"], "price");
}
