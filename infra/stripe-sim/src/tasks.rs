//! What happens by itself, in the order it falls due.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::billing;
use crate::fields::Fields;
use crate::resources::{checkout_sessions, disputes, refunds, test_clocks};
use crate::sim::StripeSim;

/// Something that falls due, with the object it happens to. Within one second they run in this order: a schedule
/// changes the plan before the renewal charges for it, and what ends does so before it would renew.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Task {
    StartSchedule(String),
    EndPhase(String),
    CancelSubscription(String),
    ExpirePendingUpdate(String),
    ResumeCollection(String),
    Renew(String),
    WarnOfTrialEnd(String),
    AnnounceInvoice(String),
    FinalizeInvoice(String),
    RetryPayment(String),
    ExpireIncomplete(String),
    ExpireSession(String),
    SettleRefund(String),
    FailRefund(String),
    LapseRefund(String),
    MissEvidence(String),
    CloseInquiry(String),
    DeleteTestClock(String),
}

/// Everything planned. A plan is not withdrawn when its object changes: it is dropped when its time comes and the
/// object no longer says so, which leaves one place, the object, that knows what is due.
pub(crate) type Tasks = BTreeSet<(i64, Task)>;

impl StripeSim {
    pub(crate) fn plan(&mut self, due_s: i64, task: Task) {
        self.tasks.insert((due_s, task));
    }

    /// The next task that the objects still agree with.
    pub(crate) fn next_task_s(&self) -> Option<i64> {
        self.tasks
            .iter()
            .find(|(due_s, task)| self.is_due(*due_s, task))
            .map(|(due_s, _)| *due_s)
    }

    /// Runs everything due up to `now_s`, each at its own time.
    pub(crate) fn run_tasks(&mut self, now_s: i64) {
        while let Some((due_s, _)) = self.tasks.first() {
            if *due_s > now_s {
                break;
            }
            if let Some((due_s, task)) = self.tasks.pop_first()
                && self.is_due(due_s, &task)
            {
                self.now_s = self.now_s.max(due_s);
                self.run(&task);
            }
        }
    }

    fn is_due(&self, due_s: i64, task: &Task) -> bool {
        let says = |id: &str, field: &str| {
            self.store
                .get(id)
                .is_some_and(|object| object.int_at(field) == Some(due_s))
        };
        let has_status = |id: &str, wanted: &[&str]| {
            self.store
                .get(id)
                .is_some_and(|object| wanted.contains(&object.text("status")))
        };
        const RUNNING: [&str; 5] = ["active", "trialing", "past_due", "unpaid", "incomplete"];
        match task {
            Task::StartSchedule(id) => {
                has_status(id, &["not_started"]) && says(id, "phases/0/start_date")
            }
            Task::EndPhase(id) => has_status(id, &["active"]) && says(id, "current_phase/end_date"),
            Task::CancelSubscription(id) => has_status(id, &RUNNING) && says(id, "cancel_at"),
            Task::ExpirePendingUpdate(id) => says(id, "pending_update/expires_at"),
            Task::ResumeCollection(id) => says(id, "pause_collection/resumes_at"),
            Task::Renew(id) => {
                has_status(id, &RUNNING[..4]) && says(id, "items/data/0/current_period_end")
            }
            Task::WarnOfTrialEnd(id) => {
                has_status(id, &["trialing"])
                    && self.store.get(id).is_some_and(|subscription| {
                        subscription.int("trial_end") - billing::TRIAL_WARNING_S <= due_s
                    })
            }
            Task::AnnounceInvoice(id) => {
                has_status(id, &RUNNING[..3])
                    && self.store.get(id).is_some_and(|subscription| {
                        subscription.int("items/data/0/current_period_end")
                            - self.options.announce_s
                            == due_s
                    })
            }
            Task::FinalizeInvoice(id) => {
                has_status(id, &["draft"]) && says(id, "automatically_finalizes_at")
            }
            Task::RetryPayment(id) => {
                let untold = self.dunning.get(id).and_then(|it| it.untold_retry_s);
                has_status(id, &["open"])
                    && (says(id, "next_payment_attempt") || untold == Some(due_s))
            }
            Task::ExpireIncomplete(id) => has_status(id, &["incomplete"]),
            Task::ExpireSession(id) => has_status(id, &["open"]) && says(id, "expires_at"),
            Task::SettleRefund(id) => has_status(id, &["pending"]),
            Task::FailRefund(id) => has_status(id, &["succeeded"]),
            Task::LapseRefund(id) => has_status(id, &["requires_action"]),
            Task::MissEvidence(id) => {
                has_status(id, &["needs_response"]) && says(id, "evidence_details/due_by")
            }
            Task::CloseInquiry(id) => {
                has_status(id, &["warning_needs_response", "warning_under_review"])
            }
            Task::DeleteTestClock(id) => says(id, "deletes_after"),
        }
    }

    fn run(&mut self, task: &Task) {
        match task {
            Task::StartSchedule(id) => billing::phases::start(self, id),
            Task::EndPhase(id) => billing::phases::end_phase(self, id),
            Task::CancelSubscription(id) => billing::cancel::at_its_date(self, id),
            Task::ExpirePendingUpdate(id) => billing::pending_update::expire(self, id),
            Task::ResumeCollection(id) => billing::renew::resume_collection(self, id),
            Task::Renew(id) => billing::renew::renew(self, id),
            Task::WarnOfTrialEnd(id) => self.emit("customer.subscription.trial_will_end", id),
            Task::AnnounceInvoice(id) => billing::preview::announce(self, id),
            Task::FinalizeInvoice(id) => billing::invoice::finalize_and_pay(self, id),
            Task::RetryPayment(id) => billing::dunning::retry(self, id),
            Task::ExpireIncomplete(id) => billing::cancel::expire_incomplete(self, id),
            Task::ExpireSession(id) => checkout_sessions::expire_now(self, id),
            Task::SettleRefund(id) => refunds::settle(self, id),
            Task::FailRefund(id) => refunds::fail(self, id),
            Task::LapseRefund(id) => refunds::lapse(self, id),
            Task::MissEvidence(id) => disputes::miss_evidence(self, id),
            Task::CloseInquiry(id) => disputes::close_inquiry(self, id),
            Task::DeleteTestClock(id) => test_clocks::delete_now(self, id),
        }
    }
}
