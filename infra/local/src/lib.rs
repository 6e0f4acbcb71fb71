//! The sandbox: a local cloud around the real functions, in one process and with no network.

pub mod cloud;
