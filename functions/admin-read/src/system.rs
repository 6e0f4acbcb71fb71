//! How the system does, and what it is set to.

use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use shared::error::Error;
use shared::policy::Operation;
use shared::staff::{Role, StaffView};
use shared::time::{DAY_S, Timestamp};

use crate::wire::{
    AlertList, HealthView, OperationView, PlanList, PlanView, PolicyView, RunDetail, RunList,
    RunView, StaffList,
};
use crate::{AdminRead, not_found};

/// Days whose nightly runs are shown.
const RUN_DAYS: i64 = 30;

impl AdminRead {
    pub(crate) async fn alerts(&self) -> Result<AlertList, Error> {
        let mut alerts = self.front.store.open_alerts().await?;
        alerts.sort_by_key(|alert| std::cmp::Reverse((alert.severity, alert.last_at)));
        Ok(AlertList {
            alerts: alerts.into_iter().map(Into::into).collect(),
        })
    }

    pub(crate) async fn health(&self) -> Result<HealthView, Error> {
        let store = &self.front.store;
        let (report, tally) = futures::try_join!(store.last_report(), store.tally())?;
        let now = self.front.clock.now();
        Ok(HealthView {
            fresh: report.as_ref().is_some_and(|report| report.is_fresh(now)),
            report,
            days: tally.map(|tally| tally.days).unwrap_or_default(),
        })
    }

    pub(crate) async fn runs(&self) -> Result<RunList, Error> {
        let days = days_back(self.front.clock.now(), RUN_DAYS);
        let runs = self.front.store.runs_of(&days).await?;
        Ok(RunList {
            runs: runs
                .into_iter()
                .map(|(day, run)| RunView::of(day, run))
                .collect(),
        })
    }

    pub(crate) async fn run(&self, request: &ApiGatewayV2httpRequest) -> Result<RunDetail, Error> {
        let day = request
            .path_parameters
            .get("day")
            .map_or("", String::as_str);
        let day = checked_day(day)?.day();
        let store = &self.front.store;
        let (run, differences) =
            futures::try_join!(store.run_of(&day), store.differences_of(&day))?;
        let run = run
            .ok_or_else(|| not_found("no_such_run", "No nightly run of this day is on record."))?;
        Ok(RunDetail {
            run: RunView::of(day, run),
            differences,
        })
    }

    pub(crate) async fn staff(&self) -> Result<StaffList, Error> {
        let staff = self.front.store.staff().await?;
        Ok(StaffList {
            staff: staff.iter().filter_map(StaffView::of).collect(),
        })
    }

    pub(crate) async fn policy(&self) -> Result<PolicyView, Error> {
        let policy = self.front.store.policy().await?.policy;
        let roles = [Role::Support, Role::Billing, Role::Owner];
        let operations = Operation::ALL.into_iter().map(|operation| OperationView {
            operation,
            least_role: operation.least_role(),
            needs_step_up: operation.needs_step_up(),
            limited: operation.is_limited(),
        });
        Ok(PolicyView {
            operations: operations.collect(),
            limits: roles.map(|role| (role, policy.limits(role))).into(),
        })
    }

    pub(crate) fn plans(&self) -> PlanList {
        let plans = self.catalogue.offers().iter().map(|offer| PlanView {
            plan: offer.plan,
            name: offer.plan.name().to_owned(),
            price: offer.price_in_words(),
            amount: offer.price,
            billed_every_months: offer.billed_every_months,
            then: offer.then.map(|then| then.plan),
        });
        PlanList {
            plans: plans.collect(),
        }
    }
}

/// The days up to today in UTC, the latest first.
pub(crate) fn days_back(now: Timestamp, count: i64) -> Vec<String> {
    (0..count)
        .map(|ago| now.plus_s(-ago * DAY_S).day())
        .collect()
}

/// The beginning of a day, written as the tables have it.
///
/// # Errors
/// `Invalid` where it is none.
pub(crate) fn checked_day(day: &str) -> Result<Timestamp, Error> {
    match Timestamp::of_day(day) {
        Ok(moment) if moment.day() == day => Ok(moment),
        _ => Err(Error::invalid(
            "invalid_day",
            "A day is written like 2026-11-26.",
        )),
    }
}
