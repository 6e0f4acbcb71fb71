//! `ops owner create`: the first owner of the portal, who invites everybody else.

use clap::{Args, Subcommand};
use serde::Deserialize;
use serde_json::json;

use crate::installation::Installation;
use crate::problem::Problem;
use crate::screen::Screen;

/// What is done about owners.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make the first owner and print the link by which they set their password; refused once there is one
    Create(Arguments),
}

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The address they sign in with
    #[arg(long, value_name = "ADDRESS")]
    email: String,
    /// What they are called
    #[arg(long, value_name = "TEXT")]
    name: String,
}

/// What `admin-staff` answers.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Answer {
    Created { id: String, link: String },
    Refused { error: Refusal },
}

#[derive(Debug, Deserialize)]
struct Refusal {
    code: String,
    message: String,
}

pub(crate) async fn run(
    command: &Command,
    installation: &Installation,
    screen: &mut Screen,
) -> Result<(), Problem> {
    let Command::Create(Arguments { email, name }) = command;
    let order = json!({ "create_owner": { "email": email, "name": name } });
    let lambda = installation.lambda();
    let answer = lambda.invoke("admin-staff", &order).await?;
    match lambda.read("admin-staff", answer)? {
        Answer::Created { id, link } => {
            screen.note(&format!(
                "{id} is an owner. They set a password on this page, and an authenticator app when they sign in; it is good \
                 once and for three days:"
            ))?;
            screen.print(&link)
        }
        Answer::Refused { error } => Err(Problem::Refused {
            code: error.code,
            words: error.message,
        }),
    }
}
