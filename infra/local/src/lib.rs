//! The sandbox: the whole system on one machine, with no account and no network.
//!
//! The real functions run on a local DynamoDB, SQS, SES, SSM and Stripe, behind a local API gateway, on a clock that
//! can be moved. What is created is read from the templates that are deployed.

pub mod browser;
pub mod checkout;
pub mod cloud;
pub mod deliveries;
pub mod demo;
pub mod faults;
pub mod functions;
pub mod gateway;
pub mod grants;
pub mod runtime;
pub mod sandbox;
pub mod snapshot;
pub mod staff;
pub mod stage;
pub mod stripe;
pub mod template;
pub mod time;
pub mod travel;
pub mod web;
