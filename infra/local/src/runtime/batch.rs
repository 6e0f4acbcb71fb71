//! A queue worked off by a function, as Lambda's event source mapping does it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Batch, Functions};
use crate::cloud::{QueueMessage, Sqs};
use crate::template::{QueueTrigger, REGION};

/// Hands one batch of the queue to `function`, and says how many messages it held. What succeeded is deleted; what failed
/// comes back when its visibility ends, which the function may have changed.
pub async fn work_off(
    queues: &Sqs,
    functions: &Functions,
    function: &str,
    trigger: &QueueTrigger,
) -> usize {
    let batch_size = usize::try_from(trigger.batch_size).unwrap_or(usize::MAX);
    let messages = queues.receive_for_lambda(&trigger.queue, batch_size);
    if messages.is_empty() {
        return 0;
    }
    let arn = Sqs::arn(&trigger.queue);
    let records = messages.iter().map(|message| record(message, &arn));
    let event = json!({ "Records": records.collect::<Vec<_>>() });
    let Ok((mut ran, outcome)) = functions.run(function, event).await else {
        return messages.len();
    };
    // A failed invocation leaves the whole batch to its visibility timeout.
    if let Ok(answer) = outcome {
        let failed = failed(&answer, &messages, trigger.reports_failures);
        let done = messages
            .iter()
            .filter(|message| !failed.contains(message.id.as_str()));
        let done: Vec<String> = done.map(|message| message.receipt_handle.clone()).collect();
        queues.delete(&trigger.queue, &done);
        ran.batch = Some(Batch {
            messages: messages.len(),
            failed: failed.len(),
        });
    }
    functions.note(ran);
    messages.len()
}

/// A record as the event source mapping writes it.
fn record(message: &QueueMessage, arn: &str) -> Value {
    json!({
        "messageId": message.id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": message.attributes,
        "messageAttributes": message.message_attributes.clone().unwrap_or_else(|| json!({})),
        "md5OfBody": message.md5_of_body,
        "eventSource": "aws:sqs",
        "eventSourceARN": arn,
        "awsRegion": REGION,
    })
}

/// The ids of the messages that failed, by the rules of the developer guide's page "Handling errors for an SQS event source
/// in Lambda" (read November 2026): no answer, a null and an empty list mean that all succeeded; an identifier that is
/// empty, null or of no message of this batch means that all failed. Unless the mapping asks for the list, it is not read.
fn failed<'a>(answer: &'a Value, batch: &'a [QueueMessage], reported: bool) -> BTreeSet<&'a str> {
    let all = || batch.iter().map(|message| message.id.as_str());
    let failures = match answer {
        _ if !reported => return BTreeSet::new(),
        Value::Null => return BTreeSet::new(),
        Value::Object(fields) => fields.get("batchItemFailures").unwrap_or(&Value::Null),
        _ => return all().collect(),
    };
    let failures = match failures {
        Value::Null => return BTreeSet::new(),
        Value::Array(failures) => failures,
        _ => return all().collect(),
    };
    let named = failures.iter().map(|failure| {
        let id = failure["itemIdentifier"].as_str()?;
        all().find(|known| *known == id)
    });
    named
        .collect::<Option<_>>()
        .unwrap_or_else(|| all().collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn message(id: &str) -> QueueMessage {
        QueueMessage {
            id: id.to_owned(),
            receipt_handle: format!("receipt of {id}"),
            body: format!("body of {id}"),
            attributes: BTreeMap::from([("ApproximateReceiveCount".into(), "1".into())]),
            message_attributes: None,
            md5_of_body: "md5".into(),
        }
    }

    #[test]
    fn the_messages_named_as_failed_stay_and_the_others_go() {
        let batch = [message("a"), message("b"), message("c")];
        let item = |id: Value| json!({ "itemIdentifier": id });
        let cases = [
            (
                json!({ "batchItemFailures": [item(json!("b"))] }),
                vec!["b"],
            ),
            (json!({ "batchItemFailures": [] }), vec![]),
            (json!({ "batchItemFailures": null }), vec![]),
            (json!({}), vec![]),
            (json!(null), vec![]),
            (
                json!({ "batchItemFailures": [item(json!("b")), item(json!(""))] }),
                vec!["a", "b", "c"],
            ),
            (
                json!({ "batchItemFailures": [item(json!(null))] }),
                vec!["a", "b", "c"],
            ),
            (
                json!({ "batchItemFailures": [{ "id": "b" }] }),
                vec!["a", "b", "c"],
            ),
            (
                json!({ "batchItemFailures": [item(json!("unheard of"))] }),
                vec!["a", "b", "c"],
            ),
            (json!("garbled"), vec!["a", "b", "c"]),
        ];
        for (answer, expected) in cases {
            let failed: Vec<&str> = failed(&answer, &batch, true).into_iter().collect();
            assert_eq!(failed, expected, "{answer}");
        }
        let unread = json!({ "batchItemFailures": [item(json!("b"))] });
        assert!(
            super::failed(&unread, &batch, false).is_empty(),
            "the mapping does not ask"
        );
    }

    #[test]
    fn a_record_is_what_the_mapping_writes() {
        assert_eq!(
            record(
                &message("a"),
                "arn:aws:sqs:us-east-1:000000000000:linky-retry"
            ),
            json!({
                "messageId": "a",
                "receiptHandle": "receipt of a",
                "body": "body of a",
                "attributes": { "ApproximateReceiveCount": "1" },
                "messageAttributes": {},
                "md5OfBody": "md5",
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:linky-retry",
                "awsRegion": "us-east-1",
            })
        );
    }
}
