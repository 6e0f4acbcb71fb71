//! The real AWS SDK clients against the local cloud.

mod clients;
mod concurrency;
mod conditions;
mod dynamodb;
mod faults;
mod folder;
mod gates;
mod long_poll;
mod mail;
mod parameters;
mod queue_refusals;
mod queues;
mod stale_reads;
mod stripe;
