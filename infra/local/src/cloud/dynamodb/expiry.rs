//! Time to live, on the sandbox's clock. DynamoDB deletes expired items within days of their time and says nothing;
//! here they go when they are told to, so that a test can also look at the days between.

use dynoxide::DynoxideError;
use serde_json::{Value, json};
use shared::time::Timestamp;

use super::DynamoDb;

/// Items older than this past their time are kept: DynamoDB takes such a time for a mistake. Five years, in seconds.
const EXPIRED_S_MAX: i64 = 5 * 365 * 86_400;

impl DynamoDb {
    /// Deletes the items of every table whose time to live ended before `now`, and says how many those were.
    pub(crate) fn expire_items(&self, now: Timestamp) -> Result<usize, DynoxideError> {
        let mut deleted = 0;
        let tables = self.call("ListTables", &json!({}))?;
        for table in tables["TableNames"].as_array().into_iter().flatten() {
            let ttl = self.call("DescribeTimeToLive", &json!({ "TableName": table }))?;
            let Some(attribute) = ttl["TimeToLiveDescription"].get("AttributeName") else {
                continue;
            };
            let described = self.call("DescribeTable", &json!({ "TableName": table }))?;
            for item in self.expired(table, attribute, now)? {
                let key = key_of(&described["Table"]["KeySchema"], &item);
                self.call("DeleteItem", &json!({ "TableName": table, "Key": key }))?;
                deleted += 1;
            }
        }
        Ok(deleted)
    }

    fn expired(
        &self,
        table: &Value,
        attribute: &Value,
        now: Timestamp,
    ) -> Result<Vec<Value>, DynoxideError> {
        let now_s = now.as_s();
        self.read_all(
            "Scan",
            json!({
                "TableName": table,
                "FilterExpression": "#ttl BETWEEN :oldest AND :newest",
                "ExpressionAttributeNames": { "#ttl": attribute },
                "ExpressionAttributeValues": {
                    ":oldest": { "N": (now_s - EXPIRED_S_MAX).to_string() },
                    ":newest": { "N": (now_s - 1).to_string() },
                },
            }),
        )
    }
}

fn key_of(schema: &Value, item: &Value) -> Value {
    let names = schema.as_array().into_iter().flatten();
    names
        .filter_map(|key| {
            let name = key["AttributeName"].as_str()?;
            Some((name.to_owned(), item[name].clone()))
        })
        .collect::<serde_json::Map<_, _>>()
        .into()
}
