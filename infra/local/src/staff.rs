//! The administrators of a sandbox. They come the way administrators come: the operator makes the first owner, who invites
//! the others; each sets a password by the link and sets up an authenticator.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::second_factor::Authenticator;
use shared::staff::Role;
use shared::time::Timestamp;

use crate::browser::{Browser, Page};
use crate::sandbox::Sandbox;
use crate::snapshot;

/// Everybody's password. The sandbox is reached from this machine only.
pub const PASSWORD: &str = "sandbox password";

/// Everybody's address on the network while they are set up.
const ADDRESS: &str = "127.0.0.1";

/// Who administers a sandbox: name, address, role. The first one owns it.
const STAFF: [(&str, &str, Role); 4] = [
    ("Tyler Reed", "tyler@uselinky.app", Role::Owner),
    ("Mara Voss", "mara@uselinky.app", Role::Billing),
    ("Sam Okoye", "sam@uselinky.app", Role::Support),
    ("Vera Lind", "vera@uselinky.app", Role::Viewer),
];

/// With what somebody signs in to a sandbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInCard {
    /// What they are called.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their role.
    pub role: Role,
    /// The secret of their authenticator, as one types it into an app.
    pub secret: String,
}

impl SignInCard {
    /// The code their authenticator shows at `now`.
    pub fn code(&self, now: Timestamp) -> String {
        Authenticator::of_secret(&self.secret).code(now)
    }
}

/// Makes the administrators of a sandbox that has none, and gives the cards of those there are. A sandbox that was set up
/// without them has no cards.
///
/// # Errors
/// What was refused, in its words.
pub async fn welcome(sandbox: &Sandbox) -> Result<Vec<SignInCard>, String> {
    let cards = made(sandbox).await?;
    sandbox.keep_staff(&cards);
    Ok(cards)
}

async fn made(sandbox: &Sandbox) -> Result<Vec<SignInCard>, String> {
    let file = sandbox.folder().map(cards_in);
    if let Some(file) = &file
        && let Some(cards) = snapshot::load(file).map_err(|error| error.to_string())?
    {
        return Ok(cards);
    }
    let [(name, email, _), others @ ..] = STAFF;
    let order = json!({ "create_owner": { "email": email, "name": name } });
    let created = sandbox.functions().invoke("admin-staff", order).await;
    let created = created.map_err(|error| error.to_string())?;
    let Some(link) = created["link"].as_str() else {
        return Ok(Vec::new());
    };
    let owner = Browser::new(sandbox.gateway(), sandbox.base_url(), ADDRESS);
    let mut cards = vec![accept(sandbox, &owner, STAFF[0], link).await?];
    for one in others {
        let (name, email, role) = one;
        let form =
            json!({ "name": name, "email": email, "role": role, "reason": "The sandbox's staff" });
        done(owner.post("/api/admin/staff", &form).await)?;
        let link = mailed_link(sandbox, email).await?;
        let browser = Browser::new(sandbox.gateway(), sandbox.base_url(), ADDRESS);
        cards.push(accept(sandbox, &browser, one, &link).await?);
    }
    if let Some(file) = &file {
        snapshot::save(file, &cards).map_err(|error| error.to_string())?;
    }
    Ok(cards)
}

/// Sets a password by a link and sets up an authenticator; afterwards the browser is signed in.
///
/// # Errors
/// What was refused, in its words.
async fn accept(
    sandbox: &Sandbox,
    browser: &Browser<'_>,
    (name, email, role): (&str, &str, Role),
    link: &str,
) -> Result<SignInCard, String> {
    let token = link.split_once('#').map_or("", |(_, token)| token);
    let form = json!({ "token": token, "password": PASSWORD });
    done(browser.post("/api/password-resets/confirm", &form).await)?;
    let form = json!({ "kind": "administrator", "email": email, "password": PASSWORD });
    done(browser.post("/api/sign-in", &form).await)?;
    let offered = done(browser.post("/api/authenticator", &json!({})).await)?;
    let card = SignInCard {
        name: name.to_owned(),
        email: email.to_owned(),
        role,
        secret: offered["secret"].as_str().unwrap_or_default().to_owned(),
    };
    let form = json!({ "code": card.code(sandbox.time().clock().now()) });
    done(browser.post("/api/authenticator/confirm", &form).await)?;
    Ok(card)
}

/// The link in the latest mail to an address, once what is owed was sent.
async fn mailed_link(sandbox: &Sandbox, email: &str) -> Result<String, String> {
    let sent = sandbox.functions().invoke("send-mail", json!({})).await;
    sent.map_err(|error| error.to_string())?;
    let mails = sandbox.cloud().mail().mails();
    let to_them = |mail: &&crate::cloud::SentMail| mail.destinations.iter().any(|to| to == email);
    let mail = mails.iter().rev().find(to_them);
    let text = mail
        .and_then(|mail| mail.text.as_deref())
        .unwrap_or_default();
    let link = text
        .split_whitespace()
        .find(|word| word.contains("/app/set-password#"));
    link.map(str::to_owned)
        .ok_or_else(|| format!("no invitation was sent to {email}"))
}

fn done(page: Page) -> Result<Value, String> {
    if page.status < 300 {
        return Ok(page.body);
    }
    Err(format!("the sandbox's staff: {}", page.body))
}

fn cards_in(folder: &Path) -> PathBuf {
    folder.join("sign-ins.json")
}
