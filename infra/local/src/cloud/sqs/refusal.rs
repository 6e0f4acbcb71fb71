//! What SQS refuses, in the two names each error has: of the JSON protocol, and of the query protocol before it. SDKs
//! still go by the second, which travels in the header `x-amzn-query-error`.

use serde_json::{Value, json};

use crate::cloud::answer::{Answer, json_error, with_header};

/// An error of SQS; all of them are the sender's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// As in `com.amazonaws.sqs#QueueDoesNotExist`.
    json_name: &'static str,
    /// As in `AWS.SimpleQueueService.NonExistentQueue`.
    query_name: String,
    message: String,
}

impl Refusal {
    fn new(json_name: &'static str, query_name: &str, message: impl Into<String>) -> Self {
        Self {
            json_name,
            query_name: query_name.to_owned(),
            message: message.into(),
        }
    }

    /// An error whose query name is the JSON name with SQS's old prefix.
    fn prefixed(json_name: &'static str, message: impl Into<String>) -> Self {
        let query_name = format!("AWS.SimpleQueueService.{json_name}");
        Self::new(json_name, &query_name, message)
    }

    pub(super) fn no_such_queue() -> Self {
        Self::new(
            "QueueDoesNotExist",
            "AWS.SimpleQueueService.NonExistentQueue",
            "The specified queue does not exist.",
        )
    }

    pub(super) fn queue_differs(attribute: &str) -> Self {
        Self::new(
            "QueueNameExists",
            "QueueAlreadyExists",
            format!(
                "A queue already exists with the same name and a different value for attribute {attribute}"
            ),
        )
    }

    pub(super) fn queue_name() -> Self {
        Self::parameter(
            "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
        )
    }

    pub(super) fn deleted_recently() -> Self {
        Self::prefixed(
            "QueueDeletedRecently",
            "You must wait 60 seconds after deleting a queue before you can create another with the same name.",
        )
    }

    pub(super) fn purged_recently(queue: &str) -> Self {
        Self::prefixed(
            "PurgeQueueInProgress",
            format!("Only one PurgeQueue operation on {queue} is allowed every 60 seconds."),
        )
    }

    pub(super) fn receipt_handle() -> Self {
        Self::new(
            "ReceiptHandleIsInvalid",
            "ReceiptHandleIsInvalid",
            "The input receipt handle is invalid.",
        )
    }

    pub(super) fn not_in_flight() -> Self {
        Self::prefixed(
            "MessageNotInflight",
            "The specified message isn't in flight.",
        )
    }

    /// The message of `handle` was deleted, or has been received again.
    pub(super) fn not_there(handle: &str) -> Self {
        Self::value(
            "ReceiptHandle",
            handle,
            "Message does not exist or is not available for visibility timeout change.",
        )
    }

    pub(super) fn missing(parameter: &str) -> Self {
        Self::new(
            "MissingRequiredParameterException",
            "MissingParameter",
            format!("The request must contain the parameter {parameter}."),
        )
    }

    pub(super) fn value(parameter: &str, value: impl std::fmt::Display, reason: &str) -> Self {
        Self::new(
            "InvalidParameterValueException",
            "InvalidParameterValue",
            format!("Value {value} for parameter {parameter} is invalid. Reason: {reason}"),
        )
    }

    /// A value that SQS refuses without naming the parameter.
    pub(super) fn parameter(words: impl Into<String>) -> Self {
        Self::new(
            "InvalidParameterValueException",
            "InvalidParameterValue",
            words,
        )
    }

    pub(super) fn long_message(bytes_max: usize) -> Self {
        Self::parameter(format!(
            "One or more parameters are invalid. Reason: Message must be shorter than {bytes_max} bytes."
        ))
    }

    pub(super) fn no_dead_letters(queue: &str) -> Self {
        let words = "Dead letter target does not exist.";
        Self::value("RedrivePolicy", queue, words)
    }

    pub(super) fn no_dead_letter_queue() -> Self {
        Self::parameter("Source queue must be configured as a Dead Letter Queue.")
    }

    pub(super) fn no_resource(parameter: &str) -> Self {
        let words =
            format!("The resource that you specified for the {parameter} parameter doesn't exist.");
        Self::new(
            "ResourceNotFoundException",
            "ResourceNotFoundException",
            words,
        )
    }

    pub(super) fn attribute_name(name: &str) -> Self {
        Self::new(
            "InvalidAttributeName",
            "InvalidAttributeName",
            format!("Unknown Attribute {name}."),
        )
    }

    pub(super) fn attribute_value(name: &str) -> Self {
        Self::new(
            "InvalidAttributeValue",
            "InvalidAttributeValue",
            format!("Invalid value for the parameter {name}."),
        )
    }

    pub(super) fn contents() -> Self {
        Self::new(
            "InvalidMessageContents",
            "InvalidMessageContents",
            "Message was invalid for XML 1.0: it holds a character that SQS does not carry.",
        )
    }

    pub(super) fn empty_batch() -> Self {
        Self::prefixed(
            "EmptyBatchRequest",
            "There should be at least one entry in the request.",
        )
    }

    pub(super) fn large_batch(entries: usize) -> Self {
        Self::prefixed(
            "TooManyEntriesInBatchRequest",
            format!("Maximum number of entries per request are 10. You have sent {entries}."),
        )
    }

    pub(super) fn repeated_id(id: &str) -> Self {
        Self::prefixed("BatchEntryIdsNotDistinct", format!("Id {id} repeated."))
    }

    pub(super) fn batch_id() -> Self {
        Self::prefixed(
            "InvalidBatchEntryId",
            "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most \
             80 letters long.",
        )
    }

    pub(super) fn long_batch(bytes: usize, bytes_max: usize) -> Self {
        Self::prefixed(
            "BatchRequestTooLong",
            format!(
                "Batch requests cannot be longer than {bytes_max} bytes. You have sent {bytes} bytes."
            ),
        )
    }

    pub(super) fn unsupported(what: &str) -> Self {
        Self::prefixed(
            "UnsupportedOperation",
            format!("The local SQS has no {what}."),
        )
    }

    /// The answer to the whole request.
    pub(super) fn answer(&self) -> Answer {
        let kind = format!("com.amazonaws.sqs#{}", self.json_name);
        let error = json_error(400, &kind, &self.message);
        with_header(
            error,
            "x-amzn-query-error",
            &format!("{};Sender", self.query_name),
        )
    }

    /// The line of one entry in the list of failures of a batch.
    pub(super) fn entry(&self, id: &str) -> Value {
        json!({ "Id": id, "Code": self.query_name, "Message": self.message, "SenderFault": true })
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}: {}", self.query_name, self.message)
    }
}
