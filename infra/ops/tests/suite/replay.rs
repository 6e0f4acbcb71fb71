//! `ops replay` against a sandbox.

use serde_json::{Value, json};
use shared::time::Timestamp;
use tests::{START_S, SignedUp, World};

use crate::terminal::{Served, asked, command};

/// A world in which the record of a subscription was lost, and the order that brings it back.
async fn lost() -> (World, Vec<String>) {
    let world = World::new();
    let SignedUp { customer, .. } = world.sign_up("ada@example.com", "prospector").await;
    let is_subscription = |row: &Value| {
        let sk = row["sk"]["S"].as_str().unwrap_or_default();
        sk.starts_with("subscription#")
    };
    assert_eq!(world.lose_rows("users", is_subscription).await, 1);
    let order = format!(
        "replay --from 2026-01-01 --to {} --customer {customer} --outcome applied --outcome stale \
         --type customer.subscription.updated",
        world.now()
    );
    (world, order.split_whitespace().map(str::to_owned).collect())
}

fn with<'a>(order: &'a [String], more: &[&'a str]) -> Vec<&'a str> {
    order
        .iter()
        .map(String::as_str)
        .chain(more.iter().copied())
        .collect()
}

fn is_told(out: &str) -> bool {
    out.lines().any(|line| {
        line.trim_start().starts_with("plan ") && line.ends_with("nothing -> prospector")
    })
}

#[tokio::test]
async fn it_tells_each_field_and_does_nothing_until_somebody_agrees() {
    let (world, order) = lost().await;
    let served = Served::sandbox(&world).await;
    let before = world.digest().await;

    let told = command(&served.url, &with(&order, &[])).await;
    assert_eq!(told.code, 0, "{told:?}");
    assert!(is_told(&told.out), "{}", told.out);
    assert!(
        told.side.contains("1 event: 1 with an effect"),
        "{}",
        told.side
    );
    assert!(
        told.side.contains("With --execute it is done"),
        "{}",
        told.side
    );

    let nobody = command(&served.url, &with(&order, &["--execute"])).await;
    assert_eq!((nobody.code, nobody.out.as_str()), (1, ""));
    assert!(nobody.side.contains("Say --yes"), "{}", nobody.side);

    let refused = asked(&served.url, &with(&order, &["--execute"]), Some("\n")).await;
    assert_eq!(refused.code, 1);
    assert!(is_told(&refused.out), "{}", refused.out);
    assert!(
        refused.side.contains("Replay 1 event? [y/N]"),
        "{}",
        refused.side
    );
    assert!(
        refused.side.ends_with("ops: Nothing was done.\n"),
        "{}",
        refused.side
    );
    world.settle().await;
    assert_eq!(world.digest().await, before);

    let agreed = asked(&served.url, &with(&order, &["--execute"]), Some("y\n")).await;
    assert_eq!(agreed.code, 0, "{agreed:?}");
    assert!(agreed.side.contains("1 event replayed"), "{}", agreed.side);
    world.settle().await;
    assert_eq!(world.disagreements().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_script_says_yes_and_reads_what_the_function_answered() {
    let (world, order) = lost().await;
    let served = Served::sandbox(&world).await;
    let done = command(
        &served.url,
        &with(&order, &["--execute", "--yes", "--json"]),
    )
    .await;
    assert_eq!(done.code, 0, "{done:?}");
    let answer: Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!(
        (&answer["executed"], &answer["left"]),
        (&json!(true), &json!(0))
    );
    world.settle().await;
    assert_eq!(world.disagreements().await, Vec::<String>::new());
}

#[tokio::test]
async fn it_goes_on_by_itself_until_nothing_is_left() {
    let world = World::new();
    let at = Timestamp::from_s(START_S).to_string();
    let row = |number: u32| {
        json!({
            "pk": { "S": format!("evt_{number}") }, "kind": { "S": "invoice.paid" }, "created": { "S": at },
            "customer": { "S": "cus_1" }, "livemode": { "BOOL": false }, "outcome": { "S": "dead" },
            "received_at": { "S": at }, "recorded_by": { "S": "delivery" }, "attempts": { "N": "24" },
        })
    };
    let rows: Vec<Value> = (0..1_003).map(row).collect();
    world.put_rows("billing_events", &rows).await;
    let served = Served::sandbox(&world).await;
    let order = [
        "replay",
        "--from",
        "2026-01-01",
        "--to",
        "2026-01-02",
        "--customer",
        "cus_1",
    ];
    let told = command(&served.url, &order).await;
    assert_eq!(told.code, 0, "{}", told.side);
    let events = told.out.lines().filter(|line| line.starts_with("evt_"));
    assert_eq!(events.count(), 1_003);
    assert!(
        told.side.contains("1000 events told, 3 left"),
        "{}",
        told.side
    );
    assert!(
        told.side
            .contains("1003 events: 0 with an effect, 0 without, 1003 impossible"),
        "{}",
        told.side
    );
    // What cannot be is not asked about.
    let nothing = [order.as_slice(), &["--execute"]].concat();
    let nothing = asked(&served.url, &nothing, Some("y")).await;
    assert!(
        nothing.side.contains("There is nothing to replay"),
        "{}",
        nothing.side
    );
}
