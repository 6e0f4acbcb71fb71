//! `ops replay`: events on record are tried anew, named one by one or by a filter.

use std::future::Future;

use clap::{ArgGroup, Args};
use serde_json::{Value, json};
use shared::time::Timestamp;

use crate::installation::Installation;
use crate::journey::Choice;
use crate::order::{Manner, Order, time};
use crate::problem::Problem;
use crate::screen::Screen;
use crate::table;

/// Has events tried anew: those named, or all that match. First it tells what that changes; with --execute it then asks, and
/// does it.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("which").required(true).args(["events", "from"]))]
pub(crate) struct Arguments {
    /// The events, such as evt_1PqX
    #[arg(value_name = "EVT", conflicts_with_all = ["to", "kinds", "outcomes", "customer"])]
    events: Vec<String>,
    /// Those delivered from this time on; with --customer, those that Stripe made from then on
    #[arg(long, value_name = "TIME", value_parser = time, requires = "to")]
    from: Option<Timestamp>,
    /// And until then, 31 days later at most
    #[arg(long, value_name = "TIME", value_parser = time, requires = "from")]
    to: Option<Timestamp>,
    /// Only of this type, such as invoice.paid; may be given several times
    #[arg(long = "type", value_name = "TYPE", requires = "from")]
    kinds: Vec<String>,
    /// Only with this outcome: pending, applied, stale, ignored, quarantined or dead; by itself the last two
    #[arg(long = "outcome", value_name = "OUTCOME", requires = "from")]
    outcomes: Vec<String>,
    /// Only of this customer
    #[arg(long, value_name = "CUS", requires = "from")]
    customer: Option<String>,
    #[command(flatten)]
    manner: Manner,
    /// Print what the function answers, an answer a line
    #[arg(long)]
    json: bool,
}

impl Arguments {
    fn choice(&self) -> Choice {
        let Some(from) = self.from else {
            return Choice::Named(self.events.clone());
        };
        let mut filter = json!({ "from": from, "to": self.to });
        let lists = [("types", &self.kinds), ("outcomes", &self.outcomes)];
        for (field, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
            filter[field] = json!(list);
        }
        if let Some(customer) = &self.customer {
            filter["customer"] = Value::from(customer.as_str());
        }
        Choice::Found("matching", filter)
    }
}

pub(crate) async fn run(
    arguments: &Arguments,
    installation: &Installation,
    screen: &mut Screen,
    interrupted: impl Future<Output = ()>,
) -> Result<(), Problem> {
    let order = Order {
        choice: arguments.choice(),
        manner: &arguments.manner,
        json: arguments.json,
        ask: "Replay",
        nothing: "There is nothing to replay.",
        done: "replayed",
    };
    // Those told and no others: what the filter finds may have changed while they were looked at.
    let done = order.carry_out(installation, screen, interrupted, Choice::Named);
    let (journey, done) = done.await;
    done.map_err(|problem| {
        if journey.execute {
            let answered = table::events(journey.answered);
            problem.under_way(format!("For certain, {answered} were replayed. {AGAIN}"))
        } else {
            problem
        }
    })
}

/// How to go on with what was begun.
const AGAIN: &str = "What was under way may go on to its end. Give the same command again: what took effect does not take effect twice.";
