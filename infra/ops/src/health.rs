//! `ops health`: how every part does, in one line each.

use clap::Args;
use serde::Deserialize;
use serde_json::json;
use shared::health::{Report, State};

use crate::answer::legible;
use crate::installation::Installation;
use crate::problem::Problem;
use crate::screen::Screen;

/// Room for `nightly sync`.
const NAME_WIDTH: usize = 12;

/// Says how every part does, with the reason and what to do. It exits with 1 where something is failing.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Print what the function answers
    #[arg(long)]
    json: bool,
}

/// What `health` answers.
#[derive(Debug, Deserialize)]
struct Answer {
    report: Option<Report>,
    is_fresh: bool,
}

pub(crate) async fn run(
    arguments: &Arguments,
    installation: &Installation,
    screen: &mut Screen,
) -> Result<(), Problem> {
    let answer = installation.lambda().invoke("health", &json!({})).await?;
    if arguments.json {
        screen.print(&answer.to_string())?;
    }
    let answer: Answer = installation.lambda().read("health", answer)?;
    if !arguments.json {
        for line in lines(&answer) {
            screen.print(&line)?;
        }
    }
    let is_failing = |report: &Report| report.state == State::Failing;
    if !answer.is_fresh || answer.report.as_ref().is_none_or(is_failing) {
        return Err(Problem::Failing);
    }
    Ok(())
}

fn lines(answer: &Answer) -> Vec<String> {
    let watch = "docs/operating.md says what to do about the alarm watch-health-silent.";
    let Some(report) = &answer.report else {
        let words = "watch-health has not measured yet; it does every five minutes";
        return vec![line(State::Failing, "watch", words, Some(watch))];
    };
    let measured = format!("measured at {}", report.measured_at);
    let mut lines = if answer.is_fresh {
        vec![line(report.state, "whole", &measured, None)]
    } else {
        let words = format!("{measured}, and not since: what follows may not hold any more");
        vec![line(State::Failing, "watch", &words, Some(watch))]
    };
    let parts = report.parts.iter();
    lines.extend(
        parts.map(|part| line(part.state, &part.name, &part.reason, part.to_do.as_deref())),
    );
    lines
}

fn line(state: State, name: &str, reason: &str, to_do: Option<&str>) -> String {
    let state = match state {
        State::Ok => "ok",
        State::Degraded => "degraded",
        State::Failing => "failing",
    };
    let to_do = to_do.map(|to_do| format!(". {to_do}")).unwrap_or_default();
    format!(
        "{state:8}  {name:NAME_WIDTH$}  {}",
        legible(&format!("{reason}{to_do}"))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(report: serde_json::Value, is_fresh: bool) -> Answer {
        serde_json::from_value(json!({ "report": report, "is_fresh": is_fresh })).unwrap()
    }

    #[test]
    fn each_part_is_a_line_and_a_report_that_is_old_or_missing_is_failing() {
        let report = json!({
            "state": "degraded", "measured_at": "2026-11-22T09:00:00.000Z",
            "parts": [{ "name": "mails", "state": "degraded", "reason": "1 was given up", "to_do": "Look at it." }],
        });
        let fresh = lines(&answer(report.clone(), true));
        assert_eq!(
            fresh,
            [
                "degraded  whole         measured at 2026-11-22T09:00:00.000Z",
                "degraded  mails         1 was given up. Look at it.",
            ]
        );
        for old in [answer(report, false), answer(json!(null), false)] {
            assert!(
                lines(&old)[0].starts_with("failing   watch"),
                "{:?}",
                lines(&old)
            );
        }
    }
}
