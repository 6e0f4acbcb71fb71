//! The fault harness as a part of the tests: what is listed first holds, and a missing defence is missed.

use tests::simulate::{Bug, Campaign, Progress};

/// Schedules run with every test. `./dev simulate` runs all of them.
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

/// Which schedule misses which defence. Without fencing no schedule is known that does.
const KILLERS: [(Bug, &str); 9] = [
    (Bug::AcknowledgedBeforeKept, "delete/2:die/4:die"),
    (Bug::NoVersionCheck, "two_changes/order:aaabbab"),
    (Bug::NoSweep, "sweep"),
    (Bug::MailSentInline, "sign_up/outage:ses:refuse:120"),
    (
        Bug::SwallowedFailure,
        "refund/outage:stripe:error_before:120",
    ),
    (Bug::OwnWriteDuplicate, "retry/1:lose_answer"),
    (Bug::NoBackfill, "sync"),
    (Bug::OlderWins, "older"),
    (Bug::ConflictNotRetried, "plan_change/1:conflict"),
];

#[test]
fn a_missing_defence_is_missed() {
    let campaign = Campaign::new().unwrap();
    for (bug, line) in KILLERS {
        let schedule = line.parse().unwrap();
        let with = campaign.play(&schedule, Some(bug)).unwrap();
        let without = campaign.play(&schedule, None).unwrap();
        assert_ne!(with.violations, Vec::<String>::new(), "{}", bug.name());
        assert_eq!(without.violations, Vec::<String>::new(), "{line}");
        println!("{:26} {line}: {}", bug.name(), with.violations[0]);
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
