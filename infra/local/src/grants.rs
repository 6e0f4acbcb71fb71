//! The grants of each function's role, held against every call it makes: what a laptop lets through is what IAM will.
//!
//! Only the part of IAM the template uses is here: statements that allow, actions by their full names, resources by their
//! full ARNs. Stripe is no part of AWS and asks for a key instead.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::cloud::{Call, Service};
use crate::template::{ACCOUNT, REGION};

/// One statement of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The actions: `dynamodb:GetItem`.
    pub actions: Vec<String>,
    /// The ARN of what they may be done to.
    pub resource: String,
}

/// The grants of every function, by its name.
#[derive(Debug, Clone, Default)]
pub struct Grants(BTreeMap<String, Vec<Grant>>);

impl Grants {
    /// The grants of the functions named.
    pub fn new(by_function: BTreeMap<String, Vec<Grant>>) -> Self {
        Self(by_function)
    }

    /// The words of AWS for a call that the caller's role does not allow; none where it does. A caller that is no function,
    /// such as a test that looks at a table, has no role to keep to.
    pub fn denied(&self, call: &Call) -> Option<String> {
        let grants = self.0.get(&*call.caller)?;
        let mut needed = needed(call).into_iter();
        let missing = needed.find(|(action, resource)| {
            let allows =
                |grant: &Grant| grant.resource == *resource && grant.actions.contains(action);
            !grants.iter().any(allows)
        });
        missing.map(|(action, resource)| {
            format!(
                "User: arn:aws:sts::{ACCOUNT}:assumed-role/{caller} is not authorized to perform: {action} on resource: \
                 {resource} because no identity-based policy allows the {action} action; add it to the function's role in \
                 template.yaml",
                caller = call.caller,
            )
        })
    }
}

/// What a call needs to be allowed: each action with its resource.
fn needed(call: &Call) -> Vec<(String, String)> {
    match call.service {
        Service::DynamoDb => tables(&call.operation, call.text()),
        Service::Sqs => {
            let url = call.json();
            let url = url["QueueUrl"].as_str().unwrap_or_default();
            let queue = url.rsplit('/').next().unwrap_or_default();
            let action = call.operation.trim_end_matches("Batch");
            vec![(
                format!("sqs:{action}"),
                format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}"),
            )]
        }
        Service::Ses => {
            let form: BTreeMap<String, String> =
                serde_urlencoded::from_str(call.text()).unwrap_or_default();
            let source = form.get("Source").map_or("", String::as_str);
            let domain = source
                .rsplit('@')
                .next()
                .unwrap_or_default()
                .trim_end_matches('>');
            let set = form.get("ConfigurationSetName");
            let set = set.map(|set| format!("configuration-set/{set}"));
            let named = std::iter::once(format!("identity/{domain}")).chain(set);
            let named = named.map(|named| {
                let arn = format!("arn:aws:ses:{REGION}:{ACCOUNT}:{named}");
                (format!("ses:{}", call.operation), arn)
            });
            named.collect()
        }
        Service::Sns => {
            let form: BTreeMap<String, String> =
                serde_urlencoded::from_str(call.text()).unwrap_or_default();
            let topic = form.get("TopicArn").cloned().unwrap_or_default();
            vec![(format!("sns:{}", call.operation), topic)]
        }
        Service::Ssm => {
            let name = call.json();
            let name = name["Name"].as_str().unwrap_or_default();
            let parameter = format!("arn:aws:ssm:{REGION}:{ACCOUNT}:parameter{name}");
            vec![(format!("ssm:{}", call.operation), parameter)]
        }
        Service::Stripe => Vec::new(),
    }
}

/// The tables that a request to DynamoDB names; everything else in it is read over, because every call comes by here.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Named<'a> {
    #[serde(borrow)]
    table_name: Cow<'a, str>,
    #[serde(borrow)]
    index_name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    request_items: BTreeMap<Cow<'a, str>, IgnoredAny>,
    #[serde(borrow)]
    transact_items: Vec<BTreeMap<Cow<'a, str>, Part<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Part<'a> {
    #[serde(borrow)]
    table_name: Cow<'a, str>,
}

fn tables(operation: &str, request: &str) -> Vec<(String, String)> {
    let named: Named<'_> = serde_json::from_str(request).unwrap_or_default();
    let on = |action: &str, table: &str| {
        let table = format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}");
        (format!("dynamodb:{action}"), table)
    };
    match operation {
        "BatchGetItem" | "BatchWriteItem" => {
            let tables = named.request_items.keys();
            tables.map(|table| on(operation, table)).collect()
        }
        // A transaction has no action of its own: each part needs what it would need alone.
        "TransactGetItems" | "TransactWriteItems" => {
            let parts = named.transact_items.iter();
            let parts = parts.filter_map(|part| part.iter().next());
            parts
                .map(|(kind, part)| {
                    let action = if kind == "ConditionCheck" {
                        "ConditionCheckItem".to_owned()
                    } else {
                        format!("{kind}Item")
                    };
                    on(&action, &part.table_name)
                })
                .collect()
        }
        _ => {
            let (action, mut resource) = on(operation, &named.table_name);
            if let Some(index) = &named.index_name {
                resource.push_str(&format!("/index/{index}"));
            }
            vec![(action, resource)]
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn of(operation: &str, request: Value) -> Vec<String> {
        let needed = tables(operation, &request.to_string()).into_iter();
        needed
            .map(|(action, resource)| format!("{action} {}", resource.rsplit(':').next().unwrap()))
            .collect()
    }

    #[test]
    fn every_part_of_a_call_needs_its_own_grant() {
        assert_eq!(
            of("GetItem", json!({ "TableName": "a" })),
            ["dynamodb:GetItem table/a"]
        );
        assert_eq!(
            of("Query", json!({ "TableName": "a", "IndexName": "owed" })),
            ["dynamodb:Query table/a/index/owed"]
        );
        assert_eq!(
            of(
                "BatchGetItem",
                json!({ "RequestItems": { "a": {}, "b": {} } })
            ),
            [
                "dynamodb:BatchGetItem table/a",
                "dynamodb:BatchGetItem table/b"
            ]
        );
        let transaction = json!({ "TransactItems": [
            { "Put": { "TableName": "a" } },
            { "ConditionCheck": { "TableName": "b" } },
        ] });
        assert_eq!(
            of("TransactWriteItems", transaction),
            [
                "dynamodb:PutItem table/a",
                "dynamodb:ConditionCheckItem table/b"
            ]
        );
    }
}
