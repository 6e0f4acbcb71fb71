//! What a receiver gets: the message, and the handle by which it is deleted or hidden.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::queue::Message;
use super::refusal::Refusal;
use super::{ACCOUNT, QueueMessage};

/// Names one receipt of one message. A later receipt of the message makes it stale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Receipt {
    pub(super) number: u64,
    pub(super) receive_count: u32,
    pub(super) id: String,
}

impl Receipt {
    /// As SQS hands it out: opaque.
    pub(super) fn write(&self, queue: &str) -> String {
        let plain = format!("{queue} {} {} {}", self.number, self.receive_count, self.id);
        STANDARD.encode(plain)
    }

    /// Reads a handle of `queue`; nobody else's is valid.
    pub(super) fn read(queue: &str, handle: &str) -> Result<Self, Refusal> {
        let plain = STANDARD.decode(handle).ok();
        let plain = plain.and_then(|bytes| String::from_utf8(bytes).ok());
        plain
            .as_deref()
            .and_then(|plain| {
                let mut words = plain.split(' ');
                words.next().filter(|of| *of == queue)?;
                Some(Self {
                    number: words.next()?.parse().ok()?,
                    receive_count: words.next()?.parse().ok()?,
                    id: words.next()?.to_owned(),
                })
            })
            .ok_or_else(Refusal::receipt_handle)
    }
}

/// The message `number` of `queue` as its receiver gets it.
pub(super) fn show(queue: &str, number: u64, message: Message) -> QueueMessage {
    let mut attributes = BTreeMap::from([
        (
            "ApproximateReceiveCount".to_owned(),
            message.receive_count.to_string(),
        ),
        (
            "SentTimestamp".to_owned(),
            message.sent_at.as_ms().to_string(),
        ),
        ("SenderId".to_owned(), ACCOUNT.to_owned()),
    ]);
    if let Some(first) = message.first_received_at {
        attributes.insert(
            "ApproximateFirstReceiveTimestamp".to_owned(),
            first.as_ms().to_string(),
        );
    }
    if let Some(source) = message.source {
        attributes.insert("DeadLetterQueueSourceArn".to_owned(), source);
    }
    let receipt = Receipt {
        number,
        receive_count: message.receive_count,
        id: message.id.clone(),
    };
    QueueMessage {
        receipt_handle: receipt.write(queue),
        md5_of_body: format!("{:x}", md5::compute(&message.body)),
        id: message.id,
        body: message.body,
        attributes,
        message_attributes: message.attributes,
    }
}
