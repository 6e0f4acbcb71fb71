//! `ops redrive` and `ops health` against a sandbox.

use local::cloud::{Fault, Matching};
use serde_json::json;
use tests::World;

use crate::terminal::{Served, asked, command};

#[tokio::test]
async fn dead_letters_are_counted_moved_back_and_settled() {
    let world = World::new();
    let fault = json!({ "on": "stripe", "fault": "down", "function": "retry-event" });
    let fault = world.plan_fault(&fault).await;
    world.sign_up("ada@example.com", "founding_member").await;
    world.advance_s(36 * 3600).await;
    world.take_fault_back(fault).await;
    let served = Served::sandbox(&world).await;

    let told = command(&served.url, &["redrive"]).await;
    assert_eq!(
        (told.code, told.out.as_str()),
        (0, "retry     1 dead letter\nsync      0 dead letters\n")
    );
    let none = asked(
        &served.url,
        &["redrive", "--queue", "sync", "--execute"],
        Some("y"),
    )
    .await;
    assert!(none.side.contains("There is nothing to move"), "{none:?}");
    let nobody = command(&served.url, &["redrive", "--execute"]).await;
    assert_eq!(nobody.code, 1);
    world.advance_s(120).await;
    assert_ne!(world.wrongs().await, Vec::<String>::new());

    let moved = command(&served.url, &["redrive", "--execute", "--yes"]).await;
    assert_eq!(moved.code, 0, "{moved:?}");
    world.advance_s(120).await;
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}

#[tokio::test]
async fn health_is_a_line_a_part_and_exits_with_one_where_something_fails() {
    let world = World::new();
    let served = Served::sandbox(&world).await;
    let before = command(&served.url, &["health"]).await;
    assert_eq!(before.code, 1, "nothing was measured: {before:?}");
    world.watch().await;
    let well = command(&served.url, &["health"]).await;
    assert_eq!(well.code, 0, "{well:?}");
    for part in [
        "webhooks",
        "endpoint",
        "dead letters",
        "nightly sync",
        "alerts",
    ] {
        let begins = format!("ok        {part}");
        assert!(
            well.out.lines().any(|line| line.starts_with(&begins)),
            "{part}: {}",
            well.out
        );
    }
    // A report that is old says that the watch does not run.
    let silent = Matching::any().by("watch-health");
    world
        .sandbox
        .cloud()
        .faults()
        .plan(silent, Fault::RefuseBefore);
    world.watch_for_s(20 * 60).await;
    let old = command(&served.url, &["health"]).await;
    assert_eq!(old.code, 1, "{old:?}");
    assert!(old.out.starts_with("failing   watch"), "{}", old.out);
    assert!(old.side.contains("Something is failing"), "{}", old.side);
}
