//! One schedule, from its beginning to the verdict.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};

use local::cloud::{Made, Matching, Service};
use serde_json::json;
use shared::config::Env;
use shared::queue::Queue;

use super::acts::Sent;
use super::flow::{Flow, Prepared, Step};
use super::picture::Picture;
use super::waits::Waits;
use super::{Bug, Schedule, Strike, Way, lanes};
use crate::World;
use crate::triggers::sqs_batch;

/// What a run came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Played {
    /// Everything that is not as it should be, in words.
    pub violations: Vec<String>,
    /// How many calls went wrong.
    pub struck: u64,
    /// Where something is not as it should be, every call that was made.
    pub trail: Vec<Made>,
}

impl Played {
    /// A run of which no more is known than what was wrong.
    pub(super) fn failed(violation: String) -> Self {
        Self {
            violations: vec![violation],
            ..Self::default()
        }
    }
}

/// What is learnt from a run in which nothing goes wrong.
pub(super) struct Learnt {
    pub(super) at_once: Picture,
    pub(super) healed: Picture,
    pub(super) next_night: Picture,
    pub(super) calls: Vec<(Service, String)>,
    pub(super) violations: Vec<String>,
}

/// Within this time the sweep and the outbox make up for a failed call: the sweep looks every five minutes at what has been
/// due for one, and where its own run failed, the next one does.
const HEALED_WITHIN_S: i64 = 17 * 60;

/// Within this time after an outage of Stripe, the queue or the mail all is made up for: the first sweep brings forward what
/// was put off, and queues what was not, and the worker does it.
const HEALED_AFTER_OUTAGE_S: i64 = 6 * 60;

/// The same after an outage of what the webhook needs: Stripe delivers again within the hour.
const DELIVERED_AFTER_OUTAGE_S: i64 = 75 * 60;

/// Within this time a sync is through that was killed: its message comes back after 72 minutes, and what it takes in is
/// looked at once more a quarter of an hour later.
const SYNCED_WITHIN_S: i64 = 95 * 60;

/// A night's sync that could not even be queued, or was killed again and again, is made up for by the next one.
const SYNCED_BY_THE_NEXT_NIGHT_S: i64 = 27 * 60 * 60;

/// The function that watches over the others.
const WATCH: &str = "watch-health";

/// More receives than the retry queue allows.
const RECEIVES_MAX: u32 = 1_000;

/// Times that Stripe sends again, or a person tries again, once nothing fails any more.
const SENT_AGAIN_MAX: usize = 3;

/// Runs a schedule, with a bug where one is given.
pub fn play(prepared: &Prepared, schedule: &Schedule, bug: Option<Bug>) -> Played {
    let waits = Waits::default();
    fastrand::seed(schedule.seed);
    let run = || {
        let world = prepared.begin(schedule.seed, &waits, bug)?;
        let run = Run::new(prepared, schedule, bug, (&world, &waits));
        let played = waits.run(run.play());
        played.ok_or_else(|| "it waits for something that never comes".to_owned())
    };
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(played) => played.unwrap_or_else(Played::failed),
        Err(_) => Played::failed("it panics".to_owned()),
    }
}

/// Runs a flow in which nothing goes wrong, and learns what comes of it.
pub(super) fn play_through(
    prepared: &Prepared,
    schedule: &Schedule,
    is_watched: bool,
) -> Result<Learnt, String> {
    let waits = Waits::default();
    let world = prepared.begin(schedule.seed, &waits, None)?;
    if !is_watched {
        world.sandbox.schedules().remove(WATCH);
    }
    let run = Run::new(prepared, schedule, None, (&world, &waits));
    let learnt = waits.run(async {
        run.steps().await;
        let made = world.sandbox.cloud().calls().latest();
        let by_functions = made.into_iter().filter(|made| *made.caller != *"test");
        let calls = by_functions.map(|made| (made.service, made.operation));
        let calls = calls.collect();
        let at_once = Picture::of(&world);
        world.advance_s(DELIVERED_AFTER_OUTAGE_S).await;
        let healed = Picture::of(&world);
        let violations = run.wrongs().await;
        world
            .advance_s(SYNCED_BY_THE_NEXT_NIGHT_S - DELIVERED_AFTER_OUTAGE_S)
            .await;
        Learnt {
            at_once,
            healed,
            next_night: Picture::of(&world),
            calls,
            violations,
        }
    });
    learnt.ok_or_else(|| "it waits for something that never comes".to_owned())
}

struct Run<'a> {
    prepared: &'a Prepared,
    schedule: &'a Schedule,
    bug: Option<Bug>,
    world: &'a World,
    waits: &'a Waits,
    /// What Stripe was not answered 200 for.
    unanswered: RefCell<Vec<usize>>,
    /// Whether the person at the checkout was told to try again.
    turned_away: Cell<bool>,
    /// The administrators' requests that failed.
    failed: RefCell<Vec<usize>>,
}

impl<'a> Run<'a> {
    fn new(
        prepared: &'a Prepared,
        schedule: &'a Schedule,
        bug: Option<Bug>,
        (world, waits): (&'a World, &'a Waits),
    ) -> Self {
        Self {
            prepared,
            schedule,
            bug,
            world,
            waits,
            unanswered: RefCell::default(),
            turned_away: Cell::default(),
            failed: RefCell::default(),
        }
    }

    async fn play(self) -> Played {
        let (world, schedule) = (self.world, self.schedule);
        if !schedule.is_watched() {
            world.sandbox.schedules().remove(WATCH);
        }
        let faults = world.sandbox.cloud().faults();
        let by_functions = || Matching::any().and(Strike::is_for);
        let mut planned: Vec<_> = schedule
            .strikes
            .iter()
            .map(|strike| faults.plan(by_functions().nth(strike.call), strike.way.fault()))
            .collect();
        if let Some(outage) = &schedule.outage {
            let now = world.now();
            let of_service = Matching::service(outage.service).and(Strike::is_for);
            let away = of_service.within(now..now.plus_s(outage.for_s));
            planned.push(faults.plan(away, outage.way.fault()));
        }
        world.sandbox.time().set_skew_s(schedule.skew_s);
        self.steps().await;
        let mut violations = Vec::new();
        if schedule.heals_within_the_call()
            && !schedule.flow.runs_again()
            && !self.meets_a_single_write()
        {
            // Of two at once it is chance which is first, and what the later is found to be.
            let with_outcomes = !self.prepared.has_lanes();
            let at_once = &self.prepared.at_once;
            let differences = Picture::of(world).differences(at_once, with_outcomes);
            if !differences.is_empty() && !self.has_identifiers_drawn_anew() {
                let first = differences.into_iter().next().unwrap_or_default();
                violations.push(format!("not healed within the call: {first}"));
            }
        }
        if let Some(outage) = &schedule.outage {
            world.advance_s(outage.for_s).await;
        }
        let struck = planned.iter().map(local::cloud::Planned::struck).sum();
        faults.clear();
        world.sandbox.time().set_skew_s(0);
        self.again().await;
        if schedule.flow == Flow::LastReceive {
            violations.extend(self.replay_what_was_given_up().await);
        }
        if violations.is_empty() {
            violations = self.verdict().await;
        }
        let trail = match violations.is_empty() {
            true => Vec::new(),
            false => world.sandbox.cloud().calls().latest(),
        };
        Played {
            violations,
            struck,
            trail,
        }
    }

    /// What is still wrong once time has passed, if it has to.
    async fn verdict(&self) -> Vec<String> {
        let (world, prepared) = (self.world, self.prepared);
        // What is as it was without a fault goes on as it would have, unless a bug keeps those away who go on with it.
        if self.bug.is_none() && Picture::of(world).is_like(&prepared.at_once) {
            return Vec::new();
        }
        let strikes = self.schedule.strikes.len();
        let is_single = strikes + usize::from(self.schedule.outage.is_some()) <= 1;
        let (within_s, expected) = match (self.schedule.flow, self.schedule.outage) {
            (Flow::Sync, None) if is_single => (SYNCED_WITHIN_S, &prepared.healed),
            (Flow::Sync, _) => (SYNCED_BY_THE_NEXT_NIGHT_S, &prepared.next_night),
            (_, None) if !self.schedule.is_watched() => {
                (HEALED_WITHIN_S, &prepared.healed_unwatched)
            }
            (_, None) => (HEALED_WITHIN_S, &prepared.healed),
            (_, Some(outage)) if is_single && outage.spares_the_webhook() => {
                (HEALED_AFTER_OUTAGE_S, &prepared.healed)
            }
            (_, Some(_)) => (DELIVERED_AFTER_OUTAGE_S, &prepared.healed),
        };
        world.advance_s(within_s).await;
        if self.again().await {
            // It came in only now: what follows from it has its time too.
            world.advance_s(HEALED_WITHIN_S).await;
        }
        let healed = Picture::of(world);
        let mut wrongs = Vec::new();
        if !healed.is_like(expected) {
            wrongs = self.wrongs().await;
            let anew = self.has_identifiers_drawn_anew();
            // Of several events, one that is brought again comes too late.
            let with_outcomes = prepared.script.held.len() == 1 && !anew;
            wrongs.extend(healed.other_effects(expected, with_outcomes, !anew));
        }
        let calls = world.sandbox.cloud().calls().latest();
        let swept = calls
            .iter()
            .any(|made| *made.caller == *"sweep" && made.operation == "SendMessage");
        if swept && !self.schedule.may_need_the_sweep() {
            wrongs.push("the sweep had to make up for what the queue should have".to_owned());
        }
        wrongs
    }

    /// What is not as Stripe has it, or not done.
    async fn wrongs(&self) -> Vec<String> {
        let mut wrongs = self.world.wrongs().await;
        if self.schedule.flow.sends_mail() || self.schedule.outage.is_some() {
            // A mail comes at least once: what is lost after it was sent is sent again.
            wrongs.retain(|wrong| !(wrong.starts_with("mail") && wrong.contains("was sent")));
        }
        wrongs
    }

    /// Everything that failed towards the outside is tried again there; the answer is whether anything did.
    async fn again(&self) -> bool {
        let any = !self.unanswered.borrow().is_empty()
            || self.turned_away.get()
            || !self.failed.borrow().is_empty();
        for _ in 0..SENT_AGAIN_MAX {
            let unanswered = self.unanswered.take();
            for held in unanswered {
                self.step(Step::Deliver(held)).await;
            }
            if self.turned_away.take() {
                self.step(Step::Checkout).await;
            }
            for act in self.failed.take() {
                let sent = self.prepared.script.acts[act].send_again(self.world).await;
                self.keep_failed(act, &sent);
            }
            self.world.settle().await;
        }
        any
    }

    async fn steps(&self) {
        let script = &self.prepared.script;
        if let Some([first, second]) = &script.lanes {
            let order = self.schedule.order.clone().unwrap_or_default();
            let lanes = (self.all(first), self.all(second));
            lanes::in_order(self.world, self.waits, &order, lanes).await;
        }
        self.all(&script.steps).await;
    }

    async fn all(&self, steps: &[Step]) {
        for step in steps {
            self.step(*step).await;
        }
    }

    async fn step(&self, step: Step) {
        let held = &self.prepared.script.held;
        match step {
            Step::Deliver(number) => {
                let status = self.world.bring(&held[number]).await;
                if status >= 500 && self.bug != Some(Bug::AcknowledgedBeforeKept) {
                    self.unanswered.borrow_mut().push(number);
                }
            }
            Step::Work(number) => self.work(&held[number].id, 1).await,
            Step::WorkLast(number) => self.work(&held[number].id, RECEIVES_MAX).await,
            Step::Replay(number) => {
                let order = json!({ "events": [held[number].id], "execute": true });
                self.invoke("replay-event", order).await;
            }
            Step::Message(number) => self.message(&held[number].id).await,
            Step::Settle => self.world.settle().await,
            Step::Checkout => {
                let form = json!({ "email": "ada@example.com", "name": "Ada Lovelace", "plan": "prospector" });
                let answer = self.world.start_checkout(&form).await;
                if answer.status >= 500 || answer.status == 409 {
                    self.turned_away.set(true);
                }
            }
            Step::Act(number) => {
                let sent = self.prepared.script.acts[number].send(self.world).await;
                self.keep_failed(number, &sent);
            }
            Step::Run("daily-billing-sync") if self.bug == Some(Bug::NoBackfill) => {}
            Step::Run("sweep") if self.bug == Some(Bug::NoSweep) => {}
            Step::Run(function) => {
                let sandbox = &self.world.sandbox;
                sandbox.invoke_asynchronously(function, json!({})).await;
            }
        }
        if self.bug == Some(Bug::MailSentInline) && matches!(step, Step::Deliver(_) | Step::Work(_))
        {
            self.invoke("send-mail", json!({})).await;
        }
    }

    fn keep_failed(&self, act: usize, sent: &Sent) {
        if matches!(sent, Sent::Failed) {
            self.failed.borrow_mut().push(act);
        }
    }

    /// An invocation. That one failed is seen by what it leaves.
    async fn invoke(&self, function: &str, event: serde_json::Value) {
        self.world
            .sandbox
            .functions()
            .invoke(function, event)
            .await
            .ok();
    }

    async fn work(&self, id: &str, receives: u32) {
        let batch = sqs_batch(&[id], receives);
        self.invoke("retry-event", batch).await;
    }

    /// Has an administrator replay what was given up. What took effect all the same must not have been.
    async fn replay_what_was_given_up(&self) -> Vec<String> {
        let cloud = self.world.sandbox.cloud();
        let events = cloud.items("linky-billing_events", None);
        let events = events.unwrap_or_else(|error| panic!("{error}"));
        let dead = events.iter().filter(|row| row["outcome"]["S"] == "dead");
        let ids: Vec<&str> = dead.filter_map(|row| row["pk"]["S"].as_str()).collect();
        if ids.is_empty() {
            return Vec::new();
        }
        if self.world.disagreements().await.is_empty() {
            return vec![format!("{ids:?} took effect and were given up")];
        }
        let order = json!({ "events": ids, "execute": true });
        self.invoke("replay-event", order).await;
        self.world.settle().await;
        Vec::new()
    }

    async fn message(&self, id: &str) {
        let environment = &self.world.sandbox.deployment().functions["sweep"].environment;
        let env = Env::of(environment.clone());
        let queue = Queue::new(&env, &self.world.platform(), "RETRY_QUEUE_URL");
        let queue = queue.unwrap_or_else(|error| panic!("{error}"));
        let sent = queue.send(id).await;
        sent.unwrap_or_else(|error| panic!("{error}"));
    }

    /// Whether a second try draws identifiers anew, ours or Stripe's, so that two runs cannot be compared row by row.
    fn has_identifiers_drawn_anew(&self) -> bool {
        let of_administrators = !self.prepared.script.acts.is_empty();
        of_administrators
            || matches!(
                self.schedule.flow,
                Flow::Checkout | Flow::TwoCheckouts | Flow::Founding
            )
    }

    /// Whether a conflict strikes a write of a single item: that one is left to the queue, or to the next run.
    fn meets_a_single_write(&self) -> bool {
        self.schedule.strikes.iter().any(|strike| {
            let calls = self.prepared.calls().iter();
            let mut suited =
                calls.filter(|(service, operation)| strike.way.suits(*service, operation));
            let number = usize::try_from(strike.call - 1).unwrap_or(usize::MAX);
            let operation = suited.nth(number).map(|(_, operation)| operation.as_str());
            strike.way == Way::Conflict && operation != Some("TransactWriteItems")
        })
    }
}
