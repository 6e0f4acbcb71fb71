//! Somebody who has an account buys with its session. Whoever types such an address without it is answered like everybody.

use std::time::Duration;

use axum::body::Bytes;
use http::{Request, header};
use local::browser::Page;
use local::cloud::{Fault, Gate, Matching, Service};
use serde_json::{Value, json};
use stripe_sim::TestCard;
use tests::{Answer, DAY_S, World};

use super::assert_refused;
use super::checkout::{form, leads_to, post, url, with};

const ADA: &str = "ada@example.com";

/// The letters written to the owner of an address because somebody else typed it.
fn told(world: &World) -> usize {
    let mails = world.sandbox.cloud().mail().mails();
    let told = mails
        .iter()
        .filter(|mail| mail.subject == "Sign in to buy a Linky plan");
    told.count()
}

/// What may be told apart in two answers to strangers: everything but the page's name.
fn shape(answer: &Answer) -> Value {
    let mut shape = answer.body.clone();
    let (before, page) = url(answer).rsplit_once('/').unwrap();
    assert!(
        page.len() == 32 && page.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{page}"
    );
    shape["checkout_url"] = json!(before);
    shape
}

fn refused(page: &Page, code: &str) {
    assert_eq!((page.status, page.code()), (409, code), "{page:?}");
}

#[tokio::test]
async fn edge_a_stranger_learns_from_no_answer_who_has_an_account() {
    let world = World::new();
    world.sign_up(ADA, "prospector").await;
    let before =
        ["customer", "checkout.session", "subscription"].map(|kind| world.count_at_stripe(kind));
    for plan in ["prospector", "rainmaker", "prospector"] {
        let known = post(&world, with("plan", plan)).await;
        let asked = json!({ "email": "new@example.com", "name": "New", "plan": plan });
        let new = world.start_checkout(&asked).await;
        assert_eq!(shape(&known), shape(&new), "{plan}");
        // Asked twice, each says the same once more.
        assert_eq!(post(&world, with("plan", plan)).await, known, "{plan}");
        assert_eq!(world.start_checkout(&asked).await, new, "{plan}");
        assert_eq!(leads_to(&world, &known).await, None, "{plan}");
        let session = leads_to(&world, &new).await.expect("a page of Stripe's");
        assert_eq!(world.at_stripe(&session)["status"], "open", "{plan}");
        world.advance_s(60).await;
    }
    let new = [1, 3, 0];
    for ((kind, before), new) in ["customer", "checkout.session", "subscription"]
        .into_iter()
        .zip(before)
        .zip(new)
    {
        assert_eq!(world.count_at_stripe(kind), before + new, "{kind}");
    }
}

#[tokio::test]
async fn edge_the_owner_gets_one_mail_a_day_however_often_a_stranger_types_the_address() {
    let world = World::new();
    world.sign_up(ADA, "prospector").await;
    for _ in 0..3 {
        for plan in ["prospector", "networker", "rainmaker"] {
            url(&post(&world, with("plan", plan)).await);
            world.advance_s(600).await;
        }
    }
    assert_eq!(told(&world), 1);
    world.advance_s(DAY_S).await;
    url(&post(&world, form().to_string()).await);
    world.advance_s(60).await;
    assert_eq!(told(&world), 2);
    let mails = world.sandbox.cloud().mail().mails();
    let letter = mails.last().unwrap();
    assert_eq!(letter.destinations, [ADA]);
    let text = letter.text.as_deref().unwrap();
    assert!(text.contains("nothing was bought"), "{text}");
}

/// Two who ask at once, with their calls in another order for each seed.
async fn at_once(email: &str, seed: u64, bodies: [String; 2]) -> [Answer; 2] {
    let world = World::new();
    world.sign_up(email, "networker").await;
    let faults = world.sandbox.cloud().faults();
    faults.plan(Matching::any(), Fault::GiveWay(seed));
    let [one, other] = bodies;
    let answers: [Answer; 2] = tokio::join!(post(&world, one), post(&world, other)).into();
    world.advance_s(60).await;
    let owners = usize::from(email == ADA);
    assert_eq!(told(&world), owners, "seed {seed}");
    answers
}

#[tokio::test]
async fn edge_two_strangers_at_once_are_answered_as_two_buyers_are() {
    for seed in 0..20 {
        let bodies = [form().to_string(), form().to_string()];
        let [one, other] = at_once(ADA, seed, bodies).await;
        assert_eq!(one, other, "seed {seed}");
        // Of two plans either both are answered, one after the other, or one is told that they met.
        let plans = || [form().to_string(), with("plan", "rainmaker")];
        let answers = at_once(ADA, seed, plans()).await;
        let buyers = at_once("somebody@example.com", seed, plans()).await;
        for answers in [&answers, &buyers] {
            let met = answers.iter().filter(|it| it.status == 409);
            assert!(met.clone().count() <= 1, "seed {seed}: {answers:?}");
            met.for_each(|it| assert_refused(it, 409, "checkout_in_progress"));
            assert_ne!(answers[0].body, answers[1].body, "seed {seed}");
        }
    }
}

#[tokio::test]
async fn edge_while_stripe_is_down_nobody_is_answered() {
    let world = World::new();
    world.sign_up(ADA, "prospector").await;
    let faults = world.sandbox.cloud().faults();
    faults.plan(Matching::service(Service::Stripe), Fault::RefuseBefore);
    let new = json!({ "email": "new@example.com", "name": "New", "plan": "prospector" });
    for form in [form(), new] {
        let answer = world.start_checkout(&form).await;
        assert_refused(&answer, 503, "stripe");
    }
}

#[tokio::test]
async fn edge_whose_session_has_ended_is_told_so_and_not_taken_for_a_stranger() {
    let world = World::new();
    world.sign_up(ADA, "prospector").await;
    let browser = world.customer(ADA).await;
    let cookie = browser.cookie();
    browser.post("/api/sign-out", &json!({})).await;
    browser.hold(cookie);
    let page = browser.post("/checkout", &form()).await;
    assert_eq!((page.status, page.code()), (401, "session_ended"));
    world.advance_s(60).await;
    assert_eq!(told(&world), 0);
}

#[tokio::test]
async fn edge_an_owner_who_is_signed_in_is_told_what_to_do_instead_of_a_second_subscription() {
    let world = World::new();
    world.sign_up(ADA, "prospector").await;
    let browser = world.customer(ADA).await;
    let page = browser.post("/checkout", &form()).await;
    refused(&page, "already_subscribed");
    let words = page.body["error"]["message"].as_str().unwrap();
    assert!(words.contains("Change its plan instead"), "{words}");
    assert_eq!(told(&world), 0);
}

#[tokio::test]
async fn edge_an_owner_whose_subscription_has_ended_buys_again_with_the_session_only() {
    let world = World::new();
    let ada = world.sign_up(ADA, "prospector").await;
    let bought = world.account(&ada.customer).await;
    let id = bought.subscriptions.keys().next().unwrap();
    let path = format!("/v1/subscriptions/{id}");
    world.sandbox.stripe().call("DELETE", &path, &[]).unwrap();
    world.settle().await;
    let browser = world.customer(ADA).await;
    let ben = {
        world.sign_up("ben@example.com", "networker").await;
        world.customer("ben@example.com").await
    };

    let stranger = post(&world, form().to_string()).await;
    assert_eq!(leads_to(&world, &stranger).await, None);
    for (who, headers) in [
        ("somebody else", (&ben, vec![])),
        (
            "another site",
            (&browser, vec![("origin", "https://evil.example")]),
        ),
        (
            "a form of another site",
            (&browser, vec![("x-linky-client", "")]),
        ),
    ] {
        let (at, headers) = headers;
        let page = at.send("POST", "/checkout", Some(&form()), &headers).await;
        assert_eq!(page.body, stranger.body, "{who}");
    }
    let again = world.buy(&browser, ADA, "prospector").await;
    assert_eq!(again.customer, ada.customer);
    let account = world.account(&ada.customer).await;
    assert_eq!(account.subscriptions.len(), 2);
    world.advance_s(60).await;
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}

#[tokio::test]
async fn edge_whoever_has_not_paid_yet_needs_no_session_and_a_link_that_was_asked_for_changes_nothing()
 {
    let world = World::new();
    let first = post(&world, form().to_string()).await;
    // A stranger has a link sent there, by which no password is set.
    world.reset_token("customer", ADA).await;
    assert_eq!(post(&world, form().to_string()).await, first);
    assert!(leads_to(&world, &first).await.is_some());
    assert_eq!(told(&world), 0);
}

#[tokio::test]
async fn edge_what_was_answered_before_there_was_an_account_is_answered_on_and_leads_nowhere() {
    let paid = World::new();
    let first = post(&paid, form().to_string()).await;
    let session = leads_to(&paid, &first).await.expect("a page of Stripe's");
    paid.pay(&session, TestCard::Good);
    paid.settle().await;

    // An account with nothing bought, whose page is still open at Stripe.
    let unpaid = World::new();
    let opened = post(&unpaid, form().to_string()).await;
    unpaid.customer(ADA).await;

    for (world, first) in [(&paid, first), (&unpaid, opened)] {
        assert_eq!(post(world, form().to_string()).await, first);
        assert_eq!(leads_to(world, &first).await, None);
        world.advance_s(60).await;
        assert_eq!(told(world), 1);
    }
    let page = unpaid
        .customer(ADA)
        .await
        .post("/checkout", &rainmaker())
        .await;
    assert_eq!(page.status, 200, "the owner buys on: {page:?}");
}

/// Ada has chosen one plan and chooses another, while she pays for the first on the page that is open.
async fn pays_meanwhile(world: &World, session: &str, choose: impl Future<Output = Page>) -> Page {
    let gate = Gate::closed();
    let expires =
        Matching::service(Service::Stripe).and(|call| call.operation.ends_with("/expire"));
    world
        .sandbox
        .cloud()
        .faults()
        .plan(expires, Fault::HoldBefore(gate.clone()));
    let (page, ()) = tokio::join!(choose, async {
        let arrived = tokio::time::timeout(Duration::from_secs(10), gate.arrived(1));
        arrived.await.expect("the first page is closed at Stripe");
        world.pay(session, TestCard::Good);
        gate.open();
    });
    world.settle().await;
    assert_eq!(world.count_at_stripe("subscription"), 1);
    page
}

fn rainmaker() -> Value {
    let mut form = form();
    form["plan"] = json!("rainmaker");
    form
}

#[tokio::test]
async fn edge_a_page_paid_while_another_plan_is_chosen_is_what_counts() {
    let world = World::new();
    let opened = world.open_checkout(ADA, "prospector").await;
    let ada = world.customer(ADA).await;
    let page = pays_meanwhile(&world, &opened.session, ada.post("/checkout", &rainmaker())).await;
    refused(&page, "checkout_completed");
    let words = page.body["error"]["message"].as_str().unwrap();
    assert!(words.contains("Reload the page"), "{words}");
    let again = ada.post("/checkout", &rainmaker()).await;
    refused(&again, "already_subscribed");
}

#[tokio::test]
async fn edge_a_stranger_is_not_told_that_a_page_was_paid_meanwhile() {
    let world = World::new();
    let opened = world.open_checkout(ADA, "prospector").await;
    let stranger = world.browser();
    let page = pays_meanwhile(
        &world,
        &opened.session,
        stranger.post("/checkout", &rainmaker()),
    )
    .await;
    assert_eq!(page.status, 200, "{page:?}");
    let url = page.body["checkout_url"].as_str().unwrap();
    let led = local::checkout::session(world.sandbox.gateway(), "203.0.113.7", url).await;
    assert_eq!(led, None);
    world.advance_s(60).await;
    assert_eq!(told(&world), 1);
}

#[tokio::test]
async fn edge_a_page_that_leads_nowhere_says_where_to_look_and_runs_nothing() {
    let world = World::new();
    let opened = post(&world, form().to_string()).await;
    world.advance_s(DAY_S).await;
    let ran_out = url(&opened).rsplit('/').next().unwrap().to_owned();
    for page in [
        ran_out,
        "0".repeat(32),
        "x".repeat(5_000),
        "%2e%2e".to_owned(),
        "é".to_owned(),
    ] {
        let path = format!("/checkout/pages/{page}");
        let Ok(request) = Request::get(&path).body(Bytes::new()) else {
            continue;
        };
        let answer = world.sandbox.gateway().handle(request, "203.0.113.7").await;
        assert_eq!(answer.status(), 200, "{path}");
        let headers = answer.headers();
        assert_eq!(headers[header::CONTENT_TYPE], "text/html; charset=utf-8");
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
        let html = String::from_utf8_lossy(answer.body());
        assert!(html.contains("Look in your mail"), "{html}");
    }
}
