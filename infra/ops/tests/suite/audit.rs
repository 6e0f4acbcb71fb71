//! `ops audit verify` against a sandbox.

use serde_json::json;
use tests::World;

use crate::terminal::{Served, command};

#[tokio::test]
async fn a_whole_log_is_said_to_be_and_a_changed_entry_is_named() {
    let world = World::new();
    world.staff().await;
    let served = Served::sandbox(&world).await;
    let whole = command(&served.url, &["audit", "verify"]).await;
    assert_eq!(whole.code, 0, "{whole:?}");
    assert!(whole.out.starts_with("whole "), "{}", whole.out);

    let rows = world.rows("audit_log").await;
    let mut entry = rows
        .into_iter()
        .find(|row| row["entry"]["S"].is_string())
        .unwrap();
    entry["entry"]["S"] = json!("{}");
    world
        .put_rows("audit_log", std::slice::from_ref(&entry))
        .await;
    let broken = command(&served.url, &["audit", "verify"]).await;
    assert_eq!(broken.code, 1, "{broken:?}");
    let actor = entry["pk"]["S"].as_str().unwrap();
    assert!(broken.out.contains(actor), "{}", broken.out);
}
