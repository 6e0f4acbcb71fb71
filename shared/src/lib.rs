//! What two functions or more need, in three kinds of module; each module says in its first line which kind it is.
//!
//! - **Facts** are pure: no I/O, no async, no clock. They decide.
//! - **Doors** speak to one foreign service each, over its own library. They do.
//! - **Frame** is what every function stands in: time, chance, configuration, errors, the Lambda runtime.
//!
//! Dependencies run facts ← doors ← functions, never back.

pub mod account;
pub mod action;
pub mod actions;
pub mod alert;
pub mod attempts;
pub mod audit;
pub mod auth;
pub mod aws;
pub mod backoff;
pub mod chance;
pub mod clock;
pub mod config;
pub mod credential;
pub mod drift;
pub mod dunning;
pub mod error;
pub mod event;
pub mod figures;
pub mod front;
pub mod health;
pub mod http;
pub mod id;
pub mod lambda;
pub mod mail;
pub mod money;
pub mod network;
pub mod notice;
pub mod outbox;
pub mod password;
pub mod plan;
pub mod plan_change;
pub mod policy;
pub mod queue;
pub mod random;
#[cfg(test)]
mod script;
pub mod second_factor;
pub mod secret;
pub mod secrets;
pub mod session;
pub mod signature;
pub mod staff;
pub mod store;
pub mod stripe;
pub mod stripe_objects;
pub mod sync_run;
pub mod tally;
pub mod telemetry;
pub mod time;
