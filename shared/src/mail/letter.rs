//! The words of each mail. Without a dress: [`render`](super::render) puts them into HTML and into plain text.

use crate::money::Money;
use crate::outbox::MailKind;
use crate::plan::{Catalogue, Plan, months};
use crate::policy::Operation;
use crate::staff::Role;
use crate::time::Timestamp;

/// Longest name a mail speaks to, in characters. A name is what a stranger typed: a long one is an advertisement.
pub const NAME_CHARS_MAX: usize = 60;

/// What a mail says.
#[derive(Debug)]
pub(super) struct Letter {
    pub(super) subject: String,
    pub(super) paragraphs: Vec<String>,
    pub(super) rows: Vec<(&'static str, String)>,
    pub(super) button: &'static str,
    /// What the button opens.
    pub(super) leads_to: Place,
    /// `You receive this mail because …`
    pub(super) because: &'static str,
}

/// Where a mail leads.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    /// The customer's account.
    Account,
    /// A page of the portal.
    Portal(&'static str),
}

/// Where somebody sets a password.
const SET_PASSWORD: Place = Place::Portal("/app/set-password");

const CUSTOMER: &str = "you have a Linky subscription";

impl Letter {
    pub(super) fn about(kind: MailKind, catalogue: &Catalogue) -> Self {
        match kind {
            MailKind::Welcome { plan } => welcome(plan, catalogue),
            MailKind::PlanChanged { from, to } => plan_changed(from, to, catalogue),
            MailKind::PaymentFailed {
                amount,
                next_attempt_at,
                ..
            } => payment_failed(amount, next_attempt_at),
            MailKind::PaymentRecovered { amount } => payment_recovered(amount),
            MailKind::PasswordReset => password_reset(),
            MailKind::Invitation { role } => invitation(role),
            MailKind::Refunded { amount } => refunded(amount),
            MailKind::ApprovalRequested { operation } => approval_requested(operation),
            MailKind::CheckoutAttempted => checkout_attempted(),
        }
    }
}

fn welcome(plan: Plan, catalogue: &Catalogue) -> Letter {
    let name = name_of(plan);
    let mut paragraphs = vec![format!(
        "Your {name} plan is active. Thank you for joining us."
    )];
    let then = catalogue.offer_of(plan).and_then(|offer| offer.then);
    if let Some(then) = then {
        let price = catalogue
            .offer_of(then.plan)
            .map_or_else(String::new, |offer| {
                format!(" at {}", offer.price_in_words())
            });
        paragraphs.push(format!(
            "After {} your plan becomes {}{price}. You need not do anything; you can change or cancel it \
             before then in your account.",
            months(then.after_months),
            name_of(then.plan),
        ));
    }
    Letter {
        subject: "Welcome to Linky".to_owned(),
        paragraphs,
        rows: plan_rows(plan, catalogue),
        button: "Open your account",
        leads_to: Place::Account,
        because: CUSTOMER,
    }
}

fn plan_changed(from: Plan, to: Plan, catalogue: &Catalogue) -> Letter {
    let (from, name) = (name_of(from), name_of(to));
    Letter {
        subject: format!("Your Linky plan is now {name}"),
        paragraphs: vec![
            format!("Your plan has changed from {from} to {name}."),
            "If you did not expect this, please write to us.".to_owned(),
        ],
        rows: plan_rows(to, catalogue),
        button: "Open your account",
        leads_to: Place::Account,
        because: CUSTOMER,
    }
}

fn payment_failed(amount: Money, next_attempt_at: Option<Timestamp>) -> Letter {
    let what_happens = match next_attempt_at {
        Some(moment) => format!(
            "We will try again on {}. To settle it now, update your card.",
            moment.day_in_words()
        ),
        None => "This was the last try, and without a payment your plan ends. To keep it, open your account, update \
                 your card and pay what is open."
            .to_owned(),
    };
    let mut rows = vec![("Amount", amount.to_string())];
    rows.extend(next_attempt_at.map(|moment| ("Next try", moment.day_in_words())));
    Letter {
        subject: "Your Linky payment did not go through".to_owned(),
        paragraphs: vec![
            format!(
                "We could not charge {amount} for your plan. Most often the card has expired, or the bank \
                 declined the payment."
            ),
            what_happens,
        ],
        rows,
        button: "Update your card",
        leads_to: Place::Account,
        because: CUSTOMER,
    }
}

fn payment_recovered(amount: Money) -> Letter {
    Letter {
        subject: "Your Linky payment went through".to_owned(),
        paragraphs: vec![format!(
            "Thank you: we have charged {amount} for your plan, and everything is in order again."
        )],
        rows: vec![("Amount", amount.to_string())],
        button: "Open your account",
        leads_to: Place::Account,
        because: CUSTOMER,
    }
}

fn password_reset() -> Letter {
    Letter {
        subject: "Set a new password for Linky".to_owned(),
        paragraphs: vec![
            "Somebody asked for a link to set a new password for your account. It is good for 30 minutes and once."
                .to_owned(),
            "If it was not you, do nothing: your password stays as it is.".to_owned(),
        ],
        rows: Vec::new(),
        button: "Set a new password",
        leads_to: SET_PASSWORD,
        because: "somebody asked for it with your address",
    }
}

fn invitation(role: Role) -> Letter {
    Letter {
        subject: "You are invited to Linky's billing".to_owned(),
        paragraphs: vec![
            "An account was made for you to administer Linky's billing. Set a password first; you will then be asked \
             to set up an authenticator app."
                .to_owned(),
            "The link is good for three days and once.".to_owned(),
        ],
        rows: vec![("Role", role.to_string())],
        button: "Accept the invitation",
        leads_to: SET_PASSWORD,
        because: "an owner of Linky's billing invited you",
    }
}

fn refunded(amount: Money) -> Letter {
    Letter {
        subject: "Your Linky refund".to_owned(),
        paragraphs: vec![format!(
            "We have given {amount} back to the card you paid with. Most banks show it within five to ten days."
        )],
        rows: vec![("Amount", amount.to_string())],
        button: "Open your account",
        leads_to: Place::Account,
        because: CUSTOMER,
    }
}

fn approval_requested(operation: Operation) -> Letter {
    let what = operation.as_str().replace('_', " ");
    Letter {
        subject: "A request waits for your approval".to_owned(),
        paragraphs: vec![
            "A colleague asked for something that one person alone may not do. It expires after 24 hours.".to_owned(),
        ],
        rows: vec![("Asked for", what)],
        button: "Look at it",
        leads_to: Place::Portal("/app/approvals"),
        because: "you may approve what others ask for",
    }
}

fn checkout_attempted() -> Letter {
    Letter {
        subject: "Sign in to buy a Linky plan".to_owned(),
        paragraphs: vec![
            "Somebody began to buy a plan with your address, for which there is an account already. If it was you, \
             sign in first and choose the plan there; if you have no password yet, ask for a link to set one."
                .to_owned(),
            "If it was not you, do nothing: nothing was bought.".to_owned(),
        ],
        rows: Vec::new(),
        button: "Open your account",
        leads_to: Place::Account,
        because: "you have a Linky account",
    }
}

fn plan_rows(plan: Plan, catalogue: &Catalogue) -> Vec<(&'static str, String)> {
    let price = catalogue
        .offer_of(plan)
        .map(|offer| ("Price", offer.price_in_words()));
    let name = ("Plan", name_of(plan).to_owned());
    std::iter::once(name).chain(price).collect()
}

/// A plan as its customer knows it. One that is not in the catalogue was agreed upon with the customer.
fn name_of(plan: Plan) -> &'static str {
    match plan {
        Plan::Unmapped => "Custom",
        Plan::FoundingMember | Plan::Prospector | Plan::Networker | Plan::Rainmaker => plan.name(),
    }
}

/// What a plan costs, and for how long: `$75.00 a month`, `$25.00 for 3 months`.
/// `Hello Ada,`: the name on one line, and no longer than a name is.
pub(super) fn greeting(name: Option<&str>) -> String {
    let words: Vec<&str> = name
        .unwrap_or_default()
        .split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    let name: String = words.join(" ").chars().take(NAME_CHARS_MAX).collect();
    if name.is_empty() {
        "Hello,".to_owned()
    } else {
        format!("Hello {name},")
    }
}
