//! Changes of price and quantity within a period, with their prorations.

use serde_json::Value;

use crate::billing::line::{self, Line};
use crate::billing::subscription::{Wanted, item, mirror_single_item, period, put_period};
use crate::billing::{discount, invoice, start};
use crate::calendar::Every;
use crate::fields::Fields;
use crate::proration::share;
use crate::resources::prices;
use crate::sim::StripeSim;

/// What happens to the time already paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proration {
    /// Credits and charges wait for the next invoice.
    Create,
    /// Credits and charges are invoiced at once.
    InvoiceNow,
    /// Nothing: the new price holds from the next period on.
    None,
}

impl Proration {
    /// From Stripe's word.
    pub(crate) fn new(word: Option<&str>) -> Self {
        match word {
            Some("always_invoice") => Self::InvoiceNow,
            Some("none") => Self::None,
            _ => Self::Create,
        }
    }
}

/// Stripe's words for [`Proration`].
pub(crate) const PRORATIONS: [&str; 3] = ["always_invoice", "create_prorations", "none"];

/// An item as it is to be: a known one changed, or a new one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NewItem {
    /// The item that stays; none for a new one.
    pub(crate) id: Option<String>,
    pub(crate) wanted: Wanted,
    pub(crate) metadata: Option<Value>,
}

/// A change of a subscription's items.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Change {
    pub(crate) items: Vec<NewItem>,
    pub(crate) proration: Proration,
    /// From when the new price counts.
    pub(crate) at_s: i64,
    /// Whether the billing period starts anew now.
    pub(crate) anchor_now: bool,
}

/// Applies a change and opens the invoice that is to be paid at once, if there is one.
pub(crate) fn apply(sim: &mut StripeSim, id: &str, change: &Change) -> Option<String> {
    let invoice = write(sim, id, change)?;
    sim.emit("invoice.created", &invoice);
    invoice::finalize(sim, &invoice);
    Some(invoice)
}

/// Applies a change and writes its prorations. Gives the draft of the invoice that is to be paid at once.
pub(crate) fn write(sim: &mut StripeSim, id: &str, change: &Change) -> Option<String> {
    let before = sim.store.get(id).cloned().unwrap_or_default();
    let (old_period, trial) = (period(&before), before.text("status") == "trialing");
    let interval_changes = interval(&before)
        != change
            .items
            .first()
            .and_then(|item| prices::every(&item.wanted.price));
    // A new interval starts a new period, which is paid for at once; so does a paid price after a free one.
    let starts_anew = (change.anchor_now || interval_changes) && !trial;
    let now_s = sim.now_s;
    let new_period = match change
        .items
        .first()
        .and_then(|item| prices::every(&item.wanted.price))
    {
        Some(every) if starts_anew => (now_s, every.after(now_s, 1)),
        _ => old_period,
    };
    let items = renewed_items(sim, &before, &change.items, new_period);
    let prorated = change.proration != Proration::None && !trial;
    let credits = if prorated {
        credits(sim, &before, &items, change, starts_anew)
    } else {
        Vec::new()
    };
    sim.store.change(id, |subscription| {
        subscription.put("items/total_count", items.len());
        subscription.put("items/data", items);
        if starts_anew {
            subscription.put("billing_cycle_anchor", now_s);
            put_period(subscription, new_period);
        }
        mirror_single_item(subscription);
    });
    let after = sim.store.get(id).cloned().unwrap_or_default();
    let customer = after.text("customer").to_owned();
    let charges = if prorated && !starts_anew {
        charges(sim, &before, &after, change)
    } else {
        Vec::new()
    };
    for line in credits.into_iter().chain(charges) {
        line.keep_for_later(sim, &customer);
    }
    let invoices_now = starts_anew || change.proration == Proration::InvoiceNow;
    let mut lines = if invoices_now {
        line::waiting(sim, &after)
    } else {
        Vec::new()
    };
    if starts_anew {
        for item in after.list("items/data") {
            lines.push(line::of_item(sim, &after, item, new_period, false));
        }
        start::plan_ahead(sim, id);
    }
    let drafted = (!lines.is_empty())
        .then(|| invoice::draft(sim, id, invoice::Reason::Update, &lines, new_period));
    sim.emit_change("customer.subscription.updated", &before, id);
    drafted
}

/// How often a subscription's prices recur.
pub(crate) fn interval(subscription: &Value) -> Option<Every> {
    prices::every(subscription.at("items/data/0/price"))
}

/// The items of a subscription after a change, in the order of the change.
pub(crate) fn renewed_items(
    sim: &mut StripeSim,
    before: &Value,
    items: &[NewItem],
    period: (i64, i64),
) -> Vec<Value> {
    items
        .iter()
        .map(|new| renewed_item(sim, before, new, period))
        .collect()
}

fn renewed_item(sim: &mut StripeSim, before: &Value, new: &NewItem, period: (i64, i64)) -> Value {
    let known = before
        .list("items/data")
        .iter()
        .find(|item| Some(item.text("id")) == new.id.as_deref())
        .cloned();
    let mut renewed = match known {
        Some(mut known) => {
            known.put("price", new.wanted.price.clone());
            known.put("plan", prices::plan(&new.wanted.price));
            known.put("quantity", new.wanted.quantity);
            known
        }
        None => item(sim, before.text("id"), &new.wanted, period),
    };
    if let Some(metadata) = &new.metadata {
        renewed.put("metadata", metadata.clone());
    }
    renewed
}

/// Credits for what was paid and is not used: of items that change or go, and of all where a new period starts.
fn credits(
    sim: &StripeSim,
    before: &Value,
    after: &[Value],
    change: &Change,
    starts_anew: bool,
) -> Vec<Line> {
    let (_, end_s) = period(before);
    before
        .list("items/data")
        .iter()
        .filter(|old| starts_anew || !is_unchanged(old, after))
        .map(|old| {
            let paid = discount::paid_for(sim, before, old);
            let unused = share(paid.amount, change.at_s, paid.period.0, paid.period.1);
            line::proration(sim, before, old, -unused, (change.at_s, end_s))
        })
        .filter(|line| line.amount != 0)
        .collect()
}

/// Charges for what is left of the period at the new price: of items that changed or came.
fn charges(sim: &StripeSim, before: &Value, after: &Value, change: &Change) -> Vec<Line> {
    let (start_s, end_s) = discount::whole_period(before);
    after
        .list("items/data")
        .iter()
        .filter(|new| !is_unchanged(new, before.list("items/data")))
        .map(|new| {
            let price = discount::price_of(sim, after, new);
            let left = share(price, change.at_s, start_s, end_s);
            line::proration(sim, after, new, left, (change.at_s, end_s))
        })
        .filter(|line| line.amount != 0)
        .collect()
}

fn is_unchanged(item: &Value, others: &[Value]) -> bool {
    others.iter().any(|other| {
        other.text("id") == item.text("id")
            && other.text("price/id") == item.text("price/id")
            && other.int("quantity") == item.int("quantity")
    })
}
