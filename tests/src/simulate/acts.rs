//! What administrators do in a flow: a request that is ready to be sent, and what they do where it fails.

use local::browser::{Browser, Page};
use local::staff::SignInCard;
use serde_json::{Value, json};
use shared::staff::Role;

use crate::World;

/// A request of an administrator who has signed in.
#[derive(Debug, Clone)]
pub(super) struct Act {
    role: Role,
    cards: Vec<SignInCard>,
    cookie: Option<String>,
    customer: String,
    asks: Asks,
    form: Value,
    number: u64,
}

/// What is asked for.
#[derive(Debug, Clone)]
pub(super) enum Asks {
    /// A refund of so many cents of a charge.
    Refund(String, i64),
    /// Another plan, as a preview shows it.
    Plan(&'static str),
    /// The end of the subscription, with what is not used up given back.
    End,
    /// Something else that is done to the subscription.
    Order(Value),
    /// That the action of this number is approved.
    Approval(u64),
}

/// Numbers from which on the ids are of actions that were asked for anew.
const ANEW: u64 = 100;

/// Refused for no longer being as it was shown.
const STALE: &str = "preview_stale";

/// What became of a request.
pub(super) enum Sent {
    /// It has had its answer.
    Answered,
    /// It has to be sent again.
    Failed,
}

impl Act {
    /// Signs in, looks where what is asked for has to be looked at first, and holds the request back.
    pub(super) async fn ready(
        world: &World,
        cards: &[SignInCard],
        role: Role,
        (customer, asks, number): (&str, Asks, u64),
    ) -> Self {
        let browser = world.signed_in(cards, role).await;
        let mut act = Self {
            role,
            cards: cards.to_vec(),
            cookie: browser.cookie(),
            customer: customer.to_owned(),
            asks,
            form: Value::Null,
            number,
        };
        act.form = act.filled(&browser).await;
        act
    }

    /// The form as it is filled in now.
    async fn filled(&self, browser: &Browser<'_>) -> Value {
        let reason = "They asked for it";
        match &self.asks {
            Asks::Refund(charge, cents) => json!({
                "charge": charge, "amount_cents": cents, "currency": "usd", "why": "goodwill", "reason": reason,
            }),
            Asks::Plan(plan) => {
                let form = json!({ "plan": plan });
                let shown = browser.post(&self.of_customer("plan/preview"), &form).await;
                json!({
                    "plan": plan, "when": shown.body["when"], "proration_date": shown.body["proration_date"],
                    "due_now_cents": shown.body["due_now"]["amount_cents"], "reason": reason,
                })
            }
            Asks::End => {
                let shown = browser.get(&self.of_customer("subscription/unused")).await;
                let cents = &shown.body["unused"]["amount_cents"];
                let order = json!({ "operation": "cancel", "when": "now", "refund_cents": cents });
                json!({ "order": order, "reason": reason })
            }
            Asks::Order(order) => json!({ "order": order, "reason": reason }),
            Asks::Approval(_) => json!({}),
        }
    }

    fn of_customer(&self, rest: &str) -> String {
        format!("/api/admin/users/{}/{rest}", self.customer)
    }

    fn path(&self) -> String {
        match &self.asks {
            Asks::Refund(..) => self.of_customer("refunds"),
            Asks::Plan(_) => self.of_customer("plan"),
            Asks::End | Asks::Order(_) => self.of_customer("subscription"),
            Asks::Approval(number) => format!("/api/admin/actions/{}/approve", id(*number)),
        }
    }

    /// Sends the request.
    pub(super) async fn send(&self, world: &World) -> Sent {
        let browser = world.browser();
        browser.hold(self.cookie.clone());
        outcome(&self.send_from(&browser, &self.form, self.number).await)
    }

    /// Signs in and sends the request again, as a page that was left open does; and anew, where it is not any more as it was
    /// shown.
    pub(super) async fn send_again(&self, world: &World) -> Sent {
        let browser = world.signed_in(&self.cards, self.role).await;
        let page = self.send_from(&browser, &self.form, self.number).await;
        if page.code() != STALE {
            return outcome(&page);
        }
        let form = self.filled(&browser).await;
        outcome(&self.send_from(&browser, &form, ANEW + self.number).await)
    }

    async fn send_from(&self, browser: &Browser<'_>, form: &Value, number: u64) -> Page {
        let key = id(number);
        let headers = [("idempotency-key", key.as_str())];
        browser
            .send("POST", &self.path(), Some(form), &headers)
            .await
    }
}

/// Whoever was signed out meanwhile signs in, whoever was told that something failed sends it again, and what is not as it was
/// shown is looked at again.
fn outcome(page: &Page) -> Sent {
    match page.status {
        401 | 403 | 500.. => Sent::Failed,
        _ if page.code() == STALE => Sent::Failed,
        _ => Sent::Answered,
    }
}

fn id(number: u64) -> String {
    format!("act_{number:032x}")
}
