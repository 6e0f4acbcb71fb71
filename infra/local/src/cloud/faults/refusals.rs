//! The answers a service gives when it refuses, each in its own shape.

use serde_json::{Value, json};

use crate::cloud::answer::{Answer, answer, json_answer, json_error, with_header};
use crate::cloud::call::{Call, Service};
use crate::cloud::{ses, sns};

/// A service that is broken: 500.
pub(crate) fn broken(call: &Call) -> Answer {
    const WORDS: &str = "We encountered an internal error. Please try again.";
    match call.service {
        Service::DynamoDb => json_error(
            500,
            "com.amazonaws.dynamodb.v20120810#InternalServerError",
            WORDS,
        ),
        Service::Sqs => json_error(500, "com.amazonaws.sqs#InternalFailure", WORDS),
        Service::Ssm => json_error(500, "InternalServerError", WORDS),
        Service::Ses => ses::error(500, "InternalFailure", WORDS),
        Service::Sns => sns::error(500, "InternalFailure", WORDS),
        Service::Stripe => stripe_error(500, &json!({ "type": "api_error", "message": WORDS })),
    }
}

/// A service that has too much to do.
pub(crate) fn throttled(call: &Call) -> Answer {
    match call.service {
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
        Service::Sns => sns::error(400, "Throttling", "Rate exceeded"),
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

/// Another transaction holds the item of the action at index `action`. There are as many reasons as the request has
/// actions: a caller reads them by position.
pub(crate) fn conflict(call: &Call, action: usize) -> Answer {
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
