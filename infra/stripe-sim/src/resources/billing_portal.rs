//! `/v1/billing_portal`: what the portal lets a customer do, and the way in for one customer.
//!
//! Parameters and fields are those of docs.stripe.com/api/customer_portal. Changing plans in the portal is not simulated:
//! `subscription_update` is refused as unknown.

pub(crate) mod configurations;
pub(crate) mod sessions;
