//! The program itself: how it ends, and what it says where the machine is not ready.

use std::process::{Command, Output, Stdio};

/// The program in an environment of its own, with no terminal.
fn run(words: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ops"));
    command.env_clear().envs(environment.iter().copied());
    command.args(words).stdin(Stdio::null()).output().unwrap()
}

fn said(output: &Output) -> (Option<i32>, String) {
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    (output.status.code(), said)
}

const KEYS: [(&str, &str); 2] = [
    ("AWS_ACCESS_KEY_ID", "AKID"),
    ("AWS_SECRET_ACCESS_KEY", "canary"),
];

#[test]
fn what_the_environment_lacks_is_named_with_how_to_set_it() {
    let region = ("AWS_REGION", "eu-central-1");
    let foreign = ("AWS_REGION", "evil.example/");
    for (environment, words) in [
        (vec![region], "AWS_ACCESS_KEY_ID is not set"),
        (vec![region, KEYS[0]], "AWS_SECRET_ACCESS_KEY is not set"),
        (
            vec![region],
            "aws configure export-credentials --format env",
        ),
        (KEYS.to_vec(), "export AWS_REGION="),
        ([&KEYS[..], &[foreign]].concat(), "which is no region"),
    ] {
        let (code, said) = said(&run(&["health"], &environment));
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(words), "{said}");
        assert!(!said.contains("canary"), "{said}");
    }
}

#[test]
fn where_no_sandbox_runs_it_says_how_to_start_one() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("--sandbox=http://{}", free.local_addr().unwrap());
    drop(free);
    for command in ["health", "redrive"] {
        let (code, said) = said(&run(&[&url, command], &[]));
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("Start it with ./dev run"), "{said}");
    }
    let (code, said) = said(&run(&["--sandbox=localhost:4242", "health"], &[]));
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("--sandbox=http://127.0.0.1:4242"), "{said}");
}

#[test]
fn a_command_that_is_wrong_is_refused_before_anything_is_asked() {
    for words in [
        &["replay"][..],
        &[
            "replay",
            "evt_1",
            "--from",
            "2026-01-01",
            "--to",
            "2026-01-02",
        ],
        &["replay", "--from", "2026-01-01"],
        &["replay", "--from", "yesterday", "--to", "2026-01-02"],
        &["replay", "evt_1", "--yes"],
        &["replay", "evt_1", "--type", "invoice.paid"],
        &["backfill"],
        &["redrive", "--queue", "mail"],
    ] {
        let (code, said) = said(&run(words, &[]));
        assert_eq!(code, Some(2), "{words:?}: {said}");
    }
    let help = run(&["--help"], &[]);
    let help = (help.status.code(), String::from_utf8(help.stdout).unwrap());
    assert_eq!(help.0, Some(0));
    for command in ["replay", "backfill", "redrive", "health", "AWS_REGION"] {
        assert!(help.1.contains(command), "{command}: {}", help.1);
    }
}
