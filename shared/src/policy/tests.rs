use super::*;

fn refund(cents: i64) -> Request {
    Request {
        amount: Some(Money::new(cents, Currency::USD)),
        ..Request::default()
    }
}

fn needs(concerns: &[Concern], approver: Role) -> Verdict {
    Verdict::NeedsApproval {
        concerns: concerns.to_vec(),
        approver,
    }
}

#[test]
fn each_role_may_do_what_the_one_below_may_and_a_viewer_only_reads() {
    let policy = Policy::default();
    let may = |role: Role| {
        let operations = Operation::ALL.into_iter();
        operations
            .filter(|it| policy.decide(role, *it, &Request::default()) == Verdict::Allowed)
            .collect::<Vec<_>>()
    };
    assert_eq!(may(Role::Viewer), [Operation::Read]);
    for pair in Role::ALL.windows(2) {
        assert!(may(pair[0]).iter().all(|it| may(pair[1]).contains(it)));
    }
    assert!(!may(Role::Support).contains(&Operation::Approve));
    assert!(!may(Role::Billing).contains(&Operation::ManageStaff));
    assert_eq!(may(Role::Owner).len(), Operation::ALL.len());
}

#[test]
fn a_refund_is_allowed_up_to_its_limit_and_not_a_cent_more() {
    let policy = Policy::default();
    let decide = |role, request: &Request| policy.decide(role, Operation::Refund, request);
    assert_eq!(decide(Role::Support, &refund(20_000)), Verdict::Allowed);
    let over = [Concern::OverActionLimit];
    assert_eq!(
        decide(Role::Support, &refund(20_001)),
        needs(&over, Role::Billing)
    );
    assert_eq!(decide(Role::Billing, &refund(60_000)), Verdict::Allowed);
    assert_eq!(
        decide(Role::Billing, &refund(60_001)),
        needs(&over, Role::Owner)
    );
    assert_eq!(decide(Role::Viewer, &refund(1)), Verdict::Refused);
}

#[test]
fn a_day_has_its_limit_too() {
    let policy = Policy::default();
    let request = |given_today| Request {
        given_today: Cents(given_today),
        ..refund(10_000)
    };
    let decide = |given| policy.decide(Role::Support, Operation::Refund, &request(given));
    assert_eq!(decide(50_000), Verdict::Allowed);
    let over = needs(&[Concern::OverDayLimit], Role::Billing);
    assert_eq!(decide(50_001), over);
    assert_eq!(decide(i64::MAX), over);
}

#[test]
fn a_dispute_a_duplicate_and_another_currency_always_need_a_second_person() {
    let policy = Policy::default();
    for concern in [Concern::Disputed, Concern::Duplicate] {
        let request = Request {
            concerns: vec![concern],
            ..refund(1)
        };
        let verdict = policy.decide(Role::Owner, Operation::Refund, &request);
        assert_eq!(verdict, needs(&[concern], Role::Billing));
    }
    let yen = Request {
        amount: Some(Money::new(1, "jpy".parse().unwrap())),
        ..Request::default()
    };
    let verdict = policy.decide(Role::Owner, Operation::Refund, &yen);
    assert_eq!(verdict, needs(&[Concern::OtherCurrency], Role::Billing));
}

#[test]
fn days_have_a_limit_as_well() {
    let policy = Policy::default();
    let decide = |role, days| {
        let request = Request {
            days: Some(days),
            ..Request::default()
        };
        policy.decide(role, Operation::Extend, &request)
    };
    assert_eq!(decide(Role::Support, 7), Verdict::Allowed);
    let over = needs(&[Concern::OverActionLimit], Role::Billing);
    assert_eq!(decide(Role::Support, 8), over);
    assert_eq!(decide(Role::Billing, 31), Verdict::Allowed);
}

#[test]
fn limits_are_changed_within_reason() {
    let policy = Policy::default();
    let limits = |action, day| Limits {
        per_action_cents: Cents(action),
        per_day_cents: Cents(day),
        extend_days: 7,
    };
    let changed = policy.with(Role::Support, limits(0, 0)).unwrap();
    let verdict = changed.decide(Role::Support, Operation::Refund, &refund(1));
    assert_ne!(verdict, Verdict::Allowed);
    for (role, refused) in [
        (Role::Support, limits(-1, 10)),
        (Role::Support, limits(10, 9)),
        (
            Role::Owner,
            limits(LIMIT_CENTS_MAX + 1, LIMIT_CENTS_MAX + 1),
        ),
        (Role::Viewer, limits(1, 1)),
    ] {
        assert!(policy.with(role, refused).is_err(), "{role} {refused:?}");
    }
}
