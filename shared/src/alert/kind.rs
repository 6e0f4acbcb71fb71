//! Fact: the kind of an alert, the part of its cause before the `#`.

/// An event that was tried until its last attempt.
pub const DEAD_EVENT: &str = "dead_event";
/// An event that can never be applied.
pub const QUARANTINED_EVENT: &str = "quarantined_event";
/// A signed body that is no event.
pub const UNPARSABLE_EVENT: &str = "unparsable_event";
/// Events that are not for this installation.
pub const REFUSED_EVENT: &str = "refused_event";
/// A price that is in no plan.
pub const UNMAPPED_PRICE: &str = "unmapped_price";
/// A plan without a price.
pub const PRICE_MISSING: &str = "price_missing";
/// A dispute that is open.
pub const DISPUTE: &str = "dispute";
/// What a nightly sync found.
pub const SYNC_FOUND: &str = "sync_found";
/// No nightly sync that was done.
pub const SYNC_MISSING: &str = "sync_missing";
/// Work that waits too long.
pub const QUEUE_AGE: &str = "queue_age";
/// Webhooks that stopped coming.
pub const NO_WEBHOOKS: &str = "no_webhooks";
/// The endpoint at Stripe.
pub const ENDPOINT: &str = "endpoint";
/// Far more of something than in the weeks before.
pub const SPIKE: &str = "spike";
/// A mail that was given up.
pub const DEAD_MAIL: &str = "dead_mail";
/// Somebody to whom mails come back.
pub const RETURNED_MAIL: &str = "returned_mail";
/// Somebody who takes our mails for spam.
pub const MAIL_COMPLAINT: &str = "mail_complaint";
/// A chain of the audit log that is not as it was written.
pub const AUDIT_BROKEN: &str = "audit_broken";
/// An action of an administrator's whose end is not known.
pub const ACTION_UNKNOWN: &str = "action_unknown";
/// An action that was done in part.
pub const ACTION_IN_PART: &str = "action_in_part";
