//! What Stripe says when it is asked, in the shape of what it says by itself: so that it goes the same way.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::error::Error;
use crate::stripe_objects::EventEnvelope;
use crate::sync_run::Listing;
use crate::time::Timestamp;

/// An event as it is delivered.
#[derive(Serialize)]
struct Body<'a> {
    id: &'a str,
    object: &'static str,
    #[serde(rename = "type")]
    kind: &'a str,
    created: i64,
    livemode: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_version: Option<&'a str>,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    object: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_attributes: Option<&'a serde_json::Value>,
}

/// What every object says of itself.
#[derive(Deserialize)]
struct Named {
    id: String,
    /// Refunds do not say.
    livemode: Option<bool>,
}

/// The body of a listed event as it would have been delivered.
pub fn as_delivered(envelope: &EventEnvelope) -> Vec<u8> {
    write(&Body {
        id: envelope.id.as_ref(),
        object: "event",
        kind: &envelope.kind,
        created: envelope.created.as_s(),
        livemode: envelope.livemode,
        account: envelope.account.as_deref(),
        api_version: envelope.api_version.as_deref(),
        data: Data {
            object: &envelope.data.object,
            previous_attributes: envelope.data.previous_attributes.as_ref(),
        },
    })
}

/// The id of an object as Stripe wrote it.
///
/// # Errors
/// `Internal` where it has none.
pub fn id_of(object: &RawValue) -> Result<String, Error> {
    Ok(named(object)?.id)
}

/// An event that tells how an object is at `at`. Its id names the day and the object, so that a run that is repeated tells
/// it once.
///
/// # Errors
/// `Internal` where the object has no id.
pub fn as_told(
    listing: Listing,
    object: &RawValue,
    at: Timestamp,
    day: &str,
    livemode: bool,
) -> Result<Vec<u8>, Error> {
    let named = named(object)?;
    Ok(write(&Body {
        id: &format!("evt_sync_{day}_{}", named.id),
        object: "event",
        kind: match listing {
            Listing::Customers => "customer.updated",
            Listing::Subscriptions => "customer.subscription.updated",
            Listing::OpenInvoices => "invoice.finalized",
            Listing::Refunds => "refund.updated",
            Listing::Disputes => "charge.dispute.updated",
        },
        created: at.as_s(),
        livemode: named.livemode.unwrap_or(livemode),
        account: None,
        api_version: None,
        data: Data {
            object,
            previous_attributes: None,
        },
    }))
}

fn named(object: &RawValue) -> Result<Named, Error> {
    serde_json::from_str(object.get())
        .map_err(|error| Error::internal(error).while_doing("read the id of a listed object"))
}

fn write(body: &Body<'_>) -> Vec<u8> {
    // Texts, numbers and JSON that was parsed before: there is nothing in it that cannot be written.
    serde_json::to_vec(body).unwrap_or_default()
}
