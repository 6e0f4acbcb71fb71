//! What an `.updated` event changed from: `data.previous_attributes`.

use serde_json::{Map, Value};

/// The fields of `before` that differ in `after`. Objects are compared field by field, to any depth; a field that was
/// not there before is null. A list with any difference is given whole (docs.stripe.com, changelog of 2017-05-25, read
/// 2026-11-22).
pub(crate) fn previous_attributes(before: &Value, after: &Value) -> Map<String, Value> {
    let mut previous = Map::new();
    let (Value::Object(before), Value::Object(after)) = (before, after) else {
        return previous;
    };
    for (name, new) in after {
        match before.get(name) {
            Some(old) if old == new => {}
            Some(old @ Value::Object(_)) if new.is_object() => {
                previous.insert(name.clone(), Value::Object(previous_attributes(old, new)));
            }
            Some(old) => {
                previous.insert(name.clone(), old.clone());
            }
            None => {
                previous.insert(name.clone(), Value::Null);
            }
        }
    }
    for (name, old) in before {
        if !after.contains_key(name) {
            previous.insert(name.clone(), old.clone());
        }
    }
    previous
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_changed_is_given_and_lists_are_given_whole() {
        let before = json!({
            "metadata": {"seq": "1", "gone": "x"},
            "items": {"data": [{"id": "si_1", "quantity": 1}, {"id": "si_2"}], "has_more": false},
            "plan": {"amount": 1, "id": "price_1"}, "status": "active", "pause_collection": null,
        });
        let after = json!({
            "metadata": {"seq": "1", "new": "y"},
            "items": {"data": [{"id": "si_1", "quantity": 2}, {"id": "si_2"}], "has_more": false},
            "plan": {"amount": 2, "id": "price_1"}, "status": "active", "pause_collection": {"behavior": "void"},
        });
        assert_eq!(
            Value::Object(previous_attributes(&before, &after)),
            json!({
                "metadata": {"new": null, "gone": "x"},
                "items": {"data": [{"id": "si_1", "quantity": 1}, {"id": "si_2"}]},
                "plan": {"amount": 1}, "pause_collection": null,
            })
        );
    }
}
