//! What is asked and answered.

mod history;
mod money;
mod system;
mod user;

use serde::Deserialize;
use shared::error::Error;
use shared::store::pages::Asked;
use utoipa::IntoParams;

pub use history::*;
pub use money::*;
pub use system::*;
pub use user::*;

/// Rows in a page where nothing is said.
const LIMIT: u16 = 50;

/// The most rows in a page: what one call reads by key.
const LIMIT_MAX: u16 = 100;

/// Which page of a list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// Where the page begins: the `next` of the one before.
    pub cursor: Option<String>,
    /// The most rows, 1 to 100.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    pub limit: Option<String>,
}

impl PageQuery {
    /// As the tables are asked.
    ///
    /// # Errors
    /// `Invalid`, naming the parameter.
    pub(crate) fn asked(self) -> Result<Asked, Error> {
        asked(self.cursor, self.limit.as_deref())
    }
}

pub(crate) fn asked(cursor: Option<String>, limit: Option<&str>) -> Result<Asked, Error> {
    let limit = match limit {
        None => LIMIT,
        Some(text) => {
            let parsed = text.parse().ok();
            let fits = parsed.filter(|limit| (1..=LIMIT_MAX).contains(limit));
            fits.ok_or_else(|| {
                Error::invalid(
                    "invalid_limit",
                    format!("The parameter `limit` needs a whole number from 1 to {LIMIT_MAX}."),
                )
            })?
        }
    };
    Ok(Asked { limit, cursor })
}
