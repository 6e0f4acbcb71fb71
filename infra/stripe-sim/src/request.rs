//! What comes in and what goes out, and Stripe's nested form encoding (`items[0][price]=price_1`).

use serde_json::Value;

use crate::error::StripeError;

/// A call on the API, as it stood on the wire.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request<'a> {
    /// `GET`, `POST` or `DELETE`.
    pub method: &'a str,
    /// The path without the query: `/v1/customers`.
    pub path: &'a str,
    /// The query without its question mark; empty where there is none.
    pub query: &'a str,
    /// The body, `application/x-www-form-urlencoded`; empty where there is none.
    pub body: &'a str,
    /// The header `Idempotency-Key`.
    pub idempotency_key: Option<&'a str>,
    /// The key of the header `Authorization`, without `Bearer `.
    pub api_key: Option<&'a str>,
    /// The header `Stripe-Version`.
    pub stripe_version: Option<&'a str>,
}

/// The answer to a [`Request`].
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Header names in lower case, with their values.
    pub headers: Vec<(String, String)>,
    /// The JSON body.
    pub body: Value,
}

impl Response {
    /// The value of one header, by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Most parameters taken in one call. Stripe's own largest calls stay far below it.
const PARAMETERS_MAX: usize = 1000;

/// The decoded pairs of a form: the path of each name, and its value.
pub(crate) fn decode(form: &str) -> Result<Vec<(Vec<String>, String)>, StripeError> {
    let mut pairs: Vec<(Vec<String>, String)> = Vec::new();
    for pair in form.split('&').filter(|pair| !pair.is_empty()) {
        if pairs.len() == PARAMETERS_MAX {
            return Err(StripeError::invalid("Too many parameters."));
        }
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let mut path = steps(&percent_decoded(name)?)?;
        number_open_lists(&mut path, &pairs);
        pairs.push((path, percent_decoded(value)?));
    }
    Ok(pairs)
}

/// `items[0][price]` → `items`, `0`, `price`.
pub(crate) fn steps(name: &str) -> Result<Vec<String>, StripeError> {
    let (first, rest) = name.split_at(name.find('[').unwrap_or(name.len()));
    let mut path = vec![first.to_owned()];
    let mut rest = rest;
    while !rest.is_empty() {
        let closed = rest
            .strip_prefix('[')
            .and_then(|inner| inner.split_once(']'));
        let Some((step, tail)) = closed else {
            return Err(StripeError::invalid(format!(
                "Invalid parameter name: {name}"
            )));
        };
        path.push(step.to_owned());
        rest = tail;
    }
    Ok(path)
}

/// Gives `a[]` its number: the next one where the element is a plain value or repeats a field, else the current one.
fn number_open_lists(path: &mut [String], before: &[(Vec<String>, String)]) {
    while let Some(open) = path.iter().position(String::is_empty) {
        let (list, field) = (&path[..open], &path[open + 1..]);
        let last = before
            .iter()
            .filter(|(other, _)| other.len() > open && &other[..open] == list)
            .filter_map(|(other, _)| other[open].parse::<usize>().ok())
            .max();
        let number = match last {
            None => 0,
            Some(last) => {
                let taken = field.is_empty()
                    || before.iter().any(|(other, _)| {
                        other.len() > open
                            && &other[..open] == list
                            && other[open] == last.to_string()
                            && &other[open + 1..] == field
                    });
                if taken { last + 1 } else { last }
            }
        };
        path[open] = number.to_string();
    }
}

fn percent_decoded(text: &str) -> Result<String, StripeError> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'+' => out.push(b' '),
            b'%' => {
                let mut byte = [0];
                let digits = bytes.get(at + 1..at + 3).unwrap_or_default();
                if hex::decode_to_slice(digits, &mut byte).is_err() {
                    return Err(StripeError::invalid("Invalid percent-encoding in request."));
                }
                out.push(byte[0]);
                at += 2;
            }
            plain => out.push(plain),
        }
        at += 1;
    }
    String::from_utf8(out).map_err(|_| StripeError::invalid("Invalid UTF-8 in request."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(form: &str) -> Vec<(String, String)> {
        decode(form)
            .unwrap()
            .into_iter()
            .map(|(path, value)| (path.join("."), value))
            .collect()
    }

    #[test]
    fn nested_names_become_paths() {
        assert_eq!(
            flat("items[0][price]=price_1&metadata%5Buser%20id%5D=a%2Bb+c&plain"),
            [
                ("items.0.price", "price_1"),
                ("metadata.user id", "a+b c"),
                ("plain", "")
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
    }

    #[test]
    fn open_lists_are_numbered_as_their_fields_repeat() {
        let names: Vec<String> = flat("e[]=a&e[]=b&i[][price]=x&i[][quantity]=1&i[][price]=y")
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(
            names,
            ["e.0", "e.1", "i.0.price", "i.0.quantity", "i.1.price"]
        );
    }

    #[test]
    fn broken_encodings_are_refused() {
        for form in ["a[b=1", "a=%zz", "a=%f", "a=%ff", "a[b]c=1"] {
            assert!(decode(form).is_err(), "{form}");
        }
    }
}
