//! One template: its parameters, its resources, and what a reference to either means on this machine.

use serde_json::{Map, Value, json};

use super::{ACCOUNT, Parameters, Properties, REGION, TemplateError, yaml};

/// A parsed template.
pub(super) struct Stack {
    file: String,
    parameters: Parameters,
    globals: Value,
    resources: Map<String, Value>,
}

/// References nested deeper than this are a circle.
const DEPTH_MAX: usize = 20;

impl Stack {
    /// Parses `text`, the content of `file`.
    pub(super) fn parse(
        file: &str,
        text: &str,
        overrides: &Parameters,
    ) -> Result<Self, TemplateError> {
        let wrong = |what: String| TemplateError(format!("{file}: {what}"));
        let template = yaml::parse(text).map_err(wrong)?;
        let mut parameters = Parameters::from(
            [
                ("AWS::Region", REGION),
                ("AWS::AccountId", ACCOUNT),
                ("AWS::Partition", "aws"),
                ("AWS::StackName", "sandbox"),
            ]
            .map(|(name, value)| (name.to_owned(), json!(value))),
        );
        for (name, parameter) in template["Parameters"].as_object().into_iter().flatten() {
            let value = overrides.get(name).or_else(|| parameter.get("Default"));
            let value = value.ok_or_else(|| {
                wrong(format!(
                    "parameter {name} has no default and the sandbox no value; add one to infra/local/src/sandbox.rs"
                ))
            })?;
            parameters.insert(name.clone(), value.clone());
        }
        let Some(resources) = template["Resources"].as_object() else {
            return Err(wrong("has no Resources; add the section".into()));
        };
        Ok(Self {
            file: file.to_owned(),
            parameters,
            globals: template["Globals"]["Function"].clone(),
            resources: resources.clone(),
        })
    }

    /// The names of all resources.
    #[cfg(test)]
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.resources.keys().map(String::as_str)
    }

    /// The resources of one type with their properties resolved, in the order of their names.
    pub(super) fn of_type(&self, kind: &str) -> Result<Vec<Properties>, TemplateError> {
        let of_kind = self
            .resources
            .iter()
            .filter(|(_, resource)| resource["Type"] == kind);
        of_kind.map(|(name, _)| self.properties(name)).collect()
    }

    /// The properties of one resource, resolved; those of a function over what `Globals` gives all of them.
    pub(super) fn properties(&self, resource: &str) -> Result<Properties, TemplateError> {
        let found = self.resources.get(resource).ok_or_else(|| {
            TemplateError(format!(
                "{}: there is no resource {resource}; add it or mend the name",
                self.file
            ))
        })?;
        let mut own = found["Properties"].clone();
        if found["Type"] == "AWS::Serverless::Function" {
            let mut merged = self.globals.clone();
            merge(&mut merged, own);
            own = merged;
        }
        let value = self
            .resolved(&own, 0)
            .map_err(|what| TemplateError(format!("{}: {resource}: {what}", self.file)))?;
        Ok(Properties {
            file: self.file.clone(),
            resource: resource.to_owned(),
            value,
        })
    }

    fn resolved(&self, value: &Value, depth: usize) -> Result<Value, String> {
        if depth > DEPTH_MAX {
            return Err("its references go in a circle; break it".into());
        }
        match value {
            Value::Array(items) => items
                .iter()
                .map(|item| self.resolved(item, depth + 1))
                .collect(),
            Value::Object(fields) => {
                if let Some(name) = value["Ref"].as_str() {
                    return self.reference(name, depth);
                }
                if let Some(path) = value["Fn::GetAtt"].as_str() {
                    return self.attribute(path, depth).map(Value::String);
                }
                if let Some(text) = value["Fn::Sub"].as_str() {
                    return self.substituted(text, depth).map(Value::String);
                }
                if let [separator, parts] =
                    value["Fn::Join"].as_array().map_or(&[][..], Vec::as_slice)
                {
                    let parts = self.resolved(parts, depth + 1)?;
                    let parts = parts.as_array().into_iter().flatten().map(plain_text);
                    let parts: Vec<String> = parts.collect();
                    return Ok(parts.join(separator.as_str().unwrap_or_default()).into());
                }
                let mut object = Map::new();
                for (name, field) in fields {
                    let field = self.resolved(field, depth + 1);
                    object.insert(
                        name.clone(),
                        field.map_err(|what| within(name, depth, what))?,
                    );
                }
                Ok(object.into())
            }
            plain => Ok(plain.clone()),
        }
    }

    fn reference(&self, name: &str, depth: usize) -> Result<Value, String> {
        if let Some(value) = self.parameters.get(name) {
            return Ok(value.clone());
        }
        let named = |property: &str| self.property_text(name, property, depth).map(Value::String);
        match self.resources.get(name).and_then(|it| it["Type"].as_str()) {
            Some("AWS::SQS::Queue") => Ok(queue_url(&plain_text(&named("QueueName")?)).into()),
            Some("AWS::DynamoDB::Table") => named("TableName"),
            Some("AWS::Serverless::Function") => named("FunctionName"),
            Some("AWS::Logs::LogGroup") => named("LogGroupName"),
            Some("AWS::SES::ConfigurationSet") => named("Name"),
            Some(_) => Ok(name.into()),
            None => Err(format!(
                "refers to {name}, which is neither a parameter nor a resource; add it or mend the name"
            )),
        }
    }

    fn attribute(&self, path: &str, depth: usize) -> Result<String, String> {
        let (name, attribute) = path.split_once('.').unwrap_or((path, ""));
        let kind = self.resources.get(name).and_then(|it| it["Type"].as_str());
        let arn =
            |service: &str, rest: &str| format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}");
        let named = |property: &str| self.property_text(name, property, depth);
        match (kind, attribute) {
            (Some("AWS::SQS::Queue"), "QueueName") => named("QueueName"),
            (Some("AWS::SQS::Queue"), "Arn") => Ok(arn("sqs", &named("QueueName")?)),
            (Some("AWS::DynamoDB::Table"), "Arn") => {
                Ok(arn("dynamodb", &format!("table/{}", named("TableName")?)))
            }
            (Some("AWS::Serverless::Function"), "Arn") => Ok(arn(
                "lambda",
                &format!("function:{}", named("FunctionName")?),
            )),
            (Some("AWS::Logs::LogGroup"), "Arn") => Ok(arn(
                "logs",
                &format!("log-group:{}", named("LogGroupName")?),
            )),
            (Some("AWS::KMS::Key"), "Arn") => Ok(arn("kms", &format!("key/{name}"))),
            (Some("AWS::IAM::Role"), "Arn") => Ok(format!("arn:aws:iam::{ACCOUNT}:role/{name}")),
            (Some("AWS::ApiGatewayV2::Api"), "ApiEndpoint") => {
                Ok(format!("https://{name}.execute-api.{REGION}.amazonaws.com"))
            }
            _ => Err(format!(
                "refers to {path}, which the sandbox does not know; teach it in infra/local/src/template/stack.rs"
            )),
        }
    }

    fn substituted(&self, text: &str, depth: usize) -> Result<String, String> {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, tail)) = after.split_once('}') else {
                return Err(format!(
                    "'{text}' opens a ${{ that nothing closes; add the }}"
                ));
            };
            out.push_str(before);
            match name.strip_prefix('!') {
                Some(literal) => out.push_str(&format!("${{{literal}}}")),
                None if name.contains('.') => out.push_str(&self.attribute(name, depth)?),
                None => out.push_str(&plain_text(&self.reference(name, depth)?)),
            }
            rest = tail;
        }
        out.push_str(rest);
        Ok(out)
    }

    fn property_text(&self, name: &str, property: &str, depth: usize) -> Result<String, String> {
        let value = &self.resources[name]["Properties"][property];
        if value.is_null() {
            return Err(format!(
                "refers to {name}, which has no {property}; name it, so that the sandbox can find it"
            ));
        }
        self.resolved(value, depth + 1)
            .map(|value| plain_text(&value))
    }
}

/// Where a queue is reached: what AWS writes for the local account.
pub(super) fn queue_url(name: &str) -> String {
    format!("https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}")
}

fn plain_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The outermost property is the one a reader looks for; those within it are found from there.
fn within(name: &str, depth: usize, what: String) -> String {
    if depth == 0 {
        format!("{name} {what}")
    } else {
        what
    }
}

fn merge(base: &mut Value, over: Value) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => {
            for (name, value) in over {
                merge(base.entry(name).or_insert(Value::Null), value);
            }
        }
        (base, over) => *base = over,
    }
}
