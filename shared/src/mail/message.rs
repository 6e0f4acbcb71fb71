//! What a mail says: the facts of it, as they wait in the outbox, and the words made of them.

use serde::{Deserialize, Serialize};

use super::render::Letter;
use crate::money::Money;
use crate::time::Timestamp;

/// Longest name a mail speaks to, in characters. A name is what a stranger typed: a long one is an advertisement.
pub const NAME_CHARS_MAX: usize = 60;

/// A mail to a customer. Only facts: the words are chosen when it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Message {
    /// A subscription began.
    Welcome {
        /// What was bought.
        plan: Offer,
        /// When the next payment is due.
        paid_until: Timestamp,
        /// The plan that follows by itself on that day, where one does.
        then: Option<Offer>,
    },
    /// Another plan took over.
    PlanChanged {
        /// Name of the plan before.
        from: String,
        /// The plan now.
        to: Offer,
        /// Since when.
        since: Timestamp,
    },
    /// A payment failed.
    PaymentFailed {
        /// Name of the plan.
        plan: String,
        /// What could not be charged.
        amount: Money,
        /// When it is tried again. `None` where it is not.
        next_attempt: Option<Timestamp>,
        /// Until when the customer keeps access without paying, where that is settled.
        access_until: Option<Timestamp>,
        /// Stripe's page for this invoice, where there is one.
        pay_url: Option<String>,
    },
    /// A payment that had failed was made.
    PaymentRecovered {
        /// Name of the plan.
        plan: String,
        /// What was charged.
        amount: Money,
        /// When the next payment is due.
        paid_until: Option<Timestamp>,
    },
}

/// A plan and what it costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// As customers know it.
    pub name: String,
    /// For one period.
    pub price: Money,
    /// Length of a period, in months.
    pub months: u32,
}

impl Offer {
    fn price(&self) -> String {
        match self.months {
            1 => format!("{} a month", self.price),
            12 => format!("{} a year", self.price),
            months => format!("{} every {months} months", self.price),
        }
    }

    /// The price of a plan that is paid once and then followed by another.
    fn price_once(&self) -> String {
        match self.months {
            1 => format!("{} for a month", self.price),
            months => format!("{} for {months} months", self.price),
        }
    }
}

impl Message {
    /// The words, to the person called `name`, with links into the portal.
    pub(super) fn letter(&self, name: Option<&str>, portal_url: &str) -> Letter {
        let mut letter = match self {
            Self::Welcome {
                plan,
                paid_until,
                then,
            } => welcome(plan, *paid_until, then.as_ref()),
            Self::PlanChanged { from, to, since } => plan_changed(from, to, *since),
            Self::PaymentFailed {
                plan,
                amount,
                next_attempt,
                access_until,
                pay_url,
            } => {
                let mut letter = payment_failed(plan, *amount, *next_attempt, *access_until);
                // Only an address of the web: whatever else stands there must not become a link.
                if let Some(url) = pay_url.as_ref().filter(|url| url.starts_with("https://")) {
                    letter.button_url.clone_from(url);
                }
                letter
            }
            Self::PaymentRecovered {
                plan,
                amount,
                paid_until,
            } => payment_recovered(plan, *amount, *paid_until),
        };
        if letter.button_url.is_empty() {
            portal_url.clone_into(&mut letter.button_url);
        }
        letter.greeting = match name.map(spoken).filter(|name| !name.is_empty()) {
            Some(name) => format!("Hello {name},"),
            None => "Hello,".to_owned(),
        };
        letter
    }
}

fn welcome(plan: &Offer, paid_until: Timestamp, then: Option<&Offer>) -> Letter {
    let paid_until = day(paid_until);
    let mut paragraphs = vec![format!(
        "Your {} plan is active. Thank you for joining us.",
        plan.name
    )];
    let (price, next) = match then {
        Some(then) => {
            paragraphs.push(format!(
                "On {paid_until} your plan becomes {}, at {}. You need not do anything; you can \
                 change or cancel it before then in your account.",
                then.name,
                then.price(),
            ));
            (plan.price_once(), ("Paid until", paid_until))
        }
        None => (plan.price(), ("Next payment", paid_until)),
    };
    Letter {
        subject: "Welcome to Linky".to_owned(),
        paragraphs,
        rows: vec![("Plan", plan.name.clone()), ("Price", price), next],
        button: "Open your account",
        ..Letter::default()
    }
}

fn plan_changed(from: &str, to: &Offer, since: Timestamp) -> Letter {
    Letter {
        subject: format!("Your Linky plan is now {}", to.name),
        paragraphs: vec![
            format!("Your plan has changed from {from} to {}.", to.name),
            "If you did not expect this, please write to us.".to_owned(),
        ],
        rows: vec![
            ("Plan", to.name.clone()),
            ("Price", to.price()),
            ("Since", day(since)),
        ],
        button: "Open your account",
        ..Letter::default()
    }
}

fn payment_failed(
    plan: &str,
    amount: Money,
    next_attempt: Option<Timestamp>,
    access_until: Option<Timestamp>,
) -> Letter {
    let mut paragraphs = vec![format!(
        "We could not charge {amount} for your {plan} plan. Most often the card has expired, or the \
         bank declined the payment."
    )];
    paragraphs.push(match next_attempt {
        Some(moment) => format!(
            "We will try again on {}. To settle it now, update your card.",
            day(moment)
        ),
        None => "We will not try again by ourselves. To settle it, update your card.".to_owned(),
    });
    let mut rows = vec![("Plan", plan.to_owned()), ("Amount", amount.to_string())];
    rows.extend(next_attempt.map(|moment| ("Next try", day(moment))));
    rows.extend(access_until.map(|moment| ("Access until", day(moment))));
    Letter {
        subject: "Your Linky payment did not go through".to_owned(),
        paragraphs,
        rows,
        button: "Update your card",
        ..Letter::default()
    }
}

fn payment_recovered(plan: &str, amount: Money, paid_until: Option<Timestamp>) -> Letter {
    let mut rows = vec![("Plan", plan.to_owned()), ("Amount", amount.to_string())];
    rows.extend(paid_until.map(|moment| ("Next payment", day(moment))));
    Letter {
        subject: "Your Linky payment went through".to_owned(),
        paragraphs: vec![format!(
            "Thank you: we have charged {amount} for your {plan} plan, and everything is in order again."
        )],
        rows,
        button: "Open your account",
        ..Letter::default()
    }
}

/// A name as it may stand in a greeting: on one line, and no longer than a name is.
fn spoken(name: &str) -> String {
    let words: Vec<&str> = name
        .split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ").chars().take(NAME_CHARS_MAX).collect()
}

/// A day as people write it, `1 March 2027`, in UTC.
fn day(moment: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(moment.as_ms()).map_or_else(
        |_| moment.day(),
        |moment| moment.strftime("%-d %B %Y").to_string(),
    )
}
