//! SSM's parameter store, as far as reading and writing single parameters goes.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use shared::clock::Clock;
use shared::time::Timestamp;

use super::answer::{Answer, json_answer, json_error};

/// The most parameters of one `GetParameters`.
const NAMES_MAX: usize = 10;

/// Parameters by name.
#[derive(Debug)]
pub(crate) struct Ssm {
    parameters: Mutex<BTreeMap<String, Vec<Version>>>,
    clock: Clock,
}

/// One version of a parameter; the first is 1.
#[derive(Debug)]
struct Version {
    kind: String,
    value: String,
    changed_at: Timestamp,
}

/// What SSM refuses: its code and its words.
struct Refusal(&'static str, String);

impl Ssm {
    pub(crate) fn new(clock: Clock) -> Self {
        let parameters = Mutex::default();
        Self { parameters, clock }
    }

    /// Sets the parameter `name`, a `SecureString`, and says which version this is.
    pub(crate) fn put(&self, name: &str, value: &str) -> usize {
        self.add(name, "SecureString", value)
    }

    /// Answers `operation`, whose request is `body`.
    pub(crate) fn answer(&self, operation: &str, body: &Value) -> Answer {
        let outcome = match operation {
            "GetParameter" => self.one(body),
            "GetParameters" => self.several(body),
            "PutParameter" => self.written(body),
            other => Err(Refusal(
                "UnknownOperationException",
                format!("The local SSM has no operation {other}"),
            )),
        };
        match outcome {
            Ok(answer) => json_answer(200, &answer),
            Err(Refusal(code, words)) => json_error(400, code, &words),
        }
    }

    fn one(&self, body: &Value) -> Result<Value, Refusal> {
        let name = body["Name"].as_str().unwrap_or_default();
        let parameter = self.parameter(name, decrypted(body))?;
        Ok(json!({ "Parameter": parameter }))
    }

    fn several(&self, body: &Value) -> Result<Value, Refusal> {
        let names = body["Names"].as_array().map_or(&[][..], Vec::as_slice);
        if !(1..=NAMES_MAX).contains(&names.len()) {
            return Err(Refusal(
                "ValidationException",
                format!(
                    "1 validation error detected: Value '{}' at 'names' failed to satisfy constraint: Member must \
                     have length less than or equal to 10, Member must have length greater than or equal to 1",
                    body["Names"]
                ),
            ));
        }
        let (mut found, mut invalid) = (Vec::new(), Vec::new());
        for name in names {
            match self.parameter(name.as_str().unwrap_or_default(), decrypted(body)) {
                Ok(parameter) => found.push(parameter),
                Err(_) => invalid.push(name),
            }
        }
        Ok(json!({ "Parameters": found, "InvalidParameters": invalid }))
    }

    fn written(&self, body: &Value) -> Result<Value, Refusal> {
        let text = |field: &str| body[field].as_str().filter(|text| !text.is_empty());
        let required = |field: &str| {
            let words = format!("The request must contain the parameter {field}.");
            text(field).ok_or(Refusal("ValidationException", words))
        };
        let (name, value) = (required("Name")?, required("Value")?);
        if body["Overwrite"] != true && self.lock().contains_key(name) {
            return Err(Refusal(
                "ParameterAlreadyExists",
                "The parameter already exists. To overwrite this value, set the overwrite option in the request to \
                 true."
                    .to_owned(),
            ));
        }
        let version = self.add(name, text("Type").unwrap_or("String"), value);
        Ok(json!({ "Version": version, "Tier": "Standard" }))
    }

    fn add(&self, name: &str, kind: &str, value: &str) -> usize {
        let mut parameters = self.lock();
        let versions = parameters.entry(name.to_owned()).or_default();
        versions.push(Version {
            kind: kind.to_owned(),
            value: value.to_owned(),
            changed_at: self.clock.now(),
        });
        versions.len()
    }

    /// The parameter of `selector`: a name, or a name and a version as in `key:1`. A secure one that is not to be decrypted
    /// is answered as something unreadable, as AWS does, so that a caller who forgot `WithDecryption` fails here and not
    /// first on AWS.
    fn parameter(&self, selector: &str, decrypted: bool) -> Result<Value, Refusal> {
        let (name, number) = match selector.split_once(':') {
            Some((name, number)) => (name, Some(number)),
            None => (selector, None),
        };
        let parameters = self.lock();
        let versions = parameters
            .get(name)
            .ok_or_else(|| Refusal("ParameterNotFound", format!("Parameter {name} not found.")))?;
        let number = number.map_or(Some(versions.len()), |number| number.parse().ok());
        let version =
            number.and_then(|number| Some((number, versions.get(number.checked_sub(1)?)?)));
        let (number, version) = version.ok_or_else(|| {
            let words = "Systems Manager could not find version of the parameter.";
            Refusal("ParameterVersionNotFound", words.to_owned())
        })?;
        let shown = if decrypted || version.kind != "SecureString" {
            version.value.clone()
        } else {
            STANDARD.encode(md5::compute(&version.value).0)
        };
        Ok(json!({
            "Name": name,
            "Type": version.kind,
            "Value": shown,
            "Version": number,
            "DataType": "text",
            "ARN": format!("arn:aws:ssm:us-east-1:000000000000:parameter/{}", name.trim_start_matches('/')),
            "LastModifiedDate": version.changed_at.as_s(),
        }))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Vec<Version>>> {
        self.parameters
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn decrypted(body: &Value) -> bool {
    body["WithDecryption"] == true
}
