//! How long somebody waits in the portal where there are very many customers: in Chromium, in front of a sandbox in this
//! process. What is measured and how is said in `portal/e2e/bench.js`.

use std::net::Ipv4Addr;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use local::sandbox::{Sandbox, Start};
use serde::Deserialize;
use shared::clock::Clock;
use tests::World;
use tokio::net::TcpListener;

use crate::figures::Figure;

/// A figure as the script prints it.
#[derive(Deserialize)]
struct Printed {
    name: String,
    value: f64,
    unit: String,
}

/// Has the pages of `customers` looked at.
pub(crate) async fn measure(project: &Path, customers: u32) -> Result<Vec<Figure>, String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .map_err(|error| format!("no port is free: {error}"))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let base_url = format!("http://{address}");
    let start = Start {
        project: project.to_owned(),
        folder: None,
        base_url: base_url.clone(),
        machine: Clock::System,
    };
    let sandbox = Sandbox::start_at(start, Clock::System.now());
    let world = World::of(sandbox.map_err(|wrong| wrong.to_string())?);
    world.staff().await;
    world.sign_up("ada@example.com", "rainmaker").await;
    world.crowd(customers).await;
    let served = axum::serve(listener, local::web::router(world.sandbox.clone()));
    let portal = project.join("portal");
    let script = tokio::task::spawn_blocking(move || looked_at(&portal, &base_url));
    let ran = tokio::select! {
        ran = script => ran.map_err(|error| error.to_string())?,
        ended = async { served.await } => return Err(format!("the sandbox ended: {ended:?}")),
    };
    let ran = ran.map_err(|error| format!("node does not start: {error}"))?;
    if !ran.status.success() {
        return Err("the pages were not measured".to_owned());
    }
    let printed = String::from_utf8_lossy(&ran.stdout).into_owned();
    printed.lines().map(figure).collect()
}

fn looked_at(portal: &Path, base_url: &str) -> std::io::Result<Output> {
    Command::new("node")
        .args(["e2e/bench.js", base_url])
        .current_dir(portal)
        .stderr(Stdio::inherit())
        .output()
}

fn figure(line: &str) -> Result<Figure, String> {
    let printed: Printed =
        serde_json::from_str(line).map_err(|_| format!("no figure was printed: {line}"))?;
    let unit = match printed.unit.as_str() {
        "ms" => "ms",
        "kB" => "kB",
        other => return Err(format!("no unit that is known: {other}")),
    };
    Ok(Figure::new(printed.name, printed.value, unit))
}
