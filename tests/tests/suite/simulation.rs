//! The fault harness as a part of the tests: what is listed first holds, and a missing defence is missed.

use tests::simulate::{Bug, Campaign, Progress};

/// Schedules run with the workspace's tests. `./dev test` runs 20,000 as a step of its own.
const SCHEDULES: u64 = 300;

#[test]
fn whatever_goes_wrong_all_is_well_afterwards() {
    let campaign = Campaign::new().unwrap();
    let plan = campaign.plan(1);
    assert!(plan.listed() > SCHEDULES);
    let progress = Progress::default();
    campaign.run(&plan, SCHEDULES, None, &progress);
    let violations: Vec<_> = progress
        .violations()
        .into_iter()
        .map(|it| format!("./dev simulate --replay {}: {:?}", it.schedule, it.wrongs))
        .collect();
    assert_eq!(violations, Vec::<String>::new());
    assert_eq!(progress.done(), SCHEDULES);
    assert!(progress.struck() > 250, "only {}", progress.struck());
}

#[test]
fn a_missing_defence_is_missed() {
    let campaign = Campaign::new().unwrap();
    for bug in Bug::ALL {
        let schedule = bug.killer().parse().unwrap();
        let killed = campaign.kills(&schedule, *bug).unwrap();
        println!("{:26} {schedule}: {killed:?}", bug.name());
        assert!(killed.is_some(), "{} survives {schedule}", bug.name());
    }
}

#[test]
fn a_schedule_comes_to_the_same_every_time() {
    let schedule = "two_workers/2:lose_answer/order:abba/leap:1/seed:7";
    let schedule = schedule.parse().unwrap();
    let played = || {
        let campaign = Campaign::of(&[tests::simulate::Flow::TwoWorkers]).unwrap();
        campaign.play(&schedule, Some(Bug::NoFencing)).unwrap()
    };
    assert_eq!(played(), played());
}
