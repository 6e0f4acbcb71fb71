//! What administrators look at: customers, what has happened, how the system does.

use local::browser::{Browser, Page};
use local::cloud::Service;
use serde_json::{Value, json};
use shared::staff::Role;
use stripe_sim::{OpenInvoices, TestCard};
use tests::history::Deed;
use tests::{DAY_S, World};

/// Calls of the tables that tell who is asking: the session, and whose it is.
const CALLER_CALLS: u64 = 2;

/// The most calls that a page takes besides.
const PAGE_CALLS_MAX: u64 = 3;

async fn world() -> World {
    let world = World::new();
    for (name, plan) in [
        ("ada.lovelace", "rainmaker"),
        ("bob", "founding_member"),
        ("cy", "networker"),
    ] {
        world.sign_up(&format!("{name}@example.com"), plan).await;
        world.advance_s(3_600).await;
    }
    world
}

async fn viewer(world: &World) -> Browser<'_> {
    let cards = world.staff().await;
    world.signed_in(&cards, Role::Viewer).await
}

fn each<'a>(page: &'a Page, list: &str, field: &str) -> Vec<&'a Value> {
    let rows = page.body[list].as_array();
    let rows = rows.unwrap_or_else(|| panic!("{page:?}"));
    rows.iter().map(|row| &row[field]).collect()
}

async fn emails(browser: &Browser<'_>, query: &str) -> Vec<String> {
    let page = browser.get(&format!("/api/admin/users?{query}")).await;
    let emails = each(&page, "users", "email").into_iter();
    emails
        .map(|email| email.as_str().unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test]
async fn customers_are_listed_sorted_filtered_and_found() {
    let world = world().await;
    let viewer = viewer(&world).await;
    let (ada, bob, cy) = (
        "ada.lovelace@example.com",
        "bob@example.com",
        "cy@example.com",
    );
    assert_eq!(emails(&viewer, "").await, [cy, bob, ada]);
    assert_eq!(emails(&viewer, "sort=oldest").await, [ada, bob, cy]);
    assert_eq!(emails(&viewer, "plan=networker").await, [cy]);
    assert_eq!(emails(&viewer, "plan=none").await, Vec::<String>::new());
    assert_eq!(emails(&viewer, "status=active&plan=rainmaker").await, [ada]);
    assert_eq!(
        emails(&viewer, "attention=past_due").await,
        Vec::<String>::new()
    );
    assert_eq!(emails(&viewer, "search=BOB").await, [bob]);
    assert_eq!(emails(&viewer, "search=ada.lov").await, [ada]);
    let page = viewer.get("/api/admin/users?search=cy").await;
    let row = &page.body["users"][0];
    assert_eq!(
        (&row["status"], &row["plan"], &row["amount"]["amount_cents"]),
        (&json!("active"), &json!("networker"), &json!(14_500))
    );
    assert!(row["next_charge_at"].is_string(), "{row}");
    let id = row["id"].as_str().unwrap();
    assert_eq!(emails(&viewer, &format!("search={id}")).await, [cy]);
    let user = viewer.get(&format!("/api/admin/users/{id}")).await;
    let subscription = user.body["subscription"]["id"].as_str().unwrap();
    assert_eq!(
        emails(&viewer, &format!("search={subscription}")).await,
        [cy]
    );
    assert_eq!(
        emails(&viewer, "search=sub_nobody").await,
        Vec::<String>::new()
    );
    // Page by page, each is seen once.
    let mut seen = Vec::new();
    let mut query = "limit=1".to_owned();
    for _ in 0..4 {
        let page = viewer.get(&format!("/api/admin/users?{query}")).await;
        seen.extend(each(&page, "users", "email").into_iter().cloned());
        match page.body["next"].as_str() {
            Some(next) => query = format!("limit=1&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, [json!(cy), json!(bob), json!(ada)]);
    for (query, code) in [
        ("search=a", "search_too_short"),
        ("limit=0", "invalid_limit"),
        ("limit=101", "invalid_limit"),
        ("status=fine", "invalid_query"),
        ("plan=gold", "invalid_query"),
        ("attention=yes", "invalid_query"),
        ("sort=name&plan=none", "sort_with_filter"),
        ("search=ada&plan=none", "search_with_filter"),
        ("cursor=x", "invalid_cursor"),
        ("color=red", "invalid_query"),
    ] {
        let page = viewer.get(&format!("/api/admin/users?{query}")).await;
        assert_eq!((page.status, page.code()), (400, code), "{query}");
    }
}

#[tokio::test]
async fn a_customer_is_shown_whole_and_told_in_words() {
    let world = World::new();
    let bob = world.sign_up("bob@example.com", "founding_member").await;
    world.settle().await;
    let viewer = viewer(&world).await;
    let path = format!("/api/admin/users/{}", bob.customer);
    let page = viewer.get(&path).await;
    assert_eq!(page.status, 200, "{page:?}");
    let user = &page.body;
    let sentence = user["sentence"].as_str().unwrap();
    assert!(
        sentence.starts_with("Active on Founding Member. Becomes Prospector for $75.00 on "),
        "{sentence}"
    );
    let change = &user["subscription"]["pending_change"];
    assert_eq!(
        (&change["to"], &change["amount"]["amount_cents"]),
        (&json!("prospector"), &json!(7_500))
    );
    assert_eq!(user["standing"]["access"], true);
    assert_eq!(user["card"]["last4"], "4242");
    assert_eq!(user["totals"][0]["paid_cents"], 2_500);
    assert!(user["user_id"].as_str().unwrap().starts_with("user_"));
    let money = viewer.get(&format!("{path}/money")).await;
    assert_eq!(each(&money, "invoices", "status"), ["paid"], "{money:?}");
    let mails = viewer.get(&format!("{path}/mails")).await;
    assert_eq!(each(&mails, "mails", "subject"), ["Welcome to Linky"]);
    let mail = mails.body["mails"][0]["id"].as_str().unwrap();
    let mail = mail.replace('#', "%23");
    let mail = viewer.get(&format!("{path}/mail?mail={mail}")).await;
    assert!(
        mail.body["html"]
            .as_str()
            .unwrap()
            .contains("Founding Member"),
        "{mail:?}"
    );
    // Read again, nothing has changed.
    let tag = page.tag.clone().unwrap();
    let again = viewer
        .send("GET", &path, None, &[("if-none-match", &tag)])
        .await;
    assert_eq!((again.status, &again.body), (304, &Value::Null));
    for (path, status, code) in [
        ("/api/admin/users/cus_nobody", 404, "no_such_user"),
        ("/api/admin/users/nobody", 400, "invalid_id"),
        ("/api/admin/events/evt_none", 404, "no_such_event"),
        ("/api/admin/runs/2026-02-30", 400, "invalid_day"),
        ("/api/admin/runs/2020-01-01", 404, "no_such_run"),
    ] {
        let page = viewer.get(path).await;
        assert_eq!((page.status, page.code()), (status, code), "{path}");
    }
}

#[tokio::test]
async fn a_failed_payment_is_seen_in_the_list_and_in_the_line_of_time() {
    let world = World::new();
    let ada = world.sign_up("ada@example.com", "prospector").await;
    world.settle().await;
    let (card, customer) = (TestCard::DeclinedAfterAttach, ada.customer.as_ref());
    let stripe = world.sandbox.stripe();
    stripe
        .now()
        .replace_card(customer, card, OpenInvoices::Leave)
        .unwrap();
    world.advance_s(32 * 86_400).await;
    let viewer = viewer(&world).await;
    let path = format!("/api/admin/users/{}", ada.customer);
    let user = viewer.get(&path).await;
    assert!(
        user.body["sentence"]
            .as_str()
            .unwrap()
            .starts_with("Past due"),
        "{user:?}"
    );
    assert_eq!(
        emails(&viewer, "attention=past_due").await,
        ["ada@example.com"]
    );
    assert_eq!(
        emails(&viewer, "status=past_due").await,
        ["ada@example.com"]
    );
    let whole = viewer.get(&format!("{path}/timeline?limit=100")).await;
    let kinds = each(&whole, "entries", "kind");
    assert!(kinds.contains(&&json!("mail")) && kinds.contains(&&json!("plan_change")));
    let times = each(&whole, "entries", "at");
    assert!(times.is_sorted_by_key(|at| std::cmp::Reverse(at.as_str())));
    let mails = viewer.get(&format!("{path}/timeline?kind=mail")).await;
    assert!(
        each(&mails, "entries", "kind")
            .iter()
            .all(|kind| **kind == "mail")
    );
    assert_eq!(
        mails.body["entries"][0]["title"],
        "Your Linky payment did not go through"
    );
    // Page by page it is the same line.
    let mut paged = Vec::new();
    let mut cursor = String::new();
    for _ in 0..50 {
        let page = viewer
            .get(&format!("{path}/timeline?limit=3{cursor}"))
            .await;
        paged.extend(page.body["entries"].as_array().unwrap().clone());
        match page.body["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(&json!(paged), &whole.body["entries"]);
}

#[tokio::test]
async fn a_filter_that_lets_many_through_reads_few() {
    let world = World::new();
    world.sign_up("ada@example.com", "rainmaker").await;
    world.crowd(1_000).await;
    let viewer = viewer(&world).await;
    let calls = world.sandbox.cloud().calls();
    calls.meter();
    let read = async |query: &str| {
        calls.clear();
        let page = viewer.get(&format!("/api/admin/users?{query}")).await;
        let users = page.body["users"].as_array().map_or(0, Vec::len);
        (users, calls.consumed().read_milliunits)
    };
    let (all, plain) = read("limit=50").await;
    let (many, filtered) = read("limit=50&status=active&plan=rainmaker").await;
    assert_eq!((all, many), (50, 50));
    // Reading the whole list would be a fifth more.
    assert!(filtered * 10 < plain * 11, "{plain} {filtered}");
    let (none, _) = read("limit=50&status=active&plan=networker").await;
    assert_eq!(none, 0);
}

fn cents(money: &Value) -> i64 {
    money["amount_cents"].as_i64().unwrap_or_default()
}

#[tokio::test]
async fn what_a_customer_was_charged_for_is_told_line_by_line() {
    let world = World::new();
    let ada = world.sign_up("ada@example.com", "prospector").await;
    world.advance_s(10 * DAY_S).await;
    world.happen(ada.customer.as_ref(), Deed::Move("networker"));
    world.happen(
        ada.customer.as_ref(),
        Deed::Card(TestCard::DeclinedAfterAttach),
    );
    world.advance_s(30 * DAY_S).await;
    let viewer = viewer(&world).await;
    let path = format!("/api/admin/users/{}", ada.customer);
    let money = viewer.get(&format!("{path}/money")).await;
    let charges = viewer.get(&format!("{path}/charges")).await;
    let invoices = money.body["invoices"].as_array().unwrap();
    for invoice in invoices {
        let lines = invoice["lines"].as_array().unwrap();
        let sum: i64 = lines.iter().map(|line| cents(&line["amount"])).sum();
        assert_eq!(sum, cents(&invoice["total"]), "{invoice}");
        assert_eq!(invoice["more_lines"], false);
    }
    let [change] = invoices
        .iter()
        .filter(|it| it["billing_reason"] == "subscription_update")
        .collect::<Vec<_>>()[..]
    else {
        panic!("{invoices:?}");
    };
    let lines = change["lines"].as_array().unwrap();
    let texts: Vec<&str> = lines
        .iter()
        .filter_map(|line| line["text"].as_str())
        .collect();
    assert!(
        texts[0].starts_with("Unused time on Prospector"),
        "{texts:?}"
    );
    assert!(
        texts[1].starts_with("Remaining time on Networker"),
        "{texts:?}"
    );
    assert!(cents(&lines[0]["amount"]) < 0 && cents(&lines[1]["amount"]) > 0);

    let charges = charges.body["charges"].as_array().unwrap();
    let paid = charges.iter().find(|it| it["invoice"] == change["id"]);
    let paid = paid.unwrap_or_else(|| panic!("{charges:?}"));
    assert_eq!(paid["amount"], change["due"]);
    assert_eq!(paid["failure"], Value::Null);
    let failed = charges.iter().find(|it| it["status"] == "failed").unwrap();
    assert_eq!(failed["failure"], "Your card was declined.");
    assert_eq!(
        (cents(&failed["asked"]), cents(&failed["amount"])),
        (14_500, 0)
    );
    let open = invoices.iter().find(|it| it["status"] == "open").unwrap();
    assert_eq!(failed["invoice"], open["id"]);
}

#[tokio::test]
async fn no_page_takes_more_than_three_calls() {
    let world = world().await;
    let viewer = viewer(&world).await;
    let page = viewer.get("/api/admin/users?search=bob").await;
    let bob = page.body["users"][0]["id"].as_str().unwrap().to_owned();
    let user = format!("/api/admin/users/{bob}");
    let mails = viewer.get(&format!("{user}/mails")).await;
    let mail = mails.body["mails"][0]["id"].as_str().unwrap();
    let paths = [
        "/api/admin/users".to_owned(),
        "/api/admin/users?search=bob".to_owned(),
        "/api/admin/users?status=active&plan=networker".to_owned(),
        "/api/admin/users?attention=drift".to_owned(),
        user.clone(),
        format!("{user}/money"),
        format!("{user}/timeline"),
        format!("{user}/mails"),
        format!("{user}/mail?mail={}", mail.replace('#', "%23")),
        format!("{user}/actions"),
        "/api/admin/actions".to_owned(),
        "/api/admin/actions?state=waiting".to_owned(),
        "/api/admin/events".to_owned(),
        "/api/admin/events?outcome=pending".to_owned(),
        "/api/admin/audit".to_owned(),
        "/api/admin/alerts".to_owned(),
        "/api/admin/health".to_owned(),
        "/api/admin/runs".to_owned(),
        "/api/admin/staff".to_owned(),
        "/api/admin/policy".to_owned(),
        "/api/admin/plans".to_owned(),
    ];
    for path in paths {
        let calls = world.sandbox.cloud().calls();
        let before = calls.count(Service::DynamoDb);
        let page = viewer.get(&path).await;
        let made = calls.count(Service::DynamoDb) - before;
        assert_eq!(page.status, 200, "{path}: {page:?}");
        assert!(
            made <= CALLER_CALLS + PAGE_CALLS_MAX,
            "{path} took {made} calls"
        );
    }
}
