//! The rules by which subscriptions become invoices and invoices become money.

pub(crate) mod authentication;
pub(crate) mod cancel;
pub(crate) mod change;
pub(crate) mod charge;
pub(crate) mod direct;
pub(crate) mod discount;
pub(crate) mod dunning;
pub(crate) mod invoice;
pub(crate) mod line;
pub(crate) mod payment;
pub(crate) mod pending_update;
pub(crate) mod phases;
pub(crate) mod preview;
pub(crate) mod renew;
pub(crate) mod settlement;
pub(crate) mod start;
pub(crate) mod subscription;

use crate::calendar::{DAY_S, HOUR_S};

/// How long before the end of a trial `customer.subscription.trial_will_end` is sent.
pub(crate) const TRIAL_WARNING_S: i64 = 3 * DAY_S;

/// How long a first payment, or a pending update, may stay open.
pub(crate) const INCOMPLETE_S: i64 = 23 * HOUR_S;
