//! Errors in Stripe's shape and words.

use serde_json::{Map, Value, json};

/// What Stripe answers instead of the thing asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct StripeError {
    /// The HTTP status.
    pub status: u16,
    /// `invalid_request_error`, `card_error`, `idempotency_error` or `api_error`.
    pub kind: &'static str,
    /// Stripe's code, such as `resource_missing`.
    pub code: Option<&'static str>,
    /// The words for the developer, or for a card error the words for the customer.
    pub message: String,
    /// The parameter that is to blame.
    pub param: Option<String>,
    /// The issuer's reason, on card errors.
    pub decline_code: Option<&'static str>,
    /// Further fields of the error object: `charge`, `payment_intent`, `payment_method`, `advice_code`.
    more: Option<Box<Map<String, Value>>>,
}

impl StripeError {
    /// A request that cannot be carried out: status 400.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self {
            status: 400,
            kind: "invalid_request_error",
            code: None,
            message: message.into(),
            param: None,
            decline_code: None,
            more: None,
        }
    }

    pub(crate) fn code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    pub(crate) fn param(mut self, param: impl Into<String>) -> Self {
        self.param = Some(param.into());
        self
    }

    pub(crate) fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    pub(crate) fn kind(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.more
            .get_or_insert_default()
            .insert(name.to_owned(), value.into());
        self
    }

    /// An identifier in the path that names nothing: status 404.
    pub(crate) fn missing(noun: &str, id: &str) -> Self {
        Self::missing_param(noun, id, "id").status(404)
    }

    /// An identifier in a parameter that names nothing: status 400.
    pub(crate) fn missing_param(noun: &str, id: &str, param: &str) -> Self {
        Self::invalid(format!("No such {noun}: '{id}'"))
            .code("resource_missing")
            .param(param)
    }

    pub(crate) fn parameter_missing(param: &str) -> Self {
        Self::invalid(format!("Missing required param: {param}."))
            .code("parameter_missing")
            .param(param)
    }

    pub(crate) fn parameter_unknown(param: &str) -> Self {
        Self::invalid(format!("Received unknown parameter: {param}"))
            .code("parameter_unknown")
            .param(param)
    }

    /// Whether the request was refused before it began: such an answer is not kept under an idempotency key.
    pub(crate) fn before_execution(&self) -> bool {
        self.status == 401 || self.code.is_some_and(|code| code.starts_with("parameter_"))
    }

    /// The body on the wire.
    pub(crate) fn body(&self, request_id: &str) -> Value {
        let mut error = json!({
            "message": self.message,
            "request_log_url": format!("https://dashboard.stripe.com/test/logs/{request_id}?t=0"),
            "type": self.kind,
        });
        if let Some(code) = &self.code {
            error["code"] = json!(code);
            error["doc_url"] = json!(format!(
                "https://stripe.com/docs/error-codes/{}",
                code.replace('_', "-")
            ));
        }
        if let Some(param) = &self.param {
            error["param"] = json!(param);
        }
        if let Some(decline_code) = &self.decline_code {
            error["decline_code"] = json!(decline_code);
        }
        for (name, value) in self.more.iter().flat_map(|more| more.iter()) {
            error[name] = value.clone();
        }
        json!({ "error": error })
    }
}

impl std::fmt::Display for StripeError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for StripeError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_identifier_is_refused_in_stripes_words() {
        assert_eq!(
            StripeError::missing("customer", "cus_1").body("req_1"),
            json!({"error": {
                "code": "resource_missing",
                "doc_url": "https://stripe.com/docs/error-codes/resource-missing",
                "message": "No such customer: 'cus_1'",
                "param": "id",
                "request_log_url": "https://dashboard.stripe.com/test/logs/req_1?t=0",
                "type": "invalid_request_error",
            }})
        );
    }
}
