//! The stories, the faults and the races of the whole system. One binary, so that it is linked once.

#![expect(
    clippy::unwrap_used,
    reason = "all of it is test code, also what stands outside a test"
)]

mod actions;
mod alerts;
mod demo;
mod desk;
mod edge;
mod expiry;
mod health;
mod mails;
mod outages;
mod plans;
mod probes;
mod properties;
mod races;
mod read;
mod replay;
mod reports;
mod requests;
mod retries;
mod samples;
mod sign_in;
mod simulation;
mod story;
mod sync;
mod tidy;
