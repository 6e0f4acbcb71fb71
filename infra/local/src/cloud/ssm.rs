//! SSM's parameter store, as far as reading parameters goes.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::answer::{Answer, json_answer, json_error};

/// Parameters by name, each a `SecureString`.
#[derive(Debug, Default)]
pub(crate) struct Ssm(Mutex<BTreeMap<String, String>>);

impl Ssm {
    /// Sets the parameter `name`.
    pub(crate) fn put(&self, name: &str, value: &str) {
        let mut parameters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        parameters.insert(name.to_owned(), value.to_owned());
    }

    /// Answers `operation`, whose request is `body`.
    pub(crate) fn answer(&self, operation: &str, body: &Value) -> Answer {
        let decrypted = body["WithDecryption"] == true;
        match operation {
            "GetParameter" => match self.parameter(&body["Name"], decrypted) {
                Some(parameter) => json_answer(200, &json!({ "Parameter": parameter })),
                None => json_error(400, "ParameterNotFound", "Parameter not found."),
            },
            "GetParameters" => {
                let names = body["Names"].as_array().map_or(&[][..], Vec::as_slice);
                let (mut found, mut invalid) = (Vec::new(), Vec::new());
                for name in names {
                    match self.parameter(name, decrypted) {
                        Some(parameter) => found.push(parameter),
                        None => invalid.push(name),
                    }
                }
                json_answer(
                    200,
                    &json!({ "Parameters": found, "InvalidParameters": invalid }),
                )
            }
            other => json_error(
                400,
                "UnknownOperationException",
                &format!("The local SSM has no operation {other}"),
            ),
        }
    }

    /// One that is not to be decrypted is answered as something unreadable, as AWS does, so that a caller who forgot
    /// `WithDecryption` fails here and not first on AWS.
    fn parameter(&self, name: &Value, decrypted: bool) -> Option<Value> {
        let name = name.as_str()?;
        let parameters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let value = parameters.get(name)?;
        let shown = if decrypted {
            value.clone()
        } else {
            STANDARD.encode(md5::compute(value).0)
        };
        Some(json!({
            "Name": name,
            "Type": "SecureString",
            "Value": shown,
            "Version": 1,
            "DataType": "text",
        }))
    }
}
