//! What is deployed, read from `template.yaml` and `infra/data.yaml`, with every reference resolved to its local value:
//! what runs on a laptop is what is deployed.
//!
//! Only what the sandbox runs is read: tables, queues, functions, routes and schedules. Log groups and permissions
//! are held to their rules by the tests at the foot of `template/rules.rs`.

#[cfg(test)]
mod alarms;
mod deployment;
mod properties;
mod rhythm;
#[cfg(test)]
mod rules;
mod stack;
mod yaml;

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::grants::Grant;

use properties::Properties;
pub use rhythm::Rhythm;
use stack::Stack;

/// The account of every local resource; the one AWS uses where there is none.
pub const ACCOUNT: &str = "000000000000";
/// The region of every local resource.
pub const REGION: &str = "us-east-1";

/// Values for parameters of the templates, instead of their defaults.
pub type Parameters = BTreeMap<String, Value>;

/// Everything the sandbox creates and runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Deployment {
    /// The `Properties` of each table.
    pub tables: Vec<Value>,
    /// The `Properties` of each queue, those others redrive to first.
    pub queues: Vec<Value>,
    /// The functions by the name of their folder under `functions/`.
    pub functions: BTreeMap<String, DeployedFunction>,
    /// What the HTTP API answers to.
    pub routes: Vec<Route>,
    /// What runs by the clock.
    pub schedules: Vec<Schedule>,
    /// What runs by events of AWS.
    pub rules: Vec<EventRule>,
}

/// A function as the template sets it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeployedFunction {
    /// Its name on AWS.
    pub aws_name: String,
    /// Its environment variables, together with those Lambda sets itself.
    pub environment: BTreeMap<String, String>,
    /// Seconds after which an invocation is ended.
    pub timeout_s: u32,
    /// Its memory.
    pub memory_mb: u32,
    /// How often Lambda tries an asynchronous invocation again that failed.
    pub retries_max: u32,
    /// The queues it works off.
    pub queues: Vec<QueueTrigger>,
    /// What its role allows.
    pub grants: Vec<Grant>,
}

/// A queue whose messages a function receives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueTrigger {
    /// The queue's name on AWS.
    pub queue: String,
    /// Most messages in one invocation.
    pub batch_size: u32,
    /// Whether the answer names the messages that failed. Without it an answer of any kind deletes the whole batch.
    pub reports_failures: bool,
}

/// One route of the HTTP API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// `POST`.
    pub method: String,
    /// `/stripe/webhook`.
    pub path: String,
    /// The function that answers.
    pub function: String,
}

/// A function that runs by the clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Its name in the template.
    pub name: String,
    /// The function that runs.
    pub function: String,
    /// When it runs.
    pub rhythm: Rhythm,
}

/// A function that runs by events on the default bus of EventBridge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRule {
    /// The function that runs.
    pub function: String,
    /// Which of them, in EventBridge's words.
    pub pattern: Value,
}

impl EventRule {
    /// Whether an event is one of those.
    pub fn takes(&self, event: &Value) -> bool {
        matches(&self.pattern, event)
    }
}

/// Whether an event has every field of a pattern, each with one of the values that are listed for it (EventBridge user guide,
/// "Event patterns", read in November 2026; values alone, none of its operators).
fn matches(pattern: &Value, event: &Value) -> bool {
    match (pattern, event) {
        (Value::Object(fields), _) => {
            let mut fields = fields.iter();
            fields.all(|(name, pattern)| matches(pattern, &event[name]))
        }
        (Value::Array(listed), Value::Array(values)) => values.iter().any(|it| listed.contains(it)),
        (Value::Array(listed), value) => listed.contains(value),
        _ => false,
    }
}

/// A template that cannot be run: one line with file, resource, property and the mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError(String);

impl std::fmt::Display for TemplateError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for TemplateError {}

/// Reads both templates of the project in `folder`.
///
/// # Errors
/// One line that names file, resource, property and the mend.
pub fn read(folder: &Path, parameters: &Parameters) -> Result<Deployment, TemplateError> {
    let stacks = ["infra/data.yaml", "template.yaml"].map(|file| {
        let text = std::fs::read_to_string(folder.join(file)).map_err(|error| {
            TemplateError(format!(
                "{file}: cannot be read ({error}); start the sandbox in the project's folder, or name it with --project"
            ))
        })?;
        Stack::parse(file, &text, parameters)
    });
    let [data, functions] = stacks;
    deployment::of(&data?, &functions?)
}
