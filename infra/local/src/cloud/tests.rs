//! The real AWS SDK clients against the local cloud.

mod clients;
mod dynamodb;
mod mail;
mod queues;
