//! The parameters of one call: typed reading, and refusal of what Stripe does not know.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::error::StripeError;
use crate::request::{decode, steps};

/// Parameters, or those below one of them; names are written as on the wire: `recurring[interval]`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Params {
    /// What stands before each name in an error: empty, or `items[0]`.
    prefix: String,
    pairs: Vec<(Vec<String>, String)>,
}

impl Params {
    pub(crate) fn parse(query: &str, body: &str) -> Result<Self, StripeError> {
        let mut pairs = decode(query)?;
        pairs.extend(decode(body)?);
        Ok(Self {
            prefix: String::new(),
            pairs,
        })
    }

    /// These parameters and one more.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        if let Ok(path) = steps(name) {
            self.pairs.push((path, value.to_owned()));
        }
        self
    }

    /// Every pair, sorted: equal for two calls that ask the same.
    pub(crate) fn canonical(&self) -> String {
        let mut lines: Vec<String> = self
            .pairs
            .iter()
            .map(|(path, value)| format!("{}={value}", path.join(".")))
            .collect();
        lines.sort();
        lines.join("\n")
    }

    /// Every value that may name an object; what stands in metadata names nothing.
    pub(crate) fn values(&self) -> impl Iterator<Item = &str> {
        self.pairs
            .iter()
            .filter(|(path, _)| !path.iter().any(|step| step == "metadata"))
            .map(|(_, value)| value.as_str())
    }

    /// Refuses each parameter that `allowed` does not list. `items[][price]` stands for any number, `metadata[*]` for
    /// any name; `expand[]` is always allowed.
    pub(crate) fn only(&self, allowed: &[&str]) -> Result<(), StripeError> {
        for (path, value) in &self.pairs {
            let mut patterns = std::iter::once(&"expand[]").chain(allowed);
            let pattern = patterns.find(|pattern| matches(pattern, path));
            let Some(pattern) = pattern else {
                return Err(StripeError::parameter_unknown(&self.wire_name(path)));
            };
            // An open end may be left empty, and holds no plain value.
            let is_whole = steps(pattern).is_ok_and(|steps| steps.len() > path.len());
            if is_whole && !value.is_empty() {
                let kind = if pattern.ends_with("[*]") {
                    "object"
                } else {
                    "array"
                };
                return Err(
                    StripeError::invalid(format!("Invalid {kind}")).param(self.wire_name(path))
                );
            }
        }
        Ok(())
    }

    /// The text of one parameter; an empty text is how a form unsets a field.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let wanted = steps(name).ok()?;
        self.pairs
            .iter()
            .rev()
            .find(|(path, _)| *path == wanted)
            .map(|(_, value)| value.as_str())
    }

    /// The text of one parameter where it is given and not empty.
    pub(crate) fn given(&self, name: &str) -> Option<&str> {
        self.text(name).filter(|value| !value.is_empty())
    }

    pub(crate) fn required(&self, name: &str) -> Result<&str, StripeError> {
        self.given(name)
            .ok_or_else(|| StripeError::parameter_missing(&self.full_name(name)))
    }

    pub(crate) fn int(&self, name: &str) -> Result<Option<i64>, StripeError> {
        let Some(value) = self.given(name) else {
            return Ok(None);
        };
        value.parse().map(Some).map_err(|_| {
            StripeError::invalid(format!("Invalid integer: {value}"))
                .code("parameter_invalid_integer")
                .param(self.full_name(name))
        })
    }

    /// A whole number within bounds.
    pub(crate) fn int_within(
        &self,
        name: &str,
        bounds: std::ops::RangeInclusive<i64>,
    ) -> Result<Option<i64>, StripeError> {
        let refused = |words: String| {
            StripeError::invalid(words)
                .code("parameter_invalid_integer")
                .param(self.full_name(name))
        };
        match self.int(name)? {
            Some(value) if value < *bounds.start() => Err(refused(format!(
                "This value must be greater than or equal to {}.",
                bounds.start()
            ))),
            Some(value) if value > *bounds.end() => Err(refused(format!(
                "This value must be less than or equal to {}.",
                bounds.end()
            ))),
            within => Ok(within),
        }
    }

    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, StripeError> {
        match self.given(name) {
            None => Ok(None),
            Some("true" | "1") => Ok(Some(true)),
            Some("false" | "0") => Ok(Some(false)),
            Some(value) => Err(StripeError::invalid(format!("Invalid boolean: {value}"))
                .code("parameter_invalid_boolean")
                .param(self.full_name(name))),
        }
    }

    /// One of a fixed list of words.
    pub(crate) fn word<'a>(
        &'a self,
        name: &str,
        words: &[&str],
    ) -> Result<Option<&'a str>, StripeError> {
        match self.given(name) {
            Some(value) if !words.contains(&value) => {
                let name = self.full_name(name);
                let (last, others) = words.split_last().unwrap_or((&"", &[]));
                Err(StripeError::invalid(format!(
                    "Invalid {name}: must be one of {}, or {last}",
                    others.join(", ")
                ))
                .param(name))
            }
            given => Ok(given),
        }
    }

    /// Whether the parameter, or anything below it, is given.
    pub(crate) fn has(&self, name: &str) -> bool {
        steps(name).is_ok_and(|wanted| self.pairs.iter().any(|(path, _)| path.starts_with(&wanted)))
    }

    /// What stands below one parameter, each element of a list by itself, in the order of their numbers.
    pub(crate) fn elements(&self, name: &str) -> Vec<Self> {
        let Ok(list) = steps(name) else {
            return Vec::new();
        };
        let mut elements: BTreeMap<usize, Self> = BTreeMap::new();
        for (path, value) in &self.pairs {
            let number = path.get(list.len()).and_then(|step| step.parse().ok());
            if let (true, Some(number)) = (path.starts_with(&list), number) {
                let element = elements.entry(number).or_insert_with(|| Self {
                    prefix: format!("{}[{number}]", self.full_name(name)),
                    pairs: Vec::new(),
                });
                element
                    .pairs
                    .push((path[list.len() + 1..].to_vec(), value.clone()));
            }
        }
        elements.into_values().collect()
    }

    /// What stands below a parameter, as parameters.
    pub(crate) fn below(&self, name: &str) -> Self {
        let above = steps(name).unwrap_or_default();
        Self {
            prefix: self.full_name(name),
            pairs: self
                .pairs
                .iter()
                .filter(|(path, _)| path.len() > above.len() && path.starts_with(&above))
                .map(|(path, value)| (path[above.len()..].to_vec(), value.clone()))
                .collect(),
        }
    }

    /// The plain values of a list: `expand[]=a&expand[]=b`.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        self.elements(name)
            .into_iter()
            .filter_map(|element| element.pairs.into_iter().next().map(|(_, value)| value))
            .collect()
    }

    /// What stands directly below a parameter, as an object of texts.
    pub(crate) fn object(&self, name: &str) -> Map<String, Value> {
        let Ok(list) = steps(name) else {
            return Map::new();
        };
        self.pairs
            .iter()
            .filter(|(path, _)| path.len() == list.len() + 1 && path.starts_with(&list))
            .map(|(path, value)| (path[list.len()].clone(), json!(value)))
            .collect()
    }

    /// Metadata merged into what an object has: an empty text takes a key away, an empty parameter all of them.
    pub(crate) fn merge_metadata(
        &self,
        name: &str,
        metadata: &mut Value,
    ) -> Result<(), StripeError> {
        if self.text(name) == Some("") {
            *metadata = json!({});
        }
        for (key, value) in self.object(name) {
            if key.chars().count() > METADATA_KEY_MAX {
                return Err(StripeError::invalid(format!(
                    "Metadata keys can have up to {METADATA_KEY_MAX} characters."
                ))
                .param(self.full_name(name)));
            }
            if value
                .as_str()
                .is_some_and(|text| text.chars().count() > METADATA_VALUE_MAX)
            {
                return Err(StripeError::invalid(format!(
                    "Metadata values can have up to {METADATA_VALUE_MAX} characters."
                ))
                .param(self.full_name(&format!("{name}[{key}]"))));
            }
            match (value.as_str(), metadata.as_object_mut()) {
                (Some(""), Some(map)) => {
                    map.remove(&key);
                }
                _ => metadata[&key] = value,
            }
        }
        let kept = metadata.as_object().map_or(0, Map::len);
        if kept > METADATA_KEYS_MAX {
            return Err(StripeError::invalid(format!(
                "You can have up to {METADATA_KEYS_MAX} metadata keys."
            ))
            .param(self.full_name(name)));
        }
        Ok(())
    }

    /// The metadata of a new object.
    pub(crate) fn metadata(&self, name: &str) -> Result<Value, StripeError> {
        let mut metadata = json!({});
        self.merge_metadata(name, &mut metadata)?;
        Ok(metadata)
    }

    /// The name of a parameter as the caller wrote it.
    pub(crate) fn full_name(&self, name: &str) -> String {
        match steps(name) {
            Ok(path) => self.wire_name(&path),
            Err(_) => name.to_owned(),
        }
    }

    fn wire_name(&self, path: &[String]) -> String {
        let mut name = self.prefix.clone();
        for step in path {
            if name.is_empty() {
                name.push_str(step);
            } else {
                name.push_str(&format!("[{step}]"));
            }
        }
        name
    }
}

/// The largest amount Stripe charges, in the smallest unit: eight digits.
pub(crate) const AMOUNT_MAX: i64 = 99_999_999;

/// The most of one price that one item holds.
pub(crate) const QUANTITY_MAX: i64 = 999_999;

/// Stripe's limits on metadata, from its API reference.
const METADATA_KEYS_MAX: usize = 50;
const METADATA_KEY_MAX: usize = 40;
const METADATA_VALUE_MAX: usize = 500;

fn matches(pattern: &str, path: &[String]) -> bool {
    let Ok(pattern) = steps(pattern) else {
        return false;
    };
    // `metadata=` unsets all of it, and `expand[]` may be left empty, so a pattern's open end also matches its parent.
    let open_end = pattern
        .last()
        .is_some_and(|step| step == "*" || step.is_empty());
    let long_enough = path.len() == pattern.len() || (open_end && path.len() + 1 == pattern.len());
    long_enough
        && pattern.iter().zip(path).all(|(wanted, step)| {
            wanted == "*" || wanted == step || (wanted.is_empty() && step.parse::<usize>().is_ok())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(form: &str) -> Params {
        Params::parse("", form).unwrap()
    }

    #[test]
    fn an_unknown_parameter_is_named_as_the_caller_wrote_it() {
        let refused = params("items[0][price]=a&items[0][prize]=b")
            .only(&["items[][price]"])
            .unwrap_err();
        assert_eq!(
            refused.message,
            "Received unknown parameter: items[0][prize]"
        );
        assert_eq!(refused.code, Some("parameter_unknown"));
    }

    #[test]
    fn elements_come_in_the_order_of_their_numbers() {
        let prices: Vec<Option<String>> = params("items[10][price]=b&items[2][price]=a")
            .elements("items")
            .iter()
            .map(|item| item.text("price").map(str::to_owned))
            .collect();
        assert_eq!(prices, [Some("a".to_owned()), Some("b".to_owned())]);
    }

    #[test]
    fn metadata_is_merged_and_an_empty_text_unsets() {
        let mut metadata = json!({"keep": "1", "drop": "2"});
        params("metadata[drop]=&metadata[new]=3")
            .merge_metadata("metadata", &mut metadata)
            .unwrap();
        assert_eq!(metadata, json!({"keep": "1", "new": "3"}));
        params("metadata=")
            .merge_metadata("metadata", &mut metadata)
            .unwrap();
        assert_eq!(metadata, json!({}));
    }

    #[test]
    fn a_bad_number_names_its_parameter() {
        let refused = params("limit=ten").int("limit").unwrap_err();
        assert_eq!(refused.message, "Invalid integer: ten");
        assert_eq!(refused.param.as_deref(), Some("limit"));
    }
}
