//! How the system does, and what it is set to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shared::drift::{Cause, Difference};
use shared::figures::DayFigures;
use shared::health::Report;
use shared::money::Money;
use shared::plan::Plan;
use shared::policy::{Limits, Operation};
use shared::staff::{Role, StaffView};
use shared::store::alerts::AlertView;
use shared::sync_run::{Counts, Run, Step};
use shared::tally::Day;
use shared::time::Timestamp;
use utoipa::{IntoParams, ToSchema};

/// `GET /api/admin/alerts`
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertList {
    /// The open alerts, the most pressing first.
    pub alerts: Vec<AlertView>,
}

/// `GET /api/admin/health`
#[derive(Debug, Serialize, ToSchema)]
pub struct HealthView {
    /// What was measured last; none before the first time.
    pub report: Option<Report>,
    /// Whether it still says something.
    pub fresh: bool,
    /// What came in, by day.
    pub days: BTreeMap<String, Day>,
}

/// `GET /api/admin/reports`
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ReportsQuery {
    /// The first day in UTC, as `2026-09-01`; 90 days in all where nothing is said.
    #[param(value_type = Option<String>, format = "date")]
    pub from: Option<String>,
    /// The last day in UTC; today where nothing is said. At most 400 days.
    #[param(value_type = Option<String>, format = "date")]
    pub to: Option<String>,
}

/// The figures of days.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reports {
    /// Each day that was counted, the earliest first. Today's row grows.
    pub days: Vec<DayFigures>,
}

/// `GET /api/admin/runs`
#[derive(Debug, Serialize, ToSchema)]
pub struct RunList {
    /// The nightly runs of the last weeks, the latest first.
    pub runs: Vec<RunView>,
}

/// A nightly run.
#[derive(Debug, Serialize, ToSchema)]
pub struct RunView {
    /// The day it is of.
    pub day: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was done.
    pub finished_at: Option<Timestamp>,
    /// The step under way.
    pub step: Step,
    /// What it found.
    pub counts: RunCountsView,
    /// Why it was put down, the last time.
    pub reason: Option<String>,
}

/// What a run found.
#[derive(Debug, Serialize, ToSchema)]
pub struct RunCountsView {
    /// Events listed by Stripe.
    pub events_seen: u64,
    /// Of these, the ones that were not on record, and were taken in.
    pub events_taken_in: u64,
    /// Events that were dead, and were brought back.
    pub events_revived: u64,
    /// Objects compared.
    pub objects_compared: u64,
    /// Objects that did differ.
    pub differences: u64,
    /// The same by cause.
    #[schema(value_type = BTreeMap<String, u64>)]
    pub by_cause: BTreeMap<Cause, u64>,
    /// Differences that Stripe's word was applied to.
    pub repairs: u64,
}

impl From<Counts> for RunCountsView {
    fn from(counts: Counts) -> Self {
        Self {
            events_seen: counts.events_seen,
            events_taken_in: counts.events_taken_in,
            events_revived: counts.events_revived,
            objects_compared: counts.objects_compared,
            differences: counts.differing(),
            by_cause: counts.differences,
            repairs: counts.repairs,
        }
    }
}

impl RunView {
    pub(crate) fn of(day: String, run: Run) -> Self {
        Self {
            day,
            started_at: run.started_at,
            finished_at: run.finished_at,
            step: run.progress.step,
            counts: run.progress.counts.into(),
            reason: run.reason,
        }
    }
}

/// `GET /api/admin/runs/{day}`
#[derive(Debug, Serialize, ToSchema)]
pub struct RunDetail {
    /// The run.
    pub run: RunView,
    /// What it found to differ.
    pub differences: Vec<Difference>,
}

/// `GET /api/admin/policy`
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyView {
    /// Every operation, and who may do it.
    pub operations: Vec<OperationView>,
    /// The limits of each role that has any.
    #[schema(value_type = BTreeMap<String, Limits>)]
    pub limits: BTreeMap<Role, Limits>,
}

/// An operation.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperationView {
    /// Which.
    pub operation: Operation,
    /// The least role that may do it.
    pub least_role: Role,
    /// Whether a code has to be shown within the last minutes.
    pub needs_step_up: bool,
    /// Whether the limits apply to it.
    pub limited: bool,
}

/// `GET /api/admin/plans`
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanList {
    /// What is for sale, in the order it is shown.
    pub plans: Vec<PlanView>,
}

/// A plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanView {
    /// Which.
    pub plan: Plan,
    /// Its name on screen.
    pub name: String,
    /// What is paid, how often and for how long, in words.
    pub price: String,
    /// What one payment takes.
    pub amount: Money,
    /// How many months one payment covers.
    pub billed_every_months: u32,
    /// What it turns into by itself.
    pub then: Option<Plan>,
}

/// `GET /api/admin/staff`
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffList {
    /// The administrators, by address.
    pub staff: Vec<StaffView>,
}
