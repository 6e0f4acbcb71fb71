//! What stands in the tables, row by row, as DynamoDB writes it.

use axum::body::Bytes;
use http::Request;
use serde_json::{Value, json};

use crate::World;

impl World {
    /// Every row of a table, by its name without the prefix.
    ///
    /// # Panics
    /// Where the table does not answer.
    pub async fn rows(&self, table: &str) -> Vec<Value> {
        let mut rows = Vec::new();
        let mut request = json!({ "TableName": format!("linky-{table}"), "ConsistentRead": true });
        loop {
            let call = Request::post("http://dynamodb.us-east-1.amazonaws.com/")
                .header("x-amz-target", "DynamoDB_20120810.Scan")
                .body(Bytes::from(request.to_string()))
                .unwrap_or_else(|error| panic!("{error}"));
            let answer = self.sandbox.cloud().handle(call).await;
            let answer = answer.unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(answer.status(), 200, "{table}: {:?}", answer.body());
            let mut page: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
            if let Value::Array(found) = page["Items"].take() {
                rows.extend(found);
            }
            match page.get_mut("LastEvaluatedKey") {
                Some(key) => request["ExclusiveStartKey"] = key.take(),
                None => return rows,
            }
        }
    }
}
