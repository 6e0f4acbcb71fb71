//! What SES tells of a mail after it took it.

use local::cloud::{Fault, Matching, Service};
use serde_json::{Value, json};
use shared::mail::tag_of;
use tests::World;

const BOUNCES: &str = "bounce+ada@simulator.amazonses.com";
const COMPLAINS: &str = "complaint+ada@simulator.amazonses.com";
const SUPPRESSED: &str = "suppressionlist@simulator.amazonses.com";

/// An event of SES's of this mail.
fn bounce(mail: &str) -> Value {
    let bounce =
        json!({ "bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": [] });
    let mail = json!({ "tags": { "mail_id": [tag_of(mail)] } });
    json!({ "detail": { "eventType": "Bounce", "mail": mail, "bounce": bounce } })
}

async fn told(world: &World, event: Value) -> Value {
    let functions = world.sandbox.functions();
    functions.invoke("mail-feedback", event).await.unwrap()
}

async fn mails(world: &World) -> Vec<Value> {
    world.rows("emails").await
}

#[tokio::test(start_paused = true)]
async fn a_mail_that_comes_back_is_told_with_its_reason_and_without_the_address() {
    for (email, reason) in [
        (
            BOUNCES,
            "it came back: the address does not take mail (Permanent, General, 5.1.1)",
        ),
        (
            SUPPRESSED,
            "it came back: SES does not send there, since earlier mails came back or were not wanted \
             (Permanent, OnAccountSuppressionList, 5.1.1)",
        ),
    ] {
        let world = World::new();
        let ada = world.sign_up(email, "prospector").await;
        world.advance_s(120).await;
        let mails = mails(&world).await;
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0]["reason"]["S"], reason);
        assert!(mails[0].get("sent_at").is_some() && mails[0].get("dead_at").is_some());

        let cause = format!("returned_mail#{}", ada.customer);
        let alert = world.store.alert_of(&cause).await.unwrap().unwrap();
        assert!(alert.message.contains(reason), "{}", alert.message);
        assert!(!alert.message.contains("amazonses"), "{}", alert.message);
        world.watch_for_s(3600).await;
        assert_eq!(world.open_causes().await, std::slice::from_ref(&cause));
        assert_eq!(world.told_of(&cause), (1, 0));

        // The next mail there fares no better, and is told with the same alert.
        world.reset_token("customer", email).await;
        world.advance_s(120).await;
        let person = world.rows("alerts").await.into_iter();
        let causes = person.filter_map(|row| row["pk"]["S"].as_str().map(str::to_owned));
        let causes: Vec<String> = causes
            .filter(|it| it.starts_with("returned_mail#"))
            .collect();
        assert_eq!(causes.len(), 2, "the customer and who signs in: {causes:?}");
        world.reset_token("customer", email).await;
        world.advance_s(120).await;
        assert_eq!(world.rows("alerts").await.len(), 2);
        assert!(world.acknowledge(&alert, "ada").await);
        world.watch_for_s(3600).await;
        assert_eq!(world.open_causes().await.len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_mail_that_is_taken_for_spam_did_arrive() {
    let world = World::new();
    let ada = world.sign_up(COMPLAINS, "prospector").await;
    world.advance_s(120).await;
    let mails = mails(&world).await;
    assert_eq!(mails[0]["reason"]["S"], "it was taken for spam");
    assert!(mails[0].get("sent_at").is_some() && mails[0].get("dead_at").is_none());
    let cause = format!("mail_complaint#{}", ada.customer);
    assert_eq!(world.open_causes().await, [cause]);
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn what_ses_tells_twice_or_before_the_mail_is_noted_as_sent_is_noted_once() {
    let world = World::new();
    world.sign_up("ada@example.com", "prospector").await;
    let owed = mails(&world).await;
    let id = owed[0]["pk"]["S"].as_str().unwrap();
    assert!(owed[0].get("owed_shard").is_some());
    for _ in 0..2 {
        assert_eq!(told(&world, bounce(id)).await, json!({ "noted": true }));
        world.advance_s(60).await;
    }
    let after = mails(&world).await;
    assert!(after[0].get("owed_shard").is_none() && after[0].get("sent_at").is_some());
    assert_eq!(
        world.subjects(),
        Vec::<String>::new(),
        "it is not sent again"
    );
    assert_eq!(world.rows("alerts").await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_or_is_of_no_mail_changes_nothing() {
    let world = World::new();
    world.sign_up("ada@example.com", "prospector").await;
    world.advance_s(120).await;
    let before = (mails(&world).await, world.rows("alerts").await);
    let mut delivered = bounce("welcome#sub_1");
    delivered["detail"]["eventType"] = json!("Delivery");
    let sample = include_str!("../../../../events/mail-feedback/bounced.json");
    for event in [
        json!({}),
        json!("nonsense"),
        delivered,
        bounce("welcome#unheard-of"),
        serde_json::from_str(sample).unwrap(),
    ] {
        assert_eq!(told(&world, event).await, json!({ "noted": false }));
    }
    assert_eq!((mails(&world).await, world.rows("alerts").await), before);
}

#[tokio::test(start_paused = true)]
async fn what_the_tables_do_not_take_is_handed_over_again() {
    let world = World::new();
    let faults = world.sandbox.cloud().faults();
    let planned = faults.plan(
        Matching::service(Service::DynamoDb).by("mail-feedback"),
        Fault::Status500Before,
    );
    world.sign_up(BOUNCES, "prospector").await;
    world.advance_s(90).await;
    assert!(planned.struck() > 0);
    assert_eq!(world.rows("alerts").await.len(), 0);
    faults.clear();
    world.advance_s(300).await;
    assert_eq!(world.rows("alerts").await.len(), 1);
}
