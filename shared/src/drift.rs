//! Fact: where a record and Stripe say different things, why that may be, and what is done about it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::id::CustomerId;
use crate::plan::Plan;

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FieldDifference {
    /// Its name on our record.
    pub field: String,
    /// What is on record; null where there is no record.
    pub ours: Value,
    /// What Stripe says; null where Stripe has no such object.
    pub stripes: Value,
}

/// Why a record differs, as far as it can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DriftCause)]
pub enum Cause {
    /// No event told of it: Stripe made none, or none arrived.
    MissedEvent,
    /// An event at Stripe tells of it that did not come, and it was no call of ours and nothing that Stripe does by itself:
    /// somebody changed it in Stripe's dashboard or portal, or with another program.
    ChangedInDashboard,
    /// The price is no plan of ours, or was none when the record was written.
    UnmappedPrice,
    /// An event told of it and was settled, and the record is not as it ought to be: a defect of ours.
    OurDefect,
    /// Stripe has no such object: it is of another account, or of a test that was wiped.
    NotAtStripe,
}

/// What is done about a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = WhatIsDone)]
pub enum Policy {
    /// What Stripe says is applied like an event.
    Repair,
    /// A person decides.
    Report,
}

impl Cause {
    /// What is done about a difference of this cause. A price that is no plan of ours is written down as such, with an alert
    /// that stands until somebody moves the subscription or adds the price to the catalogue. What Stripe does not have is never removed by itself: under the key
    /// of another account nobody would be a customer any more.
    pub const fn policy(self) -> Policy {
        match self {
            Self::MissedEvent
            | Self::ChangedInDashboard
            | Self::UnmappedPrice
            | Self::OurDefect => Policy::Repair,
            Self::NotAtStripe => Policy::Report,
        }
    }
}

/// One object that differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Difference {
    /// Stripe's id of the object.
    pub object: String,
    /// Whose it is, as far as it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub customer: Option<CustomerId>,
    /// The fields, by name.
    pub fields: Vec<FieldDifference>,
    /// Why, as far as it can be told.
    pub cause: Cause,
    /// What was done.
    pub policy: Policy,
}

/// The fields that name a person. Their values stand in the customer's own record and nowhere else.
const PERSONAL: [&str; 2] = ["email", "name"];

impl FieldDifference {
    /// As it may be kept: where the field names a person, without the values.
    #[must_use]
    pub fn without_names(mut self) -> Self {
        if PERSONAL.contains(&self.field.as_str()) {
            for value in [&mut self.ours, &mut self.stripes] {
                if !value.is_null() {
                    *value = "not shown".into();
                }
            }
        }
        self
    }

    /// Whether one of the two is a price that is no plan of ours.
    pub fn is_about_an_unmapped_price(&self) -> bool {
        let unmapped = Plan::Unmapped.key();
        self.field == "plan" && (self.ours == unmapped || self.stripes == unmapped)
    }
}

/// The fields in which two records of one shape differ, by name; either may be missing as a whole.
pub(crate) fn between<T: Serialize>(ours: Option<&T>, stripes: Option<&T>) -> Vec<FieldDifference> {
    let fields = |record: Option<&T>| match record.map(serde_json::to_value) {
        Some(Ok(Value::Object(fields))) => fields,
        _ => serde_json::Map::new(),
    };
    let (ours, stripes) = (fields(ours), fields(stripes));
    let mut names: Vec<&String> = ours.keys().chain(stripes.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let value = |fields: &serde_json::Map<String, Value>, name: &str| {
        fields.get(name).cloned().unwrap_or_default()
    };
    let differences = names.into_iter().map(|name| FieldDifference {
        field: name.clone(),
        ours: value(&ours, name),
        stripes: value(&stripes, name),
    });
    differences
        .filter(|difference| difference.ours != difference.stripes)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_differs_is_named_and_a_missing_record_differs_in_all() {
        let record = |plan: &str| {
            BTreeMap::from([("plan", plan.to_owned()), ("status", "active".to_owned())])
        };
        let (ours, stripes) = (record("prospector"), record("rainmaker"));
        assert_eq!(
            between(Some(&ours), Some(&stripes)),
            [FieldDifference {
                field: "plan".to_owned(),
                ours: json!("prospector"),
                stripes: json!("rainmaker"),
            }]
        );
        assert_eq!(between(Some(&ours), Some(&ours)), []);
        let missing = between(None, Some(&stripes));
        let names: Vec<_> = missing.iter().map(|it| it.field.as_str()).collect();
        assert_eq!(names, ["plan", "status"]);
        assert!(missing.iter().all(|it| it.ours.is_null()));
    }

    #[test]
    fn what_stripe_does_not_have_is_left_to_a_person() {
        assert_eq!(Cause::NotAtStripe.policy(), Policy::Report);
        assert_eq!(Cause::MissedEvent.policy(), Policy::Repair);
    }

    #[test]
    fn names_and_addresses_are_not_kept_with_a_difference() {
        let difference = |field: &str| FieldDifference {
            field: field.to_owned(),
            ours: json!("ada@example.com"),
            stripes: Value::Null,
        };
        let kept = difference("email").without_names();
        assert_eq!((kept.ours, kept.stripes), (json!("not shown"), Value::Null));
        let plan = difference("plan");
        assert_eq!(plan.clone().without_names(), plan);
    }
}
