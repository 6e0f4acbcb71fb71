//! The lines of a draft, added, changed and removed several at a time.

use serde_json::{Value, json};

use crate::account::{Account, text};

/// A draft of a customer's with two lines, of $10.00 and of two at $15.00.
struct Written {
    account: Account,
    customer: String,
    path: String,
    lines: Vec<String>,
}

fn written() -> Written {
    let mut account = Account::open();
    let customer = account.customer();
    let price = account.post(
        "/v1/prices",
        "currency=usd&unit_amount=1500&product_data[name]=Printed%20map",
    );
    let invoice = account.post("/v1/invoices", &format!("customer={customer}"));
    let path = format!("/v1/invoices/{}", text(&invoice, "/id"));
    account.deliver_all();
    let price = text(&price, "/id");
    let form = format!(
        "lines[0][amount]=1000&lines[0][description]=An%20hour&lines[0][metadata][a]=b\
         &lines[1][pricing][price]={price}&lines[1][quantity]=2&invoice_metadata[by]=hand"
    );
    let invoice = account.post(&format!("{path}/add_lines"), &form);
    assert_eq!(
        (&invoice["total"], &invoice["metadata"]["by"]),
        (&json!(4_000), &json!("hand"))
    );
    let lines = invoice["lines"]["data"].as_array().unwrap();
    Written {
        lines: lines.iter().map(|line| text(line, "/id")).collect(),
        account,
        customer,
        path,
    }
}

impl Written {
    fn invoice(&mut self) -> Value {
        self.account.get(&self.path, "")
    }

    fn pending(&mut self) -> usize {
        let form = format!("customer={}&pending=true", self.customer);
        let items = self.account.get("/v1/invoiceitems", &form);
        items["data"].as_array().unwrap().len()
    }
}

#[test]
fn lines_are_added_with_one_event_of_the_invoice() {
    let mut it = written();
    assert_eq!(
        it.account.event_types(),
        [
            "invoiceitem.created",
            "invoiceitem.created",
            "invoice.updated"
        ]
    );
    let invoice = it.invoice();
    let line = &invoice["lines"]["data"][1];
    assert_eq!(
        (&line["amount"], &line["quantity"], &line["description"]),
        (&json!(3_000), &json!(2), &json!("Printed map"))
    );
    let form = format!("customer={}&amount=700&currency=usd", it.customer);
    let waiting = text(&it.account.post("/v1/invoiceitems", &form), "/id");
    let path = format!("{}/add_lines", it.path);
    let form = format!("lines[0][invoice_item]={waiting}");
    assert_eq!(it.account.post(&path, &form)["total"], 4_700);
    assert_eq!(it.pending(), 0);
    // It stands on the draft already.
    let (status, error) = it.account.refused(&path, &form);
    assert_eq!(
        (status, &error["param"]),
        (400, &json!("lines[0][invoice_item]"))
    );
}

#[test]
fn lines_are_changed_one_by_one_and_several_at_a_time() {
    let mut it = written();
    let [hour, maps] = [it.lines[0].clone(), it.lines[1].clone()];
    let form = format!(
        "lines[0][id]={hour}&lines[0][amount]=1200&lines[0][metadata][a]=\
         &lines[1][id]={maps}&lines[1][quantity]=3&lines[1][period][start]=10&lines[1][period][end]=20"
    );
    let path = format!("{}/update_lines", it.path);
    let changed = it.account.post(&path, &form);
    assert_eq!(changed["total"], 5_700);
    let lines = &changed["lines"]["data"];
    assert_eq!(
        (&lines[0]["id"], &lines[0]["metadata"], &lines[1]["period"]),
        (&json!(hour), &json!({}), &json!({"end": 20, "start": 10}))
    );
    let one = format!("{}/lines/{hour}", it.path);
    let line = it.account.post(&one, "amount=1&description=A%20minute");
    assert_eq!(
        (&line["amount"], &line["description"]),
        (&json!(1), &json!("A minute"))
    );
    assert_eq!(it.invoice()["total"], 4_501);
    let (status, error) = it.account.refused(&one, "quantity=2");
    assert_eq!((status, &error["param"]), (400, &json!("quantity")));
    let (status, _) = it
        .account
        .refused(&format!("{}/lines/il_none", it.path), "amount=1");
    assert_eq!(status, 404);
}

#[test]
fn lines_are_deleted_or_wait_again() {
    let mut it = written();
    let form = format!(
        "lines[0][id]={}&lines[0][behavior]=delete&lines[1][id]={}&lines[1][behavior]=unassign",
        it.lines[0], it.lines[1]
    );
    let path = format!("{}/remove_lines", it.path);
    let left = it.account.post(&path, &form);
    assert_eq!(
        (&left["total"], &left["lines"]["data"]),
        (&json!(0), &json!([]))
    );
    assert_eq!(it.pending(), 1);
}

#[test]
fn a_line_that_is_refused_leaves_all_as_it_was() {
    let mut it = written();
    it.account.deliver_all();
    let before = it.invoice();
    let maps = it.lines[1].clone();
    for (call, form, param) in [
        (
            "add_lines",
            "lines[0][amount]=1&lines[1][amount]=x".to_owned(),
            "lines[1][amount]",
        ),
        (
            "add_lines",
            "lines[0][amount]=1&lines[1][description]=a".to_owned(),
            "lines[1][amount]",
        ),
        (
            "add_lines",
            "lines[0][prize]=1".to_owned(),
            "lines[0][prize]",
        ),
        ("add_lines", String::new(), "lines"),
        (
            "update_lines",
            format!("lines[0][id]={maps}&lines[0][amount]=1"),
            "lines[0][amount]",
        ),
        (
            "update_lines",
            format!("lines[0][id]={maps}&lines[0][quantity]=9&lines[1][id]=il_none"),
            "lines[1][id]",
        ),
        (
            "remove_lines",
            format!("lines[0][id]={maps}"),
            "lines[0][behavior]",
        ),
        (
            "remove_lines",
            format!("lines[0][id]={maps}&lines[0][behavior]=burn"),
            "lines[0][behavior]",
        ),
    ] {
        let (status, error) = it.account.refused(&format!("{}/{call}", it.path), &form);
        assert_eq!(
            (status, &error["param"]),
            (400, &json!(param)),
            "{call} {form}"
        );
    }
    assert_eq!(it.invoice(), before);
    assert_eq!(it.account.event_types(), Vec::<String>::new());
    it.account.post(&format!("{}/finalize", it.path), "");
    let (status, error) = it
        .account
        .refused(&format!("{}/add_lines", it.path), "lines[0][amount]=1");
    assert_eq!(
        (status, &error["code"]),
        (400, &json!("invoice_not_editable"))
    );
}

#[test]
fn a_line_of_the_subscription_itself_is_not_changed_by_hand() {
    let mut account = Account::open();
    let (customer, _) = account.subscriber("prospector");
    // To the renewal, whose invoice is a draft for an hour.
    account.advance_days(28);
    let draft = account.invoices(&customer)[1].clone();
    let line = text(&draft, "/lines/data/0/id");
    let path = format!("/v1/invoices/{}/remove_lines", text(&draft, "/id"));
    let form = format!("lines[0][id]={line}&lines[0][behavior]=delete");
    let (status, error) = account.refused(&path, &form);
    assert_eq!((status, &error["param"]), (400, &json!("lines[0][id]")));
}
