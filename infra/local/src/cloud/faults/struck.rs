//! What all plans together do to one call, and the answers a service gives when it refuses.

use std::time::Duration;

use serde_json::{Value, json};

use super::Fault;
use crate::cloud::answer::{Answer, answer, json_answer, json_error, with_header};
use crate::cloud::call::{Call, Service};
use crate::cloud::dynamodb::DynamoDb;
use crate::cloud::gate::Gate;
use crate::cloud::ses;

/// What happens to one call.
#[derive(Default)]
pub(crate) struct Struck {
    /// How long it waits before anything else.
    pub(crate) delay: Duration,
    /// The gates before its effect.
    pub(crate) before: Vec<Gate>,
    /// The gates after its effect.
    pub(crate) after: Vec<Gate>,
    /// How it ends, if not as it would have.
    pub(crate) end: Option<Fault>,
    /// The tables that answer it in place of the present ones.
    pub(crate) picture: Option<DynamoDb>,
}

impl Struck {
    /// Adds `fault`, and says whether it has an effect.
    pub(super) fn take(&mut self, fault: &Fault, picture: &Option<DynamoDb>) -> bool {
        match fault {
            Fault::Delay(time) => self.delay += *time,
            Fault::HoldBefore(gate) => self.before.push(gate.clone()),
            Fault::HoldAfter(gate) => self.after.push(gate.clone()),
            Fault::StaleIndexRead if self.picture.is_none() => self.picture.clone_from(picture),
            end if self.end.is_none() && !matches!(end, Fault::StaleIndexRead) => {
                self.end = Some(end.clone());
            }
            _ => return false,
        }
        true
    }
}

impl Fault {
    /// Whether it can happen to `call` at all. A plan neither counts nor strikes calls to which it cannot.
    pub(super) fn suits(&self, call: &Call) -> bool {
        match self {
            Self::StaleIndexRead => {
                call.service == Service::DynamoDb && call.json().get("IndexName").is_some()
            }
            Self::TransactionConflict(action) => {
                call.service == Service::DynamoDb
                    && matches!(
                        call.operation.as_str(),
                        "TransactWriteItems"
                            | "TransactGetItems"
                            | "PutItem"
                            | "UpdateItem"
                            | "DeleteItem"
                    )
                    && *action < call.actions()
            }
            _ => true,
        }
    }
}

/// How the service of `call` refuses it for `fault`; `None` where `fault` is not a refusal.
pub(crate) fn refused(call: &Call, fault: &Fault) -> Option<Answer> {
    match fault {
        Fault::Status500Before | Fault::Status500After => Some(broken(call.service)),
        Fault::Throttle => Some(throttled(call.service)),
        Fault::TransactionConflict(action) => Some(conflict(call, *action)),
        _ => None,
    }
}

fn broken(service: Service) -> Answer {
    const WORDS: &str = "We encountered an internal error. Please try again.";
    match service {
        Service::DynamoDb => json_error(
            500,
            "com.amazonaws.dynamodb.v20120810#InternalServerError",
            WORDS,
        ),
        Service::Sqs => json_error(500, "com.amazonaws.sqs#InternalFailure", WORDS),
        Service::Ssm => json_error(500, "InternalServerError", WORDS),
        Service::Ses => ses::error(500, "InternalFailure", WORDS),
        Service::Stripe => stripe_error(500, &json!({ "type": "api_error", "message": WORDS })),
    }
}

fn throttled(service: Service) -> Answer {
    match service {
        Service::DynamoDb => json_error(
            400,
            "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
            "The level of configured provisioned throughput for the table was exceeded. Consider increasing your \
             provisioning level with the UpdateTable API.",
        ),
        Service::Sqs => with_header(
            json_error(
                400,
                "com.amazonaws.sqs#RequestThrottled",
                "The request was denied due to request throttling.",
            ),
            "x-amzn-query-error",
            "RequestThrottled;Sender",
        ),
        Service::Ssm => json_error(400, "ThrottlingException", "Rate exceeded"),
        Service::Ses => ses::error(400, "Throttling", "Maximum sending rate exceeded."),
        Service::Stripe => stripe_error(
            429,
            &json!({
                "type": "invalid_request_error",
                "code": "rate_limit",
                "message": "Request rate limit exceeded. You can learn more about rate limits here \
                            https://stripe.com/docs/rate-limits.",
            }),
        ),
    }
}

fn stripe_error(status: u16, error: &Value) -> Answer {
    answer(
        status,
        "application/json",
        json!({ "error": error }).to_string(),
    )
}

/// As many reasons as the request has actions: a caller reads them by position.
fn conflict(call: &Call, action: usize) -> Answer {
    const WORDS: &str = "Transaction is ongoing for the item";
    if !call.operation.starts_with("Transact") {
        return json_error(
            400,
            "com.amazonaws.dynamodb.v20120810#TransactionConflictException",
            WORDS,
        );
    }
    let codes: Vec<&str> = (0..call.actions())
        .map(|at| {
            if at == action {
                "TransactionConflict"
            } else {
                "None"
            }
        })
        .collect();
    let reasons: Vec<Value> = codes
        .iter()
        .map(|code| match *code {
            "None" => json!({ "Code": code }),
            code => json!({ "Code": code, "Message": WORDS }),
        })
        .collect();
    json_answer(
        400,
        &json!({
            "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
            "Message": format!(
                "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
                codes.join(", ")
            ),
            "CancellationReasons": reasons,
        }),
    )
}
