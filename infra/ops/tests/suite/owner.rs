//! `ops owner create` against a sandbox.

use local::browser::Browser;
use serde_json::json;
use tests::World;

use crate::terminal::{Served, command};

const CREATE: [&str; 6] = [
    "owner",
    "create",
    "--email",
    "olive@example.com",
    "--name",
    "Olive Owner",
];

#[tokio::test]
async fn the_first_owner_sets_a_password_by_the_link_and_a_second_one_is_refused() {
    let world = World::new();
    let served = Served::sandbox(&world).await;
    let made = command(&served.url, &CREATE).await;
    assert_eq!(made.code, 0, "{made:?}");
    let (page, token) = made.out.trim().split_once('#').unwrap();
    assert!(page.ends_with("/app/set-password"), "{page}");
    let browser = Browser::new(
        world.sandbox.gateway(),
        world.sandbox.base_url(),
        "127.0.0.1",
    );
    let form = json!({ "token": token, "password": "a password for the owner" });
    let set = browser.post("/api/password-resets/confirm", &form).await;
    assert_eq!(set.status, 200, "{set:?}");

    let again = command(&served.url, &CREATE).await;
    assert_eq!(again.code, 1);
    assert!(
        again.side.contains("There is an owner already"),
        "{}",
        again.side
    );
}

#[tokio::test]
async fn what_is_no_address_is_refused_in_the_functions_words() {
    let world = World::new();
    let served = Served::sandbox(&world).await;
    let order = ["owner", "create", "--email", "olive", "--name", "Olive"];
    let refused = command(&served.url, &order).await;
    assert_eq!(refused.code, 1);
    assert!(refused.side.contains("`email`"), "{}", refused.side);
}
