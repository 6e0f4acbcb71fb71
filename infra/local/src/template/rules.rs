//! What the deployed templates must keep to, beyond what cfn-lint knows.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::*;

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn stack(file: &str) -> Stack {
    let text = std::fs::read_to_string(project().join(file)).unwrap();
    Stack::parse(file, &text, &Parameters::new()).unwrap()
}

fn deployed() -> Deployment {
    read(&project(), &Parameters::new()).unwrap()
}

/// Each grant of each function: function, actions, resource.
fn grants() -> Vec<(String, Vec<String>, String)> {
    let functions = deployed().functions.into_iter();
    let grants = functions.flat_map(|(name, function)| {
        let grants = function.grants.into_iter();
        grants.map(move |grant| (name.clone(), grant.actions, grant.resource))
    });
    grants.collect()
}

#[test]
fn every_folder_of_a_function_has_its_entry_and_every_entry_its_folder() {
    let folders = std::fs::read_dir(project().join("functions")).unwrap();
    let folders: BTreeSet<String> = folders
        .map(|folder| folder.unwrap().file_name().into_string().unwrap())
        .collect();
    let entries: BTreeSet<String> = deployed().functions.into_keys().collect();
    assert_eq!(entries, folders);
}

#[test]
fn the_routes_and_schedules_reach_their_functions() {
    let deployed = deployed();
    let routes = deployed.routes.iter();
    let routes: Vec<_> = routes
        .map(|route| {
            (
                route.method.as_str(),
                route.path.as_str(),
                route.function.as_str(),
            )
        })
        .collect();
    let public = [
        "/health",
        "/checkout",
        "/checkout/pages/{page}",
        "/stripe/webhook",
        "/openapi.json",
    ];
    let of_the_portal = |path: &str| path.starts_with("/api/");
    for (method, path, function) in &routes {
        assert!(
            public.contains(path) || of_the_portal(path),
            "{method} {path}"
        );
        assert!(deployed.functions.contains_key(*function), "{path}");
    }
    for route in [
        ("GET", "/health", "health"),
        ("POST", "/checkout", "start-checkout"),
        ("POST", "/stripe/webhook", "stripe-webhook"),
        ("POST", "/api/sign-in", "sign-in"),
    ] {
        assert!(routes.contains(&route), "{route:?}");
    }
    let schedules = deployed.schedules.iter();
    let schedules: Vec<_> = schedules
        .map(|schedule| (schedule.function.as_str(), schedule.rhythm.clone()))
        .collect();
    let every = |function, seconds| (function, Rhythm::Every(seconds));
    let nightly = |cron: &str| Rhythm::parse(cron).unwrap();
    assert_eq!(
        schedules,
        [
            ("daily-billing-sync", nightly("cron(0 2 * * ? *)")),
            every("daily-report", 3_600),
            every("send-mail", 60),
            every("sweep", 300),
            ("verify-audit", nightly("cron(0 2 * * ? *)")),
            every("watch-health", 300)
        ]
    );
}

#[test]
fn every_reference_of_both_templates_resolves() {
    for file in ["template.yaml", "infra/data.yaml"] {
        let stack = stack(file);
        for name in stack.names() {
            stack.properties(name).unwrap();
        }
    }
}

#[test]
fn a_queue_that_feeds_a_function_loses_nothing() {
    let deployed = deployed();
    let queue = |name: &str| {
        let found = deployed.queues.iter().find(|it| it["QueueName"] == name);
        found.unwrap()
    };
    let mut fed = 0;
    for (name, function) in &deployed.functions {
        for trigger in &function.queues {
            fed += 1;
            assert!(
                trigger.reports_failures,
                "{name}: failed messages would be deleted"
            );
            let fed_from = queue(&trigger.queue);
            let visibility_s = fed_from["VisibilityTimeout"].as_u64().unwrap();
            assert!(visibility_s >= 6 * u64::from(function.timeout_s), "{name}");
            let redrive = &fed_from["RedrivePolicy"];
            assert!(redrive["maxReceiveCount"].as_u64().unwrap() >= 5, "{name}");
            let receives = redrive["maxReceiveCount"].to_string();
            if let Some(receives_max) = function.environment.get("RETRY_RECEIVES_MAX") {
                assert_eq!(*receives_max, receives, "{name}");
            }
            let dead = redrive["deadLetterTargetArn"].as_str().unwrap();
            let dead = queue(dead.rsplit(':').next().unwrap());
            assert_eq!(dead["MessageRetentionPeriod"], 14 * 86_400);
        }
    }
    assert_eq!(fed, 2);
}

#[test]
fn every_function_has_a_role_of_its_own() {
    let functions = stack("template.yaml");
    let functions = functions.of_type("AWS::Serverless::Function").unwrap();
    let roles = functions
        .iter()
        .map(|function| function.text("Role").unwrap());
    let roles: BTreeSet<&str> = roles.collect();
    assert_eq!(roles.len(), functions.len());
    assert!(
        roles.iter().all(|role| role.starts_with("arn:aws:iam:")),
        "{roles:?}"
    );
}

#[test]
fn no_grant_names_an_action_or_a_resource_by_a_star() {
    let grants = grants();
    assert!(grants.len() > 20, "the roles were not read: {grants:?}");
    for (role, actions, resource) in grants {
        assert!(
            actions.iter().all(|action| !action.contains('*')),
            "{role}: {actions:?}"
        );
        // A function names the streams within its own log group itself.
        let named = resource.strip_suffix(":*").unwrap_or(&resource);
        assert!(!named.contains('*'), "{role}: {resource}");
        let tables = resource.matches(":table/").count();
        let dynamodb = actions.iter().any(|action| action.starts_with("dynamodb:"));
        assert_eq!(
            dynamodb,
            tables == 1,
            "{role}: one statement a table: {resource}"
        );
    }
}

#[test]
fn every_granted_table_and_index_exists() {
    let tables = deployed().tables;
    for (role, _, resource) in grants() {
        let Some((_, table)) = resource.split_once(":table/") else {
            continue;
        };
        let (table, index) = table.split_once("/index/").unwrap_or((table, ""));
        let found = tables.iter().find(|it| it["TableName"] == table);
        let found = found.unwrap_or_else(|| panic!("{role}: there is no table {table}"));
        let indexes = found["GlobalSecondaryIndexes"]
            .as_array()
            .into_iter()
            .flatten();
        let mut names = indexes.map(|it| &it["IndexName"]);
        assert!(
            index.is_empty() || names.any(|name| name == index),
            "{role}: {resource}"
        );
    }
}

#[test]
fn the_function_the_internet_reaches_holds_no_stripe_key() {
    let environment = &deployed().functions["stripe-webhook"].environment;
    assert!(
        !environment.keys().any(|name| name.contains("API_KEY")),
        "{environment:?}"
    );
    let parameters = grants().into_iter().filter(|(role, actions, _)| {
        role == "stripe-webhook" && actions.iter().any(|action| action.starts_with("ssm:"))
    });
    let parameters: Vec<String> = parameters.map(|(_, _, resource)| resource).collect();
    assert_eq!(
        parameters,
        ["arn:aws:ssm:us-east-1:000000000000:parameter/linky/stripe/signing-secrets"]
    );
}

#[test]
fn every_table_is_kept_protected_and_can_be_restored() {
    let text = std::fs::read_to_string(project().join("infra/data.yaml")).unwrap();
    let template = yaml::parse(&text).unwrap();
    for (name, resource) in template["Resources"].as_object().unwrap() {
        assert_eq!(resource["DeletionPolicy"], "Retain", "{name}");
        assert_eq!(resource["UpdateReplacePolicy"], "Retain", "{name}");
        let table = &resource["Properties"];
        assert_eq!(table["BillingMode"], "PAY_PER_REQUEST", "{name}");
        assert_eq!(table["DeletionProtectionEnabled"], true, "{name}");
        assert_eq!(table["SSESpecification"]["SSEEnabled"], true, "{name}");
        let restore = &table["PointInTimeRecoverySpecification"];
        assert_eq!(restore["PointInTimeRecoveryEnabled"], true, "{name}");
    }
}

#[test]
fn a_mistake_is_told_in_one_line_with_its_place_and_its_mend() {
    let queue = |properties: &str| {
        let text =
            format!("Resources:\n  Work:\n    Type: AWS::SQS::Queue\n    Properties: {properties}");
        let stack = Stack::parse("template.yaml", &text, &Parameters::new()).unwrap();
        stack.of_type("AWS::SQS::Queue").unwrap_err().to_string()
    };
    assert_eq!(
        queue("{ QueueName: !Sub '${Prefix}work' }"),
        "template.yaml: Work: QueueName refers to Prefix, which is neither a parameter nor a resource; add it or mend the name"
    );
    assert_eq!(
        queue("{ RedrivePolicy: { deadLetterTargetArn: !GetAtt Work.Arn } }"),
        "template.yaml: Work: RedrivePolicy refers to Work, which has no QueueName; name it, so that the sandbox can find it"
    );
    assert_eq!(
        Stack::parse(
            "template.yaml",
            "Parameters: { Prefix: { Type: String } }",
            &Parameters::new()
        )
        .err()
        .unwrap()
        .to_string(),
        "template.yaml: parameter Prefix has no default and the sandbox no value; add one to infra/local/src/sandbox.rs"
    );
}

#[test]
fn a_flood_is_throttled_and_leaves_room_for_stripe() {
    let stack = stack("template.yaml");
    let webhook = stack.properties("StripeWebhook").unwrap();
    assert!(at_least_one(&webhook.value["ReservedConcurrentExecutions"]));
    let stage = stack.properties("ApiStage").unwrap();
    for settings in [
        &stage.value["DefaultRouteSettings"],
        &stage.value["RouteSettings"]["POST /stripe/webhook"],
    ] {
        assert!(at_least_one(&settings["ThrottlingRateLimit"]));
        assert!(at_least_one(&settings["ThrottlingBurstLimit"]));
    }
}

fn at_least_one(limit: &serde_json::Value) -> bool {
    limit.as_f64().is_some_and(|limit| limit >= 1.0)
}

#[test]
fn what_ses_tells_of_our_mails_is_taken_and_nothing_else_on_the_bus() {
    let rules = deployed().rules;
    let [rule] = rules.as_slice() else {
        panic!("{rules:?}");
    };
    assert_eq!(rule.function, "mail-feedback");
    let told = |kind: &str, set: Value| {
        let mail = json!({ "tags": { "ses:configuration-set": set } });
        json!({ "source": "aws.ses", "detail-type": kind, "detail": { "mail": mail } })
    };
    assert!(rule.takes(&told("Email Bounced", json!(["linky-mail"]))));
    for (kind, set) in [
        ("Email Bounced", json!(["another-mail"])),
        ("Email Bounced", json!([])),
        ("Email Bounced", Value::Null),
        ("Email Delivered", json!(["linky-mail"])),
    ] {
        assert!(!rule.takes(&told(kind, set.clone())), "{kind} {set}");
    }
    let mut of_another = told("Email Bounced", json!(["linky-mail"]));
    of_another["source"] = json!("aws.s3");
    assert!(!rule.takes(&of_another));
}
