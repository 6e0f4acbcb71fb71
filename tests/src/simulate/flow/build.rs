//! Where each flow begins.

use local::cloud::{Fault, Matching, Service};
use stripe_sim::TestCard;

mod acts;

use super::{Flow, Script, Step};
use crate::World;
use crate::history::{Deed, Held};

/// A month and a bit, in seconds: the next period has begun, and its invoice is final.
const PERIOD_S: i64 = 32 * 24 * 3600;

/// Brings `world` to where `flow` begins, and says what is to be done in it.
pub(super) async fn build(flow: Flow, world: &World) -> Script {
    match flow {
        Flow::SignUp => last(world, paid(world, "prospector").await.1, 3).await,
        Flow::Burst => last(world, paid(world, "prospector").await.1, usize::MAX).await,
        Flow::Founding => last(world, paid(world, "founding_member").await.1, 1).await,
        Flow::Renewal => told(world, &[Deed::Wait(PERIOD_S)], 2).await,
        Flow::Decline => {
            let declines = Deed::Card(TestCard::DeclinedAfterAttach);
            told(world, &[declines, Deed::Wait(PERIOD_S)], 2).await
        }
        Flow::Recovery => {
            let declines = Deed::Card(TestCard::DeclinedAfterAttach);
            let deeds = [declines, Deed::Wait(PERIOD_S), Deed::Card(TestCard::Good)];
            told(world, &deeds, 2).await
        }
        Flow::PlanChange => told(world, &[Deed::Wait(5), Deed::Move("rainmaker")], 3).await,
        Flow::Refund => told(world, &[Deed::Wait(5), Deed::Refund], 2).await,
        Flow::Dispute => told(world, &[Deed::Wait(5), Deed::LoseDispute], 2).await,
        Flow::Cancel => told(world, &[Deed::Wait(5), Deed::Cancel], 1).await,
        Flow::Delete => told(world, &[Deed::Wait(5), Deed::DeleteCustomer], 2).await,
        Flow::Older => reversed(world, &later_changes()).await,
        Flow::Disorder => {
            let ends = Deed::EndWithPeriod;
            reversed(world, &[Deed::Wait(5), ends(true), ends(false), ends(true)]).await
        }
        Flow::Duplicates => {
            let deliver = vec![Step::Deliver(0); 3];
            of_one(world, deliver).await
        }
        Flow::Checkout => Script {
            steps: vec![Step::Checkout],
            ..Script::default()
        },
        Flow::Retry => change_pending(world, vec![Step::Message(0), Step::Settle]).await,
        Flow::Sweep => {
            let script = change_pending(world, vec![Step::Run("sweep"), Step::Settle]).await;
            world.happen("none", Deed::Wait(5 * 60));
            script
        }
        Flow::Mail => mail(world, vec![Step::Run("send-mail")], None).await,
        Flow::Sync => {
            let customer = member(world).await;
            world.happen(&customer, Deed::Move("rainmaker"));
            world.hold_webhooks();
            world.happen(&customer, Deed::Wait(10 * 60));
            Script {
                steps: vec![Step::Run("daily-billing-sync"), Step::Settle],
                ..Script::default()
            }
        }
        Flow::Replay => change_pending(world, vec![Step::Replay(0), Step::Settle]).await,
        Flow::TwoDeliveries => {
            let mut script = of_one(world, Vec::new()).await;
            script.lanes = Some([vec![Step::Deliver(0)], vec![Step::Deliver(0)]]);
            script
        }
        Flow::TwoChanges => {
            let mut script = reversed(world, &later_changes()).await;
            script.held.truncate(2);
            script.steps = vec![Step::Settle];
            script.lanes = Some([vec![Step::Deliver(0)], vec![Step::Deliver(1)]]);
            script
        }
        Flow::TwoWorkers => beside_a_worker(world, Step::Work(0)).await,
        Flow::LastReceive => {
            let ends = Deed::EndWithPeriod;
            let held = after(world, &[Deed::Wait(5), ends(true), ends(false)]).await;
            let [older, newer] =
                <[Held; 2]>::try_from(held).unwrap_or_else(|held| panic!("{held:?}"));
            bring(world, &[older]).await;
            Script {
                lanes: Some([vec![Step::WorkLast(0)], vec![Step::Work(0)]]),
                ..pending(world, newer, vec![Step::Settle]).await
            }
        }
        Flow::WorkerAndDelivery => beside_a_worker(world, Step::Deliver(0)).await,
        Flow::WorkerAndSweep => {
            let script = beside_a_worker(world, Step::Run("sweep")).await;
            world.happen("none", Deed::Wait(5 * 60));
            script
        }
        Flow::TwoOutboxes => {
            let run = || vec![Step::Run("send-mail")];
            mail(world, Vec::new(), Some([run(), run()])).await
        }
        Flow::TwoCheckouts => Script {
            lanes: Some([vec![Step::Checkout], vec![Step::Checkout]]),
            ..Script::default()
        },
        Flow::AdminRefund
        | Flow::AdminUpgrade
        | Flow::AdminDowngrade
        | Flow::AdminEnd
        | Flow::AdminCredit
        | Flow::AdminExtend
        | Flow::AdminPause
        | Flow::AdminCollect
        | Flow::Approval
        | Flow::TwoClicks
        | Flow::TwoRefunds
        | Flow::TwoApprovals => acts::build(flow, world).await,
    }
}

/// Two changes of a subscription at different times.
fn later_changes() -> [Deed; 4] {
    let ends = Deed::EndWithPeriod;
    [Deed::Wait(5), ends(true), Deed::Wait(5), ends(false)]
}

/// A checkout that was just paid: whose, and its webhooks.
async fn paid(world: &World, plan: &str) -> (String, Vec<Held>) {
    let ada = world.open_checkout("ada@example.com", plan).await;
    world.pay(&ada.session, TestCard::Good);
    (ada.customer.to_string(), world.hold_webhooks())
}

/// A customer of whom everything is on record and who has had every mail.
async fn member(world: &World) -> String {
    member_of(world, "prospector").await
}

async fn member_of(world: &World, plan: &str) -> String {
    let (customer, held) = paid(world, plan).await;
    bring(world, &held).await;
    world.advance_s(3 * 60).await;
    customer
}

async fn bring(world: &World, held: &[Held]) {
    for event in held {
        assert_eq!(world.bring(event).await, 200, "{}", event.kind);
    }
    world.settle().await;
}

/// All but the last `count` of `held` are told; those are left for the flow.
async fn last(world: &World, mut held: Vec<Held>, count: usize) -> Script {
    let left = held.split_off(held.len().saturating_sub(count));
    bring(world, &held).await;
    in_order(left)
}

fn in_order(held: Vec<Held>) -> Script {
    let steps = (0..held.len()).map(Step::Deliver);
    Script {
        steps: steps.chain([Step::Settle]).collect(),
        held,
        ..Script::default()
    }
}

/// `deeds` happen to a member, and their last `count` webhooks are left.
async fn told(world: &World, deeds: &[Deed], count: usize) -> Script {
    let held = after(world, deeds).await;
    last(world, held, count).await
}

async fn after(world: &World, deeds: &[Deed]) -> Vec<Held> {
    let customer = member(world).await;
    for deed in deeds {
        world.happen(&customer, *deed);
    }
    world.hold_webhooks()
}

/// `deeds` happen to a member, and their webhooks are left in the wrong order.
async fn reversed(world: &World, deeds: &[Deed]) -> Script {
    let mut held = after(world, deeds).await;
    held.reverse();
    in_order(held)
}

/// One change of a member's subscription is left.
async fn of_one(world: &World, mut steps: Vec<Step>) -> Script {
    let held = after(world, &[Deed::Wait(5), Deed::EndWithPeriod(true)]).await;
    steps.push(Step::Settle);
    Script {
        held,
        steps,
        ..Script::default()
    }
}

/// One change of a member's subscription is left as [`pending`].
async fn change_pending(world: &World, steps: Vec<Step>) -> Script {
    let mut held = after(world, &[Deed::Wait(5), Deed::EndWithPeriod(true)]).await;
    pending(world, held.swap_remove(0), steps).await
}

/// An event is on record as pending, with no message for it: the tables failed while they were read, and the queue did not
/// answer.
async fn pending(world: &World, event: Held, steps: Vec<Step>) -> Script {
    let faults = world.sandbox.cloud().faults();
    let reads = Matching::operation(Service::DynamoDb, "BatchGetItem");
    faults.plan(reads.by("stripe-webhook"), Fault::RefuseBefore);
    let messages = Matching::service(Service::Sqs).by("stripe-webhook");
    faults.plan(messages, Fault::RefuseBefore);
    assert_eq!(world.bring(&event).await, 200);
    faults.clear();
    Script {
        held: vec![event],
        steps,
        ..Script::default()
    }
}

async fn beside_a_worker(world: &World, other: Step) -> Script {
    let mut script = change_pending(world, vec![Step::Settle]).await;
    script.lanes = Some([vec![Step::Work(0)], vec![other]]);
    script
}

/// A new member's first mail is owed.
async fn mail(world: &World, steps: Vec<Step>, lanes: Option<[Vec<Step>; 2]>) -> Script {
    let (_, held) = paid(world, "prospector").await;
    bring(world, &held).await;
    Script {
        steps,
        lanes,
        ..Script::default()
    }
}
