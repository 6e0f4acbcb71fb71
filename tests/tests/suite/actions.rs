//! What administrators have done: refunds and what others decide about them. Money moves once, and never unrecorded.

mod faults;
mod subscription;

use local::browser::{Browser, Page};
use local::staff::SignInCard;
use serde_json::{Value, json};
use shared::staff::Role;
use tests::staff::person;
use tests::{SignedUp, World};

/// A world with its staff, and a customer who has paid $199 once.
async fn world() -> (World, Vec<SignInCard>, SignedUp, String) {
    let world = World::new();
    let cards = world.staff().await;
    let ada = world.sign_up("ada@example.com", "rainmaker").await;
    let charge = charge_of(&world, ada.customer.as_ref());
    (world, cards, ada, charge)
}

fn charge_of(world: &World, customer: &str) -> String {
    let stripe = world.sandbox.stripe().now();
    let mut charges = stripe.objects("charge");
    let charge = charges
        .find(|charge| charge["customer"] == customer)
        .unwrap();
    charge["id"].as_str().unwrap().to_owned()
}

fn id(number: u64) -> String {
    format!("act_{number:032x}")
}

fn form(charge: &str, cents: i64) -> Value {
    json!({
        "charge": charge, "amount_cents": cents, "currency": "usd", "why": "unwanted_renewal",
        "reason": "She did not want it"
    })
}

async fn refund(browser: &Browser<'_>, ada: &SignedUp, number: u64, form: &Value) -> Page {
    let path = format!("/api/admin/users/{}/refunds", ada.customer);
    let key = id(number);
    browser
        .send("POST", &path, Some(form), &[("idempotency-key", &key)])
        .await
}

fn refunded_cents(world: &World) -> i64 {
    let stripe = world.sandbox.stripe().now();
    stripe
        .objects("refund")
        .map(|refund| refund["amount"].as_i64().unwrap())
        .sum()
}

#[tokio::test]
async fn a_refund_is_made_once_recorded_and_told() {
    let (world, cards, ada, charge) = world().await;
    let support = world.signed_in(&cards, Role::Support).await;
    let page = refund(&support, &ada, 1, &form(&charge, 5_000)).await;
    assert_eq!(
        (page.status, &page.body["state"]),
        (200, &json!("succeeded")),
        "{page:?}"
    );
    let made = page.body["result"].as_str().unwrap().to_owned();
    let at_stripe = world.at_stripe(&made);
    assert_eq!(
        (&at_stripe["amount"], &at_stripe["metadata"]["action_id"]),
        (&json!(5_000), &json!(id(1)))
    );
    assert_eq!(at_stripe["metadata"]["why"], "unwanted_renewal");
    // Twice, from another tab: the first outcome.
    assert_eq!(refund(&support, &ada, 1, &form(&charge, 5_000)).await, page);
    let other = refund(&support, &ada, 1, &form(&charge, 5_001)).await;
    assert_eq!((other.status, other.code()), (409, "action_id_reused"));
    assert_eq!(refunded_cents(&world), 5_000);
    let session = support.get("/api/session").await;
    let entries = world.audit(person(&session).as_str().unwrap()).await;
    let ours: Vec<_> = entries
        .iter()
        .filter(|entry| entry["action"] == id(1))
        .collect();
    let outcomes: Vec<_> = ours
        .iter()
        .map(|entry| entry["outcome"].as_str().unwrap())
        .collect();
    assert_eq!(outcomes, ["begun", "done"]);
    assert_eq!(ours[1]["after"]["result"], made);
    assert_eq!(ours[0]["reason"], "She did not want it");
    world.advance_s(120).await;
    assert!(world.subjects().contains(&"Your Linky refund".to_owned()));
    assert_eq!(world.wrongs().await, Vec::<String>::new());
    // Nothing is set aside any more, and what is left can be given back to the cent.
    let page = refund(&support, &ada, 2, &form(&charge, 14_901)).await;
    assert_eq!((page.status, page.code()), (409, "over_what_is_left"));
    let page = refund(&support, &ada, 3, &form(&charge, 14_900)).await;
    assert_eq!(page.body["state"], "succeeded", "{page:?}");
    let page = refund(&support, &ada, 4, &form(&charge, 1)).await;
    assert_eq!(page.code(), "over_what_is_left");
}

#[tokio::test]
async fn above_a_limit_a_second_person_decides_once() {
    let (world, cards, ada, charge) = world().await;
    let owner = world.signed_in(&cards, Role::Owner).await;
    let limits = json!({
        "role": "support", "per_action_cents": 2_000, "per_day_cents": 3_000, "extend_days": 3, "reason": "A test"
    });
    assert_eq!(owner.post("/api/admin/policy", &limits).await.status, 200);
    let support = world.signed_in(&cards, Role::Support).await;
    let preview = format!("/api/admin/users/{}/refunds/preview", ada.customer);
    let page = support.post(&preview, &form(&charge, 2_001)).await;
    assert_eq!(page.body["verdict"], "needs_approval", "{page:?}");
    assert_eq!(page.body["concerns"], json!(["over_action_limit"]));
    assert_eq!(page.body["left"]["amount_cents"], 19_900);
    let page = refund(&support, &ada, 1, &form(&charge, 2_001)).await;
    assert_eq!(
        (page.status, &page.body["state"]),
        (202, &json!("awaiting_approval"))
    );
    assert_eq!(refunded_cents(&world), 0);
    let approve = format!("/api/admin/actions/{}/approve", id(1));
    assert_eq!(
        support.post(&approve, &json!({})).await.code(),
        "role_too_low"
    );
    world.advance_s(120).await;
    let to_mara = world
        .subjects()
        .into_iter()
        .filter(|it| it.contains("waits for your approval"));
    assert_eq!(to_mara.count(), 2, "billing and the owner");
    let billing = world.signed_in(&cards, Role::Billing).await;
    let nothing = json!({});
    let (one, other) = futures::join!(
        billing.post(&approve, &nothing),
        owner.post(&approve, &nothing)
    );
    let states = [&one, &other].map(|page| page.body["state"].clone());
    assert!(states.contains(&json!("succeeded")), "{one:?} {other:?}");
    assert_eq!(refunded_cents(&world), 2_001);
    assert_eq!(
        billing.post(&approve, &json!({})).await.code(),
        "already_decided"
    );

    // The day's budget counts what was given without approval.
    assert_eq!(
        refund(&support, &ada, 2, &form(&charge, 2_000))
            .await
            .status,
        200
    );
    let page = refund(&support, &ada, 3, &form(&charge, 1_001)).await;
    assert_eq!(page.body["concerns"], json!(["over_day_limit"]), "{page:?}");
    let reject = format!("/api/admin/actions/{}/reject", id(3));
    let why = json!({ "reason": "She has had enough" });
    assert_eq!(billing.post(&reject, &why).await.body["state"], "rejected");
    let page = refund(&support, &ada, 4, &form(&charge, 1_002)).await;
    assert_eq!(page.status, 202);
    let withdraw = format!("/api/admin/actions/{}/withdraw", id(4));
    assert_eq!(
        billing.post(&withdraw, &json!({})).await.code(),
        "not_yours"
    );
    assert_eq!(
        support.post(&withdraw, &json!({})).await.body["state"],
        "withdrawn"
    );
    let page = refund(&support, &ada, 5, &form(&charge, 1_003)).await;
    assert_eq!(page.status, 202);
    world.advance_s(24 * 3600 + 600).await;
    let kept = world
        .store
        .action(&id(5).parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(kept.state.as_str(), "expired");
    assert_eq!(refunded_cents(&world), 4_001);
}

#[tokio::test]
async fn nobody_decides_on_their_own_request_and_a_demoted_ones_is_void() {
    let (world, cards, ada, charge) = world().await;
    let owner = world.signed_in(&cards, Role::Owner).await;
    let billing = world.signed_in(&cards, Role::Billing).await;
    // The same amount within a day needs a second person, whoever asks.
    assert_eq!(
        refund(&billing, &ada, 1, &form(&charge, 100)).await.status,
        200
    );
    let page = refund(&billing, &ada, 2, &form(&charge, 100)).await;
    assert_eq!(
        (page.status, &page.body["concerns"]),
        (202, &json!(["duplicate"]))
    );
    let approve = format!("/api/admin/actions/{}/approve", id(2));
    let page = billing.post(&approve, &json!({})).await;
    assert_eq!((page.status, page.code()), (403, "own_request"));
    let mara = person(&billing.get("/api/session").await)
        .as_str()
        .unwrap()
        .to_owned();
    let demote = json!({ "role": "viewer", "reason": "A test" });
    assert_eq!(
        owner
            .post(&format!("/api/admin/staff/{mara}/role"), &demote)
            .await
            .status,
        200
    );
    let page = owner.post(&approve, &json!({})).await;
    assert_eq!((page.status, page.code()), (409, "requester_may_not"));
    assert_eq!(refunded_cents(&world), 100);
}

#[tokio::test]
async fn two_who_give_back_more_than_there_is_do_not_both_succeed() {
    let (world, cards, ada, charge) = world().await;
    let support = world.signed_in(&cards, Role::Support).await;
    let billing = world.signed_in(&cards, Role::Billing).await;
    let (a, b) = (form(&charge, 12_000), form(&charge, 12_001));
    let (one, other) = futures::join!(refund(&support, &ada, 1, &a), refund(&billing, &ada, 2, &b));
    let done = [&one, &other]
        .iter()
        .filter(|page| page.body["state"] == "succeeded")
        .count();
    assert_eq!(done, 1, "{one:?} {other:?}");
    assert!(refunded_cents(&world) <= 12_001);
    // The same form sent twice at once makes one refund.
    let c = form(&charge, 777);
    let (one, other) = futures::join!(refund(&support, &ada, 3, &c), refund(&support, &ada, 3, &c));
    assert!(one.status < 300 && other.status < 300, "{one:?} {other:?}");
    world.advance_s(600).await;
    let stripe = world.sandbox.stripe().now();
    assert_eq!(
        stripe
            .objects("refund")
            .filter(|refund| refund["amount"] == 777)
            .count(),
        1
    );
}

#[tokio::test]
async fn a_disputed_charge_and_a_cancellation_with_it() {
    let (world, cards, ada, charge) = world().await;
    let billing = world.signed_in(&cards, Role::Billing).await;
    let mut form = form(&charge, 100);
    form["then_cancel"] = json!(true);
    let page = refund(&billing, &ada, 1, &form).await;
    assert_eq!(page.body["state"], "succeeded", "{page:?}");
    world.advance_s(120).await;
    let account = world.account(&ada.customer).await;
    let (_, kept) = account.subscription().unwrap();
    assert!(!kept.facts.is_alive());
    form["amount_cents"] = json!(101);
    assert_eq!(
        refund(&billing, &ada, 2, &form).await.code(),
        "no_subscription"
    );
    world
        .sandbox
        .stripe()
        .now()
        .open_dispute(&charge, "fraudulent")
        .unwrap();
    form["then_cancel"] = json!(false);
    let page = refund(&billing, &ada, 3, &form).await;
    assert_eq!(
        (page.status, &page.body["concerns"]),
        (202, &json!(["disputed"])),
        "{page:?}"
    );
}

#[tokio::test]
async fn what_is_not_in_order_is_refused_by_name_and_changes_nothing() {
    let (world, cards, ada, charge) = world().await;
    let bob = world.sign_up("bob@example.com", "prospector").await;
    let bobs = charge_of(&world, bob.customer.as_ref());
    let support = world.signed_in(&cards, Role::Support).await;
    let before = world.digest().await;
    let cases = [
        ("amount_cents", json!(0), 400, "invalid_amount"),
        ("amount_cents", json!(-1), 400, "invalid_amount"),
        ("amount_cents", json!(19_901), 409, "over_what_is_left"),
        ("amount_cents", json!(1.5), 400, "invalid_body"),
        ("currency", json!("eur"), 400, "other_currency"),
        ("charge", json!("ch_nobody"), 404, "no_such_charge"),
        ("charge", json!(bobs), 404, "no_such_charge"),
        ("charge", json!("in_1"), 400, "invalid_body"),
        ("why", json!("because"), 400, "invalid_body"),
        ("reason", json!(""), 400, "invalid_reason"),
        ("approved", json!(true), 400, "invalid_body"),
    ];
    for (field, value, status, code) in cases {
        let mut wrong = form(&charge, 100);
        wrong[field] = value;
        let page = refund(&support, &ada, 1, &wrong).await;
        assert_eq!(
            (page.status, page.code()),
            (status, code),
            "{field}: {page:?}"
        );
    }
    let path = format!("/api/admin/users/{}/refunds", ada.customer);
    for key in ["", "1", "act_1", "act_0000000000000000000000000000000G"] {
        let page = support
            .send(
                "POST",
                &path,
                Some(&form(&charge, 100)),
                &[("idempotency-key", key)],
            )
            .await;
        assert_eq!(
            (page.status, page.code()),
            (400, "invalid_action_id"),
            "{key}"
        );
    }
    assert_eq!(world.digest().await, before);
    for approve in ["approve", "reject", "withdraw"] {
        let billing = world.signed_in(&cards, Role::Billing).await;
        let body = if approve == "reject" {
            json!({ "reason": "Not this one" })
        } else {
            json!({})
        };
        let page = billing
            .post(&format!("/api/admin/actions/{}/{approve}", id(99)), &body)
            .await;
        assert_eq!(
            (page.status, page.code()),
            (404, "no_such_action"),
            "{approve}"
        );
    }
    world.advance_s(300).await;
    let page = refund(&support, &ada, 1, &form(&charge, 100)).await;
    assert_eq!((page.status, page.code()), (403, "step_up_required"));
}
