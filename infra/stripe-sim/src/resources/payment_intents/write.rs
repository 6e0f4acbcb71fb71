//! Intents that a call makes, rather than an invoice.

use serde_json::{Value, json};

use super::{retrieve, shipping, unexpected};
use crate::billing::charge::{self, Wanted};
use crate::billing::{authentication, direct};
use crate::error::StripeError;
use crate::fields::Fields;
use crate::params::{AMOUNT_MAX, Params};
use crate::resources::{customers, payment_methods};
use crate::sim::StripeSim;

const FIELDS: [&str; 23] = [
    "amount",
    "currency",
    "customer",
    "payment_method",
    "description",
    "metadata[*]",
    "receipt_email",
    "setup_future_usage",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "payment_method_types[]",
    "capture_method",
    "shipping",
    "shipping[address][city]",
    "shipping[address][country]",
    "shipping[address][line1]",
    "shipping[address][line2]",
    "shipping[address][postal_code]",
    "shipping[address][state]",
    "shipping[carrier]",
    "shipping[name]",
    "shipping[phone]",
    "shipping[tracking_number]",
];

/// Stripe takes no payment below half a dollar.
const AMOUNT_MIN: i64 = 50;

/// `POST /v1/payment_intents`
pub(crate) fn create(sim: &mut StripeSim, params: &Params) -> Result<Value, StripeError> {
    params.only(
        &[
            &FIELDS[..],
            &[
                "automatic_payment_methods[enabled]",
                "automatic_payment_methods[allow_redirects]",
                "confirm",
                "confirmation_method",
                "off_session",
                "return_url",
            ],
        ]
        .concat(),
    )?;
    params.required("amount")?;
    let amount = amount(params)?.unwrap_or_default();
    let currency = params.required("currency")?.to_lowercase();
    let customer = match params.given("customer") {
        Some(customer) => Some(customers::living(sim, customer)?.text("id").to_owned()),
        None => None,
    };
    let automatic = params.flag("automatic_payment_methods[enabled]")?;
    let (confirmed, off_session) = (
        params.flag("confirm")?.unwrap_or_default(),
        params.flag("off_session")?.unwrap_or_default(),
    );
    if off_session && !confirmed {
        return Err(StripeError::invalid(
            "You can only set `off_session` if `confirm` is set to true.",
        )
        .param("off_session"));
    }
    let method = method(sim, customer.as_deref(), params)?;
    if confirmed && method.is_none() {
        return Err(StripeError::invalid(
            "You cannot confirm this PaymentIntent because it's missing a payment method. To confirm the PaymentIntent \
             with a payment method or ConfirmationToken, specify the `payment_method` or `confirmation_token` \
             parameter.",
        )
        .code("payment_intent_unexpected_state"));
    }
    let mut fields = json!({
        "automatic_payment_methods": automatic.map(|enabled| json!({
            "allow_redirects": params.given("automatic_payment_methods[allow_redirects]").unwrap_or("always"),
            "enabled": enabled,
        })),
        "confirmation_method": params
            .word("confirmation_method", &["automatic", "manual"])?
            .unwrap_or("automatic"),
        "setup_future_usage": null,
        "metadata": {},
    });
    write(&mut fields, params)?;
    let wanted = Wanted {
        amount,
        currency: &currency,
        customer: customer.as_deref(),
        description: params.given("description"),
    };
    let id = charge::insert_intent(sim, &wanted);
    sim.store.change(&id, |intent| {
        for (name, value) in fields.as_object().into_iter().flatten() {
            intent.put(name, value.clone());
        }
        if let Some(method) = &method {
            intent.put("payment_method", method.as_str());
            intent.put("status", "requires_confirmation");
        }
    });
    sim.emit("payment_intent.created", &id);
    if let Some(method) = method.filter(|_| confirmed) {
        let return_url = params.given("return_url");
        direct::confirm(sim, &id, &method, off_session, return_url)?;
    }
    retrieve(sim, &id)
}

fn amount(params: &Params) -> Result<Option<i64>, StripeError> {
    let amount = params.int_within("amount", 0..=AMOUNT_MAX)?;
    match amount {
        Some(amount) if amount < AMOUNT_MIN => {
            Err(StripeError::invalid("Amount must be at least $0.50 usd")
                .code("amount_too_small")
                .param("amount"))
        }
        amount => Ok(amount),
    }
}

/// The payment method that is named, which must belong to the customer, or to nobody where there is none.
fn method(
    sim: &mut StripeSim,
    customer: Option<&str>,
    params: &Params,
) -> Result<Option<String>, StripeError> {
    match (params.given("payment_method"), customer) {
        (None, _) => Ok(None),
        (Some(method), Some(customer)) => {
            payment_methods::of_customer(sim, method, customer, "payment_method").map(Some)
        }
        (Some(method), None) => payment_methods::resolve(sim, method, "payment_method").map(Some),
    }
}

/// Writes the plain fields that are given.
fn write(intent: &mut Value, params: &Params) -> Result<(), StripeError> {
    params.word(
        "capture_method",
        &["automatic", "automatic_async", "manual"],
    )?;
    params.word("setup_future_usage", &["off_session", "on_session"])?;
    for field in [
        "capture_method",
        "description",
        "receipt_email",
        "setup_future_usage",
        "statement_descriptor",
        "statement_descriptor_suffix",
    ] {
        if let Some(value) = params.text(field) {
            let value = (!value.is_empty()).then_some(value);
            intent.put(field, json!(value));
        }
    }
    if params.has("payment_method_types") {
        intent.put("payment_method_types", params.texts("payment_method_types"));
    }
    if let Some(shipping) = shipping::asked(params, "shipping")? {
        intent.put("shipping", shipping);
    }
    let mut metadata = intent.at("metadata").clone();
    params.merge_metadata("metadata", &mut metadata)?;
    intent.put("metadata", metadata);
    Ok(())
}

/// `POST /v1/payment_intents/:id`
pub(crate) fn update(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&FIELDS)?;
    let mut intent = retrieve(sim, id)?;
    let waits = matches!(
        intent.text("status"),
        "requires_payment_method" | "requires_confirmation" | "requires_action"
    );
    let fixed = [
        "amount",
        "currency",
        "customer",
        "payment_method",
        "capture_method",
    ];
    if let Some(name) = fixed.into_iter().find(|name| params.has(name))
        && (!waits || authentication::invoice_of(sim, &intent).is_some())
    {
        return Err(unexpected(
            &intent,
            &format!(
                "This PaymentIntent's {name} could not be updated because it has a status of {} or belongs to an \
                 invoice.",
                intent.text("status")
            ),
        ));
    }
    if let Some(amount) = amount(params)? {
        intent.put("amount", amount);
    }
    if let Some(currency) = params.given("currency") {
        intent.put("currency", currency.to_lowercase());
    }
    if let Some(customer) = params.given("customer") {
        intent.put(
            "customer",
            customers::living(sim, customer)?.at("id").clone(),
        );
    }
    let customer = intent.text_at("customer").map(str::to_owned);
    if let Some(method) = method(sim, customer.as_deref(), params)? {
        intent.put("payment_method", method);
        intent.put("status", "requires_confirmation");
    }
    write(&mut intent, params)?;
    sim.store.change(id, |slot| *slot = intent);
    retrieve(sim, id)
}

/// `POST /v1/payment_intents/:id/capture`
pub(crate) fn capture(
    sim: &mut StripeSim,
    id: &str,
    params: &Params,
) -> Result<Value, StripeError> {
    params.only(&["amount_to_capture", "metadata[*]"])?;
    let intent = retrieve(sim, id)?;
    if intent.text("status") != "requires_capture" {
        let words = format!(
            "This PaymentIntent could not be captured because it has a status of {}. Only a PaymentIntent with one of \
             the following statuses may be captured: requires_capture.",
            intent.text("status")
        );
        return Err(unexpected(&intent, &words));
    }
    let held = intent.int("amount_capturable");
    let amount = params.int_within("amount_to_capture", 1..=held)?;
    let mut metadata = intent.at("metadata").clone();
    params.merge_metadata("metadata", &mut metadata)?;
    sim.store
        .change(id, |intent| intent.put("metadata", metadata));
    direct::capture(sim, &intent, amount.unwrap_or(held));
    retrieve(sim, id)
}

/// `POST /v1/payment_intents/:id/cancel`
pub(crate) fn cancel(sim: &mut StripeSim, id: &str, params: &Params) -> Result<Value, StripeError> {
    params.only(&["cancellation_reason"])?;
    let reason = params.word(
        "cancellation_reason",
        &[
            "abandoned",
            "duplicate",
            "fraudulent",
            "requested_by_customer",
        ],
    )?;
    let intent = retrieve(sim, id)?;
    if authentication::invoice_of(sim, &intent).is_some() {
        return Err(unexpected(
            &intent,
            "You cannot cancel a PaymentIntent that belongs to an invoice; void the invoice instead.",
        ));
    }
    if matches!(intent.text("status"), "succeeded" | "canceled") {
        let words = format!(
            "You cannot cancel this PaymentIntent because it has a status of {}. Only a PaymentIntent with one of the \
             following statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, \
             requires_action, processing.",
            intent.text("status")
        );
        return Err(unexpected(&intent, &words));
    }
    direct::cancel(sim, &intent, reason);
    retrieve(sim, id)
}
