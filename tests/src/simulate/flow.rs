//! The flows: from where each begins, what is done in it, and what comes of it when nothing goes wrong.

mod build;

use std::sync::Arc;

use local::cloud::Service;
use local::sandbox::Sandbox;
use local::stage::{Replace, Stage};

use super::acts::Act;
use super::picture::Picture;
use super::play;
use super::waits::Waits;
use super::{Bug, Schedule};
use crate::World;
use crate::history::Held;

macro_rules! flows {
    ($($(#[$doc:meta])* $flow:ident $name:literal;)*) => {
        /// What is run.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Flow {
            $($(#[$doc])* $flow,)*
        }

        impl Flow {
            /// All there are.
            pub const ALL: &[Self] = &[$(Self::$flow),*];

            /// Its name.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$flow => $name,)*
                }
            }
        }
    };
}

flows! {
    /// The last webhooks of a checkout that was paid.
    SignUp "sign_up";
    /// All of them.
    Burst "burst";
    /// A founding member's checkout completes: the worker sets the schedule up at Stripe.
    Founding "founding";
    /// A period is over, and the next is paid.
    Renewal "renewal";
    /// A period is over, and the card declines.
    Decline "decline";
    /// A card that works pays what is open.
    Recovery "recovery";
    /// Another plan.
    PlanChange "plan_change";
    /// A part of a payment is given back.
    Refund "refund";
    /// A payment is disputed, and the dispute lost.
    Dispute "dispute";
    /// The subscription ends at once.
    Cancel "cancel";
    /// The customer is deleted.
    Delete "delete";
    /// Two changes, the later told first.
    Older "older";
    /// Changes within one second, told in disorder: Stripe is asked.
    Disorder "disorder";
    /// The same webhook three times.
    Duplicates "duplicates";
    /// Somebody signs up.
    Checkout "checkout";
    /// An event that was kept, and its message.
    Retry "retry";
    /// An event that was kept, and no message.
    Sweep "sweep";
    /// A mail that is owed.
    Mail "mail";
    /// The nightly sync after webhooks that never came.
    Sync "sync";
    /// An event that is tried anew.
    Replay "replay";
    /// The same webhook twice at once.
    TwoDeliveries "two_deliveries";
    /// Two changes of one subscription told at once.
    TwoChanges "two_changes";
    /// Two workers with the same event.
    TwoWorkers "two_workers";
    /// Two workers with the same event, of whom the first has it for the last time and gives it up where it fails.
    LastReceive "last_receive";
    /// A worker with an event that is delivered once more.
    WorkerAndDelivery "worker_and_delivery";
    /// A worker while the sweep looks.
    WorkerAndSweep "worker_and_sweep";
    /// Two outboxes.
    TwoOutboxes "two_outboxes";
    /// Two checkouts by one person.
    TwoCheckouts "two_checkouts";
    /// An administrator gives a part of a payment back.
    AdminRefund "admin_refund";
    /// An administrator moves a subscription to a dearer plan, now.
    AdminUpgrade "admin_upgrade";
    /// An administrator moves a subscription to a cheaper plan, with the period.
    AdminDowngrade "admin_downgrade";
    /// An administrator ends a subscription now, and gives back what is not used up.
    AdminEnd "admin_end";
    /// An administrator puts an amount to a customer's balance.
    AdminCredit "admin_credit";
    /// An administrator puts the next payment off.
    AdminExtend "admin_extend";
    /// An administrator stops the collecting.
    AdminPause "admin_pause";
    /// An administrator has a failed payment tried again.
    AdminCollect "admin_collect";
    /// A second person approves a refund.
    Approval "approval";
    /// One refund is sent twice at once.
    TwoClicks "two_clicks";
    /// Two administrators give back more than there is.
    TwoRefunds "two_refunds";
    /// Two people approve the same refund.
    TwoApprovals "two_approvals";
}

/// One thing that is done in a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The webhook held under this number is delivered.
    Deliver(usize),
    /// Its event's message is put into the retry queue.
    Message(usize),
    /// A worker is handed its event's message.
    Work(usize),
    /// The same, for the last time: what fails now is given up.
    WorkLast(usize),
    /// Everything due is run.
    Settle,
    /// The form of the checkout is sent.
    Checkout,
    /// A function is run by its schedule.
    Run(&'static str),
    /// Its event is replayed.
    Replay(usize),
    /// An administrator sends this request.
    Act(usize),
}

/// What is done in a flow, and on what.
#[derive(Debug, Default)]
pub(super) struct Script {
    pub(super) held: Vec<Held>,
    pub(super) acts: Vec<Act>,
    pub(super) steps: Vec<Step>,
    /// What two invocations do at once, before the steps.
    pub(super) lanes: Option<[Vec<Step>; 2]>,
}

/// A flow that is ready to be run any number of times.
pub struct Prepared {
    flow: Flow,
    stage: Stage,
    pub(super) script: Script,
    /// What is on record when nothing went wrong: at once, once time has passed with the watch and without it, and after the
    /// next night.
    pub(super) at_once: Picture,
    pub(super) healed: Picture,
    pub(super) healed_unwatched: Picture,
    pub(super) next_night: Picture,
    calls: Vec<(Service, String)>,
}

impl Flow {
    /// The flow of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|flow| flow.name() == name)
    }

    /// Whether mails are sent while calls go wrong: then one may come twice.
    pub(super) fn sends_mail(self) -> bool {
        matches!(self, Self::Mail | Self::TwoOutboxes)
    }

    /// Whether what goes wrong waits for the function's next run, and not only for the next try.
    pub(super) fn runs_again(self) -> bool {
        matches!(self, Self::Mail | Self::TwoOutboxes | Self::Sync)
    }
}

impl Prepared {
    /// Brings `flow` to where it begins, and runs it once with nothing going wrong.
    ///
    /// # Errors
    /// Where something is wrong even so.
    pub fn new(flow: Flow, base: &Stage) -> Result<Self, String> {
        let waits = Waits::default();
        let world = world(base, 1, &waits, None)?;
        let (script, stage) = waits
            .run(async {
                let script = build::build(flow, &world).await;
                (script, Stage::of(&world.sandbox))
            })
            .ok_or("it waits for something that never comes")?;
        let mut prepared = Self {
            flow,
            stage: stage?,
            script,
            at_once: Picture::default(),
            healed: Picture::default(),
            healed_unwatched: Picture::default(),
            next_night: Picture::default(),
            calls: Vec::new(),
        };
        let violations = prepared.learn()?;
        match violations.first() {
            None => Ok(prepared),
            Some(wrong) => Err(format!("{} goes wrong by itself: {wrong}", flow.name())),
        }
    }

    fn learn(&mut self) -> Result<Vec<String>, String> {
        let schedule = Schedule::of(self.flow);
        self.healed_unwatched = play::play_through(self, &schedule, false)?.healed;
        let learnt = play::play_through(self, &schedule, true)?;
        self.at_once = learnt.at_once;
        self.healed = learnt.healed;
        self.next_night = learnt.next_night;
        self.calls = learnt.calls;
        Ok(learnt.violations)
    }

    /// Which flow it is.
    pub fn flow(&self) -> Flow {
        self.flow
    }

    /// The calls its functions make when nothing goes wrong.
    pub fn calls(&self) -> &[(Service, String)] {
        &self.calls
    }

    /// Whether it is about two invocations in flight.
    pub fn has_lanes(&self) -> bool {
        self.script.lanes.is_some()
    }

    /// A world at its beginning.
    pub(super) fn begin(
        &self,
        seed: u64,
        waits: &Waits,
        bug: Option<Bug>,
    ) -> Result<World, String> {
        world(&self.stage, seed, waits, bug)
    }
}

/// A world that begins at `stage`, with a bug where one is given.
fn world(stage: &Stage, seed: u64, waits: &Waits, bug: Option<Bug>) -> Result<World, String> {
    let waits = waits.clone();
    let replace: Replace = Arc::new(move |_, mut platform| {
        platform.sleep = aws_smithy_async::rt::sleep::SharedAsyncSleep::new(waits.clone());
        match bug {
            Some(bug) => bug.on(platform),
            None => platform,
        }
    });
    let sandbox: Sandbox = match bug {
        None => stage.begin(seed, &replace)?,
        Some(bug) => {
            let mut stage = stage.clone();
            bug.deploy(stage.deployment_mut());
            stage.begin(seed, &replace)?
        }
    };
    Ok(World::of(sandbox))
}
