//! Tables as CloudFormation declares them, so that the template that is deployed is what is created here.

use dynoxide::DynoxideError;
use serde_json::{Map, Value, json};

use super::DynamoDb;
use crate::cloud::CloudError;

/// What `CreateTable` takes under the name CloudFormation gives it. The rest of a table's properties (backups, TTL,
/// tags) are other calls, or mean nothing here.
const CREATED_WITH: [&str; 7] = [
    "TableName",
    "KeySchema",
    "AttributeDefinitions",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
    "BillingMode",
    "ProvisionedThroughput",
];

impl DynamoDb {
    /// Creates the table that the `Properties` of an `AWS::DynamoDB::Table` describe, or leaves it alone if one of its
    /// name is there: a restart creates nothing twice. A table that is there with other keys or indexes is an error,
    /// because a sandbox that went on with it would not be what is deployed.
    pub(crate) fn create_table(&self, properties: &Value) -> Result<(), CloudError> {
        let name = properties["TableName"].as_str().ok_or_else(|| {
            CloudError::Declaration("a table needs its TableName as a text".to_owned())
        })?;
        let mut request: Map<String, Value> = CREATED_WITH
            .iter()
            .filter_map(|&key| Some((key.to_owned(), properties.get(key)?.clone())))
            .collect();
        request
            .entry("BillingMode")
            .or_insert_with(|| json!("PAY_PER_REQUEST"));
        match self.call("CreateTable", &Value::Object(request.clone())) {
            Ok(_) => self.set_time_to_live(name, properties),
            Err(DynoxideError::ResourceInUseException(_)) => self.same_shape(name, &request),
            Err(problem) => Err(CloudError::Table(name.to_owned(), problem)),
        }
    }

    fn set_time_to_live(&self, name: &str, properties: &Value) -> Result<(), CloudError> {
        if let Some(ttl) = properties.get("TimeToLiveSpecification") {
            let request = json!({ "TableName": name, "TimeToLiveSpecification": ttl });
            self.call("UpdateTimeToLive", &request)
                .map_err(|problem| CloudError::Table(name.to_owned(), problem))?;
        }
        Ok(())
    }

    fn same_shape(&self, name: &str, wanted: &Map<String, Value>) -> Result<(), CloudError> {
        let described = self
            .call("DescribeTable", &json!({ "TableName": name }))
            .map_err(|problem| CloudError::Table(name.to_owned(), problem))?;
        if shape(&described["Table"]) == shape(&Value::Object(wanted.clone())) {
            return Ok(());
        }
        Err(CloudError::Declaration(format!(
            "table {name} was created with other keys or indexes: start with an empty folder"
        )))
    }
}

/// The keys of a table and of its indexes, in one order.
fn shape(table: &Value) -> Vec<(String, Value)> {
    let mut keys = vec![(String::new(), table["KeySchema"].clone())];
    for kind in ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"] {
        for index in table[kind].as_array().into_iter().flatten() {
            let name = index["IndexName"].as_str().unwrap_or_default();
            keys.push((name.to_owned(), index["KeySchema"].clone()));
        }
    }
    keys.sort_by(|one, other| one.0.cmp(&other.0));
    keys
}
