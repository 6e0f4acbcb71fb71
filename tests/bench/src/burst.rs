//! The eight events of a new subscription delivered at once, in every order: how many are settled before they are
//! answered, and what the others wait for.

use std::collections::BTreeMap;
use std::path::Path;

use futures::future::join_all;
use local::cloud::{Fault, Matching, Service};

use crate::bed::{Bed, stripe};
use crate::events::Customers;
use crate::figures::Figure;
use crate::in_process::{InProcess, start};

/// Bursts, each of another customer and in another order.
const BURSTS: u64 = 500;

/// The answer for an event that is kept for the retry worker.
const PENDING: &str = "pending";

/// Delivers the bursts. The order in which the events come is drawn from the seed, and so is how their calls meet.
pub(crate) async fn measure(project: &Path) -> Result<Vec<Figure>, String> {
    let clock = start();
    let (stripe, secret) = stripe(&clock)?;
    let customers = Customers::none(stripe, clock.clone())?;
    let bed = Bed::new(project, clock, &secret)?;
    let function = InProcess::start(&bed, &secret).await?;
    let (mut events, mut settled) = (0, 0);
    let mut waiting = BTreeMap::<String, u64>::new();
    for seed in 0..BURSTS {
        let mut burst = customers.subscribe()?;
        fastrand::Rng::with_seed(seed).shuffle(&mut burst);
        bed.cloud.faults().clear();
        bed.cloud
            .faults()
            .plan(Matching::service(Service::DynamoDb), Fault::GiveWay(seed));
        let answers = join_all(burst.iter().map(|sent| function.deliver(sent))).await;
        for (sent, answer) in burst.iter().zip(answers) {
            events += 1;
            if answer? == PENDING {
                *waiting.entry(sent.kind.clone()).or_default() += 1;
            } else {
                settled += 1;
            }
        }
    }
    for (kind, count) in waiting {
        eprintln!("    {kind} waits in {count} of {BURSTS} bursts");
    }
    let cost = function.cost();
    Ok(vec![
        Figure::percent("webhook.burst8.applied_before_200_pct", settled, events),
        Figure::mean(
            "webhook.burst8.dynamodb_calls_per_event",
            cost.dynamodb_calls,
            events,
            "calls/event",
        ),
    ])
}
