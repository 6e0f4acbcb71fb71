//! A schedule: what is run and what goes wrong, in one line of text that is read back as the same schedule.

use std::fmt;
use std::str::FromStr;

use local::cloud::{Call, Fault, Service};

use super::Flow;

/// What is run, and what goes wrong in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// What is run.
    pub flow: Flow,
    /// The calls that go wrong.
    pub strikes: Vec<Strike>,
    /// A service that is away for a while.
    pub outage: Option<Outage>,
    /// In which order two invocations in flight make their calls.
    pub order: Option<Order>,
    /// Seconds by which the functions' clock is wrong while the flow runs.
    pub skew_s: i64,
    /// What everything random is drawn from.
    pub seed: u64,
}

/// One call that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strike {
    /// Which of the functions' calls that this can happen to, from 1.
    pub call: u64,
    /// What happens to it.
    pub way: Way,
}

/// A service of which every call goes wrong for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outage {
    /// The service.
    pub service: Service,
    /// What happens to its calls.
    pub way: Way,
    /// For how many seconds from the beginning of the flow.
    pub for_s: i64,
}

impl Outage {
    /// Whether the webhook does without what is away, so that nothing waits for Stripe to deliver again.
    pub(super) fn spares_the_webhook(&self) -> bool {
        matches!(self.service, Service::Stripe | Service::Ses | Service::Sqs)
    }
}

/// The order in which two invocations in flight make their calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Order {
    /// Whose call is next: the first invocation's (`false`) or the second's. When it is used up, whoever had the last turn
    /// goes on.
    pub turns: Vec<bool>,
    /// After so many turns the clock leaps past every lease.
    pub leap_after: Option<usize>,
}

/// Seconds of the leap: longer than an invocation may last, with the skew that a lease is honoured for.
pub(super) const LEAP_S: i64 = 1_000;

macro_rules! ways {
    ($($(#[$doc:meta])* $way:ident $word:literal $fault:expr;)*) => {
        /// What happens to a call.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Way {
            $($(#[$doc])* $way,)*
        }

        impl Way {
            /// All there are.
            pub const ALL: &[Self] = &[$(Self::$way),*];

            fn word(self) -> &'static str {
                match self {
                    $(Self::$way => $word,)*
                }
            }

            /// It as the connector plans it.
            pub(super) fn fault(self) -> Fault {
                match self {
                    $(Self::$way => $fault,)*
                }
            }
        }
    };
}

ways! {
    /// The connection fails before anything is sent.
    Refuse "refuse" Fault::RefuseBefore;
    /// It takes effect, and its answer is lost.
    LoseAnswer "lose_answer" Fault::LoseAnswer;
    /// It takes effect, and the answer does not come in time.
    Timeout "timeout" Fault::TimeoutAfter;
    /// A 500, and nothing happened.
    ErrorBefore "error_before" Fault::Status500Before;
    /// A 500, and it happened.
    ErrorAfter "error_after" Fault::Status500After;
    /// Refused for load.
    Throttle "throttle" Fault::Throttle;
    /// Another transaction holds the item.
    Conflict "conflict" Fault::TransactionConflict(0);
    /// Stripe fails before the effect, and keeps the 500 under the key.
    KeptBefore "kept_before" Fault::Kept500Before;
    /// Stripe fails after the effect, and keeps the 500 under the key.
    KeptAfter "kept_after" Fault::Kept500After;
    /// The function is killed.
    Die "die" Fault::Die;
}

impl Way {
    /// Whether it can happen to a call of this service and operation.
    pub(super) fn suits(self, service: Service, operation: &str) -> bool {
        match self {
            Self::Conflict => {
                service == Service::DynamoDb
                    && matches!(
                        operation,
                        "TransactWriteItems" | "PutItem" | "UpdateItem" | "DeleteItem"
                    )
            }
            Self::KeptBefore | Self::KeptAfter => service == Service::Stripe,
            _ => true,
        }
    }

    /// Whether one of it passes within the call: the SDK, the transaction or the transport tries again.
    fn passes_within_the_call(self) -> bool {
        !matches!(self, Self::KeptBefore | Self::KeptAfter | Self::Die)
    }
}

impl Strike {
    /// Whether it may strike `call`: one of a function's, not of the test's.
    pub(super) fn is_for(call: &Call) -> bool {
        !matches!(&*call.caller, "" | "test")
    }
}

impl Schedule {
    /// A run of `flow` in which nothing goes wrong.
    pub fn of(flow: Flow) -> Self {
        Self {
            flow,
            strikes: Vec::new(),
            outage: None,
            order: None,
            skew_s: 0,
            seed: 0,
        }
    }

    /// Whether all that goes wrong is to be healed within the call, so that nobody can tell afterwards.
    pub(super) fn heals_within_the_call(&self) -> bool {
        self.outage.is_none()
            && self.order.is_none()
            && self.skew_s == 0
            && self.strikes.len() <= 1
            && self
                .strikes
                .iter()
                .all(|it| it.way.passes_within_the_call())
    }

    /// Whether the watch runs afterwards. It costs more than all the rest, and where nothing was away it has nothing to tell
    /// that was not told with its cause.
    pub(super) fn is_watched(&self) -> bool {
        self.outage.is_some() || matches!(self.flow, Flow::Sync | Flow::LastReceive)
    }

    /// Whether a queue or a worker went wrong in a way after which only the sweep brings a pending event up.
    pub(super) fn may_need_the_sweep(&self) -> bool {
        let stripe_only = |outage: &Outage| outage.service == Service::Stripe;
        // Whoever is handed an event by the test has no message to put back.
        self.flow == Flow::LastReceive
            || !(self.outage.as_ref().is_some_and(stripe_only)
                && self.strikes.is_empty()
                && self.order.is_none())
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.flow.name())?;
        for Strike { call, way } in &self.strikes {
            write!(out, "/{call}:{}", way.word())?;
        }
        if let Some(Outage {
            service,
            way,
            for_s,
        }) = self.outage
        {
            write!(out, "/outage:{}:{}:{for_s}", word_of(service), way.word())?;
        }
        if let Some(order) = &self.order {
            let turns = order.turns.iter();
            let turns: String = turns.map(|turn| if *turn { 'b' } else { 'a' }).collect();
            write!(out, "/order:{turns}")?;
            if let Some(after) = order.leap_after {
                write!(out, "/leap:{after}")?;
            }
        }
        if self.skew_s != 0 {
            write!(out, "/skew:{}", self.skew_s)?;
        }
        if self.seed != 0 {
            write!(out, "/seed:{}", self.seed)?;
        }
        Ok(())
    }
}

const SERVICES: [(Service, &str); 4] = [
    (Service::DynamoDb, "dynamodb"),
    (Service::Sqs, "sqs"),
    (Service::Stripe, "stripe"),
    (Service::Ses, "ses"),
];

fn word_of(service: Service) -> &'static str {
    let known = SERVICES.iter().find(|(of, _)| *of == service);
    known.map_or("other", |(_, word)| word)
}

fn way_of(word: &str) -> Option<Way> {
    Way::ALL.iter().copied().find(|way| way.word() == word)
}

impl FromStr for Schedule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.split('/');
        let name = parts.next().unwrap_or_default();
        let flow = Flow::named(name).ok_or_else(|| format!("there is no flow {name}"))?;
        let mut schedule = Self::of(flow);
        for part in parts {
            let read = schedule.take(part);
            read.ok_or_else(|| format!("not a part of a schedule: {part}"))?;
        }
        Ok(schedule)
    }
}

impl Schedule {
    fn take(&mut self, part: &str) -> Option<()> {
        let mut words = part.split(':');
        let (first, second) = (words.next()?, words.next()?);
        match first {
            "outage" => {
                let (service, _) = *SERVICES.iter().find(|(_, word)| *word == second)?;
                self.outage = Some(Outage {
                    service,
                    way: way_of(words.next()?)?,
                    for_s: words.next()?.parse().ok()?,
                });
            }
            "order" => {
                let turns = second.chars().map(|turn| match turn {
                    'a' => Some(false),
                    'b' => Some(true),
                    _ => None,
                });
                self.order = Some(Order {
                    turns: turns.collect::<Option<_>>()?,
                    leap_after: None,
                });
            }
            "leap" => self.order.as_mut()?.leap_after = Some(second.parse().ok()?),
            "skew" => self.skew_s = second.parse().ok()?,
            "seed" => self.seed = second.parse().ok()?,
            call => self.strikes.push(Strike {
                call: call.parse().ok().filter(|call| *call > 0)?,
                way: way_of(second)?,
            }),
        }
        words.next().is_none().then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_is_read_back_from_its_line() {
        for line in [
            "renewal",
            "renewal/2:throttle/5:die/seed:7",
            "founding/outage:stripe:refuse:3600/skew:-300",
            "two_workers/order:aabab/leap:2",
        ] {
            let schedule: Schedule = line.parse().unwrap();
            assert_eq!(schedule.to_string(), line);
        }
        for wrong in [
            "",
            "nothing",
            "renewal/0:die",
            "renewal/1:explode",
            "renewal/leap:2",
            "renewal/1:die:2",
        ] {
            assert!(wrong.parse::<Schedule>().is_err(), "{wrong}");
        }
    }
}
