//! Eleven bugs, each of which takes one defence away, to show that the harness misses it.
//!
//! They are seeded from outside: between a function and its services, in what is deployed, and in how it is answered for. So
//! there is no switch in the functions, and nothing of it in what is deployed.

mod wire;

use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use local::template::Deployment;
use shared::lambda::Platform;

use wire::Wire;

macro_rules! bugs {
    ($($(#[$doc:meta])* $bug:ident $name:literal $killer:literal;)*) => {
        /// A defence that is missing.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Bug {
            $($(#[$doc])* $bug,)*
        }

        impl Bug {
            /// All eleven.
            pub const ALL: &[Self] = &[$(Self::$bug),*];

            /// Its name.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$bug => $name,)*
                }
            }

            /// A schedule that misses it.
            pub fn killer(self) -> &'static str {
                match self {
                    $(Self::$bug => $killer,)*
                }
            }
        }
    };
}

bugs! {
    /// Stripe is answered 200 whether or not the event is kept.
    AcknowledgedBeforeKept "acknowledged_before_kept" "delete/2:die/4:die";
    /// Settling and giving back do not ask whether the lease is still the newest.
    NoFencing "no_fencing" "last_receive/order:aab/leap:1";
    /// A record is written whatever its version is by then.
    NoVersionCheck "no_version_check" "two_changes/order:aaabbab";
    /// Nobody looks for pending events that nobody holds.
    NoSweep "no_sweep" "sweep";
    /// Mails are sent once, by whoever caused them, and not by a schedule.
    MailSentInline "mail_sent_inline" "sign_up/outage:ses:refuse:120";
    /// The queue is not told which messages of a batch failed.
    SwallowedFailure "swallowed_failure" "refund/outage:stripe:error_before:120";
    /// One's own write, met again after its answer was lost, looks like somebody else's.
    OwnWriteDuplicate "own_write_duplicate" "retry/1:lose_answer";
    /// Nobody looks for events that never came.
    NoBackfill "no_backfill" "sync";
    /// What is on record looks older than any event.
    OlderWins "older_wins" "older";
    /// A transaction that met another is not tried again.
    ConflictNotRetried "conflict_not_retried" "plan_change/1:conflict";
    /// Each call of Stripe bears a key of its own, also one that is made again.
    AnotherKey "another_key" "admin_credit/11:lose_answer";
}

impl Bug {
    /// The bug of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|bug| bug.name() == name)
    }

    /// Puts it into what is deployed.
    pub(super) fn deploy(self, deployment: &mut Deployment) {
        let unscheduled = match self {
            Self::NoSweep => "sweep",
            Self::MailSentInline => "send-mail",
            Self::NoBackfill => "daily-billing-sync",
            _ => "",
        };
        deployment
            .schedules
            .retain(|schedule| schedule.function != unscheduled);
        if self == Self::SwallowedFailure {
            let triggers = deployment.functions.values_mut();
            for trigger in triggers.flat_map(|function| &mut function.queues) {
                trigger.reports_failures = false;
            }
        }
    }

    /// Puts it between a function and its services.
    pub(super) fn on(self, platform: Platform) -> Platform {
        Platform {
            http: SharedHttpConnector::new(Wire::new(self, platform.http.clone())),
            ..platform
        }
    }
}
