//! Retries of failed payments, and what becomes of the subscription when they are used up.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::billing::{cancel, payment};
use crate::cards::Decline;
use crate::fields::Fields;
use crate::sim::{AfterRetries, StripeSim};
use crate::tasks::Task;

/// Where the retries of one invoice stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Dunning {
    /// Attempts that failed.
    pub(crate) failures: usize,
    /// When the last retry would be, whether or not it is made: then the account's setting takes hold.
    pub(crate) gives_up_s: i64,
    /// The card said never to ask again: it is not charged, unless another has taken its place.
    pub(crate) hard: bool,
}

/// Counts a failure and plans the next retry. Gives its time, none after a hard decline or the last retry.
pub(crate) fn after_failure(
    sim: &mut StripeSim,
    invoice_id: &str,
    decline: Option<&Decline>,
) -> Option<i64> {
    // A first invoice is not retried: the subscription stays incomplete until it expires.
    let retried = sim
        .store
        .get(invoice_id)
        .is_some_and(|invoice| invoice.text("billing_reason") != "subscription_create");
    if !retried {
        return None;
    }
    let (now_s, gaps_s) = (sim.now_s, sim.options.retry_gaps_s.clone());
    let failures = sim
        .dunning
        .get(invoice_id)
        .map_or(0, |dunning| dunning.failures);
    let ends_s = now_s + gaps_s.iter().skip(failures).sum::<i64>();
    let next_s = gaps_s.get(failures).map(|gap_s| now_s + gap_s);
    let hard = decline.is_some_and(|decline| decline.hard);
    let dunning = Dunning {
        failures: failures + 1,
        gives_up_s: ends_s,
        hard,
    };
    sim.dunning.insert(invoice_id.to_owned(), dunning);
    match next_s {
        Some(_) if hard => {
            sim.plan(ends_s, Task::GiveUpOnInvoice(invoice_id.to_owned()));
            None
        }
        Some(next_s) => {
            sim.plan(next_s, Task::RetryPayment(invoice_id.to_owned()));
            Some(next_s)
        }
        None => None,
    }
}

/// Charges again at the planned time.
pub(crate) fn retry(sim: &mut StripeSim, invoice_id: &str) {
    // A payment that fails plans the next retry itself.
    payment::pay(sim, invoice_id, None, payment::Attempt::Automatic).ok();
}

/// After a failure that leaves no retry, the account's setting takes hold at once.
pub(crate) fn end_without_retries(sim: &mut StripeSim, invoice_id: &str) {
    let over = sim
        .dunning
        .get(invoice_id)
        .is_some_and(|dunning| dunning.failures > sim.options.retry_gaps_s.len());
    if over {
        give_up(sim, invoice_id);
    }
}

/// Ends the retries of an invoice: the subscription is cancelled, or marked, or left, as the account is set.
pub(crate) fn give_up(sim: &mut StripeSim, invoice_id: &str) {
    sim.dunning.remove(invoice_id);
    sim.update("invoice.updated", invoice_id, |invoice| {
        invoice.put("auto_advance", false);
        invoice.put("next_payment_attempt", Value::Null);
    });
    let subscription_id = sim
        .store
        .get(invoice_id)
        .map(|invoice| {
            invoice
                .text("parent/subscription_details/subscription")
                .to_owned()
        })
        .unwrap_or_default();
    let running = sim
        .store
        .get(&subscription_id)
        .is_some_and(|subscription| cancel::can_end(subscription));
    if !running {
        return;
    }
    match sim.options.after_retries {
        AfterRetries::Cancel => cancel::now(sim, &subscription_id, "payment_failed"),
        AfterRetries::MarkUnpaid => {
            sim.update(
                "customer.subscription.updated",
                &subscription_id,
                |subscription| {
                    subscription.put("status", "unpaid");
                },
            );
        }
        AfterRetries::LeavePastDue => {}
    }
}
