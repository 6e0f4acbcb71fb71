//! What all plans together do to one call.

use std::time::Duration;

use super::Fault;
use crate::cloud::call::{Call, Service};
use crate::cloud::dynamodb::DynamoDb;
use crate::cloud::gate::Gate;

/// How often a call lets others go first at a time. Two invocations of a handful of calls each meet in any order so.
const GIVE_WAY_MAX: u64 = 3;

/// What happens to one call.
#[derive(Default)]
pub(crate) struct Struck {
    /// How long it waits before anything else.
    pub(crate) delay: Duration,
    /// The gates before its effect.
    pub(crate) before: Vec<Gate>,
    /// The gates after its effect.
    pub(crate) after: Vec<Gate>,
    /// How often it lets other tasks go first, before its effect and after it.
    pub(crate) give_way: [u64; 2],
    /// How it ends, if not as it would have.
    pub(crate) end: Option<Fault>,
    /// The tables that answer it in place of the present ones.
    pub(crate) picture: Option<DynamoDb>,
}

impl Struck {
    /// Adds `fault`, and says whether it has an effect.
    pub(super) fn take(&mut self, fault: &Fault, number: u64, picture: &Option<DynamoDb>) -> bool {
        match fault {
            Fault::Delay(time) => self.delay += *time,
            Fault::GiveWay(seed) => {
                let mut numbers = fastrand::Rng::with_seed(seed.wrapping_add(number));
                self.give_way = [(); 2].map(|()| numbers.u64(0..=GIVE_WAY_MAX));
            }
            Fault::HoldBefore(gate) => self.before.push(gate.clone()),
            Fault::HoldAfter(gate) => self.after.push(gate.clone()),
            Fault::StaleIndexRead | Fault::StaleRead => {
                if self.picture.is_some() || picture.is_none() {
                    return false;
                }
                self.picture.clone_from(picture);
            }
            end if self.end.is_none() => self.end = Some(end.clone()),
            _ => return false,
        }
        true
    }
}

impl Fault {
    /// Whether it can happen to `call` at all. A plan neither counts nor strikes calls to which it cannot.
    pub(super) fn suits(&self, call: &Call) -> bool {
        match self {
            Self::StaleIndexRead => is_read(call) && call.json().get("IndexName").is_some(),
            Self::StaleRead => is_read(call) && call.json()["ConsistentRead"] != true,
            Self::TransactionConflict(action) => {
                call.service == Service::DynamoDb
                    && matches!(
                        call.operation.as_str(),
                        "TransactWriteItems"
                            | "TransactGetItems"
                            | "PutItem"
                            | "UpdateItem"
                            | "DeleteItem"
                    )
                    && *action < call.actions()
            }
            Self::Kept500Before | Self::Kept500After => call.service == Service::Stripe,
            _ => true,
        }
    }
}

fn is_read(call: &Call) -> bool {
    call.service == Service::DynamoDb
        && matches!(call.operation.as_str(), "GetItem" | "Query" | "Scan")
}
