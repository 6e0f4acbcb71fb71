//! The sample payloads in `events/`: one of each type that Stripe sends, one of each trigger.

#![expect(
    clippy::unwrap_used,
    reason = "in a test, what is not there is a failure"
)]

use std::collections::BTreeSet;
use std::path::PathBuf;

use local::browser::Browser;
use serde_json::{Value, json};
use shared::alert::Alert;
use shared::event::{Event, Subject, subscribed_kinds};
use shared::staff::Role;
use tests::World;

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../events")
        .join(name)
}

fn names(name: &str) -> BTreeSet<String> {
    let files = std::fs::read_dir(folder(name)).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    names
        .map(|name| name.trim_end_matches(".json").to_owned())
        .collect()
}

fn read(name: &str) -> Value {
    let text = std::fs::read_to_string(folder(&format!("{name}.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn the_samples_are_those_that_the_simulator_emits() {
    for (kind, event) in stripe_sim::sample_events() {
        let text =
            std::fs::read_to_string(folder(&format!("stripe/{kind}.json"))).unwrap_or_default();
        assert!(
            text == format!("{event:#}\n"),
            "events/stripe/{kind}.json is out of date: cargo run -p stripe-sim --example sample-events"
        );
    }
}

#[test]
fn every_type_that_is_subscribed_to_has_a_sample_and_no_other() {
    let subscribed: BTreeSet<String> = subscribed_kinds().map(str::to_owned).collect();
    assert_eq!(names("stripe"), subscribed);
}

#[test]
fn every_sample_parses_into_the_object_it_is_about() {
    for kind in subscribed_kinds() {
        let sample = read(&format!("stripe/{kind}"));
        let event = Event::parse(sample.to_string().as_bytes()).unwrap();
        assert_eq!(
            (event.kind.as_str(), event.livemode, event.account.as_ref()),
            (kind, false, None)
        );
        assert_eq!(
            event.subject == Subject::Other,
            kind == "invoice.upcoming",
            "{kind}"
        );
        let object = &sample["data"]["object"];
        assert_eq!(event.subject.id(), object["id"].as_str(), "{kind}");
    }
}

#[test]
fn no_sample_holds_a_secret_or_a_person() {
    for kind in names("stripe") {
        let text = read(&format!("stripe/{kind}")).to_string();
        assert!(!text.contains("\"livemode\":true"), "{kind}");
        for secret in ["whsec_", "sk_live", "rk_live", "sk_test", "rk_test"] {
            assert!(!text.contains(secret), "{kind}: {secret}");
        }
        for (at, _) in text.match_indices('@') {
            assert!(
                text[at..].starts_with("@example.com"),
                "{kind}: {}",
                &text[at..at + 20]
            );
        }
    }
}

/// What stands for the ids in samples that only an installation knows: a customer, a charge, and a request for approval.
async fn named_by_samples(world: &World, owner: &Browser<'_>) -> Vec<(&'static str, String)> {
    let ada = world.sign_up("ada@example.com", "prospector").await;
    let charge = {
        let stripe = world.sandbox.stripe().now();
        let charge = stripe.objects("charge").next().unwrap();
        charge["id"].as_str().unwrap().to_owned()
    };
    let path = format!("/api/admin/users/{}/refunds", ada.customer);
    let form = json!({
        "charge": charge, "amount_cents": 100, "currency": "usd", "why": "goodwill", "reason": "A sample"
    });
    let alert = Alert::dead_mail("welcome#sub_1", "no such address");
    world.store.raise(&alert, world.now()).await.unwrap();
    let mut action = String::new();
    // The same amount twice in a day waits for somebody else.
    for number in 1..=2 {
        action = format!("act_{number:032x}");
        let key = [("idempotency-key", action.as_str())];
        let page = owner.send("POST", &path, Some(&form), &key).await;
        assert!(page.status < 300, "{page:?}");
    }
    vec![
        ("cus_CUSTOMER", ada.customer.to_string()),
        ("ch_CHARGE", charge),
        ("act_ACTION", action),
        ("CAUSE", alert.cause),
    ]
}

#[tokio::test]
async fn every_function_takes_its_samples() {
    let world = World::new();
    // Before the first watch nobody knows how everything does.
    world.watch().await;
    // Where somebody is signed in, and there is somebody to do something to.
    let portal = World::new();
    let cards = portal.staff().await;
    let owner = portal.signed_in(&cards, Role::Owner).await;
    let cookie = owner.cookie().unwrap();
    let named = named_by_samples(&portal, &owner).await;
    let functions: BTreeSet<String> = world
        .sandbox
        .deployment()
        .functions
        .keys()
        .cloned()
        .collect();
    let mut taken = BTreeSet::new();
    for function in &functions {
        let samples = match function.as_str() {
            // Its samples are the events of Stripe's, which have to be signed.
            "stripe-webhook" => {
                taken.insert(function.clone());
                continue;
            }
            _ => names(function),
        };
        for sample in samples {
            let text = read(&format!("{function}/{sample}")).to_string();
            let text = named
                .iter()
                .fold(text, |text, (name, id)| text.replace(name, id));
            let mut event: Value = serde_json::from_str(&text).unwrap();
            let is_signed_in = event["cookies"].is_array();
            if is_signed_in {
                event["cookies"] = json!([cookie]);
            }
            let world = if is_signed_in { &portal } else { &world };
            if event["headers"]["x-linky-client"].is_string() {
                event["headers"]["origin"] = json!(world.sandbox.base_url());
            }
            let answer = world
                .sandbox
                .functions()
                .invoke(function, event)
                .await
                .unwrap();
            let refused = answer["statusCode"]
                .as_u64()
                .is_some_and(|status| !(200..300).contains(&status));
            let failed = answer["batchItemFailures"]
                .as_array()
                .is_some_and(|failures| !failures.is_empty());
            assert!(!refused && !failed, "{function}/{sample}: {answer}");
            taken.insert(function.clone());
        }
    }
    assert_eq!(taken, functions, "each has a sample in events/");
}

#[tokio::test]
async fn the_samples_of_the_gateway_start_one_checkout() {
    let world = World::new();
    for sample in ["api-gateway", "api-gateway-base64"] {
        let event = read(&format!("start-checkout/{sample}"));
        assert_eq!(event["isBase64Encoded"], json!(sample.ends_with("base64")));
        let answer = world
            .sandbox
            .functions()
            .invoke("start-checkout", event)
            .await
            .unwrap();
        assert_eq!(answer["statusCode"], 200, "{answer}");
    }
    assert_eq!(world.count_at_stripe("customer"), 1);
}
