//! A picture of all tables at one moment, from which reads of an index can be answered later as if it lagged behind.

use dynoxide::{Database, DynoxideError};
use serde_json::{Value, json};

use super::DynamoDb;

/// Items written to the picture in one call: the most DynamoDB takes in a `BatchWriteItem`.
const BATCH_ITEMS_MAX: usize = 25;

impl DynamoDb {
    /// Copies every table, with its indexes, into a memory of its own.
    pub(crate) fn picture(&self) -> Result<Self, DynoxideError> {
        let picture = Self(Database::memory()?);
        for table in self.0.list_tables(read(&json!({}))?)?.table_names {
            picture.create_like(self, &table)?;
            picture.copy_items(self, &table)?;
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
        let mut page = json!({ "TableName": table });
        loop {
            let answer = original.call("Scan", &page)?;
            let items = answer["Items"].as_array().map_or(&[][..], Vec::as_slice);
            for batch in items.chunks(BATCH_ITEMS_MAX) {
                let puts: Vec<Value> = batch
                    .iter()
                    .map(|item| json!({ "PutRequest": { "Item": item } }))
                    .collect();
                self.call(
                    "BatchWriteItem",
                    &json!({ "RequestItems": { table: puts } }),
                )?;
            }
            match answer.get("LastEvaluatedKey") {
                Some(key) => page["ExclusiveStartKey"] = key.clone(),
                None => return Ok(()),
            }
        }
    }

    fn call(&self, operation: &str, request: &Value) -> Result<Value, DynoxideError> {
        read_text(&self.dispatch(operation, &request.to_string())?)
    }
}

fn read<T: serde::de::DeserializeOwned>(request: &Value) -> Result<T, DynoxideError> {
    read_text(&request.to_string())
}

fn read_text<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, DynoxideError> {
    serde_json::from_str(text)
        .map_err(|problem| DynoxideError::InternalServerError(problem.to_string()))
}
