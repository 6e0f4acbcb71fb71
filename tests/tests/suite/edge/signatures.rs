//! Who is let in at the webhook: rows 40 and 15 of the failure modes.

use std::collections::BTreeMap;

use shared::chance::Chance;
use shared::signature::{SigningSecrets, verify};
use shared::time::Timestamp;
use stripe_sim::{signature, signature_header};
use tests::World;

use super::{assert_outcome, assert_refused, assert_unchanged, sample};

/// A header from the time, the right signature and a wrong one.
type Form = fn(i64, &str, &str) -> String;

#[tokio::test]
async fn edge_what_is_not_signed_lately_by_stripe_is_refused_and_changes_nothing() {
    let world = World::new();
    let body = sample("customer.created").to_string();
    let secret = world.sandbox.signing_secret().to_owned();
    let now = world.now().as_s();
    let good = signature(&secret, now, body.as_bytes());
    let signed_at = |at_s| signature_header(&secret, at_s, body.as_bytes());
    let sixteen_wrong = format!(",v1={}", "0".repeat(64)).repeat(16);
    let cases = [
        ("no header", String::new(), "signature_missing"),
        (
            "another secret",
            signature_header("whsec_other", now, body.as_bytes()),
            "signature_mismatch",
        ),
        (
            "an empty secret",
            signature_header("", now, body.as_bytes()),
            "signature_mismatch",
        ),
        (
            "another body",
            signature_header(&secret, now, b"{}"),
            "signature_mismatch",
        ),
        ("301 seconds old", signed_at(now - 301), "signature_too_old"),
        (
            "301 seconds ahead",
            signed_at(now + 301),
            "signature_from_the_future",
        ),
        (
            "another time than was signed",
            format!("t={},v1={good}", now + 1),
            "signature_mismatch",
        ),
        ("words", "let me in".to_owned(), "signature_garbled"),
        ("no time", format!("v1={good}"), "signature_garbled"),
        ("no signature", format!("t={now}"), "signature_garbled"),
        (
            "two times, the true one last",
            format!("t=1,t={now},v1={good}"),
            "signature_garbled",
        ),
        (
            "two times, the true one first",
            format!("t={now},t=1,v1={good}"),
            "signature_garbled",
        ),
        (
            "a time that is no number",
            format!("t=now,v1={good}"),
            "signature_garbled",
        ),
        (
            "a time with a sign",
            format!("t=+{now},v1={good}"),
            "signature_garbled",
        ),
        (
            "a time with a zero before it",
            format!("t=0{now},v1={good}"),
            "signature_garbled",
        ),
        (
            "a time beyond all numbers",
            format!("t={},v1={good}", "9".repeat(40)),
            "signature_garbled",
        ),
        (
            "upper-case hexadecimal",
            format!("t={now},v1={}", good.to_uppercase()),
            "signature_mismatch",
        ),
        (
            "another scheme",
            format!("t={now},v0={good}"),
            "signature_garbled",
        ),
        (
            "half a signature",
            format!("t={now},v1={}", &good[..32]),
            "signature_mismatch",
        ),
        (
            "a space after the comma",
            format!("t={now}, v1={good}"),
            "signature_garbled",
        ),
        (
            "a seventeenth signature",
            format!("t={now}{sixteen_wrong},v1={good}"),
            "signature_garbled",
        ),
        (
            "a header as long as the gateway takes",
            format!("t={now},v1={good},v2={}", "0".repeat(9_000)),
            "signature_garbled",
        ),
    ];
    let before = world.digest().await;
    for (what, header, code) in cases {
        let answer = world.post_webhook(body.clone(), &header).await;
        println!("{what}");
        assert_refused(&answer, 400, code);
    }
    let headers = [("content-type", "application/json")];
    let headless = world
        .request("POST", "/stripe/webhook", &headers, body)
        .await;
    assert_refused(&headless, 400, "signature_missing");
    assert_unchanged(&world, &before).await;
}

#[tokio::test]
async fn edge_every_form_that_stripe_may_sign_in_is_let_in() {
    let body = sample("customer.created").to_string();
    let wrong = format!(",v1={}", "0".repeat(64));
    let forms: [(&str, Form); 5] = [
        ("a trailing comma", |now, good, _| {
            format!("t={now},v1={good},")
        }),
        ("another scheme beside it", |now, good, _| {
            format!("t={now},v1={good},v0=abc")
        }),
        ("the second of two", |now, good, wrong| {
            format!("t={now}{wrong},v1={good}")
        }),
        ("the sixteenth of sixteen", |now, good, wrong| {
            format!("t={now}{},v1={good}", wrong.repeat(15))
        }),
        ("the time last", |now, good, _| format!("v1={good},t={now}")),
    ];
    for (what, form) in forms {
        let world = World::new();
        let now = world.now().as_s();
        let good = signature(world.sandbox.signing_secret(), now, body.as_bytes());
        println!("{what}");
        assert_outcome(
            &world
                .post_webhook(body.clone(), &form(now, &good, &wrong))
                .await,
            "applied",
        );
    }
    for age_s in [300, -300] {
        let world = World::new();
        let signed_at = world.now().as_s() - age_s;
        let header = signature_header(world.sandbox.signing_secret(), signed_at, body.as_bytes());
        assert_outcome(&world.post_webhook(body.clone(), &header).await, "applied");
    }
}

#[tokio::test]
async fn edge_while_a_secret_is_rolled_both_hold_and_then_the_old_one_does_not() {
    let world = World::new();
    let old = world.sandbox.signing_secret().to_owned();
    let parameter = "/linky/stripe/signing-secrets";
    let post = async |secret: &str, event: u32| {
        let mut body = sample("customer.created");
        body["id"] = format!("evt_{event}").into();
        let body = body.to_string();
        let header = signature_header(secret, world.now().as_s(), body.as_bytes());
        world.post_webhook(body, &header).await
    };
    assert_outcome(&post(&old, 1).await, "applied");

    world
        .sandbox
        .cloud()
        .put_parameter(parameter, &format!("whsec_new,{old}"));
    world.advance_s(31).await;
    // The new one is not in the cache yet: its first use fetches it.
    assert_eq!(post("whsec_new", 2).await.status, 200);
    assert_eq!(post(&old, 3).await.status, 200);

    world.sandbox.cloud().put_parameter(parameter, "whsec_new");
    world.advance_s(301).await;
    let before = world.digest().await;
    assert_refused(&post(&old, 4).await, 400, "signature_mismatch");
    assert_unchanged(&world, &before).await;
    assert_eq!(post("whsec_new", 4).await.status, 200);
}

#[tokio::test]
async fn edge_an_empty_secret_lets_nobody_in() {
    let world = World::new();
    let deployed = &world.sandbox.deployment().functions["stripe-webhook"];
    for (secrets, says) in [
        (",", "signing secret is empty"),
        ("whsec_a,", "signing secret is empty"),
        (",whsec_a", "signing secret is empty"),
        ("whsec_a, ,whsec_b", "signing secret is empty"),
        ("", "neither STRIPE_SIGNING_SECRETS nor"),
        (" ", "neither STRIPE_SIGNING_SECRETS nor"),
    ] {
        let mut function = deployed.clone();
        function
            .environment
            .remove("STRIPE_SIGNING_SECRETS_PARAMETER");
        function
            .environment
            .insert("STRIPE_SIGNING_SECRETS".to_owned(), secrets.to_owned());
        let functions = BTreeMap::from([("stripe-webhook".to_owned(), function)]);
        let chance = Chance::seeded(1);
        let mut started = local::runtime::Functions::new(world.sandbox.time().clone(), chance);
        let refused = local::functions::start(&functions, &mut started, |_| world.platform());
        let words = refused.expect_err(secrets);
        assert!(words.contains(says), "{secrets:?}: {words}");
    }

    // Kept in a parameter it is seen at the first request, and fails closed there.
    let body = sample("customer.created").to_string();
    for empty in ["", " ", "whsec_a,"] {
        world
            .sandbox
            .cloud()
            .put_parameter("/linky/stripe/signing-secrets", empty);
        world.advance_s(301).await;
        let before = world.digest().await;
        let header = signature_header("", world.now().as_s(), body.as_bytes());
        let answer = world.post_webhook(body.clone(), &header).await;
        assert!(answer.status >= 500, "{empty:?}: {answer:?}");
        assert_unchanged(&world, &before).await;
    }
}

/// From the tests of Stripe's .NET library (github.com/stripe/stripe-dotnet, `EventUtilityTest.cs`, read in November 2026).
/// Its Python and Node libraries are held against the same in `tests/official`.
#[test]
fn edge_the_signature_that_stripe_publishes_is_ours() {
    let body = include_bytes!("../../../official/published-signature.json");
    let (secret, at_s) = ("webhook_secret", 1_533_204_620);
    let published = "2220f87ef101a04665f11cdf770523143f875572008577fa0f20882ddb9cc3c7";
    assert_eq!(signature(secret, at_s, body), published);
    let header = format!(
        "t={at_s},v1={published},v0=63f3a72374a733066c4be69ed7f8e5ac85c22c9f0a6a612ab9a025a9e4ee7eef"
    );
    let secrets = SigningSecrets::parse(secret).unwrap();
    let accepted = verify(&header, body, &secrets, Timestamp::from_s(at_s + 100));
    assert_eq!(accepted, Ok(Timestamp::from_s(at_s)));
}
