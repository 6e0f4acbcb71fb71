//! Stories through the whole simulator, over its API.

#![cfg(test)]

mod account;
mod api;
mod authentication;
mod by_hand;
mod checkout;
mod clocks;
mod coupons;
mod credit_notes;
mod deliveries;
mod disputes;
mod events;
mod garbage;
mod intents;
mod limits;
mod lines;
mod pages;
mod payments;
mod portal;
mod proration;
mod proration_table;
mod refunds;
mod schedules;
mod search;
mod shapes;
mod state;
mod story;
mod subscriptions;
mod walks;
