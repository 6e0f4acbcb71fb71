//! Which schedules are run: first all that can be listed, the simplest first, then as many as are wanted from a seed.

use fastrand::Rng;
use local::cloud::Service;

use super::schedule::Outage;
use super::{Flow, Order, Prepared, Schedule, Strike, Way};

/// The schedules in their order.
pub struct Plan {
    listed: Vec<Schedule>,
    flows: Vec<Shape>,
    seed: u64,
}

/// What is to be known of a flow to think schedules up for it.
struct Shape {
    flow: Flow,
    calls: u64,
    has_lanes: bool,
}

/// Flows of no more calls than these have all their pairs of faults listed.
const PAIRED_CALLS_MAX: u64 = 7;

/// Turns of two invocations that are listed in every order. Whoever has the last of them goes on.
const TURNS: u32 = 7;

/// For how long a service is away, in seconds: for one run of everything, for longer than the first tries of the queue, and
/// until each try waits an hour.
const OUTAGES_S: [i64; 3] = [120, 1_800, 6_300];

/// How far the functions' clock is wrong, in seconds: less than Stripe's signatures may be old.
const SKEWS_S: [i64; 4] = [-240, -4, 4, 240];

/// Most faults in one schedule drawn from the seed.
const MIXED_MAX: usize = 4;

impl Plan {
    /// The schedules for these flows.
    pub fn new<'a>(prepared: impl IntoIterator<Item = &'a Prepared>, seed: u64) -> Self {
        let (mut flows, mut listed) = (Vec::new(), Vec::new());
        let (mut simple, mut pairs) = (Vec::new(), Vec::new());
        for prepared in prepared {
            let flow = prepared.flow();
            let singles = singles(prepared);
            if prepared.calls().len() as u64 <= PAIRED_CALLS_MAX && !prepared.has_lanes() {
                pairs.extend(paired(flow, &singles));
            }
            listed.extend(singles.iter().map(|strike| Schedule {
                strikes: vec![*strike],
                ..Schedule::of(flow)
            }));
            simple.extend(outages(flow));
            simple.extend(SKEWS_S.map(|skew_s| Schedule {
                skew_s,
                ..Schedule::of(flow)
            }));
            if prepared.has_lanes() {
                simple.extend(orders(flow));
            }
            flows.push(Shape {
                flow,
                calls: prepared.calls().len() as u64,
                has_lanes: prepared.has_lanes(),
            });
        }
        listed.extend(simple);
        listed.extend(pairs);
        Self {
            listed,
            flows,
            seed,
        }
    }

    /// How many are listed before the seed decides.
    pub fn listed(&self) -> u64 {
        self.listed.len() as u64
    }

    /// Each flow with the calls it makes when nothing goes wrong, and how many schedules of it are listed: of how many
    /// single faults, and of how many pairs.
    pub fn flows(&self) -> impl Iterator<Item = (Flow, u64, [usize; 3])> + '_ {
        self.flows.iter().map(|shape| {
            let of_flow = || self.listed.iter().filter(|it| it.flow == shape.flow);
            let striking = |count| of_flow().filter(|it| it.strikes.len() == count).count();
            let counts = [of_flow().count(), striking(1), striking(2)];
            (shape.flow, shape.calls, counts)
        })
    }

    /// The schedule of this number, from 0.
    pub fn get(&self, number: u64) -> Option<Schedule> {
        let listed = usize::try_from(number).ok()?;
        self.listed
            .get(listed)
            .cloned()
            .or_else(|| self.drawn(number))
    }

    /// A mixture of everything.
    fn drawn(&self, number: u64) -> Option<Schedule> {
        let mut rng = Rng::with_seed(self.seed ^ number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let shape = self.flows.get(rng.usize(..self.flows.len()))?;
        let way = |rng: &mut Rng| rng.choice(Way::ALL).copied();
        let mut schedule = Schedule {
            // Short, so that a line can be typed.
            seed: rng.u64(1..1_000_000_000),
            ..Schedule::of(shape.flow)
        };
        for _ in 0..rng.usize(1..=MIXED_MAX) {
            let call = rng.u64(1..=shape.calls + 4);
            schedule.strikes.push(Strike {
                call,
                way: way(&mut rng)?,
            });
        }
        if rng.u8(..8) == 0 {
            schedule.outage = Some(Outage {
                service: *rng.choice(&SERVICES)?,
                way: *rng.choice(&OUTAGE_WAYS)?,
                for_s: *rng.choice(&OUTAGES_S)?,
            });
        }
        if rng.u8(..8) == 0 {
            schedule.skew_s = *rng.choice(&SKEWS_S)?;
        }
        if shape.has_lanes {
            let turns = (0..rng.usize(1..12))
                .map(|_| rng.bool())
                .collect::<Vec<_>>();
            schedule.order = Some(Order {
                leap_after: (rng.bool() && may_stall(shape.flow))
                    .then(|| rng.usize(..=turns.len())),
                turns,
            });
        }
        Some(schedule)
    }
}

/// Whether an invocation may stand still past its time and go on: one that writes under a lease has to bear it. Others are
/// ended by Lambda.
fn may_stall(flow: Flow) -> bool {
    matches!(
        flow,
        Flow::TwoWorkers | Flow::LastReceive | Flow::WorkerAndDelivery | Flow::WorkerAndSweep
    )
}

/// Every call of a flow in every way that can happen to it.
fn singles(prepared: &Prepared) -> Vec<Strike> {
    let mut strikes = Vec::new();
    for way in Way::ALL {
        let suited = prepared.calls().iter();
        let suited = suited.filter(|(service, operation)| way.suits(*service, operation));
        strikes.extend((1..=suited.count() as u64).map(|call| Strike { call, way: *way }));
    }
    strikes
}

/// Every pair of them. The second may be a try that only the first brought about, so its number goes beyond what is made when
/// nothing goes wrong.
fn paired(flow: Flow, singles: &[Strike]) -> Vec<Schedule> {
    let mut pairs = Vec::new();
    for first in singles {
        let later = singles.iter().filter(|it| it.call >= first.call);
        pairs.extend(later.map(|second| Schedule {
            strikes: vec![
                *first,
                Strike {
                    call: second.call + 1,
                    way: second.way,
                },
            ],
            ..Schedule::of(flow)
        }));
    }
    pairs
}

const SERVICES: [Service; 4] = [
    Service::DynamoDb,
    Service::Sqs,
    Service::Stripe,
    Service::Ses,
];

const OUTAGE_WAYS: [Way; 4] = [
    Way::Refuse,
    Way::ErrorBefore,
    Way::LoseAnswer,
    Way::Throttle,
];

fn outages(flow: Flow) -> Vec<Schedule> {
    let mut outages = Vec::new();
    for service in SERVICES {
        for way in OUTAGE_WAYS {
            outages.extend(OUTAGES_S.map(|for_s| Schedule {
                outage: Some(Outage {
                    service,
                    way,
                    for_s,
                }),
                ..Schedule::of(flow)
            }));
        }
    }
    outages
}

/// Every order of the first calls of two invocations, and each with a leap of the clock after every turn.
fn orders(flow: Flow) -> Vec<Schedule> {
    let mut orders = Vec::new();
    for bits in 0..1_u32 << TURNS {
        let turns: Vec<bool> = (0..TURNS).map(|turn| bits >> turn & 1 == 1).collect();
        let leaps = (0..TURNS as usize).filter(|_| may_stall(flow)).map(Some);
        let leaps = leaps.chain([None]);
        orders.extend(leaps.map(|leap_after| Schedule {
            order: Some(Order {
                turns: turns.clone(),
                leap_after,
            }),
            ..Schedule::of(flow)
        }));
    }
    orders
}
