//! Alerts open and end by themselves, people take them on, and nobody is told more than once an hour.

mod causes;

use local::cloud::{Fault, Matching};
use shared::alert::Alert;
use shared::id::EventId;
use tests::World;

fn refused() -> Alert {
    let event: EventId = "evt_1".parse().unwrap();
    Alert::refused_event(&event, "it is live")
}

async fn raise(world: &World, alert: &Alert) {
    world.store.raise(alert, world.now()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn one_cause_is_told_once_an_hour_with_how_often_it_happened() {
    let world = World::new();
    let cause = refused().cause;
    for _ in 0..11 {
        raise(&world, &refused()).await;
        world.watch().await;
    }
    assert_eq!(world.told_of(&cause), (1, 0));
    world.watch_for_s(15 * 60).await;
    assert_eq!(world.told_of(&cause), (2, 0));
    let told = world.sandbox.cloud().topics().published();
    assert!(!told[0].message.contains("times"), "{}", told[0].message);
    assert!(
        told[1].message.contains("happened 10 times since"),
        "{}",
        told[1].message
    );
    assert!(told[1].at.since_s(told[0].at) >= 3600);
    // What goes on quietly is not told again.
    world.watch_for_s(3 * 3600).await;
    assert_eq!(world.told_of(&cause), (2, 0));
    // A day without another ends it, and that is told once.
    world.advance_s(22 * 3600).await;
    world.watch_for_s(3600).await;
    assert_eq!(world.told_of(&cause), (2, 1));
    let row = world.store.alert_of(&cause).await.unwrap().unwrap();
    assert!(!row.is_open() && row.resolved_at.is_some());
    // It comes back as the same one.
    raise(&world, &refused()).await;
    world.watch().await;
    assert_eq!(world.told_of(&cause), (3, 1));
    let row = world.store.alert_of(&cause).await.unwrap().unwrap();
    assert_eq!((row.times, row.resolutions), (12, 1));
    let last = world.sandbox.cloud().topics().published().pop().unwrap();
    assert!(last.message.contains("It is back"), "{}", last.message);
}

#[tokio::test(start_paused = true)]
async fn what_somebody_has_taken_on_is_told_only_when_it_ends() {
    let world = World::new();
    let cause = refused().cause;
    raise(&world, &refused()).await;
    world.watch().await;
    let row = world.store.alert_of(&cause).await.unwrap().unwrap();
    assert!(world.acknowledge(&row, "ada").await);
    assert!(world.acknowledge(&row, "ada").await);
    assert!(!world.acknowledge(&row, "bob").await);
    for _ in 0..20 {
        raise(&world, &refused()).await;
        world.watch().await;
    }
    assert_eq!(world.told_of(&cause), (1, 0));
    world.advance_s(25 * 3600).await;
    world.watch_for_s(3600).await;
    assert_eq!(world.told_of(&cause), (1, 1));
    let ended = world.store.alert_of(&cause).await.unwrap().unwrap();
    assert!(!world.acknowledge(&ended, "ada").await, "it is not open");
    assert_eq!(
        ended.acknowledged_by, None,
        "who took it on did so for that time"
    );
}

#[tokio::test(start_paused = true)]
async fn what_nothing_shows_the_end_of_ends_when_somebody_takes_it_on() {
    let world = World::new();
    let alert = Alert::dead_mail("welcome#sub_1", "no such address");
    raise(&world, &alert).await;
    world.watch_for_s(3600).await;
    let row = world.store.alert_of(&alert.cause).await.unwrap().unwrap();
    assert!(row.is_open());
    assert!(world.acknowledge(&row, "ada").await);
    world.watch_for_s(3600).await;
    assert_eq!(world.open_causes().await, Vec::<String>::new());
    assert_eq!(
        world.told_of(&alert.cause),
        (1, 0),
        "whoever ended it knows"
    );
}

#[tokio::test(start_paused = true)]
async fn an_alert_that_is_raised_again_while_it_ends_stays_open() {
    let world = World::new();
    raise(&world, &refused()).await;
    let seen = world
        .store
        .alert_of(&refused().cause)
        .await
        .unwrap()
        .unwrap();
    raise(&world, &refused()).await;
    world.store.resolve_alert(&seen, world.now()).await.unwrap();
    assert_eq!(world.open_causes().await, [refused().cause]);
}

/// A world in which a watch has everything to do: one alert to be told, one to be opened, one to be ended.
async fn busy() -> World {
    let world = World::new();
    world.watch().await;
    let event: EventId = "evt_1".parse().unwrap();
    raise(&world, &Alert::refused_event(&event, "it is live")).await;
    let oldest_at = world.now();
    raise(&world, &Alert::queue_age("mails", 1, oldest_at)).await;
    set_endpoint(&world, "true");
    world
}

/// Disables the endpoint at Stripe, or enables it.
fn set_endpoint(world: &World, disabled: &str) {
    let stripe = world.sandbox.stripe();
    let endpoint = stripe
        .now()
        .objects("webhook_endpoint")
        .next()
        .cloned()
        .unwrap();
    let path = format!("/v1/webhook_endpoints/{}", endpoint["id"].as_str().unwrap());
    stripe
        .call("POST", &path, &[("disabled", disabled)])
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_fails_anywhere_tells_everything_once_or_twice_and_never_not_at_all() {
    let made: Vec<String> = {
        let world = busy().await;
        let before = world.sandbox.cloud().calls().latest().len();
        world.watch().await;
        let made = world.sandbox.cloud().calls().latest().split_off(before);
        let made = made.into_iter();
        let made = made.filter(|made| *made.caller == *"watch-health");
        made.map(|made| made.operation).collect()
    };
    assert!(made.len() > 30, "{made:?}");
    // Of calls that are made in one go, to each partition of an index, the first and the last stand for all.
    let is_within = |at: usize| {
        let same = |other: Option<usize>| other.and_then(|it| made.get(it)) == made.get(at);
        same(at.checked_sub(1)) && same(Some(at + 1))
    };
    let numbers = (0..made.len()).filter(|at| !is_within(*at));
    let numbers: Vec<u64> = numbers.map(|at| at as u64 + 1).collect();
    // Before the effect, after it, and the process gone: every other way is one of these to a watch.
    let ways = [
        Fault::RefuseBefore,
        Fault::LoseAnswer,
        Fault::Status500After,
        Fault::Die,
    ];
    let mut wrongs = Vec::new();
    for number in numbers {
        for fault in &ways {
            let world = busy().await;
            let matching = Matching::any().by("watch-health").nth(number);
            world.sandbox.cloud().faults().plan(matching, fault.clone());
            world.watch_for_s(20 * 60).await;
            let open = world.open_causes().await;
            if open != ["endpoint#webhook", "refused_event#it is live"] {
                wrongs.push(format!("{fault:?} at {number}: open {open:?}"));
            }
            for _ in 0..2 {
                world.advance_s(3600).await;
            }
            for cause in ["endpoint#webhook", "refused_event#it is live"] {
                let (told, resolved) = world.told_of(cause);
                if !(1..=2).contains(&told) || resolved > 0 {
                    wrongs.push(format!(
                        "{fault:?} at {number}: {cause} told {told}, {resolved}"
                    ));
                }
            }
            let (told, resolved) = world.told_of("queue_age#mails");
            if told + resolved == 0 || told > 2 || resolved > 2 {
                wrongs.push(format!(
                    "{fault:?} at {number}: mails told {told}, {resolved}"
                ));
            }
            let owed = world.store.alerts_due(world.now()).await.unwrap();
            if !owed.is_empty() {
                wrongs.push(format!("{fault:?} at {number}: still owed {owed:?}"));
            }
        }
    }
    assert_eq!(wrongs, Vec::<String>::new());
}
