//! A sender's own attributes of a message: what SQS takes, what they weigh, their digest, and which of them a receiver
//! asks for (the developer guide's page "Amazon SQS message metadata", read November 2026).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::refusal::Refusal;

/// The most attributes of one message.
const COUNT_MAX: usize = 10;

const TYPES: [&str; 3] = ["String", "Number", "Binary"];

/// One attribute as SQS reads it.
struct Attribute<'a> {
    name: &'a str,
    kind: &'a str,
    value: Vec<u8>,
}

/// Whether SQS takes `attributes`.
pub(super) fn check(attributes: &Value) -> Result<(), Refusal> {
    let read = read(attributes);
    if read.len() > COUNT_MAX {
        return Err(Refusal::parameter(format!(
            "Number of message attributes [{}] exceeds the allowed maximum [10].",
            read.len()
        )));
    }
    for Attribute { name, kind, value } in read {
        let words = if !is_name(name) {
            format!(
                "Message (user) attribute name \"{name}\" is invalid. It can have up to 256 letters, digits, \
                 underscores, hyphens and periods, and must not begin with AWS. or Amazon."
            )
        } else if kind.is_empty() {
            format!("The message attribute '{name}' must contain non-empty message attribute type.")
        } else if !TYPES.contains(&base(kind)) {
            format!(
                "The type of message (user) attribute '{name}' is invalid. You must use only the following supported \
                 type prefixes: Binary, Number, String."
            )
        } else if value.is_empty() {
            format!(
                "Message (user) attribute '{name}' must contain a non-empty value of type '{kind}'."
            )
        } else if base(kind) == "Number" && !is_number(&value) {
            format!("Can't cast the value of message (user) attribute '{name}' to a number.")
        } else {
            continue;
        };
        return Err(Refusal::parameter(words));
    }
    Ok(())
}

/// What they count towards the limit of a message: names, types and values.
pub(super) fn bytes(attributes: &Value) -> usize {
    let read = read(attributes).into_iter();
    read.map(|attribute| attribute.name.len() + attribute.kind.len() + attribute.value.len())
        .sum()
}

/// Their MD5 in hexadecimal, or nothing where there are none: in the order of their names, each part after its length.
pub(super) fn digest(attributes: &Value) -> Option<String> {
    let mut read = read(attributes);
    if read.is_empty() {
        return None;
    }
    read.sort_by_key(|attribute| attribute.name);
    let mut digest = md5::Context::new();
    for Attribute { name, kind, value } in read {
        for part in [name.as_bytes(), kind.as_bytes()] {
            consume(&mut digest, part);
        }
        digest.consume([if base(kind) == "Binary" { 2 } else { 1 }]);
        consume(&mut digest, &value);
    }
    Some(format!("{:x}", digest.compute()))
}

/// Those of `attributes` that `names` ask for: `All`, a name, or the beginning of names as in `invoice.*`.
pub(super) fn asked(attributes: &Value, names: &[String]) -> Map<String, Value> {
    let wanted = |key: &str| {
        names.iter().any(|name| {
            let prefix = name.strip_suffix(".*");
            name == "All" || name == key || prefix.is_some_and(|prefix| key.starts_with(prefix))
        })
    };
    let all = attributes.as_object().into_iter().flatten();
    all.filter(|(key, _)| wanted(key))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

fn read(attributes: &Value) -> Vec<Attribute<'_>> {
    let all = attributes.as_object().into_iter().flatten();
    all.map(|(name, attribute)| {
        let kind = attribute["DataType"].as_str().unwrap_or_default();
        let value = if base(kind) == "Binary" {
            let text = attribute["BinaryValue"].as_str().unwrap_or_default();
            STANDARD.decode(text).unwrap_or_default()
        } else {
            let text = attribute["StringValue"].as_str().unwrap_or_default();
            text.as_bytes().to_vec()
        };
        Attribute { name, kind, value }
    })
    .collect()
}

/// `Number` of `Number.int`: what follows the period is the sender's own.
fn base(kind: &str) -> &str {
    kind.split('.').next().unwrap_or(kind)
}

fn is_name(name: &str) -> bool {
    let legible = |letter: char| letter.is_ascii_alphanumeric() || "_-.".contains(letter);
    let lower = name.to_ascii_lowercase();
    (1..=256).contains(&name.len())
        && name.chars().all(legible)
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !name.contains("..")
        && !lower.starts_with("aws.")
        && !lower.starts_with("amazon.")
}

fn is_number(value: &[u8]) -> bool {
    let text = std::str::from_utf8(value).unwrap_or_default();
    text.parse::<f64>().is_ok_and(f64::is_finite)
}

fn consume(digest: &mut md5::Context, part: &[u8]) {
    // A message is a mebibyte at most, so that its parts' lengths fit.
    let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
    digest.consume(length.to_be_bytes());
    digest.consume(part);
}
