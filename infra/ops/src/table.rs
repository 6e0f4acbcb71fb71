//! Events as a table that a person reads: one line an event, and below it one a field that changes.

use crate::answer::{Told, legible, shown};

/// Room for an identifier of Stripe's: `evt_` and 24 letters.
const EVENT_WIDTH: usize = 28;

/// Room for the longest type that is subscribed to.
const KIND_WIDTH: usize = 44;

/// Room for `quarantined`.
const OUTCOME_WIDTH: usize = 11;

/// Room for the longest name of a field.
const FIELD_WIDTH: usize = 24;

/// The line above the first event.
pub(crate) fn head() -> String {
    line("event", "type", "so far", "a replay")
}

/// The lines of one event.
pub(crate) fn lines(told: &Told) -> Vec<String> {
    let kind = told.kind.as_deref().unwrap_or("type unknown");
    let outcome = told.outcome.as_deref().unwrap_or("never came");
    let first = line(
        &legible(&told.event),
        &legible(kind),
        outcome,
        &effect(told),
    );
    let fields = told.differences.iter().map(|difference| {
        let [ours, stripes] = [&difference.ours, &difference.stripes].map(shown);
        let field = legible(&difference.field);
        format!("    {field:FIELD_WIDTH$}  {ours} -> {stripes}")
    });
    std::iter::once(first).chain(fields).collect()
}

fn line(event: &str, kind: &str, outcome: &str, effect: &str) -> String {
    format!("{event:EVENT_WIDTH$}  {kind:KIND_WIDTH$}  {outcome:OUTCOME_WIDTH$}  {effect}")
}

fn effect(told: &Told) -> String {
    match told.effect.as_str() {
        "changes" => match told.differences.len() {
            1 => "changes 1 field".to_owned(),
            count => format!("changes {count} fields"),
        },
        "ensures_schedule" => {
            "sets up the end of the founding price, unless it is there".to_owned()
        }
        "nothing" => "changes nothing: the record is the same or newer".to_owned(),
        "impossible" => {
            let reason = told.reason.as_deref().unwrap_or("no reason given");
            format!("is impossible: {}", legible(reason))
        }
        other => legible(other),
    }
}

/// How many there are of each effect.
#[derive(Debug, Default)]
pub(crate) struct Sum {
    changing: usize,
    idle: usize,
    impossible: usize,
}

impl Sum {
    pub(crate) fn add(&mut self, told: &Told) {
        let count = match told.effect.as_str() {
            "nothing" => &mut self.idle,
            "impossible" => &mut self.impossible,
            _ => &mut self.changing,
        };
        *count += 1;
    }

    /// Those that can be tried anew.
    pub(crate) fn possible(&self) -> usize {
        self.changing + self.idle
    }

    /// All of them in one line.
    pub(crate) fn words(&self) -> String {
        format!(
            "{}: {} with an effect, {} without, {} impossible.",
            events(self.possible() + self.impossible),
            self.changing,
            self.idle,
            self.impossible
        )
    }
}

/// So many events, in words.
pub(crate) fn events(count: usize) -> String {
    match count {
        1 => "1 event".to_owned(),
        count => format!("{count} events"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(value: serde_json::Value) -> Told {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn an_event_is_told_with_each_field_it_changes() {
        let told = told(json!({
            "event": "evt_1", "type": "invoice.paid", "outcome": "dead", "effect": "changes",
            "differences": [{ "field": "status", "ours": null, "stripes": "paid" }],
        }));
        let [first, field] = lines(&told).try_into().unwrap();
        let words: Vec<&str> = first.split_whitespace().collect();
        assert_eq!(
            words,
            ["evt_1", "invoice.paid", "dead", "changes", "1", "field"]
        );
        assert_eq!(
            field.split_whitespace().collect::<Vec<_>>(),
            ["status", "nothing", "->", "paid"]
        );
    }

    #[test]
    fn what_is_impossible_says_why_and_is_not_counted_among_the_possible() {
        let told =
            told(json!({ "event": "evt_1", "effect": "impossible", "reason": "its body is gone" }));
        assert!(lines(&told)[0].ends_with("is impossible: its body is gone"));
        let mut sum = Sum::default();
        sum.add(&told);
        assert_eq!(sum.possible(), 0);
        assert_eq!(
            sum.words(),
            "1 event: 0 with an effect, 0 without, 1 impossible."
        );
    }
}
