//! What is sent to start a checkout, checked at the door.

use serde::Deserialize;
use shared::error::Error;
use shared::mail::{ADDRESS_CHARS_MAX, Address};
use shared::plan::{Catalogue, Offer};

/// Longest name taken, in characters. Names of three people's length exist; Stripe takes 256.
const NAME_CHARS_MAX: usize = 200;

/// The body of `POST /checkout`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    plan: String,
    email: String,
    name: String,
}

/// A form that is in order.
pub(crate) struct Order<'a> {
    /// What is to be sold.
    pub(crate) offer: &'a Offer,
    /// In lower case: one person has one address, however it is typed.
    pub(crate) email: String,
    /// As it was typed, without the space around it.
    pub(crate) name: String,
}

impl Form {
    /// The form in order.
    ///
    /// # Errors
    /// `Invalid`, saying what is wrong with which field.
    pub(crate) fn checked(self, catalogue: &Catalogue) -> Result<Order<'_>, Error> {
        let offer = catalogue.offer(&self.plan).ok_or_else(|| {
            let plans: Vec<_> = catalogue
                .offers()
                .iter()
                .map(|offer| offer.plan.key())
                .collect();
            Error::invalid(
                "unknown_plan",
                format!(
                    "There is no such plan. Choose one of: {}.",
                    plans.join(", ")
                ),
            )
        })?;
        let email = self.email.trim().to_lowercase();
        Address::parse(&email).map_err(|_| {
            Error::invalid(
                "invalid_email",
                format!("The field `email` needs one address, at most {ADDRESS_CHARS_MAX} characters, such as ada@example.com."),
            )
        })?;
        let name = self.name.trim().to_owned();
        if name.is_empty()
            || name.chars().count() > NAME_CHARS_MAX
            || name.chars().any(is_hidden)
            || !name.chars().any(char::is_alphanumeric)
        {
            return Err(Error::invalid(
                "invalid_name",
                format!("The field `name` needs 1 to {NAME_CHARS_MAX} characters on one line."),
            ));
        }
        Ok(Order { offer, email, name })
    }
}

/// What cannot be seen, or turns round what can be: control characters, and marks of direction and of no width.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
