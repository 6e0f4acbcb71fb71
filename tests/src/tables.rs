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
        let body = json!({ "TableName": format!("linky-{table}"), "ConsistentRead": true });
        let request = Request::post("http://dynamodb.local/")
            .header("x-amz-target", "DynamoDB_20120810.Scan")
            .header("content-type", "application/x-amz-json-1.0")
            .body(Bytes::from(body.to_string()))
            .unwrap_or_else(|error| panic!("{error}"));
        let response = self.sandbox.cloud().handle(request).await;
        let response = response.unwrap_or_else(|broken| panic!("{table}: {broken:?}"));
        let page: Value = serde_json::from_slice(response.body()).unwrap_or_default();
        assert!(
            page.get("LastEvaluatedKey").is_none(),
            "{table} has more than one page"
        );
        page["Items"]
            .as_array()
            .cloned()
            .unwrap_or_else(|| panic!("{table}: {page}"))
    }
}
