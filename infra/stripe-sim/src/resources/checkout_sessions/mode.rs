//! What a session is for, and what its fields say where a call leaves them out.

use serde_json::{Value, json};

use crate::error::StripeError;
use crate::fields::Fields;
use crate::params::Params;

/// What a session is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Paying once.
    Payment,
    /// Putting a card on file.
    Setup,
    /// Paying again and again.
    Subscription,
}

/// What each mode takes that the others refuse.
const OWN: [(Mode, &str); 3] = [
    (Mode::Payment, "payment_intent_data"),
    (Mode::Setup, "setup_intent_data"),
    (Mode::Subscription, "subscription_data"),
];

impl Mode {
    /// The mode that a call asks for, which takes what the call says beside it.
    pub(super) fn asked(params: &Params) -> Result<Self, StripeError> {
        let mode = match params.word("mode", &["payment", "setup", "subscription"])? {
            Some("payment") => Self::Payment,
            Some("setup") => Self::Setup,
            _ => Self::Subscription,
        };
        let mut strange: Vec<&str> = OWN
            .into_iter()
            .filter_map(|(of, name)| (of != mode).then_some(name))
            .collect();
        match mode {
            Self::Payment => {}
            Self::Setup => strange.extend(["line_items", "discounts", "allow_promotion_codes"]),
            Self::Subscription => strange.push("customer_creation"),
        }
        match strange.into_iter().find(|name| params.has(name)) {
            None => Ok(mode),
            Some(name) => Err(StripeError::invalid(format!(
                "You can not pass `{name}` in `{}` mode.",
                mode.word()
            ))
            .param(name)),
        }
    }

    /// The mode of a session.
    pub(super) fn of(session: &Value) -> Self {
        match session.text("mode") {
            "payment" => Self::Payment,
            "setup" => Self::Setup,
            _ => Self::Subscription,
        }
    }

    /// Its word in the API.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::Setup => "setup",
            Self::Subscription => "subscription",
        }
    }

    /// The field `customer_creation`: a subscription cannot be without a customer, all else can.
    pub(super) fn customer_creation(self, params: &Params) -> Result<Value, StripeError> {
        let asked = params.word("customer_creation", &["always", "if_required"])?;
        let has_customer = params.given("customer").is_some();
        if has_customer && asked.is_some() {
            return Err(StripeError::invalid(
                "You may only specify one of these parameters: customer, customer_creation.",
            )
            .param("customer_creation"));
        }
        Ok(match (has_customer, self) {
            (true, _) => Value::Null,
            (false, Self::Subscription) => json!("always"),
            (false, Self::Payment | Self::Setup) => json!(asked.unwrap_or("if_required")),
        })
    }

    /// The field `invoice_creation`: a payment writes none unless it is asked to, which the simulator cannot be.
    pub(super) fn invoice_creation(self) -> Value {
        match self {
            Self::Payment => json!({
                "enabled": false,
                "invoice_data": {
                    "account_tax_ids": null, "custom_fields": null, "description": null, "footer": null,
                    "issuer": null, "metadata": {}, "rendering_options": null,
                },
            }),
            Self::Setup | Self::Subscription => Value::Null,
        }
    }

    /// The field `payment_method_collection` where nothing is said.
    pub(super) fn method_collection(self) -> &'static str {
        match self {
            Self::Subscription => "always",
            Self::Payment | Self::Setup => "if_required",
        }
    }
}
