//! Lines of invoices, and the invoice items that wait for one.

use serde_json::{Value, json};

use crate::calendar::day_text;
use crate::fields::Fields;
use crate::sim::StripeSim;

/// A line before it belongs to an invoice.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    pub(crate) amount: i64,
    pub(crate) description: String,
    pub(crate) period: (i64, i64),
    pub(crate) price: Value,
    pub(crate) quantity: i64,
    /// None for an item that a call wrote for the customer.
    pub(crate) subscription: Option<String>,
    pub(crate) subscription_item: Option<String>,
    /// The invoice item it comes from, where it does not come from the subscription itself.
    pub(crate) invoice_item: Option<String>,
    /// Whether coupons take something off it.
    pub(crate) discountable: bool,
    pub(crate) proration: bool,
    pub(crate) metadata: Value,
}

/// The line of a whole period of one subscription item; in a trial it is free.
pub(crate) fn of_item(
    sim: &StripeSim,
    subscription: &Value,
    item: &Value,
    period: (i64, i64),
    trial: bool,
) -> Line {
    let (price, quantity) = (item.at("price"), item.int("quantity"));
    let name = product_name(sim, price);
    Line {
        amount: if trial {
            0
        } else {
            price.int("unit_amount") * quantity
        },
        description: if trial {
            format!("Trial period for {name}")
        } else {
            format!("{quantity} × {name} (at {})", rate(price))
        },
        period,
        price: price.clone(),
        quantity,
        subscription: subscription.text_at("id").map(str::to_owned),
        subscription_item: item.text_at("id").map(str::to_owned),
        invoice_item: None,
        discountable: true,
        proration: false,
        metadata: subscription.at("metadata").clone(),
    }
}

/// The credit for what was paid and not used, or the charge for what is left of the period.
pub(crate) fn proration(
    sim: &StripeSim,
    subscription: &Value,
    item: &Value,
    amount: i64,
    period: (i64, i64),
) -> Line {
    let (price, quantity) = (item.at("price"), item.int("quantity"));
    let name = product_name(sim, price);
    let what = if amount < 0 { "Unused" } else { "Remaining" };
    let times = if quantity == 1 {
        String::new()
    } else {
        format!("{quantity} × ")
    };
    Line {
        amount,
        description: format!("{what} time on {times}{name} after {}", day_text(period.0)),
        period,
        price: price.clone(),
        quantity,
        subscription: subscription.text_at("id").map(str::to_owned),
        subscription_item: item.text_at("id").map(str::to_owned),
        invoice_item: None,
        discountable: false,
        proration: true,
        metadata: json!({}),
    }
}

fn product_name(sim: &StripeSim, price: &Value) -> String {
    sim.store.get(price.text("product")).map_or_else(
        || "Subscription".to_owned(),
        |product| product.text("name").to_owned(),
    )
}

/// `$75.00 / month`, `$25.00 / every 3 months`.
fn rate(price: &Value) -> String {
    let amount = money(price.int("unit_amount"), price.text("currency"));
    match (
        price.text("recurring/interval"),
        price.int("recurring/interval_count"),
    ) {
        (interval, 1) => format!("{amount} / {interval}"),
        (interval, count) => format!("{amount} / every {count} {interval}s"),
    }
}

/// An amount as Stripe writes it into descriptions and messages.
pub(crate) fn money(amount: i64, currency: &str) -> String {
    let sign = if amount < 0 { "-" } else { "" };
    let (whole, cents) = (amount.unsigned_abs() / 100, amount.unsigned_abs() % 100);
    match currency {
        "usd" => format!("{sign}${whole}.{cents:02}"),
        other => format!("{sign}{whole}.{cents:02} {}", other.to_uppercase()),
    }
}

impl Line {
    /// The line as an object of an invoice.
    pub(crate) fn object(&self, sim: &mut StripeSim, invoice: &str, currency: &str) -> Value {
        let details = json!({
            "proration": self.proration,
            "proration_details": {"credited_items": null},
            "subscription": self.subscription,
        });
        let parent = match &self.invoice_item {
            Some(invoice_item) => {
                let mut details = details;
                details.put("invoice_item", invoice_item.as_str());
                json!({
                    "invoice_item_details": details,
                    "subscription_item_details": null,
                    "type": "invoice_item_details",
                })
            }
            None => {
                let mut details = details;
                details.put("invoice_item", Value::Null);
                details.put("subscription_item", json!(self.subscription_item));
                json!({
                    "invoice_item_details": null,
                    "subscription_item_details": details,
                    "type": "subscription_item_details",
                })
            }
        };
        json!({
            "id": sim.ids.long("il"),
            "object": "line_item",
            "amount": self.amount,
            "currency": currency,
            "description": self.description,
            "discount_amounts": [],
            "discountable": self.discountable,
            "discounts": [],
            "invoice": invoice,
            "livemode": sim.options.livemode,
            "metadata": self.metadata,
            "parent": parent,
            "period": {"end": self.period.1, "start": self.period.0},
            "pretax_credit_amounts": [],
            "pricing": self.pricing(),
            "quantity": self.quantity,
            "quantity_decimal": self.quantity.to_string(),
            "subscription": self.subscription,
            "subtotal": self.amount,
            "taxes": [],
        })
    }

    /// The field `pricing`; what a call wrote as an amount has none.
    fn pricing(&self) -> Value {
        if self.price.is_null() {
            return Value::Null;
        }
        json!({
            "price_details": {"price": self.price.at("id"), "product": self.price.at("product")},
            "type": "price_details",
            "unit_amount_decimal": self.price.at("unit_amount_decimal"),
        })
    }

    /// Keeps the line as an invoice item until the subscription's next invoice takes it.
    pub(crate) fn keep_for_later(self, sim: &mut StripeSim, customer: &str) {
        let id = sim.ids.long("ii");
        sim.store.insert(json!({
            "id": id,
            "object": "invoiceitem",
            "amount": self.amount,
            "currency": self.price.at("currency"),
            "customer": customer,
            "customer_account": null,
            "date": sim.now_s,
            "description": self.description,
            "discountable": self.discountable,
            "discounts": [],
            "invoice": null,
            "livemode": sim.options.livemode,
            "metadata": self.metadata,
            "net_amount": self.amount,
            "parent": {
                "subscription_details": {
                    "subscription": self.subscription,
                    "subscription_item": self.subscription_item,
                },
                "type": "subscription_details",
            },
            "period": {"end": self.period.1, "start": self.period.0},
            "pricing": self.pricing(),
            "proration": self.proration,
            "quantity": self.quantity,
            "quantity_decimal": self.quantity.to_string(),
            "tax_rates": [],
            "test_clock": sim.test_clock(),
        }));
        sim.emit("invoiceitem.created", &id);
    }
}

/// The invoice items that wait for a subscription's next invoice, as lines, oldest first.
pub(crate) fn waiting(sim: &StripeSim, subscription: &Value) -> Vec<Line> {
    let id = subscription.text("id");
    sim.store
        .all("invoiceitem", subscription.text_at("customer"))
        .filter(|item| item.at("invoice").is_null())
        .filter(|item| item.text("parent/subscription_details/subscription") == id)
        .map(|item| of_invoice_item(sim, item))
        .collect()
}

/// The invoice items that wait for a customer's next invoice and belong to no subscription, oldest first.
pub(crate) fn waiting_of_customer(sim: &StripeSim, customer: &str) -> Vec<Line> {
    sim.store
        .all("invoiceitem", Some(customer))
        .filter(|item| item.at("invoice").is_null() && item.at("parent").is_null())
        .map(|item| of_invoice_item(sim, item))
        .collect()
}

/// An invoice item as a line.
pub(crate) fn of_invoice_item(sim: &StripeSim, item: &Value) -> Line {
    Line {
        amount: item.int("amount"),
        description: item.text("description").to_owned(),
        period: (item.int("period/start"), item.int("period/end")),
        price: sim
            .store
            .get(item.text("pricing/price_details/price"))
            .map_or(Value::Null, |price| Value::clone(price)),
        quantity: item.int("quantity"),
        subscription: item
            .text_at("parent/subscription_details/subscription")
            .map(str::to_owned),
        subscription_item: None,
        invoice_item: item.text_at("id").map(str::to_owned),
        discountable: item.flag("discountable"),
        proration: item.flag("proration"),
        metadata: item.at("metadata").clone(),
    }
}
