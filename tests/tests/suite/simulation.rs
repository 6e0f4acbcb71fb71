//! The fault harness as a part of the tests: what is listed holds, and each of ten missing defences is missed.

use tests::simulate::{Bug, Campaign, Progress};

/// Schedules run with every test. `./dev simulate` runs all of them.
const SCHEDULES: u64 = 500;

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
    assert!(progress.struck() > 400, "only {}", progress.struck());
}

#[test]
fn each_missing_defence_is_missed() {
    let campaign = Campaign::new().unwrap();
    let plan = campaign.plan(1);
    for bug in Bug::ALL {
        let (tried, killer) = campaign
            .hunt(&plan, *bug)
            .unwrap_or_else(|| panic!("{} survives", bug.name()));
        println!("{:26} {tried:>5}  {}", bug.name(), killer.schedule);
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
