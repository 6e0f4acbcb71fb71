//! Stripe's search language, over the API.

use serde_json::{Value, json};

use crate::account::{Account, START_S, call, text};

/// Four customers, an hour apart.
fn people() -> Account {
    let mut account = Account::open();
    for form in [
        "name=Ada Lovelace&email=ada@example.com&metadata[user_id]=u1&metadata[team]=red",
        "name=Grace Hopper&email=grace@navy.example&phone=%2B15550100&metadata[user_id]=u2",
        "name=Edsger&email=edsger@example.com&metadata[a/b]=slashed&metadata[team]=red",
        "name=Barbara \"B\" L",
    ] {
        account.post("/v1/customers", form);
        account.advance(3_600);
    }
    account
}

fn ask(account: &mut Account, query: &str, more: &str) -> Value {
    let encoded: String = query.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let query = format!("query={encoded}{more}");
    call(&mut account.sim, "GET", "/v1/customers/search", &query, "").body
}

/// The first names found, newest first.
fn found(account: &mut Account, query: &str) -> Vec<String> {
    let result = ask(account, query, "");
    let data = result["data"].as_array();
    let data = data.unwrap_or_else(|| panic!("{query}: {result}"));
    data.iter()
        .filter_map(|customer| customer["name"].as_str()?.split(' ').next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_query_finds_what_it_says() {
    let mut account = people();
    let second = START_S + 3_600;
    for (query, expected) in [
        ("email:\"ada@example.com\"", vec!["Ada"]),
        ("email:'ADA@example.com'", vec!["Ada"]),
        ("email:\"ada@example\"", vec![]),
        ("email~\"example.com\"", vec!["Edsger", "Ada"]),
        ("-email~\"example.com\"", vec!["Barbara", "Grace"]),
        ("phone:\"+15550100\"", vec!["Grace"]),
        ("name:\"barbara \\\"b\\\" l\"", vec!["Barbara"]),
        ("metadata[\"user_id\"]:\"u2\"", vec!["Grace"]),
        ("metadata['a/b']:'slashed'", vec!["Edsger"]),
        ("metadata['team']:null", vec!["Barbara", "Grace"]),
        ("-metadata['team']:null", vec!["Edsger", "Ada"]),
        ("metadata['team']:'null'", vec![]),
        ("metadata['team']:'red' AND -name:'edsger'", vec!["Ada"]),
        ("metadata['team']:'red' name:'edsger'", vec!["Edsger"]),
        ("name:'edsger' OR email~'navy'", vec!["Edsger", "Grace"]),
        (&format!("created>{second}"), vec!["Barbara", "Edsger"]),
        (
            &format!("created>={second}"),
            vec!["Barbara", "Edsger", "Grace"],
        ),
        (&format!("created<{second}"), vec!["Ada"]),
        (
            &format!("created<={second} and created:{second}"),
            vec!["Grace"],
        ),
    ] {
        assert_eq!(found(&mut account, query), expected, "{query}");
    }
}

#[test]
fn a_query_that_cannot_be_read_is_refused_in_stripes_words() {
    let mut account = people();
    let eleven = ["name:'a'"; 11].join(" OR ");
    for (query, start) in [
        ("asdf", "We were unable to parse your search query."),
        ("email:ada", "We were unable to parse your search query."),
        ("email:\"ada", "We were unable to parse your search query."),
        (
            "email:'ada' AND",
            "We were unable to parse your search query.",
        ),
        (
            "created>'soon'",
            "We were unable to parse your search query.",
        ),
        (
            "foo:\"bar\"",
            "Field `foo` is an unsupported search field for resource `customers`.",
        ),
        (
            "email~'ad'",
            "The `~` operator requires at least 3 characters.",
        ),
        (
            "email>'ada'",
            "Operator `>` is not supported for field `email`.",
        ),
        (
            "name:'a' AND name:'b' OR name:'c'",
            "You cannot combine `AND` and `OR`",
        ),
        (&eleven, "Your search query has too many clauses."),
    ] {
        let error = &ask(&mut account, query, "")["error"];
        let message = error["message"].as_str().unwrap();
        assert!(message.starts_with(start), "{query}: {message}");
        assert_eq!(error["type"], "invalid_request_error", "{query}");
    }
    let error = &call(&mut account.sim, "GET", "/v1/customers/search", "", "").body["error"];
    assert_eq!(error["code"], "parameter_missing");
}

#[test]
fn results_are_paged_by_token_while_others_come() {
    let mut account = people();
    let first = ask(
        &mut account,
        "-name:'nobody'",
        "&limit=3&expand[]=total_count",
    );
    assert_eq!(first["object"], "search_result");
    assert_eq!(first["url"], "/v1/customers/search");
    assert_eq!(
        (&first["has_more"], &first["total_count"]),
        (&json!(true), &json!(4))
    );
    account.post("/v1/customers", "name=Late");
    let page = format!("&limit=3&page={}", text(&first, "/next_page"));
    let second = ask(&mut account, "-name:'nobody'", &page);
    assert_eq!(second["data"].as_array().unwrap().len(), 1);
    assert_eq!(second["data"][0]["name"], "Ada Lovelace");
    assert_eq!(
        (&second["has_more"], &second["next_page"]),
        (&json!(false), &Value::Null)
    );
    let error = &ask(&mut account, "name:'ada'", "&page=nonsense")["error"];
    assert_eq!(error["param"], "page");
}

#[test]
fn the_deleted_are_not_found() {
    let mut account = people();
    let ada = text(&ask(&mut account, "email~'ada@'", "")["data"][0], "/id");
    account.delete(&format!("/v1/customers/{ada}"));
    assert_eq!(found(&mut account, "-name:'nobody'").len(), 3);
}

#[test]
fn products_and_prices_are_searched_by_their_own_fields() {
    let mut account = Account::open();
    let mut search = |resource: &str, query: &str| {
        let path = format!("/v1/{resource}/search");
        account.get(&path, &format!("query={query}"))["data"].clone()
    };
    assert_eq!(
        search("products", "name:'Prospector'")[0]["name"],
        "Prospector"
    );
    assert_eq!(search("products", "active:'false'"), json!([]));
    let price = search("prices", "lookup_key:'networker' AND type:'recurring'");
    assert_eq!(price[0]["unit_amount"], 14_500);
    assert_eq!(search("prices", "currency:'eur'"), json!([]));
}

#[test]
fn subscriptions_invoices_charges_and_payments_are_searched() {
    let mut account = Account::open();
    let (customer, subscription) = account.subscriber("prospector");
    account.subscriber("networker");
    account.post(
        &format!("/v1/subscriptions/{subscription}"),
        "metadata[team]=blue",
    );
    let invoice = text(&account.invoices(&customer)[0], "/id");
    let charges = account.get("/v1/charges", &format!("customer={customer}"));
    let (charge, intent) = (
        text(&charges, "/data/0/id"),
        text(&charges, "/data/0/payment_intent"),
    );
    account.post(&format!("/v1/charges/{charge}"), "metadata[team]=blue");
    for (kind, query, found) in [
        (
            "subscriptions",
            "metadata['team']:'blue' AND status:'active'".to_owned(),
            &subscription,
        ),
        (
            "invoices",
            format!("subscription:'{subscription}'"),
            &invoice,
        ),
        ("invoices", "total<10000".to_owned(), &invoice),
        ("charges", "metadata['team']:'blue'".to_owned(), &charge),
        (
            "charges",
            "payment_method_details.card.last4:'4242' amount<10000".to_owned(),
            &charge,
        ),
        (
            "payment_intents",
            format!("customer:'{customer}' AND amount:7500"),
            &intent,
        ),
    ] {
        let result = account.get(&format!("/v1/{kind}/search"), &format!("query={query}"));
        let ids: Vec<String> = result["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|object| text(object, "/id"))
            .collect();
        assert_eq!(ids, [found.as_str()], "{kind} {query}");
    }
}
