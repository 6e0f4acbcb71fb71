//! Whatever happens at Stripe, and in whatever order, however often and however late it is told: the record ends equal.

use proptest::prelude::*;
use stripe_sim::TestCard;
use tests::World;
use tests::history::{Deed, Held};

/// Histories tried. Each is a world of its own; the seed of a failing one is kept by proptest.
const HISTORIES: u32 = 48;

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        2 => prop_oneof![Just(1), Just(2), Just(3600), Just(5 * 86_400), Just(32 * 86_400)].prop_map(Deed::Wait),
        2 => prop_oneof![Just("prospector"), Just("networker"), Just("rainmaker")].prop_map(Deed::Move),
        1 => any::<bool>().prop_map(Deed::EndWithPeriod),
        1 => any::<bool>().prop_map(Deed::Pause),
        2 => prop_oneof![Just(TestCard::Good), Just(TestCard::DeclinedAfterAttach)].prop_map(Deed::Card),
        1 => Just(Deed::Refund),
        1 => Just(Deed::LoseDispute),
        1 => Just(Deed::Cancel),
        1 => Just(Deed::DeleteCustomer),
    ]
}

/// How the events are brought: in which order, which of them twice, and which of them only at the very end.
#[derive(Debug, Clone)]
struct Disorder {
    seed: u64,
    twice_in: u8,
    late_in: u8,
}

fn disorder() -> impl Strategy<Value = Disorder> {
    (any::<u64>(), 1..5u8, 1..5u8).prop_map(|(seed, twice_in, late_in)| Disorder {
        seed,
        twice_in,
        late_in,
    })
}

async fn bring_in_disorder(world: &World, mut events: Vec<Held>, disorder: &Disorder) {
    let mut numbers = fastrand::Rng::with_seed(disorder.seed);
    let twice: Vec<_> = events
        .iter()
        .filter(|_| numbers.u8(..disorder.twice_in) == 0)
        .cloned()
        .collect();
    events.extend(twice);
    numbers.shuffle(&mut events);
    let (late, on_time): (Vec<_>, Vec<_>) = events
        .into_iter()
        .partition(|_| numbers.u8(..disorder.late_in) == 0);
    for event in on_time.iter().chain(&late) {
        assert_eq!(world.bring(event).await, 200, "{}", event.id);
    }
}

async fn ends_equal(deeds: &[Deed], disorder: &Disorder) -> Vec<String> {
    let world = World::new();
    let ada = world.open_checkout("ada@example.com", "prospector").await;
    world.pay(&ada.session, TestCard::Good);
    for deed in deeds {
        world.happen(ada.customer.as_ref(), *deed);
    }
    let events = world.hold_webhooks();
    bring_in_disorder(&world, events, disorder).await;
    world.advance_s(12 * 60).await;
    world.wrongs().await
}

proptest! {
    #![proptest_config(ProptestConfig { cases: HISTORIES, ..ProptestConfig::default() })]

    #[test]
    fn a_shuffled_repeated_and_late_history_ends_equal_to_stripe(
        deeds in prop::collection::vec(deed(), 0..8),
        disorder in disorder(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        let wrongs = runtime.block_on(ends_equal(&deeds, &disorder));
        prop_assert_eq!(wrongs, Vec::<String>::new());
    }
}
