//! A stateful Stripe in memory: pure, deterministic, with its own clock.
//!
//! [`StripeSim::handle`] answers a call on the API as Stripe does, in Stripe's shapes and words; [`StripeSim::advance_to`]
//! lets time pass, and with it renewals, retries, phases and expiries; [`StripeSim::take_deliveries`] gives the signed
//! webhooks that are due. Nothing here does input or output, and one seed with the same calls gives the same state to
//! the last byte. `Clone` is cheap enough to try something on a copy; the whole state serialises, so that a sandbox can
//! keep it over a restart.
//!
//! ```
//! use stripe_sim::{Options, Request, StripeSim, TestCard};
//!
//! let mut sim = StripeSim::new(Options::default());
//! let mut post = |path: &str, body: &str| {
//!     let api_key = Some("sk_test_any");
//!     sim.handle(&Request { method: "POST", path, body, api_key, ..Request::default() }).body
//! };
//! let price = post(
//!     "/v1/prices",
//!     "currency=usd&unit_amount=7500&recurring[interval]=month&product_data[name]=Prospector",
//! );
//! let session = post(
//!     "/v1/checkout/sessions",
//!     &format!(
//!         "mode=subscription&success_url=https://example.com&line_items[0][quantity]=1&line_items[0][price]={}",
//!         price["id"].as_str().unwrap()
//!     ),
//! );
//! let paid = sim.complete_checkout(session["id"].as_str().unwrap(), TestCard::Good).unwrap();
//! assert_eq!(paid["payment_status"], "paid");
//! ```
//!
//! What Stripe has and this has not is refused as an unknown parameter or an unknown address, never ignored.

// Invoices and sessions have more fields than the default limit of `json!` can write out.
#![recursion_limit = "512"]

mod billing;
mod calendar;
mod cards;
mod clocks;
mod control;
mod diff;
mod error;
mod events;
mod expand;
mod faults;
mod fields;
mod idempotency;
mod ids;
mod lists;
mod params;
mod proration;
mod rate;
mod request;
mod resources;
mod router;
mod samples;
mod search;
mod sim;
mod store;
mod tasks;
mod webhooks;

pub use billing::authentication::Authentication;
pub use cards::TestCard;
pub use control::OpenInvoices;
pub use error::StripeError;
pub use faults::{Fault, Moment};
pub use request::{Request, Response};
pub use resources::disputes::DisputeEnd;
pub use samples::{EVENT_TYPES, sample_events};
pub use sim::{API_VERSION, AfterRetries, Options, StripeSim};
pub use webhooks::{Delivery, DeliveryAnswer, signature, signature_header};
