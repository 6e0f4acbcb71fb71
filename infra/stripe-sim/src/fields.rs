//! Reading and writing the fields of an object, which is kept as JSON because that is what it is on the wire.

use serde_json::Value;

/// Short ways into a JSON object. A path is a JSON pointer without its first slash: `items/data/0/price/id`.
pub(crate) trait Fields {
    /// The text at `path`, or an empty text where there is none.
    fn text(&self, path: &str) -> &str;
    /// The text at `path`, where there is one.
    fn text_at(&self, path: &str) -> Option<&str>;
    /// The whole number at `path`, or 0.
    fn int(&self, path: &str) -> i64;
    /// The whole number at `path`, where there is one.
    fn int_at(&self, path: &str) -> Option<i64>;
    /// Whether `true` stands at `path`.
    fn flag(&self, path: &str) -> bool;
    /// What stands at `path`; null where nothing does.
    fn at(&self, path: &str) -> &Value;
    /// The list at `path`; empty where there is none.
    fn list(&self, path: &str) -> &[Value];
    /// Writes `value` at `path`, whose parent must be there.
    fn put(&mut self, path: &str, value: impl Into<Value>);
}

static NULL: Value = Value::Null;

impl Fields for Value {
    fn text(&self, path: &str) -> &str {
        self.text_at(path).unwrap_or_default()
    }

    fn text_at(&self, path: &str) -> Option<&str> {
        self.at(path).as_str()
    }

    fn int(&self, path: &str) -> i64 {
        self.int_at(path).unwrap_or_default()
    }

    fn int_at(&self, path: &str) -> Option<i64> {
        self.at(path).as_i64()
    }

    fn flag(&self, path: &str) -> bool {
        self.at(path) == &Value::Bool(true)
    }

    fn at(&self, path: &str) -> &Value {
        let mut here = self;
        for step in path.split('/') {
            let next = match here {
                Value::Object(map) => map.get(step),
                Value::Array(list) => step.parse::<usize>().ok().and_then(|at| list.get(at)),
                _ => None,
            };
            match next {
                Some(value) => here = value,
                None => return &NULL,
            }
        }
        here
    }

    fn list(&self, path: &str) -> &[Value] {
        self.at(path).as_array().map_or(&[], Vec::as_slice)
    }

    fn put(&mut self, path: &str, value: impl Into<Value>) {
        let mut here = self;
        for step in path.split('/') {
            here = match here {
                Value::Array(list) => {
                    let at: usize = step.parse().unwrap_or(usize::MAX);
                    match list.get_mut(at) {
                        Some(slot) => slot,
                        None => return,
                    }
                }
                other @ (Value::Object(_) | Value::Null) => &mut other[step],
                // A plain value has nothing below it.
                _ => return,
            };
        }
        *here = value.into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_path_reads_and_writes_through_objects_and_lists() {
        let mut value = json!({"items": {"data": [{"price": {"id": "price_1"}, "quantity": 2}]}});
        assert_eq!(value.text("items/data/0/price/id"), "price_1");
        assert_eq!(value.int_at("items/data/1/quantity"), None);
        value.put("items/data/0/quantity", 3);
        assert_eq!(value.int("items/data/0/quantity"), 3);
    }
}
