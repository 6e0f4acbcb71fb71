//! What the simulated Stripe answers in a second, in this process.

use std::time::Instant;

use local::stripe::Stripe;
use stripe_sim::{Options, StripeSim};

use crate::figures::Figure;
use crate::in_process::start;

/// Rounds of the calls below: enough customers that a call which looks through all of them is seen to be slow.
const ROUNDS: u64 = 5_000;

/// Calls of a round: a customer is made, read, changed, and listed with the latest ten.
const CALLS_PER_ROUND: u64 = 4;

/// Measures the simulator on an account that grows with every round.
pub(crate) fn measure() -> Result<Vec<Figure>, String> {
    let clock = start();
    let sim = StripeSim::new(Options {
        now_s: clock.now().as_s(),
        ..Options::default()
    });
    let stripe = Stripe::new(sim, clock, None);
    let started = Instant::now();
    for round in 0..ROUNDS {
        let email = format!("ada{round}@example.com");
        let form = [("name", "Ada Lovelace"), ("email", email.as_str())];
        let customer = stripe.call("POST", "/v1/customers", &form)?;
        let id = customer["id"].as_str().unwrap_or_default();
        let path = format!("/v1/customers/{id}");
        stripe.call("GET", &path, &[])?;
        stripe.call("POST", &path, &[("metadata[round]", email.as_str())])?;
        stripe.call("GET", "/v1/customers", &[("limit", "10")])?;
    }
    let requests = ROUNDS * CALLS_PER_ROUND;
    Ok(vec![Figure::per_second(
        "sim.requests_per_s",
        requests,
        started.elapsed(),
    )])
}
