//! Two invocations in flight, each of whose calls waits for its turn.

use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use aws_smithy_async::rt::sleep::AsyncSleep;
use futures::FutureExt;
use futures::future::poll_fn;
use local::cloud::{Fault, Gate, Matching};

use super::schedule::LEAP_S;
use super::waits::Waits;
use super::{Order, Strike};
use crate::World;

tokio::task_local! {
    static LANE: usize;
}

/// Runs both to their end, with their calls in `order`.
pub(super) async fn in_order(
    world: &World,
    waits: &Waits,
    order: &Order,
    lanes: (impl Future<Output = ()>, impl Future<Output = ()>),
) {
    let gates = [0, 1].map(|lane| {
        let gate = Gate::closed();
        let of_lane = Matching::any().and(move |call| {
            Strike::is_for(call) && LANE.try_with(|ours| *ours == lane).unwrap_or(false)
        });
        let faults = world.sandbox.cloud().faults();
        faults.plan(of_lane, Fault::HoldBefore(gate.clone()));
        gate
    });
    let mut first = pin!(LANE.scope(0, lanes.0));
    let mut second = pin!(LANE.scope(1, lanes.1));
    let (mut done, mut turn, mut idle) = ([false; 2], 0, None);
    // To begin takes a turn too: what an invocation reads of the clock before its first call it reads then.
    let mut began = [false; 2];
    poll_fn(|context| {
        loop {
            if began[0] && !done[0] {
                done[0] = first.as_mut().poll(context).is_ready();
            }
            if began[1] && !done[1] {
                done[1] = second.as_mut().poll(context).is_ready();
            }
            if done == [true; 2] {
                return Poll::Ready(());
            }
            // Until nothing else can go on without somebody's turn. Whoever sleeps then, or waits for what the other holds,
            // misses the turn.
            let rest = idle.get_or_insert_with(|| waits.sleep(Duration::ZERO));
            if rest.poll_unpin(context).is_pending() {
                return Poll::Pending;
            }
            idle = None;
            let at_gate = [0, 1].map(|lane| !began[lane] || gates[lane].waiting() > 0);
            if at_gate == [false; 2] {
                return Poll::Pending;
            }
            if order.leap_after == Some(turn) {
                let later = world.now().plus_s(LEAP_S);
                world.sandbox.time().clock().advance_to(later);
            }
            let wanted = order.turns.get(turn).or(order.turns.last());
            let wanted = usize::from(wanted.copied().unwrap_or(false));
            let next = if at_gate[wanted] { wanted } else { 1 - wanted };
            if began[next] {
                gates[next].let_one_through();
            }
            began[next] = true;
            turn += 1;
        }
    })
    .await;
}
