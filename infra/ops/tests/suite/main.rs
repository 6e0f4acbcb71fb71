//! The commands against a sandbox that is served on a port of this machine, and against the refusals of AWS.

#![expect(
    clippy::unwrap_used,
    reason = "all of it is test code, also what stands outside a test"
)]

mod audit;
mod backfill;
mod binary;
mod lambda;
mod owner;
mod redrive;
mod refusals;
mod replay;
mod terminal;
