//! What `infra/alarms.yaml` must keep to: nothing that is deployed goes unwatched, and every alarm reaches somebody.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Parameters, Stack, read};

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn stack() -> Stack {
    let text = std::fs::read_to_string(project().join("infra/alarms.yaml")).unwrap();
    let given = Parameters::from([("AdministratorEmail".to_owned(), "a@example.com".into())]);
    Stack::parse("infra/alarms.yaml", &text, &given).unwrap()
}

fn alarms() -> Vec<Value> {
    let alarms = stack().of_type("AWS::CloudWatch::Alarm").unwrap();
    alarms.into_iter().map(|alarm| alarm.value).collect()
}

/// The alarm on a metric of what is named.
fn on<'a>(alarms: &'a [Value], metric: &str, name: &str) -> &'a Value {
    let mut found = alarms
        .iter()
        .filter(|alarm| alarm["MetricName"] == metric && alarm["Dimensions"][0]["Value"] == name);
    let first = found.next();
    first.unwrap_or_else(|| panic!("no alarm on {metric} of {name}"))
}

#[test]
fn every_function_has_its_alarms_and_four_fifths_of_its_timeout_is_slow() {
    let alarms = alarms();
    let deployed = read(&project(), &Parameters::new()).unwrap();
    for function in deployed.functions.values() {
        for metric in ["Errors", "Throttles"] {
            assert_eq!(on(&alarms, metric, &function.aws_name)["Threshold"], 1);
        }
        let slow = on(&alarms, "Duration", &function.aws_name);
        assert_eq!(slow["Threshold"], function.timeout_s * 800, "{slow}");
    }
}

#[test]
fn every_queue_and_every_dead_letter_has_its_alarm() {
    let alarms = alarms();
    for queue in read(&project(), &Parameters::new()).unwrap().queues {
        let name = queue["QueueName"].as_str().unwrap();
        let metric = if name.ends_with("-dead") {
            "ApproximateNumberOfMessagesVisible"
        } else {
            "ApproximateAgeOfOldestMessage"
        };
        on(&alarms, metric, name);
    }
}

#[test]
fn a_watch_that_does_not_run_is_an_alarm_and_a_missing_number_is_none_elsewhere() {
    for alarm in alarms() {
        let is_watch = alarm["MetricName"] == "Invocations";
        let missing = if is_watch {
            "breaching"
        } else {
            "notBreaching"
        };
        assert_eq!(alarm["TreatMissingData"], missing, "{alarm}");
        if is_watch {
            assert_eq!(alarm["Dimensions"][0]["Value"], "linky-watch-health");
            assert_eq!(alarm["ComparisonOperator"], "LessThanThreshold");
        }
    }
}

#[test]
fn every_alarm_says_what_it_means_and_reaches_the_administrators() {
    let text = std::fs::read_to_string(project().join("docs/operating.md")).unwrap();
    let alarms = alarms();
    assert!(alarms.len() > 30, "{}", alarms.len());
    for alarm in alarms {
        assert_eq!(alarm["AlarmActions"][0], "Topic", "{alarm}");
        assert_eq!(alarm["OKActions"][0], "Topic", "{alarm}");
        assert!(alarm["AlarmDescription"].as_str().unwrap().len() > 20);
        let name = alarm["AlarmName"].as_str().unwrap();
        let name = name.strip_prefix("linky-").unwrap();
        let kinds = ["-errors", "-throttles", "-slow"];
        let kind = kinds.iter().find(|kind| name.ends_with(**kind));
        let shown = kind.map_or(name.to_owned(), |kind| format!("FUNCTION{kind}"));
        assert!(
            text.contains(&format!("`{shown}`")),
            "docs/operating.md says nothing of {name}"
        );
    }
}

#[test]
fn the_topic_is_the_one_the_watch_publishes_to_and_is_encrypted() {
    let topic = stack().properties("Topic").unwrap();
    let deployed = read(&project(), &Parameters::new()).unwrap();
    let arn = &deployed.functions["watch-health"].environment["ALERT_TOPIC_ARN"];
    assert_eq!(arn.rsplit(':').next(), topic.value["TopicName"].as_str());
    assert!(topic.value["KmsMasterKeyId"].is_string());
    assert_eq!(topic.value["Subscription"][0]["Endpoint"], "a@example.com");
}

#[test]
fn every_number_of_ours_that_is_watched_is_one_that_is_emitted() {
    for alarm in alarms() {
        if alarm["Namespace"] != "Linky" {
            continue;
        }
        let function = alarm["Dimensions"][0]["Value"].as_str().unwrap();
        let source = project().join(format!("functions/{function}/src/lib.rs"));
        let source = std::fs::read_to_string(source).unwrap();
        let metric = alarm["MetricName"].as_str().unwrap();
        assert!(
            source.contains(&format!("\"{metric}\"")),
            "{function} emits no {metric}"
        );
    }
}
