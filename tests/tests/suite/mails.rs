//! The outbox: late perhaps, twice perhaps, never lost.

mod feedback;

use local::cloud::{Fault, Matching, Service};
use shared::time::Timestamp;
use stripe_sim::TestCard;
use tests::{START_S, World};

#[tokio::test(start_paused = true)]
async fn a_mail_waits_out_an_outage_of_ses_and_is_then_sent_once() {
    let world = World::new();
    let down = Timestamp::from_s(START_S)..Timestamp::from_s(START_S + 1800);
    let planned = world.sandbox.cloud().faults().plan(
        Matching::service(Service::Ses).within(down),
        Fault::Throttle,
    );
    world.sign_up("ada@example.com", "prospector").await;
    world.advance_s(1800).await;
    assert_eq!(world.subjects(), Vec::<String>::new());
    assert!(
        planned.struck() <= 42,
        "{} attempts in half an hour",
        planned.struck()
    );
    world.advance_s(5 * 60).await;
    assert_eq!(world.subjects(), ["Welcome to Linky"]);
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn the_first_mail_that_ses_throttles_ends_the_batch_and_the_rest_stays_owed_untried() {
    let world = World::new();
    let faults = world.sandbox.cloud().faults();
    let planned = faults.plan(Matching::service(Service::Ses), Fault::Throttle);
    for number in 0..5 {
        let session = world
            .open_checkout(&format!("ada{number}@example.com"), "prospector")
            .await
            .session;
        world.pay(&session, TestCard::Good);
    }
    world.settle().await;
    let invoke = || {
        let event = serde_json::json!({ "source": "aws.scheduler" });
        world.sandbox.functions().invoke("send-mail", event)
    };
    let before = planned.struck();
    let answer = invoke().await.unwrap();
    let mails = world.rows("emails").await;
    let expected = serde_json::json!({ "sent": 0, "failed": 1 });
    assert_eq!(answer, expected, "{mails:?}");
    assert_eq!(
        planned.struck() - before,
        3,
        "the SDK tries a mail three times"
    );
    let tried = |row: &&serde_json::Value| row["attempts"]["N"] != "0";
    assert_eq!(mails.len(), 5);
    assert_eq!(mails.iter().filter(tried).count(), 1);

    faults.clear();
    world.advance_s(120).await;
    assert_eq!(world.subjects().len(), 5);
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_mail_that_fails_for_a_day_is_given_up_with_an_alert() {
    let world = World::new();
    world
        .sandbox
        .cloud()
        .faults()
        .plan(Matching::service(Service::Ses), Fault::Status500Before);
    world.sign_up("ada@example.com", "prospector").await;
    for _ in 0..24 {
        world.advance_s(3600).await;
    }
    let mails = world.rows("emails").await;
    assert!(mails[0].get("dead_at").is_some(), "{mails:?}");
    assert_eq!(mails[0]["attempts"]["N"], "200");
    let alerts = world.rows("alerts").await;
    let mail = mails[0]["pk"]["S"].as_str().unwrap();
    assert_eq!(alerts[0]["pk"]["S"], format!("dead_mail#{mail}"));
}

#[tokio::test(start_paused = true)]
async fn each_mail_names_the_person_and_the_amount() {
    let world = World::new();
    let ada = world.sign_up("ada@example.com", "networker").await;
    world
        .sandbox
        .stripe()
        .now()
        .replace_card(
            ada.customer.as_ref(),
            TestCard::DeclinedAfterAttach,
            stripe_sim::OpenInvoices::Leave,
        )
        .unwrap();
    world.advance_s(32 * tests::DAY_S).await;
    let mails = world.sandbox.cloud().mail().mails();
    let failed = mails
        .iter()
        .find(|mail| mail.subject.contains("did not go through"))
        .unwrap();
    let text = failed.text.as_deref().unwrap();
    assert!(
        text.contains("Ada Lovelace") && text.contains("$145.00"),
        "{text}"
    );
    assert_eq!(failed.destinations, ["ada@example.com"]);
    assert!(
        !failed.html.as_deref().unwrap().contains("{{"),
        "a template was left unfilled"
    );
}
