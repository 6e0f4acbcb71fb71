//! Administrators at the portal.

use local::browser::{Browser, Page};
use local::staff::{self, SignInCard};
use serde_json::{Value, json};
use shared::staff::Role;

use crate::World;

/// Where the administrators of the tests sit.
pub const OFFICE: &str = "198.51.100.4";

/// Seconds after which an authenticator shows another code.
pub const CODE_S: i64 = 30;

impl World {
    /// Makes the administrators of the sandbox, one of each role.
    ///
    /// # Panics
    /// Where they are refused.
    pub async fn staff(&self) -> Vec<SignInCard> {
        let cards = staff::welcome(&self.sandbox).await;
        let cards = cards.unwrap_or_else(|wrong| panic!("{wrong}"));
        // The codes they were set up with are used up.
        self.advance_s(CODE_S).await;
        cards
    }

    /// A browser in the office, signed out.
    pub fn browser(&self) -> Browser<'_> {
        Browser::new(self.sandbox.gateway(), self.sandbox.base_url(), OFFICE)
    }

    /// A browser in which the administrator of a role has just signed in. Takes half a minute, so that the next one shows
    /// another code.
    ///
    /// # Panics
    /// Where the sign-in is refused.
    pub async fn signed_in(&self, cards: &[SignInCard], role: Role) -> Browser<'_> {
        let card = card_of(cards, role);
        let browser = self.browser();
        let page = enter_password(&browser, &card.email, staff::PASSWORD).await;
        assert_eq!(page.body["stage"], "second_factor", "{page:?}");
        let code = json!({ "code": card.code(self.now()) });
        let page = browser.post("/api/sign-in/second-factor", &code).await;
        assert_eq!(page.body["stage"], "signed_in", "{page:?}");
        self.advance_s(CODE_S).await;
        browser
    }
}

/// Sends address and password of an administrator.
pub async fn enter_password(browser: &Browser<'_>, email: &str, password: &str) -> Page {
    let form = json!({ "kind": "administrator", "email": email, "password": password });
    browser.post("/api/sign-in", &form).await
}

/// The card of the administrator of a role.
///
/// # Panics
/// Where there is none.
pub fn card_of(cards: &[SignInCard], role: Role) -> &SignInCard {
    let card = cards.iter().find(|card| card.role == role);
    card.unwrap_or_else(|| panic!("nobody is {role}"))
}

/// Whom a session is of.
pub fn person(page: &Page) -> &Value {
    &page.body["person"]["id"]
}

impl World {
    /// The entries of an actor's chain, as their texts, in order.
    pub async fn audit_texts(&self, actor: &str) -> Vec<String> {
        let mut rows: Vec<(String, String)> = self
            .rows("audit_log")
            .await
            .into_iter()
            .filter(|row| row["pk"]["S"] == actor && row["entry"]["S"].is_string())
            .map(|row| (text(&row["sk"]["S"]), text(&row["entry"]["S"])))
            .collect();
        rows.sort();
        rows.into_iter().map(|(_, entry)| entry).collect()
    }

    /// The entries of an actor's chain, in order.
    pub async fn audit(&self, actor: &str) -> Vec<Value> {
        let texts = self.audit_texts(actor).await;
        let parsed = texts.iter().map(|text| serde_json::from_str(text));
        parsed.map(Result::unwrap_or_default).collect()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
