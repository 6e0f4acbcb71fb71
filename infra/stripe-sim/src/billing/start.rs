//! The start of a subscription: its first period, invoice and payment.

use crate::billing::invoice::{self, Reason};
use crate::billing::subscription::{Draft, insert, period};
use crate::billing::{INCOMPLETE_S, TRIAL_WARNING_S, discount, line, payment};
use crate::calendar::Every;
use crate::error::StripeError;
use crate::fields::Fields;
use crate::proration::share;
use crate::resources::prices;
use crate::sim::StripeSim;
use crate::tasks::Task;

/// What a first payment that fails means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FirstPayment {
    /// The subscription stays `incomplete` for 23 hours.
    MayFail,
    /// It is not even tried: the subscription starts `incomplete`.
    IsNotTried,
    /// The call fails, and nothing was created.
    MustSucceed,
}

/// Starts a subscription now and gives its identifier.
pub(crate) fn start(
    sim: &mut StripeSim,
    draft: &Draft,
    first_payment: FirstPayment,
) -> Result<String, StripeError> {
    let before = (first_payment == FirstPayment::MustSucceed).then(|| sim.clone());
    let (id, paid) = start_and_pay(sim, draft, first_payment);
    match (paid, before) {
        (Err(error), Some(before)) => {
            *sim = before;
            Err(error)
        }
        _ => Ok(id),
    }
}

fn start_and_pay(
    sim: &mut StripeSim,
    draft: &Draft,
    first_payment: FirstPayment,
) -> (String, Result<(), StripeError>) {
    let now_s = sim.now_s;
    let every = draft
        .items
        .first()
        .and_then(|wanted| prices::every(&wanted.price))
        .unwrap_or(ONE_MONTH);
    let anchor_s = draft.trial_end_s.or(draft.anchor_s).unwrap_or(now_s);
    let end_s = every.boundary_after(anchor_s, now_s);
    let amounts: Vec<i64> = draft
        .items
        .iter()
        .map(|wanted| wanted.price.int("unit_amount") * wanted.quantity)
        .collect();
    let total = discount::reduced(sim, &draft.discounts, &amounts);
    let status = match draft.trial_end_s {
        Some(_) => "trialing",
        None if total == 0 => "active",
        None => "incomplete",
    };
    let id = insert(sim, draft, status, anchor_s, end_s);
    let session = draft.checkout_session.as_deref();
    let discounts = discount::subscribe(sim, &id, &draft.discounts, session);
    sim.store.change(&id, |subscription| {
        subscription.put("discounts", discounts.clone());
    });
    let subscription = sim.store.get(&id).cloned().unwrap_or_default();
    let lines: Vec<line::Line> = subscription
        .list("items/data")
        .iter()
        .map(|item| {
            let mut line = line::of_item(
                sim,
                &subscription,
                item,
                period(&subscription),
                draft.trial_end_s.is_some(),
            );
            if draft.anchor_s.is_some() && draft.trial_end_s.is_none() {
                // A first period cut short by its anchor costs its share of a whole one.
                let whole_s = every.after(anchor_s, -1);
                line.amount = share(line.amount, now_s, whole_s, end_s);
            }
            line
        })
        .collect();
    // The invoice is written first, so that the subscription names it from its first event on.
    let invoice = invoice::draft(sim, &id, Reason::Create, &lines, (now_s, now_s));
    sim.emit("customer.subscription.created", &id);
    for discount in &discounts {
        sim.emit("customer.discount.created", discount);
    }
    sim.emit("invoice.created", &invoice);
    invoice::finalize(sim, &invoice);
    plan_ahead(sim, &id);
    let open = sim
        .store
        .get(&invoice)
        .is_some_and(|invoice| invoice.text("status") == "open");
    if !open {
        return (id, Ok(()));
    }
    sim.plan(now_s + INCOMPLETE_S, Task::ExpireIncomplete(id.clone()));
    if first_payment == FirstPayment::IsNotTried {
        return (id, Ok(()));
    }
    let paid = payment::pay(sim, &invoice, None, payment::Attempt::Automatic);
    (id, paid)
}

/// For a price that does not recur, which no caller lets through.
const ONE_MONTH: Every = Every {
    unit: crate::calendar::Unit::Month,
    count: 1,
};

/// Plans what the current period of a subscription brings.
pub(crate) fn plan_ahead(sim: &mut StripeSim, id: &str) {
    let subscription = sim.store.get(id).cloned().unwrap_or_default();
    let (_, end_s) = period(&subscription);
    sim.plan(end_s, Task::Renew(id.to_owned()));
    let announced_s = end_s - sim.options.announce_s;
    if announced_s > sim.now_s {
        sim.plan(announced_s, Task::AnnounceInvoice(id.to_owned()));
    }
    if let Some(trial_end_s) = subscription.int_at("trial_end")
        && trial_end_s > sim.now_s
    {
        // A trial shorter than the warning is warned of at once.
        let warned_s = (trial_end_s - TRIAL_WARNING_S).max(sim.now_s);
        sim.plan(warned_s, Task::WarnOfTrialEnd(id.to_owned()));
    }
    if let Some(cancel_at_s) = subscription.int_at("cancel_at") {
        sim.plan(cancel_at_s, Task::CancelSubscription(id.to_owned()));
    }
}
