//! Door: the limits of every role, as the owners have set them.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::keys::Key;
use super::transaction::{Condition, Part, Transaction};
use super::{Store, to_item};
use crate::error::Error;
use crate::policy::Policy;

/// The limits with how often they were changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptPolicy {
    /// The limits.
    #[serde(rename = "limits")]
    pub policy: Policy,
    /// Counts their changes.
    pub version: u64,
}

impl Store {
    /// The limits as they are; those of the start where nobody has changed any.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where the row cannot be read.
    pub async fn policy(&self) -> Result<KeptPolicy, Error> {
        Ok(self.read_one(Key::policy()).await?.unwrap_or_default())
    }
}

impl Transaction {
    /// Writes the limits over those that were read.
    ///
    /// # Errors
    /// `Internal` where they cannot be written as an item.
    pub fn policy(
        &mut self,
        store: &Store,
        before: &KeptPolicy,
        policy: &Policy,
    ) -> Result<(), Error> {
        let written = KeptPolicy {
            policy: policy.clone(),
            version: before.version + 1,
        };
        let condition = match before.version {
            0 => Condition::absent(),
            version => Condition::equals("version", AttributeValue::N(version.to_string())),
        };
        self.put(
            store,
            Part::Policy,
            &Key::policy(),
            to_item(&written)?,
            Some(condition),
        );
        Ok(())
    }
}
