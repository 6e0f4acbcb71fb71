//! Credit notes: what they take off an open invoice, and what they give back of a paid one.

use serde_json::{Value, json};
use stripe_sim::{OpenInvoices, TestCard};

use crate::account::{Account, text};

/// A paid invoice of $75.00: its customer and its identifier.
fn paid(account: &mut Account) -> (String, String) {
    let (customer, _) = account.subscriber("prospector");
    let invoice = text(&account.invoices(&customer)[0], "/id");
    account.deliver_all();
    (customer, invoice)
}

/// An invoice of $75.00 that a card declined: its customer and its identifier.
fn open(account: &mut Account) -> (String, String) {
    let (customer, _) = account.subscriber("prospector");
    let card = TestCard::DeclinedAfterAttach;
    let replaced = account
        .sim
        .replace_card(&customer, card, OpenInvoices::Leave);
    assert!(replaced.is_ok());
    account.advance(28 * 86_400 + 3_600);
    let invoice = text(&account.invoices(&customer)[1], "/id");
    assert_eq!(account.object(&invoice)["status"], "open");
    account.deliver_all();
    (customer, invoice)
}

fn amounts<'a>(object: &'a Value, fields: &[&str]) -> Vec<&'a Value> {
    fields.iter().map(|field| &object[*field]).collect()
}

#[test]
fn a_refund_with_a_note_goes_back_to_the_card() {
    let mut account = Account::open();
    let (_, invoice) = paid(&mut account);
    let note = account.post(
        "/v1/credit_notes",
        &format!("invoice={invoice}&amount=2500&refund_amount=2500&reason=order_change"),
    );
    assert_eq!(
        account.event_types(),
        [
            "charge.refunded",
            "refund.created",
            "credit_note.created",
            "invoice.updated"
        ]
    );
    assert_eq!(
        amounts(
            &note,
            &["total", "pre_payment_amount", "post_payment_amount", "type"]
        ),
        [
            &json!(2_500),
            &json!(0),
            &json!(2_500),
            &json!("post_payment")
        ]
    );
    let number = text(&account.object(&invoice), "/number");
    assert_eq!(note["number"], format!("{number}-CN-01"));
    let refund = account.object(&text(&note, "/refunds/0/refund"));
    assert_eq!(
        (&refund["amount"], &refund["reason"]),
        (&json!(2_500), &json!("requested_by_customer"))
    );
    let after = account.object(&invoice);
    assert_eq!(
        amounts(
            &after,
            &["status", "amount_paid", "post_payment_credit_notes_amount"]
        ),
        [&json!("paid"), &json!(7_500), &json!(2_500)]
    );
}

#[test]
fn what_was_paid_goes_back_in_full_in_one_way_or_another() {
    let mut account = Account::open();
    let (customer, invoice) = paid(&mut account);
    let (status, error) = account.refused(
        "/v1/credit_notes",
        &format!("invoice={invoice}&amount=5000&refund_amount=1000"),
    );
    assert_eq!(
        (status, &error["message"]),
        (
            400,
            &json!(
                "The sum of refunds, credit amount, and out of band amount ($10.00) must equal the credit note \
                 post_payment_amount ($50.00)."
            )
        )
    );
    let note = account.post(
        "/v1/credit_notes",
        &format!(
            "invoice={invoice}&amount=5000&refund_amount=1000&credit_amount=1500&out_of_band_amount=2500"
        ),
    );
    assert_eq!(note["out_of_band_amount"], 2_500);
    assert_eq!(account.object(&customer)["balance"], -1_500);
    let listed = account.get(
        &format!("/v1/customers/{customer}/balance_transactions"),
        "",
    );
    assert_eq!(
        amounts(
            &listed["data"][0],
            &["id", "amount", "ending_balance", "type", "credit_note"]
        ),
        [
            &note["customer_balance_transaction"],
            &json!(-1_500),
            &json!(-1_500),
            &json!("credit_note"),
            &note["id"]
        ]
    );
    // 7500 − 5000 are left to credit.
    let (_, error) = account.refused(
        "/v1/credit_notes",
        &format!("invoice={invoice}&amount=2501&credit_amount=2501"),
    );
    assert_eq!(error["param"], "amount");
    account.post(
        "/v1/credit_notes",
        &format!("invoice={invoice}&amount=2500&credit_amount=2500"),
    );
    // The next invoice takes the credit of $40.00.
    account.advance(28 * 86_400 + 3_600);
    assert_eq!(account.invoices(&customer)[1]["amount_paid"], 3_500);
}

#[test]
fn a_note_on_an_open_invoice_reduces_what_is_due_until_it_is_void() {
    let mut account = Account::open();
    let (customer, invoice) = open(&mut account);
    let note = account.post(
        "/v1/credit_notes",
        &format!("invoice={invoice}&amount=3000&memo=Sorry"),
    );
    assert_eq!(
        account.event_types(),
        ["credit_note.created", "invoice.updated"]
    );
    assert_eq!(note["type"], "pre_payment");
    let due = [
        "amount_due",
        "amount_remaining",
        "pre_payment_credit_notes_amount",
    ];
    assert_eq!(
        amounts(&account.object(&invoice), &due),
        [&json!(4_500), &json!(4_500), &json!(3_000)]
    );
    let id = text(&note, "/id");
    let voided = account.post(&format!("/v1/credit_notes/{id}/void"), "");
    assert_eq!(voided["status"], "void");
    assert_eq!(
        account.event_types(),
        ["credit_note.voided", "invoice.updated"]
    );
    assert_eq!(
        amounts(&account.object(&invoice), &due),
        [&json!(7_500), &json!(7_500), &json!(0)]
    );
    account.refused(&format!("/v1/credit_notes/{id}/void"), "");
    account.post(
        "/v1/credit_notes",
        &format!("invoice={invoice}&amount=3000"),
    );
    let card = account
        .sim
        .replace_card(&customer, TestCard::Good, OpenInvoices::Pay);
    assert!(card.is_ok());
    let paid = account.object(&invoice);
    assert_eq!(
        amounts(&paid, &["status", "amount_paid"]),
        [&json!("paid"), &json!(4_500)]
    );
    let charges = account.get("/v1/charges", &format!("customer={customer}"));
    assert_eq!(charges["data"][0]["amount"], 4_500);
}

#[test]
fn a_note_over_all_that_is_due_pays_the_invoice_and_brings_the_subscription_back() {
    let mut account = Account::open();
    let (customer, invoice) = open(&mut account);
    let note = account.post(
        "/v1/credit_notes",
        &format!("invoice={invoice}&amount=7500"),
    );
    assert_eq!(
        amounts(&account.object(&invoice), &["status", "amount_paid"]),
        [&json!("paid"), &json!(0)]
    );
    let subscriptions = account.get("/v1/subscriptions", &format!("customer={customer}"));
    assert_eq!(subscriptions["data"][0]["status"], "active");
    account.refused(&format!("/v1/credit_notes/{}/void", text(&note, "/id")), "");
}

#[test]
fn lines_are_credited_in_part_and_pages_of_them_run_in_their_order() {
    let mut account = Account::open();
    let (_, invoice) = paid(&mut account);
    let line = text(&account.object(&invoice), "/lines/data/0/id");
    let form = format!(
        "invoice={invoice}&lines[0][type]=invoice_line_item&lines[0][invoice_line_item]={line}&lines[0][amount]=1200\
         &lines[1][type]=custom_line_item&lines[1][description]=Goodwill&lines[1][unit_amount]=150&lines[1][quantity]=2\
         &credit_amount=1500"
    );
    let preview = account.get("/v1/credit_notes/preview", &form);
    let note = account.post("/v1/credit_notes", &form);
    assert_eq!(
        amounts(&preview, &["total", "number", "post_payment_amount"]),
        amounts(&note, &["total", "number", "post_payment_amount"])
    );
    assert_eq!(
        preview["lines"]["data"][1]["amount"],
        note["lines"]["data"][1]["amount"]
    );
    let path = format!("/v1/credit_notes/{}/lines", text(&note, "/id"));
    let first = account.get(&path, "limit=1");
    assert_eq!(
        (&first["data"][0]["amount"], &first["has_more"]),
        (&json!(1_200), &json!(true))
    );
    let after = text(&first, "/data/0/id");
    let second = account.get(&path, &format!("limit=1&starting_after={after}"));
    assert_eq!(
        (&second["data"][0]["amount"], &second["has_more"]),
        (&json!(300), &json!(false))
    );
    let before = text(&second, "/data/0/id");
    let back = account.get(&path, &format!("limit=1&ending_before={before}"));
    assert_eq!(back["data"][0]["id"], first["data"][0]["id"]);
    for wrong in [
        "amount=0",
        "amount=7501",
        "credit_amount=5",
        "lines[0][type]=x",
        "amount=ten",
    ] {
        let (status, error) =
            account.refused("/v1/credit_notes", &format!("invoice={invoice}&{wrong}"));
        assert_eq!(status, 400, "{wrong}: {error}");
    }
    let (_, error) = account.refused("/v1/credit_notes", "invoice=in_none&amount=1");
    assert_eq!(error["message"], "No such invoice: 'in_none'");
}
