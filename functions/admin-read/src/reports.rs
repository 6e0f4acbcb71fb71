//! The figures of days, as they were counted.

use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use shared::error::Error;
use shared::http;
use shared::time::DAY_S;

use crate::AdminRead;
use crate::system::checked_day;
use crate::wire::{Reports, ReportsQuery};

/// Days that are shown where nothing is said.
const DAYS: i64 = 90;

/// The most days that are shown at once.
const DAYS_MAX: i64 = 400;

impl AdminRead {
    pub(crate) async fn reports(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<Reports, Error> {
        let query: ReportsQuery = http::query(request)?;
        let to = match query.to {
            Some(day) => checked_day(&day)?,
            None => self.front.clock.now().day_start(),
        };
        let from = match query.from {
            Some(day) => checked_day(&day)?,
            None => to.plus_s(-(DAYS - 1) * DAY_S),
        };
        let days = to.since_s(from) / DAY_S + 1;
        if !(1..=DAYS_MAX).contains(&days) {
            return Err(Error::invalid(
                "invalid_range",
                format!(
                    "The parameters `from` and `to` need 1 to {DAYS_MAX} days, the earlier one first."
                ),
            ));
        }
        Ok(Reports {
            days: self
                .front
                .store
                .reports_between(&from.day(), &to.day())
                .await?,
        })
    }
}
