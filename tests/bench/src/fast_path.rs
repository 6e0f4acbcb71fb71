//! What one event costs where the webhook settles it by itself: calls of each service, and DynamoDB's units.

use std::collections::BTreeMap;
use std::path::Path;

use crate::bed::{Bed, stripe};
use crate::events::{Customers, Sent};
use crate::figures::Figure;
use crate::in_process::{Cost, InProcess, start};

/// Customers that subscribe, and whose subscription then renews.
const CUSTOMERS: usize = 50;

/// Delivers new subscriptions, then their renewals, each event by itself and in its order.
pub(crate) async fn measure(project: &Path) -> Result<Vec<Figure>, String> {
    let clock = start();
    let (stripe, secret) = stripe(&clock)?;
    let customers = Customers::none(stripe, clock.clone())?;
    let bed = Bed::new(project, clock, &secret)?;
    let function = InProcess::start(&bed, &secret).await?;
    let mut tally = Tally::default();
    for _ in 0..CUSTOMERS {
        for sent in customers.subscribe()? {
            tally.deliver(&function, "subscribed", &sent).await?;
        }
    }
    for sent in customers.renew() {
        tally.deliver(&function, "renewed", &sent).await?;
    }
    eprint!("{}", tally.by_kind());
    Ok(tally.figures())
}

#[derive(Default)]
struct Tally {
    events: u64,
    total: Cost,
    kinds: BTreeMap<(&'static str, String, String), (u64, Cost)>,
}

impl Tally {
    async fn deliver(
        &mut self,
        function: &InProcess<'_>,
        cause: &'static str,
        sent: &Sent,
    ) -> Result<(), String> {
        let outcome = function.deliver(sent).await?;
        let cost = function.cost();
        self.events += 1;
        self.total.add(cost);
        let (count, of_kind) = self
            .kinds
            .entry((cause, sent.kind.clone(), outcome))
            .or_default();
        *count += 1;
        of_kind.add(cost);
        Ok(())
    }

    /// One line a type of event, for whoever looks closer.
    fn by_kind(&self) -> String {
        let lines = self.kinds.iter().map(|((cause, kind, outcome), (count, cost))| {
            let each = |whole: u64| whole / count;
            format!(
                "    {cause:10} {kind:32} {outcome:8} x{count:<4} {} calls, {} read and {} write units/1000\n",
                each(cost.dynamodb_calls),
                each(cost.read_milliunits),
                each(cost.write_milliunits),
            )
        });
        lines.collect()
    }

    fn figures(&self) -> Vec<Figure> {
        let Cost {
            dynamodb_calls,
            sqs_calls,
            stripe_calls,
            read_milliunits,
            write_milliunits,
        } = self.total;
        let mean = |name: &str, whole, unit| {
            Figure::mean(
                format!("webhook.fast_path.{name}"),
                whole,
                self.events,
                unit,
            )
        };
        let units = |name: &str, milliunits| {
            Figure::mean(
                format!("webhook.fast_path.{name}"),
                milliunits,
                self.events * 1000,
                "units/event",
            )
        };
        vec![
            mean("dynamodb_calls", dynamodb_calls, "calls/event"),
            mean("stripe_calls", stripe_calls, "calls/event"),
            mean("sqs_calls", sqs_calls, "calls/event"),
            units("write_units", write_milliunits),
            units("read_units", read_milliunits),
        ]
    }
}

impl Cost {
    fn add(&mut self, other: Self) {
        self.dynamodb_calls += other.dynamodb_calls;
        self.sqs_calls += other.sqs_calls;
        self.stripe_calls += other.stripe_calls;
        self.read_milliunits += other.read_milliunits;
        self.write_milliunits += other.write_milliunits;
    }
}
