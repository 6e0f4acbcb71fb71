//! Customers who sign in: by a first password, for which they have a link sent to them.

use local::browser::Browser;
use serde_json::json;

use crate::World;

/// The password that customers set.
pub const PASSWORD: &str = "a new password for the day";

/// Seconds within which a mail that is owed has come.
const MAIL_S: i64 = 60;

impl World {
    /// A browser in which the customer has just signed in who has this address. Takes a minute: a link comes by mail.
    ///
    /// # Panics
    /// Where something is refused.
    pub async fn customer(&self, email: &str) -> Browser<'_> {
        let token = self.reset_token("customer", email).await;
        let browser = self.browser();
        let form = json!({ "token": token, "password": PASSWORD });
        let page = browser.post("/api/password-resets/confirm", &form).await;
        assert_eq!(page.status, 200, "{page:?}");
        let form = json!({ "kind": "customer", "email": email, "password": PASSWORD });
        let page = browser.post("/api/sign-in", &form).await;
        assert_eq!(page.body["stage"], "signed_in", "{page:?}");
        browser
    }

    /// Asks for a link and gives what it holds, once the mail has come.
    ///
    /// # Panics
    /// Where it is refused, or none comes.
    pub async fn reset_token(&self, kind: &str, email: &str) -> String {
        let form = json!({ "kind": kind, "email": email });
        let page = self.browser().post("/api/password-resets", &form).await;
        assert_eq!(page.status, 202, "{page:?}");
        self.advance_s(MAIL_S).await;
        self.token_of_latest_mail()
    }

    /// What the link holds that was sent last.
    ///
    /// # Panics
    /// Where there is none.
    pub fn token_of_latest_mail(&self) -> String {
        let mails = self.sandbox.cloud().mail().mails();
        let texts = mails.iter().rev().filter_map(|mail| mail.text.as_deref());
        let mut links = texts
            .flat_map(str::split_whitespace)
            .filter_map(|word| word.split_once('#'));
        let link = links.next();
        link.unwrap_or_else(|| panic!("no mail holds a link"))
            .1
            .to_owned()
    }
}
