//! The bugs that are seeded into what a function says to DynamoDB, and what it hears.

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};

use super::Bug;

/// The function's way out, with a bug in it.
#[derive(Debug)]
pub(super) struct Wire {
    bug: Bug,
    real: SharedHttpConnector,
}

/// Older than anything that is told.
const LONG_AGO: &str = "2000-01-01T00:00:00.000Z#evt_0";

/// By it Stripe knows a call that is made again.
const KEY_HEADER: &str = "idempotency-key";

/// The tables whose rows are written on the condition of their version.
const VERSIONED: [&str; 4] = [
    "linky-users",
    "linky-invoices",
    "linky-refunds",
    "linky-disputes",
];

impl Wire {
    pub(super) fn new(bug: Bug, real: SharedHttpConnector) -> Self {
        Self { bug, real }
    }

    /// What is said in place of `request`; none where it is left as it is.
    fn said(&self, mut request: Value) -> Option<Value> {
        match self.bug {
            Bug::NoFencing => {
                unfence(&mut request);
                for update in actions(&mut request).filter_map(|it| it.get_mut("Update")) {
                    unfence(update);
                }
            }
            Bug::NoVersionCheck | Bug::OlderWins => {
                for put in actions(&mut request).filter_map(|it| it.get_mut("Put")) {
                    let table = put["TableName"].as_str().unwrap_or_default();
                    if VERSIONED.contains(&table) {
                        unconditional(put, &[":expected"]);
                    }
                }
            }
            _ => return None,
        }
        Some(request)
    }
}

fn actions(request: &mut Value) -> impl Iterator<Item = &mut Value> {
    let actions = request
        .get_mut("TransactItems")
        .and_then(Value::as_array_mut);
    actions.into_iter().flatten()
}

/// Takes the condition away under which only the holder of the newest lease may write.
fn unfence(write: &mut Value) {
    let condition = write["ConditionExpression"].as_str().unwrap_or_default();
    if condition.contains("attempts = :held") {
        unconditional(write, &[":held", ":pending"]);
    }
}

/// Takes the condition of a write away, with the values that only it names.
fn unconditional(write: &mut Value, values: &[&str]) {
    let Some(fields) = write.as_object_mut() else {
        return;
    };
    fields.remove("ConditionExpression");
    let mut given = fields
        .get_mut("ExpressionAttributeValues")
        .and_then(Value::as_object_mut);
    if let Some(given) = &mut given {
        given.retain(|name, _| !values.contains(&name.as_str()));
    }
    if given.is_some_and(|given| given.is_empty()) {
        fields.remove("ExpressionAttributeValues");
    }
}

/// What is heard in place of `answer`; none where it is left as it is.
fn heard(bug: Bug, mut answer: Value) -> Option<Value> {
    match bug {
        Bug::OlderWins => {
            let tables = answer.get_mut("Responses")?.as_object_mut()?;
            let rows = tables
                .values_mut()
                .filter_map(Value::as_array_mut)
                .flatten();
            for row in rows.filter(|row| row.get("version").is_some()) {
                row["version"] = json!({ "S": LONG_AGO });
            }
        }
        Bug::OwnWriteDuplicate => {
            if let Some(row) = answer.get_mut("Item") {
                disown(row);
            }
            let reasons = answer
                .get_mut("CancellationReasons")
                .and_then(Value::as_array_mut);
            for reason in reasons.into_iter().flatten() {
                if let Some(row) = reason.get_mut("Item") {
                    disown(row);
                }
            }
        }
        Bug::ConflictNotRetried => {
            let reasons = answer.get_mut("CancellationReasons")?.as_array_mut()?;
            for reason in reasons {
                if reason["Code"] == "TransactionConflict" {
                    reason["Code"] = "ValidationError".into();
                }
            }
        }
        _ => return None,
    }
    Some(answer)
}

/// Has a row look as if somebody else had written it.
fn disown(row: &mut Value) {
    for owner in ["recorded_by", "lease_owner"] {
        row[owner] = json!({ "S": "somebody" });
    }
}

fn json_of(body: &SdkBody) -> Option<Value> {
    serde_json::from_slice(body.bytes()?).ok()
}

impl HttpConnector for Wire {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        let said = json_of(request.body()).and_then(|body| self.said(body));
        if let Some(said) = said {
            *request.body_mut() = SdkBody::from(said.to_string());
        }
        if self.bug == Bug::AnotherKey && request.headers().contains_key(KEY_HEADER) {
            request
                .headers_mut()
                .insert(KEY_HEADER, fastrand::u64(..).to_string());
        }
        let (bug, called) = (self.bug, self.real.call(request));
        HttpConnectorFuture::new(async move {
            let mut response: HttpResponse = called.await?;
            if let Some(heard) = json_of(response.body()).and_then(|body| heard(bug, body)) {
                *response.body_mut() = SdkBody::from(heard.to_string());
            }
            Ok(response)
        })
    }
}
