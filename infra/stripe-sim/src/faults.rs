//! Faults on demand: Stripe that answers 500 before or after the effect, or 429.

use serde::{Deserialize, Serialize};

use crate::error::StripeError;
use crate::rate::exceeded;
use crate::request::Request;
use crate::sim::StripeSim;

/// A failure that the next calls of a kind meet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// `GET`, `POST`, `DELETE`, or empty for any.
    pub method: String,
    /// The start of the paths that meet it; empty for all.
    pub path_start: String,
    /// The status answered: 500, 503, 429, or 409 for a key whose first call is still under way.
    pub status: u16,
    /// Where in the call it strikes.
    pub moment: Moment,
    /// How many calls meet it.
    pub times: u32,
}

/// Where in a call a fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Moment {
    /// Before the idempotency key is looked at: the call left no trace. Stripe's 429 is of this kind.
    BeforeTheKey,
    /// Nothing happened, and yet the answer is kept under the key.
    BeforeTheEffect,
    /// It happened, and the answer, kept under the key, hides it.
    AfterTheEffect,
}

impl Fault {
    pub(crate) fn error(&self) -> StripeError {
        if self.status == 429 {
            return exceeded();
        }
        if self.status == 409 {
            return StripeError::invalid(
                "There is currently another in-progress request using this Stripe-Idempotency-Key (that probably means \
                 you submitted twice, and the other request is still going through). Please try again later.",
            )
            .status(409)
            .kind("idempotency_error")
            .code("idempotency_key_in_use");
        }
        StripeError::invalid("An unknown error occurred. Please try again or contact support.")
            .status(self.status)
            .kind("api_error")
    }
}

impl StripeSim {
    /// Lets the next calls that match meet a fault.
    pub fn fail(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Takes back every fault not met yet.
    pub fn mend(&mut self) {
        self.faults.clear();
    }

    pub(crate) fn take_fault(&mut self, request: &Request<'_>, moment: Moment) -> Option<Fault> {
        let at = self.faults.iter().position(|fault| {
            fault.moment == moment
                && (fault.method.is_empty() || fault.method == request.method)
                && request.path.starts_with(&fault.path_start)
        })?;
        let fault = self.faults[at].clone();
        if fault.times <= 1 {
            self.faults.remove(at);
        } else {
            self.faults[at].times -= 1;
        }
        Some(fault)
    }
}
