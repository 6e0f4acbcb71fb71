//! `/v1/customers/:id/balance_transactions`: what a customer has as credit (below zero) or owes (above), and why.

use serde_json::{Value, json};

use crate::error::StripeError;
use crate::fields::Fields;
use crate::lists::{self, Listing};
use crate::params::{AMOUNT_MAX, Params};
use crate::resources::customers;
use crate::sim::StripeSim;

const KIND: &str = "customer_balance_transaction";

/// `POST /v1/customers/:id/balance_transactions`
pub(crate) fn create(
    sim: &mut StripeSim,
    customer: &str,
    params: &Params,
) -> Result<Value, StripeError> {
    params.only(&["amount", "currency", "description", "metadata[*]"])?;
    let found = customers::living(sim, customer)?;
    let amount = params
        .int_within("amount", -AMOUNT_MAX..=AMOUNT_MAX)?
        .ok_or_else(|| StripeError::parameter_missing("amount"))?;
    let currency = params.required("currency")?.to_lowercase();
    if let Some(known) = found.text_at("currency").filter(|known| *known != currency) {
        return Err(StripeError::invalid(format!(
            "You cannot combine currencies on a single customer. This customer has had a subscription, coupon, or \
             invoice item with currency {known}"
        ))
        .param("currency"));
    }
    let metadata = params.metadata("metadata")?;
    let description = params.given("description").map(str::to_owned);
    let id = shift(sim, customer, amount, "adjustment", &currency);
    sim.store.change(&id, |transaction| {
        transaction.put("description", json!(description));
        transaction.put("metadata", metadata);
    });
    retrieve(sim, customer, &id)
}

/// Moves a customer's balance and gives the identifier of the transaction that says so.
pub(crate) fn shift(
    sim: &mut StripeSim,
    customer: &str,
    amount: i64,
    kind: &str,
    currency: &str,
) -> String {
    let id = sim.ids.long("cbtxn");
    let balance = sim.store.get(customer).map_or(0, |it| it.int("balance"));
    let ending_balance = balance + amount;
    sim.store.insert(json!({
        "id": id,
        "object": KIND,
        "amount": amount,
        "checkout_session": null,
        "created": sim.now_s,
        "credit_note": null,
        "currency": currency,
        "customer": customer,
        "customer_account": null,
        "description": null,
        "ending_balance": ending_balance,
        "invoice": null,
        "livemode": sim.options.livemode,
        "metadata": {},
        "type": kind,
    }));
    sim.update("customer.updated", customer, |customer| {
        customer.put("balance", ending_balance);
    });
    id
}

/// `GET /v1/customers/:id/balance_transactions/:transaction`
pub(crate) fn retrieve(sim: &StripeSim, customer: &str, id: &str) -> Result<Value, StripeError> {
    sim.store
        .of_kind(KIND, id)
        .filter(|transaction| transaction.text("customer") == customer)
        .map(|transaction| Value::clone(transaction))
        .ok_or_else(|| StripeError::missing("customer balance transaction", id))
}

/// `GET /v1/customers/:id/balance_transactions`
pub(crate) fn list(sim: &StripeSim, customer: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&[&lists::PAGING_BY_TIME[..], &["invoice"]].concat())?;
    customers::retrieve(sim, customer)?;
    let created = lists::in_range(params, "created")?;
    let listing = Listing {
        kind: KIND,
        noun: "customer balance transaction",
        url: &format!("/v1/customers/{customer}/balance_transactions"),
        owner: Some(customer),
    };
    lists::page(&sim.store, &listing, params, |transaction| {
        created(transaction.int("created"))
            && params
                .given("invoice")
                .is_none_or(|invoice| transaction.text("invoice") == invoice)
    })
}
