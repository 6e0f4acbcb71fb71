//! `ops backfill`: what Stripe has told and is not on record, or is dead, is taken in.

use std::future::Future;

use clap::Args;
use serde_json::{Value, json};
use shared::time::Timestamp;

use crate::installation::Installation;
use crate::journey::Choice;
use crate::order::{Manner, Order, option, time};
use crate::problem::Problem;
use crate::screen::Screen;

/// Goes through all that Stripe has told since then, newest first, and takes in what is not on record or is dead. First it
/// tells what that changes; with --execute it then asks, and does it.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// What Stripe told from this time on: 30 days ago at most
    #[arg(long, value_name = "TIME", value_parser = time)]
    from: Timestamp,
    /// Only of this type, such as invoice.paid; may be given several times
    #[arg(long = "type", value_name = "TYPE")]
    kinds: Vec<String>,
    /// Go on after this event, where a backfill was interrupted
    #[arg(long, value_name = "EVT")]
    starting_after: Option<String>,
    #[command(flatten)]
    manner: Manner,
    /// Print what the function answers, an answer a line
    #[arg(long)]
    json: bool,
}

impl Arguments {
    fn choice(&self) -> Choice {
        let mut filter = json!({ "from": self.from });
        if !self.kinds.is_empty() {
            filter["types"] = json!(self.kinds);
        }
        if let Some(event) = &self.starting_after {
            filter["starting_after"] = Value::from(event.as_str());
        }
        Choice::Found("backfill", filter)
    }

    /// The command that goes on after `cursor`.
    fn going_on(&self, cursor: Option<&str>) -> String {
        let mut command = format!("./dev ops backfill{}", option("from", self.from));
        for kind in &self.kinds {
            command.push_str(&option("type", kind));
        }
        if let Some(cursor) = cursor {
            command.push_str(&option("starting-after", cursor));
        }
        if self.manner.execute {
            command.push_str(" --execute");
        }
        format!("What is on record by now stays as it is. Go on with\n  {command}")
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
        ask: "Take in",
        nothing: "There is nothing to take in.",
        done: "taken in",
    };
    // From the beginning again; what came in meanwhile is on record and is left alone.
    let meant = |_| arguments.choice();
    let done = order.carry_out(installation, screen, interrupted, meant);
    let (journey, done) = done.await;
    let has_begun = journey.cursor != arguments.starting_after;
    // Where it was only told what is to be done after, going on from here would leave out what was not done.
    let is_in_earnest = journey.execute == arguments.manner.execute;
    done.map_err(|problem| match has_begun && is_in_earnest {
        true => problem.under_way(arguments.going_on(journey.cursor.as_deref())),
        false => problem,
    })
}
