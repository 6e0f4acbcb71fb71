//! Whatever kind of record differs, for whatever reason: it is found, told with its cause, and mended or reported.

use serde_json::{Value, json};
use shared::drift::{Cause, Difference, Policy};
use stripe_sim::TestCard;
use tests::history::Deed;
use tests::{DAY_S, World};

use super::{a_night, last_run};

/// Longer than the sync goes through events that Stripe thinks delivered.
const FORGOTTEN_S: i64 = 5 * DAY_S;

async fn the_difference(world: &World) -> Difference {
    let found = world.store.differences_of(&world.now().day()).await;
    let [difference] = found.unwrap().try_into().unwrap();
    difference
}

#[tokio::test(start_paused = true)]
async fn what_somebody_changed_in_the_dashboard_is_told_as_that_and_taken_over() {
    let world = World::new();
    let ada = world.sign_up("ada@example.com", "prospector").await;
    world.advance_s(DAY_S).await;
    world.happen(ada.customer.as_ref(), Deed::Pause(true));
    assert_eq!(world.hold_webhooks().len(), 1);
    world.happen(ada.customer.as_ref(), Deed::Wait(FORGOTTEN_S));
    a_night(&world).await;
    let difference = the_difference(&world).await;
    assert_eq!(difference.cause, Cause::ChangedInDashboard);
    assert_eq!(difference.policy, Policy::Repair);
    let [field] = difference.fields.try_into().unwrap();
    assert_eq!(field.field, "collection_paused");
    assert_eq!((field.ours, field.stripes), (json!(false), json!(true)));
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_price_that_is_no_plan_is_told_as_that_and_written_down_with_its_alert() {
    let world = World::new();
    let ada = world.sign_up("ada@example.com", "prospector").await;
    world.advance_s(DAY_S).await;
    let (subscription, item, price) = {
        let account = world.account(&ada.customer).await;
        let (id, _) = account.subscription().unwrap();
        let object = world.at_stripe(id.as_ref());
        let item = object["items"]["data"][0].clone();
        let product = item["price"]["product"].as_str().unwrap().to_owned();
        let form = [
            ("product", product.as_str()),
            ("currency", "usd"),
            ("unit_amount", "4200"),
            ("recurring[interval]", "month"),
        ];
        let price = world.sandbox.stripe().call("POST", "/v1/prices", &form);
        let price = price.unwrap()["id"].as_str().unwrap().to_owned();
        (
            id.to_string(),
            item["id"].as_str().unwrap().to_owned(),
            price,
        )
    };
    let form = [
        ("items[0][id]", item.as_str()),
        ("items[0][price]", price.as_str()),
        ("proration_behavior", "none"),
    ];
    let path = format!("/v1/subscriptions/{subscription}");
    world.sandbox.stripe().call("POST", &path, &form).unwrap();
    world.hold_webhooks();
    world.happen(ada.customer.as_ref(), Deed::Wait(FORGOTTEN_S));
    a_night(&world).await;
    let difference = the_difference(&world).await;
    assert_eq!(difference.cause, Cause::UnmappedPrice);
    let plan = difference.fields.iter().find(|it| it.field == "plan");
    assert_eq!(plan.unwrap().stripes, "unmapped");
    assert_eq!(world.disagreements().await, Vec::<String>::new());
    let alerts = world.rows("alerts").await;
    let alert = format!("unmapped_price#{price}");
    assert!(
        alerts.iter().any(|row| row["pk"]["S"] == alert),
        "{alerts:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_lost_customer_is_found_and_no_name_is_kept_with_the_difference() {
    let world = World::new();
    world.sign_up("ada@example.com", "prospector").await;
    world.advance_s(DAY_S).await;
    let lost = world
        .lose_rows("users", |row| row["sk"]["S"] == "customer")
        .await;
    assert_eq!(lost, 1);
    a_night(&world).await;
    let difference = the_difference(&world).await;
    assert!(difference.object.starts_with("cus_"), "{difference:?}");
    let email = difference.fields.iter().find(|it| it.field == "email");
    assert_eq!(email.unwrap().stripes, "not shown");
    let kept = format!("{:?}", world.rows("sync_health").await);
    assert!(!kept.contains("ada@example.com") && !kept.contains("Lovelace"));
    assert_eq!(world.wrongs().await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn an_account_that_nothing_confirms_for_two_days_is_asked_for_and_reported() {
    let world = World::new();
    let ada = world.sign_up("ada@example.com", "prospector").await;
    world.advance_s(120).await;
    let elsewhere = World::new();
    elsewhere.copy_rows_from(&world, "users").await;
    let stale = async || {
        a_night(&elsewhere).await;
        let day = elsewhere.now().day();
        let found = elsewhere.store.differences_of(&day).await.unwrap();
        let of_customer = found
            .into_iter()
            .find(|it| it.object == ada.customer.as_str());
        of_customer.map(|it| (it.cause, it.policy, it.fields.len()))
    };
    // News of it came yesterday, and the day before.
    assert_eq!(stale().await, None);
    assert_eq!(stale().await, None);
    let reported = Some((Cause::NotAtStripe, Policy::Report, 4));
    assert_eq!(stale().await, reported);
    assert_eq!(stale().await, reported);

    // Where Stripe lists them, no news is needed.
    for _ in 0..4 {
        a_night(&world).await;
    }
    let counts = last_run(&world).await.progress.counts;
    assert_eq!((counts.suspects, counts.differing()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_claim_is_told_with_what_is_on_record() {
    let world = World::new();
    world.sign_up("ada@example.com", "prospector").await;
    world.advance_s(120).await;
    let elsewhere = World::new();
    elsewhere.copy_rows_from(&world, "users").await;
    a_night(&elsewhere).await;
    let difference = the_difference(&elsewhere).await;
    assert!(difference.object.starts_with("sub_"));
    let plan = difference.fields.iter().find(|it| it.field == "plan");
    let plan = plan.unwrap();
    assert_eq!(
        (&plan.ours, &plan.stripes),
        (&json!("prospector"), &Value::Null)
    );
}

#[tokio::test(start_paused = true)]
async fn a_lost_refund_dispute_or_open_invoice_is_found_and_mended() {
    let world = World::new();
    let ada = world.sign_up("ada@example.com", "prospector").await;
    world.advance_s(DAY_S).await;
    world.happen(ada.customer.as_ref(), Deed::Refund);
    let bob = world.sign_up("bob@example.com", "networker").await;
    world.happen(bob.customer.as_ref(), Deed::LoseDispute);
    let declines = Deed::Card(TestCard::DeclinedAfterAttach);
    world.happen(ada.customer.as_ref(), declines);
    world.advance_s(32 * DAY_S).await;
    let is_open = |row: &Value| row["facts"]["M"]["status"]["S"] == "open";
    for (table, prefix) in [("refunds", "re_"), ("disputes", "d"), ("invoices", "in_")] {
        let of_table = |row: &Value| table != "invoices" || is_open(row);
        assert_eq!(world.lose_rows(table, of_table).await, 1, "{table}");
        a_night(&world).await;
        let difference = the_difference(&world).await;
        assert!(difference.object.starts_with(prefix), "{difference:?}");
        assert_eq!(difference.policy, Policy::Repair, "{table}");
        assert_eq!(world.disagreements().await, Vec::<String>::new(), "{table}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_invoice_that_is_open_on_an_old_record_alone_is_mended() {
    let world = World::new();
    let ada = world.sign_up("ada@example.com", "prospector").await;
    let card = |card| world.happen(ada.customer.as_ref(), Deed::Card(card));
    card(TestCard::DeclinedAfterAttach);
    world.advance_s(32 * DAY_S).await;
    let backup = world.rows("invoices").await;
    card(TestCard::Good);
    world.advance_s(4 * DAY_S).await;
    world.put_rows("invoices", &backup).await;
    assert_eq!(world.disagreements().await.len(), 1);
    a_night(&world).await;
    assert!(the_difference(&world).await.object.starts_with("in_"));
    assert_eq!(world.disagreements().await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_plan_whose_price_is_gone_at_stripe_is_told() {
    let world = World::new();
    let price = {
        let sim = world.sandbox.stripe().now();
        let mut prices = sim.objects("price");
        let price = prices.find(|price| price["lookup_key"] == "rainmaker");
        price.unwrap()["id"].as_str().unwrap().to_owned()
    };
    let path = format!("/v1/prices/{price}");
    let off = world
        .sandbox
        .stripe()
        .call("POST", &path, &[("active", "false")]);
    off.unwrap();
    a_night(&world).await;
    let alerts = world.rows("alerts").await;
    let causes: Vec<&Value> = alerts.iter().map(|row| &row["pk"]["S"]).collect();
    assert_eq!(causes, ["price_missing#rainmaker"]);
}

#[tokio::test(start_paused = true)]
async fn accounts_in_agreement_cost_no_write() {
    let mut writes = Vec::new();
    // As many as fit into one page of everything: what is written is where the run stands, once a page.
    for customers in [1, 5] {
        let world = World::new();
        for number in 0..customers {
            let email = format!("ada{number}@example.com");
            world.sign_up(&email, "prospector").await;
        }
        world.advance_s(120).await;
        world.sandbox.cloud().calls().clear();
        a_night(&world).await;
        let made = world.sandbox.cloud().calls().latest();
        let of_sync = made
            .iter()
            .filter(|made| &*made.caller == "daily-billing-sync");
        let writes_of = |operation: &str| {
            matches!(
                operation,
                "PutItem" | "UpdateItem" | "DeleteItem" | "TransactWriteItems"
            )
        };
        writes.push(of_sync.filter(|made| writes_of(&made.operation)).count());
        let counts = last_run(&world).await.progress.counts;
        assert_eq!(
            (counts.suspects, counts.events_taken_in),
            (0, 0),
            "{counts:?}"
        );
    }
    assert_eq!(writes[0], writes[1]);
}
