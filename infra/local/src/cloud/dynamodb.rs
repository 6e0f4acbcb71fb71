//! DynamoDB: `dynoxide-rs`, embedded, behind the wire format the AWS SDK speaks.
//!
//! A call blocks its thread for about 0.1 ms, the time SQLite needs. That is less than handing it to another thread
//! costs, and on a current-thread runtime it keeps the order of calls the order in which they were made.

mod expiry;
mod image;
mod picture;
mod tables;
mod tokens;

use std::path::Path;
use std::sync::Arc;

use dynoxide::{Database, DynoxideError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use shared::clock::Clock;

use super::answer::{Answer, answer};
pub use image::Image;
use tokens::Tokens;

/// Every table of the local cloud.
#[derive(Clone)]
pub(crate) struct DynamoDb {
    tables: Database,
    tokens: Arc<Tokens>,
}

impl DynamoDb {
    /// Tables that end with the process.
    pub(crate) fn in_memory(clock: Clock) -> Result<Self, DynoxideError> {
        Ok(Self::over(Database::memory()?, clock))
    }

    /// Tables in the SQLite file `file`, which survives the process being killed.
    pub(crate) fn in_file(clock: Clock, file: &Path) -> Result<Self, DynoxideError> {
        let tables = Database::new(&file.to_string_lossy())?;
        // The settings for after a bulk load are those in which no commit waits for the disk. What a commit has handed to
        // the operating system survives the process being killed, and that is all that is promised.
        tables.disable_bulk_loading()?;
        Ok(Self::over(tables, clock))
    }

    fn over(tables: Database, clock: Clock) -> Self {
        let tokens = Arc::new(Tokens::new(clock));
        Self { tables, tokens }
    }

    /// Answers `operation`, whose request is `body`.
    pub(crate) fn answer(&self, operation: &str, body: &str) -> Answer {
        match self.dispatch(operation, body) {
            Ok(json) => answer(200, JSON, json),
            Err(problem) => {
                let problem = enveloped(operation, problem);
                answer(problem.status_code(), JSON, problem.to_json())
            }
        }
    }

    /// [`DynamoDb::answer`] for the cloud's own needs, without the wire.
    fn call(&self, operation: &str, request: &Value) -> Result<Value, DynoxideError> {
        let answer = self.dispatch(operation, &request.to_string())?;
        serde_json::from_str(&answer)
            .map_err(|problem| DynoxideError::InternalServerError(problem.to_string()))
    }

    /// Every item that the `Scan` or `Query` of `request` finds, over all its pages.
    pub(crate) fn read_all(
        &self,
        operation: &str,
        mut request: Value,
    ) -> Result<Vec<Value>, DynoxideError> {
        let mut items = Vec::new();
        loop {
            let mut page = self.call(operation, &request)?;
            if let Value::Array(found) = page["Items"].take() {
                items.extend(found);
            }
            match page.get_mut("LastEvaluatedKey") {
                Some(key) => request["ExclusiveStartKey"] = key.take(),
                None => return Ok(items),
            }
        }
    }

    fn dispatch(&self, operation: &str, body: &str) -> Result<String, DynoxideError> {
        let tables = &self.tables;
        match operation {
            "GetItem" => run(body, |request| tables.get_item(request)),
            "PutItem" => run(body, |request| tables.put_item(request)),
            "UpdateItem" => run(body, |request| tables.update_item(request)),
            "DeleteItem" => run(body, |request| tables.delete_item(request)),
            "Query" => run(body, |request| tables.query(request)),
            "Scan" => run(body, |request| tables.scan(request)),
            "BatchGetItem" => run(body, |request| tables.batch_get_item(request)),
            "BatchWriteItem" => run(body, |request| tables.batch_write_item(request)),
            "TransactGetItems" => run(body, |request| tables.transact_get_items(request)),
            "TransactWriteItems" => self.tokens.once(body, |body| {
                run(body, |request| tables.transact_write_items(request))
            }),
            "CreateTable" => run(body, |request| tables.create_table(request)),
            "DeleteTable" => run(body, |request| tables.delete_table(request)),
            "DescribeTable" => run(body, |request| tables.describe_table(request)),
            "ListTables" => run(body, |request| tables.list_tables(request)),
            "UpdateTimeToLive" => run(body, |request| tables.update_time_to_live(request)),
            "DescribeTimeToLive" => run(body, |request| tables.describe_time_to_live(request)),
            other => Err(DynoxideError::ValidationException(format!(
                "The local DynamoDB has no operation {other}"
            ))),
        }
    }
}

const JSON: &str = "application/x-amz-json-1.0";

fn run<Request: DeserializeOwned, Response: Serialize>(
    body: &str,
    operation: impl FnOnce(Request) -> Result<Response, DynoxideError>,
) -> Result<String, DynoxideError> {
    let request = serde_json::from_str(body).map_err(|problem| unreadable(&problem.to_string()))?;
    serde_json::to_string(&operation(request)?)
        .map_err(|problem| DynoxideError::InternalServerError(problem.to_string()))
}

/// dynoxide marks what its readers refuse with the class of error DynamoDB answers. Its own HTTP server reads the
/// marks; it is not compiled into a library, so they are read here.
fn unreadable(problem: &str) -> DynoxideError {
    let words = problem
        .rfind(" at line ")
        .map_or(problem, |end| &problem[..end]);
    match words.split_once(':') {
        Some(("VALIDATION" | "VALIDATION_AS_READ", words)) => {
            DynoxideError::ValidationException(words.to_owned())
        }
        Some(("VALIDATION_REQUEST", words)) => DynoxideError::EnvelopedValidation(words.to_owned()),
        Some(("SERIALIZATION" | "SERIALIZATION_AS_READ", words)) => {
            DynoxideError::SerializationException(words.to_owned())
        }
        _ if [
            "missing field",
            "unknown variant",
            "invalid type: null",
            "AttributeValue",
        ]
        .iter()
        .any(|refused| words.contains(refused)) =>
        {
            DynoxideError::ValidationException(words.to_owned())
        }
        _ => DynoxideError::SerializationException(words.to_owned()),
    }
}

/// DynamoDB counts what is wrong with the values of a request to write one item, and of no other.
fn enveloped(operation: &str, problem: DynoxideError) -> DynoxideError {
    match (operation, problem) {
        ("PutItem" | "UpdateItem" | "DeleteItem", DynoxideError::EnvelopedValidation(words)) => {
            DynoxideError::ValidationException(format!("1 validation error detected: {words}"))
        }
        (_, problem) => problem,
    }
}
