//! A picture of all tables at one moment, from which reads of an index can be answered later as if it lagged behind.

use std::sync::Arc;

use dynoxide::{Database, DynoxideError};
use serde_json::{Value, json};

use super::DynamoDb;

/// Items written to the picture in one call: the most DynamoDB takes in a `BatchWriteItem`.
const BATCH_ITEMS_MAX: usize = 25;

impl DynamoDb {
    /// Copies every table, with its indexes, into a memory of its own.
    pub(crate) fn picture(&self) -> Result<Self, DynoxideError> {
        let picture = Self {
            tables: Database::memory()?,
            tokens: Arc::clone(&self.tokens),
        };
        let tables = self.call("ListTables", &json!({}))?;
        for table in tables["TableNames"].as_array().into_iter().flatten() {
            if let Some(table) = table.as_str() {
                picture.create_like(self, table)?;
                picture.copy_items(self, table)?;
            }
        }
        Ok(picture)
    }

    fn create_like(&self, original: &Self, table: &str) -> Result<(), DynoxideError> {
        let described = original.call("DescribeTable", &json!({ "TableName": table }))?;
        let described = &described["Table"];
        let mut request = json!({
            "TableName": table,
            "KeySchema": described["KeySchema"],
            "AttributeDefinitions": described["AttributeDefinitions"],
            "BillingMode": "PAY_PER_REQUEST",
        });
        for kind in ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"] {
            let indexes: Vec<Value> = described[kind]
                .as_array()
                .into_iter()
                .flatten()
                .map(|index| {
                    json!({
                        "IndexName": index["IndexName"],
                        "KeySchema": index["KeySchema"],
                        "Projection": index["Projection"],
                    })
                })
                .collect();
            if !indexes.is_empty() {
                request[kind] = Value::Array(indexes);
            }
        }
        self.call("CreateTable", &request)?;
        Ok(())
    }

    fn copy_items(&self, original: &Self, table: &str) -> Result<(), DynoxideError> {
        let items = original.read_all("Scan", json!({ "TableName": table }))?;
        for batch in items.chunks(BATCH_ITEMS_MAX) {
            let puts: Vec<Value> = batch
                .iter()
                .map(|item| json!({ "PutRequest": { "Item": item } }))
                .collect();
            let request = json!({ "RequestItems": { table: puts } });
            self.call("BatchWriteItem", &request)?;
        }
        Ok(())
    }
}
