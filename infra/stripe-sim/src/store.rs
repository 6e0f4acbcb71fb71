//! Every object the simulator holds, by identifier and in the order of creation.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::fields::Fields;

/// An object's JSON, shared between clones of the simulator until one of them changes it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shared(Arc<Value>);

impl Shared {
    pub(crate) fn new(object: Arc<Value>) -> Self {
        Self(object)
    }

    pub(crate) fn value(&self) -> &Value {
        &self.0
    }
}

impl Serialize for Shared {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Shared {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(|value| Self(Arc::new(value)))
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Slot {
    number: u64,
    value: Shared,
}

/// The objects. A list of a kind, of all owners or of one, costs what it returns and not what is stored.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Store {
    next_number: u64,
    slots: BTreeMap<String, Slot>,
    /// By kind (the field `object`), then by number.
    kinds: BTreeMap<String, BTreeMap<u64, String>>,
    /// By owner (see [`owner`]), then by kind, then by number.
    owners: BTreeMap<String, BTreeMap<String, BTreeMap<u64, String>>>,
}

impl Store {
    pub(crate) fn get(&self, id: &str) -> Option<&Arc<Value>> {
        self.slots.get(id).map(|slot| &slot.value.0)
    }

    /// The object if it is of this kind.
    pub(crate) fn of_kind(&self, kind: &str, id: &str) -> Option<&Arc<Value>> {
        self.get(id).filter(|object| object.text("object") == kind)
    }

    pub(crate) fn insert(&mut self, object: Value) {
        self.insert_shared(Arc::new(object));
    }

    /// Keeps an object that another simulator has, without copying it.
    pub(crate) fn insert_shared(&mut self, object: Arc<Value>) {
        let (id, kind) = (
            object.text("id").to_owned(),
            object.text("object").to_owned(),
        );
        let number = self.next_number;
        self.next_number += 1;
        if let Some(owner) = owner(&object).map(str::to_owned) {
            self.index_owner(&owner, &kind, number, &id);
        }
        self.kinds
            .entry(kind)
            .or_default()
            .insert(number, id.clone());
        let value = Shared(object);
        self.slots.insert(id, Slot { number, value });
    }

    /// Changes an object and returns what it was before.
    pub(crate) fn change(&mut self, id: &str, change: impl FnOnce(&mut Value)) -> Arc<Value> {
        let Some(slot) = self.slots.get_mut(id) else {
            return Arc::new(Value::Null);
        };
        let before = Arc::clone(&slot.value.0);
        change(Arc::make_mut(&mut slot.value.0));
        let (number, kind) = (slot.number, before.text("object").to_owned());
        let (old, new) = (
            owner(&before).map(str::to_owned),
            owner(&slot.value.0).map(str::to_owned),
        );
        if old != new {
            if let Some(of_kind) = old
                .and_then(|old| self.owners.get_mut(&old))
                .and_then(|of_owner| of_owner.get_mut(&kind))
            {
                of_kind.remove(&number);
            }
            if let Some(new) = new {
                self.index_owner(&new, &kind, number, id);
            }
        }
        before
    }

    fn index_owner(&mut self, owner: &str, kind: &str, number: u64, id: &str) {
        self.owners
            .entry(owner.to_owned())
            .or_default()
            .entry(kind.to_owned())
            .or_default()
            .insert(number, id.to_owned());
    }

    /// Takes an object away altogether.
    pub(crate) fn remove(&mut self, id: &str) {
        let Some(slot) = self.slots.remove(id) else {
            return;
        };
        if let Some(of_kind) = self.kinds.get_mut(slot.value.0.text("object")) {
            of_kind.remove(&slot.number);
        }
        if let Some(of_kind) = owner(&slot.value.0)
            .and_then(|owner| self.owners.get_mut(owner))
            .and_then(|of_owner| of_owner.get_mut(slot.value.0.text("object")))
        {
            of_kind.remove(&slot.number);
        }
    }

    /// The place of an object in the order of creation.
    pub(crate) fn number(&self, id: &str) -> Option<u64> {
        self.slots.get(id).map(|slot| slot.number)
    }

    /// The objects of a kind created strictly between two places, oldest first; of one owner where one is named.
    pub(crate) fn between(
        &self,
        kind: &str,
        owner: Option<&str>,
        after: Option<u64>,
        before: Option<u64>,
    ) -> impl DoubleEndedIterator<Item = &Arc<Value>> {
        let ids = match owner {
            Some(owner) => self
                .owners
                .get(owner)
                .and_then(|of_owner| of_owner.get(kind)),
            None => self.kinds.get(kind),
        };
        let first = after.map_or(0, |number| number + 1);
        let end = before.unwrap_or(u64::MAX).max(first);
        ids.into_iter()
            .flat_map(move |ids| ids.range(first..end))
            .filter_map(|(_, id)| self.get(id))
    }

    /// Every object of a kind, oldest first; of one owner where one is named.
    pub(crate) fn all(
        &self,
        kind: &str,
        owner: Option<&str>,
    ) -> impl DoubleEndedIterator<Item = &Arc<Value>> {
        self.between(kind, owner, None, None)
    }
}

/// What an object is listed under: its customer, or for the payments of an invoice, which name none, the invoice.
fn owner(object: &Value) -> Option<&str> {
    object
        .text_at("customer")
        .or_else(|| object.text_at("invoice"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn ids<'a>(objects: impl Iterator<Item = &'a Arc<Value>>) -> Vec<&'a str> {
        objects.map(|object| object.text("id")).collect()
    }

    #[test]
    fn an_object_moves_between_customers_and_goes_away() {
        let mut store = Store::default();
        store.insert(json!({"id": "pm_1", "object": "payment_method", "customer": null}));
        store.insert(json!({"id": "pm_2", "object": "payment_method", "customer": "cus_1"}));
        store.change("pm_1", |object| object.put("customer", "cus_1"));
        assert_eq!(
            ids(store.all("payment_method", Some("cus_1"))),
            ["pm_1", "pm_2"]
        );
        store.change("pm_1", |object| object.put("customer", Value::Null));
        assert_eq!(ids(store.all("payment_method", Some("cus_1"))), ["pm_2"]);
        store.remove("pm_2");
        assert_eq!(ids(store.all("payment_method", None)), ["pm_1"]);
    }

    #[test]
    fn a_clone_keeps_what_it_had() {
        let mut store = Store::default();
        store.insert(json!({"id": "cus_1", "object": "customer", "name": "old"}));
        let before = store.clone();
        store.change("cus_1", |object| object.put("name", "new"));
        assert_eq!(before.get("cus_1").unwrap().text("name"), "old");
        assert_eq!(store.get("cus_1").unwrap().text("name"), "new");
    }
}
