//! Door: changes of plan, by customer and time.

use super::keys::{Key, Table};
use super::transaction::{Part, Transaction};
use super::{Store, to_item};
use crate::error::Error;
use crate::plan_change::PlanChange;

impl Transaction {
    /// Notes a change of plan.
    ///
    /// # Errors
    /// `Internal` where it cannot be written as an item.
    pub(super) fn plan_change(&mut self, store: &Store, change: &PlanChange) -> Result<(), Error> {
        let key = Key::sorted(
            Table::PlanChanges,
            change.customer.as_ref(),
            format!("{}#{}", change.at, change.event),
        );
        self.put(store, Part::Effect, &key, to_item(change)?, None);
        Ok(())
    }
}
