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
    /// Attempts that failed, or were left out because they could only fail.
    failures: usize,
    /// The card that said never to ask again. It is not charged, unless another has taken its place.
    refused_card: Option<String>,
    /// The next retry after a hard decline, of which the invoice does not tell.
    pub(crate) untold_retry_s: Option<i64>,
}

/// Counts a failure and plans the next retry. Gives the time that the invoice tells: none after a hard decline or the
/// last retry.
pub(crate) fn after_failure(
    sim: &mut StripeSim,
    invoice_id: &str,
    decline: Option<&Decline>,
    card: Option<&str>,
) -> Option<i64> {
    // A first invoice is not retried: the subscription stays incomplete until it expires.
    let retried = sim
        .store
        .get(invoice_id)
        .is_some_and(|invoice| invoice.text("billing_reason") != "subscription_create");
    if !retried {
        return None;
    }
    let hard = decline.is_some_and(|decline| decline.hard);
    let refused_card = card.filter(|_| hard).map(str::to_owned);
    let next_s = count(sim, invoice_id, refused_card);
    next_s.filter(|_| !hard)
}

/// Counts a failure, plans the next retry if one is left, and gives its time.
fn count(sim: &mut StripeSim, invoice_id: &str, refused_card: Option<String>) -> Option<i64> {
    let known = sim.dunning.get(invoice_id);
    let failures = known.map_or(0, |dunning| dunning.failures) + 1;
    let gap_s = sim.options.retry_gaps_s.get(failures - 1);
    let next_s = gap_s.map(|gap_s| sim.now_s + gap_s);
    if let Some(next_s) = next_s {
        sim.plan(next_s, Task::RetryPayment(invoice_id.to_owned()));
    }
    let dunning = Dunning {
        failures,
        untold_retry_s: next_s.filter(|_| refused_card.is_some()),
        refused_card,
    };
    sim.dunning.insert(invoice_id.to_owned(), dunning);
    next_s
}

/// Charges again at the planned time, unless the card is still the one that said never to ask again.
pub(crate) fn retry(sim: &mut StripeSim, invoice_id: &str) {
    let invoice = sim.store.get(invoice_id).cloned().unwrap_or_default();
    let refused_card = sim
        .dunning
        .get(invoice_id)
        .and_then(|dunning| dunning.refused_card.clone());
    if refused_card.is_some() && refused_card == payment::card_for(sim, &invoice) {
        count(sim, invoice_id, refused_card);
        end_without_retries(sim, invoice_id);
    } else {
        // A payment that fails plans the next retry itself.
        payment::pay(sim, invoice_id, None, payment::Attempt::Automatic).ok();
    }
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
