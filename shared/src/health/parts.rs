//! Fact: each part of the system in words.

use super::{Endpoint, Measured, Part, State, WAITED_S_MAX, Waiting};
use crate::alert::kind;

/// Seconds that an event may take from Stripe to here before it counts as late.
const LAG_S_MAX: i64 = 5 * 60;

/// Seconds after which waiting work means that nothing gets through.
const STUCK_S_MAX: i64 = 60 * 60;

/// Seconds of a sync under way after which it is slow.
const SYNC_S_MAX: i64 = 4 * 60 * 60;

/// Kinds of alert about events that nobody applies any more.
const LOST_EVENTS: [&str; 3] = [
    kind::DEAD_EVENT,
    kind::QUARANTINED_EVENT,
    kind::UNPARSABLE_EVENT,
];

struct Found(State, String, Option<&'static str>);

fn ok(reason: impl Into<String>) -> Found {
    Found(State::Ok, reason.into(), None)
}

fn degraded(reason: impl Into<String>, to_do: &'static str) -> Found {
    Found(State::Degraded, reason.into(), Some(to_do))
}

fn failing(reason: impl Into<String>, to_do: &'static str) -> Found {
    Found(State::Failing, reason.into(), Some(to_do))
}

impl Measured {
    pub(super) fn parts(&self) -> Vec<Part> {
        let found = [
            ("webhooks", self.webhooks()),
            ("endpoint", self.endpoint()),
            ("stripe", self.stripe()),
            ("events", self.events()),
            ("dead events", self.dead_events()),
            ("dead letters", self.dead_letters()),
            ("nightly sync", self.sync()),
            ("mails", self.mails()),
            ("alerts", self.alerts()),
        ];
        let parts = found.map(|(name, Found(state, reason, to_do))| Part {
            name: name.to_owned(),
            state,
            reason,
            to_do: to_do.map(str::to_owned),
        });
        parts.into()
    }

    fn webhooks(&self) -> Found {
        let Some(last_at) = self.tally.last_webhook_at else {
            return ok("none has come yet");
        };
        if self.is_silent() {
            return failing(
                format!("none since {last_at}, though Stripe made events"),
                "Look at the endpoint's failed deliveries at Stripe, then at the errors of stripe-webhook.",
            );
        }
        match (self.undelivered, self.lag_s) {
            (Some(undelivered), _) if undelivered > 0 => degraded(
                format!(
                    "{undelivered} of the last hour were not taken; the last came at {last_at}"
                ),
                "Stripe sends them again for three days. Look at the errors of stripe-webhook and of the API.",
            ),
            (_, Some(lag_s)) if lag_s > LAG_S_MAX => degraded(
                format!("the latest came up to {lag_s} s after they were made"),
                "Nothing, if deliveries failed a while ago and come again; else look at Stripe's status page.",
            ),
            (_, Some(lag_s)) => ok(format!(
                "the last came at {last_at}, at most {lag_s} s late"
            )),
            (_, None) => ok(format!("the last came at {last_at}")),
        }
    }

    fn endpoint(&self) -> Found {
        const MEND: &str = "Set it right in Stripe's dashboard, as docs/deploying.md says.";
        match &self.endpoint {
            Endpoint::Unknown => degraded(
                "not known: Stripe did not say",
                "Nothing, if Stripe is down; else give the key the right to read webhook endpoints.",
            ),
            Endpoint::Missing => failing("there is none at our address", MEND),
            Endpoint::Seen(wrongs) if wrongs.is_empty() => {
                ok("enabled, with our events and our version")
            }
            Endpoint::Seen(wrongs) => failing(wrongs.join("; "), MEND),
        }
    }

    fn stripe(&self) -> Found {
        if self.endpoint == Endpoint::Unknown || self.undelivered.is_none() {
            return degraded(
                "it did not answer",
                "Look at Stripe's status page. What needs an answer waits, and is done once there is one.",
            );
        }
        ok("it answers")
    }

    fn waiting(&self, work: &Waiting, to_do: &'static str) -> Found {
        let Some(oldest_at) = work.oldest_at.filter(|_| work.count > 0) else {
            return ok("none waits");
        };
        let waited_s = self.at.since_s(oldest_at).max(0);
        let reason = format!("waiting: {}, the oldest for {waited_s} s", work.count);
        if waited_s > STUCK_S_MAX {
            failing(reason, to_do)
        } else if waited_s > WAITED_S_MAX {
            degraded(reason, to_do)
        } else {
            ok(reason)
        }
    }

    fn events(&self) -> Found {
        let to_do =
            "Look at the errors of retry-event: Stripe or a table does not answer, or refuses.";
        self.waiting(&self.events, to_do)
    }

    fn open(&self, kinds: &[&str]) -> u64 {
        let of = self.open.iter();
        let of = of.filter(|(kind, _)| kinds.contains(&kind.as_str()));
        of.map(|(_, count)| count).sum()
    }

    fn dead_events(&self) -> Found {
        match self.open(&LOST_EVENTS) {
            0 => ok("none"),
            lost => degraded(
                format!("not tried any more: {lost}"),
                "Mend what each alert names, then replay the events.",
            ),
        }
    }

    fn dead_letters(&self) -> Found {
        match self.dead_letters {
            None => degraded("not known: SQS did not say", "Nothing, unless it stays so."),
            Some(0) => ok("none"),
            Some(letters) => degraded(
                format!("waiting for a person: {letters}"),
                "Once what killed them is mended, redrive them. They are deleted after 14 days.",
            ),
        }
    }

    fn sync(&self) -> Found {
        let last = self
            .syncs
            .finished_at
            .map_or("none was done yet".to_owned(), |at| {
                format!("the last was done at {at}")
            });
        if self.is_sync_missing() {
            return failing(
                format!("overdue: {last}"),
                "Look at the errors of daily-billing-sync and at its dead letters.",
            );
        }
        let running_s = (self.syncs.running_since).map(|since| self.at.since_s(since));
        match (running_s, self.syncs.found) {
            (Some(running_s), _) if running_s > SYNC_S_MAX => degraded(
                format!("one has been under way for {running_s} s; {last}"),
                "Look at the run in sync_health: it says where it stands and why it stopped last.",
            ),
            (_, found) if found > 0 => degraded(
                format!("{last}; missed events and differences it found: {found}"),
                "See what differed in its run. What could be repaired was.",
            ),
            _ => ok(last),
        }
    }

    fn mails(&self) -> Found {
        let dead = self.open(&[kind::DEAD_MAIL]);
        let returned = self.open(&[kind::RETURNED_MAIL]);
        if dead + returned > 0 {
            return degraded(
                format!("given up: {dead}; people to whom they come back: {returned}"),
                "Tell those customers yourself, then acknowledge the alerts.",
            );
        }
        // A mail that is late is a nuisance; what customers pay for is right all the same.
        let to_do = "Look at the errors of send-mail and at the account's standing with SES.";
        let Found(state, reason, to_do) = self.waiting(&self.mails, to_do);
        Found(state.min(State::Degraded), reason, to_do)
    }

    fn alerts(&self) -> Found {
        let open: u64 = self.open.iter().map(|(_, count)| count).sum();
        match open {
            0 => ok("none is open"),
            open => degraded(format!("open: {open}"), "Do what each of them says."),
        }
    }
}
