//! What `replay-event` answers, as far as it is read here.

use serde::Deserialize;
use serde_json::Value;
use shared::drift::FieldDifference;
use shared::money::Money;

/// What became of an order.
#[derive(Debug, Deserialize)]
pub(crate) struct Answer {
    pub(crate) events: Vec<Told>,
    #[serde(default)]
    pub(crate) left: usize,
    #[serde(default)]
    pub(crate) seen: Option<usize>,
    #[serde(default)]
    pub(crate) next: Option<String>,
}

/// What an order means for one event.
#[derive(Debug, Deserialize)]
pub(crate) struct Told {
    pub(crate) event: String,
    #[serde(default, rename = "type")]
    pub(crate) kind: Option<String>,
    /// What became of it so far; none where it never came in.
    #[serde(default)]
    pub(crate) outcome: Option<String>,
    pub(crate) effect: String,
    #[serde(default)]
    pub(crate) differences: Vec<FieldDifference>,
    #[serde(default)]
    pub(crate) reason: Option<String>,
}

impl Told {
    /// Whether it can be tried anew at all.
    pub(crate) fn is_possible(&self) -> bool {
        self.effect != "impossible"
    }
}

/// A value in one piece, as it may be shown: text without its quotes, an amount as people write it, and nothing that a terminal would obey. Names of
/// customers are what they typed themselves.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => legible(text),
        other => match Money::deserialize(other) {
            Ok(money) => money.to_string(),
            Err(_) => legible(&other.to_string()),
        },
    }
}

/// The text with its control characters written out.
pub(crate) fn legible(text: &str) -> String {
    let letters = text.chars().map(|letter| {
        if letter.is_control() {
            letter.escape_default().to_string()
        } else {
            letter.to_string()
        }
    });
    letters.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_that_is_shown_moves_the_cursor() {
        assert_eq!(
            shown(&json!("\u{1b}[2J\u{9b}2J Ada\n")),
            "\\u{1b}[2J\\u{9b}2J Ada\\n"
        );
        assert_eq!(shown(&json!(7500)), "7500");
        let due = json!({ "amount_cents": 2328, "currency": "usd" });
        assert_eq!(shown(&due), "$23.28");
        assert_eq!(shown(&json!(null)), "nothing");
    }
}
