//! The rooms of the project stay rooms.

use std::fs;
use std::path::{Path, PathBuf};

/// Lines of a source file above which it surely holds two things; from 400 on it is asked.
const LINES_MAX: usize = 450;

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every Rust file below a folder of the project, with its text.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![project().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has no sources");
    found
}

/// The files of which `is_wrong` holds.
fn wrong(folder: &str, is_wrong: impl Fn(&Path, &str) -> bool) -> Vec<PathBuf> {
    let sources = sources(folder).into_iter();
    sources
        .filter(|(path, text)| is_wrong(path, text))
        .map(|(path, _)| path)
        .collect()
}

fn first_line_says(text: &str, kind: &str) -> bool {
    text.lines()
        .next()
        .is_some_and(|line| line.starts_with(&format!("//! {kind}:")))
}

#[test]
fn every_module_of_shared_says_which_kind_it_is() {
    let kindless = wrong("shared/src", |path, text| {
        let is_part = path
            .parent()
            .and_then(Path::parent)
            .is_some_and(|above| above.ends_with("src"));
        let is_root = path.ends_with("lib.rs");
        !is_part
            && !is_root
            && !["Fact", "Door", "Frame"]
                .iter()
                .any(|kind| first_line_says(text, kind))
    });
    let is_of_tests = |path: &PathBuf| {
        path.ends_with("script.rs") || path.components().any(|part| part.as_os_str() == "tests")
    };
    assert_eq!(
        kindless
            .into_iter()
            .filter(|path| !is_of_tests(path))
            .collect::<Vec<_>>(),
        Vec::<PathBuf>::new()
    );
}

#[test]
fn facts_know_neither_aws_nor_stripes_client_nor_lambda_nor_the_clock() {
    let foreign = [
        "aws_",
        "stripe_core",
        "stripe_billing",
        "lambda_",
        "tokio",
        "crate::store",
        "crate::clock",
        "async fn",
    ];
    let impure = wrong("shared/src", |_, text| {
        let product = text.split("#[cfg(test)]").next().unwrap_or_default();
        first_line_says(text, "Fact") && foreign.iter().any(|name| product.contains(name))
    });
    assert_eq!(impure, Vec::<PathBuf>::new());
}

#[test]
fn only_the_stripe_door_names_async_stripe() {
    let names = [
        "stripe_client_core::",
        "stripe_core::",
        "stripe_billing::",
        "stripe_checkout::",
        "stripe_product::",
    ];
    for folder in ["shared/src", "functions", "infra/local/src"] {
        let strangers = wrong(folder, |path, text| {
            let is_door = path.to_string_lossy().contains("shared/src/stripe");
            !is_door && names.iter().any(|name| text.contains(name))
        });
        assert_eq!(strangers, Vec::<PathBuf>::new());
    }
}

#[test]
fn the_simulator_knows_nothing_of_aws() {
    let manifest = fs::read_to_string(project().join("infra/stripe-sim/Cargo.toml")).unwrap();
    assert!(!manifest.contains("aws"), "{manifest}");
}

#[test]
fn every_function_is_deployed_under_its_own_name() {
    let template = fs::read_to_string(project().join("template.yaml")).unwrap();
    for entry in fs::read_dir(project().join("functions")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            template.contains(&format!("target/lambda/{name}/")),
            "{name} is not in template.yaml"
        );
    }
}

#[test]
fn no_file_grows_beyond_what_one_reads_at_a_time() {
    for folder in ["shared/src", "functions", "infra", "tests"] {
        let long = wrong(folder, |_, text| text.lines().count() > LINES_MAX);
        assert_eq!(long, Vec::<PathBuf>::new());
    }
}
