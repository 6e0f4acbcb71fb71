//! `ops backfill` against a sandbox.

use serde_json::Value;
use stripe_sim::TestCard;
use tests::World;

use crate::terminal::{Served, asked, command, interrupted};

#[tokio::test]
async fn what_never_came_is_told_and_taken_in_once_somebody_agrees() {
    let world = World::new();
    let ada = world.open_checkout("ada@example.com", "networker").await;
    world.pay(&ada.session, TestCard::Good);
    let lost = world.hold_webhooks().len();
    let served = Served::sandbox(&world).await;
    let order = ["backfill", "--from", "2026-01-01"];
    let told = command(&served.url, &order).await;
    assert_eq!(told.code, 0, "{told:?}");
    let events = told.out.lines().filter(|line| line.starts_with("evt_"));
    assert_eq!(events.count(), lost);
    assert_eq!(world.rows("billing_events").await.len(), 0);

    let execute = [order.as_slice(), &["--execute"]].concat();
    let agreed = asked(&served.url, &execute, Some("yes")).await;
    assert_eq!(agreed.code, 0, "{agreed:?}");
    assert!(
        agreed
            .side
            .contains(&format!("Take in {lost} events? [y/N]")),
        "{}",
        agreed.side
    );
    world.settle().await;
    world.advance_s(120).await;
    assert_eq!(world.wrongs().await, Vec::<String>::new());

    let again = asked(&served.url, &execute, Some("yes")).await;
    assert!(
        again.side.contains("There is nothing to take in"),
        "{}",
        again.side
    );
}

#[tokio::test]
async fn it_follows_to_the_end_and_where_it_is_interrupted_it_says_how_to_go_on() {
    let world = World::new();
    for _ in 0..1_010 {
        world
            .sandbox
            .stripe()
            .call("POST", "/v1/customers", &[])
            .unwrap();
    }
    world.hold_webhooks();
    let served = Served::sandbox(&world).await;
    let order = [
        "backfill",
        "--from",
        "2026-01-01",
        "--type",
        "customer.created",
    ];
    let all = command(&served.url, &[order.as_slice(), &["--json"]].concat()).await;
    let answers: Vec<Value> = all
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let [first, second] = answers.as_slice() else {
        panic!("{} answers: {}", answers.len(), all.side)
    };
    let told = [first, second].map(|answer| answer["events"].as_array().unwrap().len());
    assert_eq!(told, [1_000, 10]);
    let next = first["next"].as_str().unwrap();

    let stopped = interrupted(&served.url, &order).await;
    assert_eq!(stopped.code, 130);
    let words = format!(
        "./dev ops backfill --from 2026-01-01T00:00:00.000Z --type customer.created --starting-after {next}\n"
    );
    assert!(stopped.side.ends_with(&words), "{}", stopped.side);
    // What was only told so far is not gone on from: it would never be done.
    let told = interrupted(&served.url, &[order.as_slice(), &["--execute"]].concat()).await;
    assert_eq!(told.code, 130);
    assert!(told.side.ends_with("ops: Interrupted.\n"), "{}", told.side);
    let execute = [order.as_slice(), &["--execute", "--yes"]].concat();
    let done = interrupted(&served.url, &execute).await;
    let words = format!("--starting-after {next} --execute\n");
    assert!(done.side.ends_with(&words), "{}", done.side);
    // What was under way when it was interrupted may have been done, so it goes on with ten events or with none.
    let rest = [execute.as_slice(), &["--starting-after", next]].concat();
    assert_eq!(command(&served.url, &rest).await.code, 0);
    let left = command(&served.url, &order).await;
    let events = left.out.lines().filter(|line| line.starts_with("evt_"));
    assert_eq!((left.code, events.count()), (0, 0), "{}", left.out);
}
