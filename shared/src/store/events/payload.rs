//! Door: the body of an event that waits, compressed. It goes when the event is settled: it tells names and addresses.

use std::io::{Read, Write};

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use crate::error::Error;
use crate::store::transaction::Item;

/// The attribute that holds it.
pub(super) const ATTRIBUTE: &str = "payload";

/// The largest compressed body that is kept, in bytes. DynamoDB's limit for an item is 400 KB; an event with a larger
/// body is kept by its id and fetched from Stripe.
const COMPRESSED_BYTES_MAX: usize = 350 * 1024;

/// The largest body that is unpacked, in bytes: the largest that was let in.
const BODY_BYTES_MAX: u64 = 512 * 1024;

/// Puts a body into an item, if it fits.
///
/// # Errors
/// `Internal` where it cannot be compressed, which has no reason to happen in memory.
pub(super) fn put_into(item: &mut Item, body: &[u8]) -> Result<(), Error> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    let compressed = encoder
        .write_all(body)
        .and_then(|()| encoder.finish())
        .map_err(Error::internal)?;
    if compressed.len() <= COMPRESSED_BYTES_MAX {
        let value = AttributeValue::B(Blob::new(compressed));
        item.insert(ATTRIBUTE.to_owned(), value);
    }
    Ok(())
}

/// Takes the body out of an item; none where it did not fit.
///
/// # Errors
/// `Internal` where it cannot be unpacked.
pub(super) fn take_from(item: &mut Item) -> Result<Option<Vec<u8>>, Error> {
    let Some(AttributeValue::B(compressed)) = item.remove(ATTRIBUTE) else {
        return Ok(None);
    };
    let mut body = Vec::new();
    DeflateDecoder::new(compressed.as_ref())
        .take(BODY_BYTES_MAX)
        .read_to_end(&mut body)
        .map_err(|error| Error::internal(error).while_doing("unpack a kept body"))?;
    Ok(Some(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_comes_out_as_it_went_in() {
        let body = br#"{"id":"evt_1"}"#.repeat(100);
        let mut item = Item::new();
        put_into(&mut item, &body).unwrap();
        assert_eq!(take_from(&mut item).unwrap(), Some(body));
        assert_eq!(take_from(&mut item).unwrap(), None);
    }

    #[test]
    fn a_body_that_does_not_fit_is_left_to_be_fetched() {
        let mut numbers = fastrand::Rng::with_seed(1);
        let body: Vec<u8> = (0..512 * 1024).map(|_| numbers.u8(..)).collect();
        let mut item = Item::new();
        put_into(&mut item, &body).unwrap();
        assert!(item.is_empty());
    }
}
