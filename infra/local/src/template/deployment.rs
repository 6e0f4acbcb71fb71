//! From two resolved templates to what the sandbox creates and runs.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::grants::Grant;

use super::{
    DeployedFunction, Deployment, EventRule, Properties, QueueTrigger, REGION, Rhythm, Route,
    Schedule, Stack, TemplateError,
};

/// What `data` and `functions` deploy together.
pub(super) fn of(data: &Stack, functions: &Stack) -> Result<Deployment, TemplateError> {
    let tables = data.of_type("AWS::DynamoDB::Table")?;
    let mut queues = functions.of_type("AWS::SQS::Queue")?;
    // A queue is created after the one its dead letters go to.
    queues.sort_by_key(|queue| queue.value["RedrivePolicy"].is_object());
    let mut deployment = Deployment {
        tables: tables.into_iter().map(|table| table.value).collect(),
        queues: queues.into_iter().map(|queue| queue.value).collect(),
        functions: BTreeMap::new(),
        routes: Vec::new(),
        schedules: Vec::new(),
        rules: Vec::new(),
    };
    let mut folder_by_arn = BTreeMap::new();
    for properties in functions.of_type("AWS::Serverless::Function")? {
        let folder = folder(&properties)?;
        let (function, Occasions { schedules, rules }) = function(functions, &properties, &folder)?;
        let arn = format!("function:{}", function.aws_name);
        folder_by_arn.insert(arn, folder.clone());
        deployment.schedules.extend(schedules);
        deployment.rules.extend(rules);
        deployment.functions.insert(folder, function);
    }
    for route in functions.of_type("AWS::ApiGatewayV2::Route")? {
        let integration = integration(functions, &route)?;
        let uri = integration.text("IntegrationUri")?;
        let function = folder_by_arn.iter().find(|(arn, _)| uri.ends_with(*arn));
        let (_, function) = function.ok_or_else(|| {
            integration.wrong(
                "IntegrationUri",
                "is no function of this template; write !GetAtt FUNCTION.Arn",
            )
        })?;
        let key = route.text("RouteKey")?;
        let (method, path) = key.split_once(' ').ok_or_else(|| {
            route.wrong(
                "RouteKey",
                "is not a method and a path; write it as POST /path",
            )
        })?;
        deployment.routes.push(Route {
            method: method.to_owned(),
            path: path.to_owned(),
            function: function.clone(),
        });
    }
    Ok(deployment)
}

fn integration(stack: &Stack, route: &Properties) -> Result<Properties, TemplateError> {
    let target = route.text("Target")?;
    let mend = "is no integration; write !Sub integrations/${INTEGRATION}";
    let name = target.strip_prefix("integrations/");
    let name = name.ok_or_else(|| route.wrong("Target", mend))?;
    let properties = stack.properties(name)?;
    if properties.text("PayloadFormatVersion")? != "2.0" {
        return Err(properties.wrong(
            "PayloadFormatVersion",
            "is not \"2.0\", the only one the functions read; write it",
        ));
    }
    Ok(properties)
}

/// The folder under `functions/`, which is also the name of the crate and of the binary.
fn folder(properties: &Properties) -> Result<String, TemplateError> {
    let code = properties.text("CodeUri")?;
    let folder = code.trim_end_matches('/').strip_prefix("target/lambda/");
    folder.map(str::to_owned).ok_or_else(|| {
        properties.wrong(
            "CodeUri",
            "is not where ./dev build puts a function; write target/lambda/FUNCTION/",
        )
    })
}

/// When a function runs besides being asked.
#[derive(Default)]
struct Occasions {
    schedules: Vec<Schedule>,
    rules: Vec<EventRule>,
}

fn function(
    stack: &Stack,
    properties: &Properties,
    folder: &str,
) -> Result<(DeployedFunction, Occasions), TemplateError> {
    let mut environment = BTreeMap::from(
        [
            ("AWS_REGION", REGION),
            // Taken by no one: every call stays in the process.
            ("AWS_ACCESS_KEY_ID", "sandbox"),
            ("AWS_SECRET_ACCESS_KEY", "sandbox"),
            ("AWS_SESSION_TOKEN", "sandbox"),
            ("AWS_LAMBDA_FUNCTION_NAME", properties.text("FunctionName")?),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    let variables = properties.value["Environment"]["Variables"].as_object();
    for (name, value) in variables.into_iter().flatten() {
        let value = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return Err(properties.wrong(name, "is neither text nor number; quote it")),
        };
        environment.insert(name.clone(), value);
    }
    let mut queues = Vec::new();
    let mut occasions = Occasions::default();
    for (name, event) in properties.value["Events"].as_object().into_iter().flatten() {
        let event = Properties {
            file: properties.file.clone(),
            resource: format!("{}.Events.{name}", properties.resource),
            value: flattened(event),
        };
        match event.text("Type")? {
            "SQS" => queues.push(queue_trigger(&event)?),
            "ScheduleV2" => occasions.schedules.push(Schedule {
                name: name.clone(),
                function: folder.to_owned(),
                rhythm: rhythm(&event)?,
            }),
            "EventBridgeRule" => occasions.rules.push(event_rule(&event, folder)?),
            _ => {
                return Err(event.wrong(
                    "Type",
                    "is not run by the sandbox; use SQS, ScheduleV2, EventBridgeRule or a route",
                ));
            }
        }
    }
    let function = DeployedFunction {
        aws_name: properties.text("FunctionName")?.to_owned(),
        environment,
        timeout_s: properties.number("Timeout")?,
        memory_mb: properties.number("MemorySize")?,
        retries_max: retries_max(properties)?,
        queues,
        grants: grants(&role(stack, properties)?)?,
    };
    Ok((function, occasions))
}

/// How often Lambda tries again where no other number is given.
const RETRIES: u32 = 2;

fn retries_max(function: &Properties) -> Result<u32, TemplateError> {
    match &function.value["EventInvokeConfig"]["MaximumRetryAttempts"] {
        Value::Null => Ok(RETRIES),
        given => given
            .as_u64()
            .and_then(|given| u32::try_from(given).ok())
            .filter(|given| *given <= RETRIES)
            .ok_or_else(|| {
                function.wrong(
                    "EventInvokeConfig.MaximumRetryAttempts",
                    "is not 0, 1 or 2; write one of them",
                )
            }),
    }
}

fn role(stack: &Stack, function: &Properties) -> Result<Properties, TemplateError> {
    let role = function.text("Role")?;
    let role = role.rsplit_once("role/").map_or(role, |(_, name)| name);
    stack.properties(role)
}

fn grants(role: &Properties) -> Result<Vec<Grant>, TemplateError> {
    let statements = role.value["Policies"][0]["PolicyDocument"]["Statement"].as_array();
    let statements = statements.ok_or_else(|| {
        role.wrong(
            "Policies",
            "has no list of statements; write one policy with one statement a table",
        )
    })?;
    let grants = statements.iter().map(|statement| {
        let actions = match &statement["Action"] {
            Value::String(action) => Some(vec![action.clone()]),
            several => serde_json::from_value(several.clone()).ok(),
        };
        let resource = statement["Resource"].as_str().map(str::to_owned);
        let allows = statement["Effect"] == "Allow";
        actions
            .zip(resource)
            .filter(|_| allows)
            .map(|(actions, resource)| Grant { actions, resource })
            .ok_or_else(|| role.wrong("Policies", "has a statement that does not allow actions on one resource; write each as Effect: Allow, Action, Resource"))
    });
    grants.collect()
}

fn flattened(event: &Value) -> Value {
    let mut flat = event["Properties"].clone();
    if let Value::Object(fields) = &mut flat {
        fields.insert("Type".into(), event["Type"].clone());
    }
    flat
}

fn queue_trigger(event: &Properties) -> Result<QueueTrigger, TemplateError> {
    let arn = event.text("Queue")?;
    let queue = arn.rsplit_once(':').map_or(arn, |(_, name)| name);
    Ok(QueueTrigger {
        queue: queue.to_owned(),
        batch_size: event.number("BatchSize")?,
        reports_failures: event.value["FunctionResponseTypes"]
            == json!(["ReportBatchItemFailures"]),
    })
}

fn event_rule(event: &Properties, folder: &str) -> Result<EventRule, TemplateError> {
    let pattern = &event.value["Pattern"];
    if !pattern.is_object() || !lists_texts(pattern) {
        return Err(event.wrong(
            "Pattern",
            "has something other than lists of texts, which is all the sandbox matches; write those",
        ));
    }
    Ok(EventRule {
        function: folder.to_owned(),
        pattern: pattern.clone(),
    })
}

fn lists_texts(pattern: &Value) -> bool {
    match pattern {
        Value::Object(fields) => fields.values().all(lists_texts),
        Value::Array(listed) => listed.iter().all(Value::is_string),
        _ => false,
    }
}

fn rhythm(event: &Properties) -> Result<Rhythm, TemplateError> {
    Rhythm::parse(event.text("ScheduleExpression")?).ok_or_else(|| {
        event.wrong(
            "ScheduleExpression",
            "is not understood; write rate(N minutes), rate(N hours), rate(N days), or cron(MINUTE HOUR DAY MONTH WEEKDAY YEAR) with ? for one of the two days",
        )
    })
}
