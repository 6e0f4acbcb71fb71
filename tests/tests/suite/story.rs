//! The life of a customer, through the real functions.

use shared::dunning::Standing;
use shared::plan::Plan;
use shared::stripe_objects::SubscriptionStatus;
use stripe_sim::{OpenInvoices, TestCard};
use tests::{DAY_S, World};

#[tokio::test]
async fn a_founding_member_becomes_a_prospector_falls_behind_and_recovers() {
    let world = World::new();
    let ada = world.sign_up("ada@example.com", "founding_member").await;

    let account = world.account(&ada.customer).await;
    let (_, founding) = account.subscription().unwrap();
    assert_eq!(founding.facts.plan, Plan::FoundingMember);
    assert_eq!(founding.facts.status, SubscriptionStatus::Active);
    assert_eq!(founding.facts.amount.unwrap().to_string(), "$25.00");
    assert!(
        founding.facts.schedule.is_some(),
        "the schedule that ends the founding price is set up"
    );
    assert_eq!(world.count_at_stripe("charge"), 1);

    world.advance_s(92 * DAY_S).await;
    let account = world.account(&ada.customer).await;
    let (_, prospector) = account.subscription().unwrap();
    assert_eq!(prospector.facts.plan, Plan::Prospector);
    assert_eq!(prospector.facts.amount.unwrap().to_string(), "$75.00");
    assert_eq!(prospector.facts.status, SubscriptionStatus::Active);

    world
        .sandbox
        .stripe()
        .now()
        .replace_card(
            ada.customer.as_ref(),
            TestCard::DeclinedAfterAttach,
            OpenInvoices::Leave,
        )
        .unwrap();
    world.advance_s(31 * DAY_S).await;
    let account = world.account(&ada.customer).await;
    let (_, behind) = account.subscription().unwrap();
    assert_eq!(behind.facts.status, SubscriptionStatus::PastDue);
    let standing = Standing::at(&behind.facts, world.now());
    assert!(standing.access, "access is kept through the days of grace");

    world
        .sandbox
        .stripe()
        .now()
        .replace_card(ada.customer.as_ref(), TestCard::Good, OpenInvoices::Pay)
        .unwrap();
    world.advance_s(120).await;
    let account = world.account(&ada.customer).await;
    let (_, recovered) = account.subscription().unwrap();
    assert_eq!(recovered.facts.status, SubscriptionStatus::Active);
    assert_eq!(recovered.facts.past_due_since, None);

    let subjects = world.subjects();
    assert_eq!(
        subjects[..2],
        ["Welcome to Linky", "Your Linky plan is now Prospector"]
    );
    assert_eq!(subjects.last().unwrap(), "Your Linky payment went through");
    assert!(
        subjects.contains(&"Your Linky payment did not go through".to_owned()),
        "{subjects:?}"
    );
}
