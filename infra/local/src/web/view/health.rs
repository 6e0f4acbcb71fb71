//! How everything does, as the watch last measured it, and the alerts that are open.

use serde_json::{Value, json};

use crate::sandbox::Sandbox;

/// Alerts shown.
const ALERTS_MAX: usize = 20;

/// The last report, and the open alerts, the newest first.
pub(super) fn health(sandbox: &Sandbox) -> Value {
    let table = |name: &str| format!("{}{name}", sandbox.table_prefix());
    let measured = sandbox.cloud().partition(&table("health"), "measured");
    let measured = measured.ok().and_then(|rows| rows.into_iter().next());
    let report = measured.and_then(|row| serde_json::from_str(row["report"]["S"].as_str()?).ok());
    let open = sandbox.cloud().items(&table("alerts"), Some("open"));
    let mut open = open.unwrap_or_default();
    open.sort_by_key(|row| std::cmp::Reverse(last_at(row).to_owned()));
    let alerts = open.iter().take(ALERTS_MAX).map(|row| {
        json!({
            "cause": row["pk"]["S"],
            "message": row["message"]["S"],
            "to_do": row["to_do"]["S"],
            "severity": row["severity"]["S"],
            "opened_at": row["opened_at"]["S"],
            "times": row["times"]["N"].as_str().and_then(|times| times.parse::<u64>().ok()),
            "acknowledged_by": row["acknowledged_by"]["S"],
        })
    });
    json!({
        "report": report.unwrap_or(Value::Null),
        "alerts": alerts.collect::<Vec<_>>(),
        "alerts_all": open.len(),
    })
}

fn last_at(row: &Value) -> &str {
    row["last_at"]["S"].as_str().unwrap_or_default()
}
