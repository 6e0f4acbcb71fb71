//! DynamoDB deletes what has expired within days, or later. Whether it has done so yet decides nothing.

use serde_json::Value;
use stripe_sim::TestCard;
use tests::history::Deed;
use tests::{DAY_S, World};

/// Longer than anything is kept.
const DAYS: i64 = 120;

/// A customer's four months, with a failed payment and its recovery, and the first webhook brought once more at the end.
/// `each_day` is done on every one of them.
async fn four_months(world: &World, each_day: impl Fn()) -> Vec<u16> {
    let ada = world
        .open_checkout("ada@example.com", "founding_member")
        .await;
    world.pay(&ada.session, TestCard::Good);
    let first = world.hold_webhooks();
    let mut answers = Vec::new();
    for event in &first {
        answers.push(world.bring(event).await);
    }
    for day in 0..DAYS {
        match day {
            80 => world.happen(
                ada.customer.as_ref(),
                Deed::Card(TestCard::DeclinedAfterAttach),
            ),
            95 => world.happen(ada.customer.as_ref(), Deed::Card(TestCard::Good)),
            _ => {}
        }
        world.advance_s(DAY_S).await;
        each_day();
    }
    for event in &first {
        answers.push(world.bring(event).await);
    }
    world.settle().await;
    answers
}

async fn decided(world: &World) -> Vec<(String, Vec<Value>)> {
    let mut tables = Vec::new();
    for table in &world.sandbox.deployment().tables {
        let name = table["TableName"].as_str().unwrap();
        if table["TimeToLiveSpecification"].is_null() {
            let name = name.trim_start_matches("linky-");
            tables.push((name.to_owned(), world.rows(name).await));
        }
    }
    tables
}

#[tokio::test(start_paused = true)]
async fn whether_what_has_expired_is_deleted_yet_decides_nothing() {
    let late = World::new();
    let answers_late = four_months(&late, || {}).await;
    let kept = late.rows("webhook_deliveries").await.len();

    let prompt = World::new();
    let answers_prompt = four_months(&prompt, || {
        prompt.sandbox.cloud().expire_items().unwrap();
    })
    .await;
    assert!(prompt.rows("webhook_deliveries").await.len() < kept);

    assert_eq!(answers_late, answers_prompt);
    assert_eq!(decided(&late).await, decided(&prompt).await);
    assert_eq!(late.subjects(), prompt.subjects());
    assert_eq!(prompt.wrongs().await, Vec::<String>::new());
}
