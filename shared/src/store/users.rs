//! Door: users, their addresses, and which customer at Stripe each one is. Names and addresses are kept here and
//! nowhere else among the records.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::checkouts::{Decoy, OpenCheckout};
use super::keys::{Key, Table};
use super::transaction::{Condition, Item, Part, Refusal, Transaction, UpdateExpression};
use super::{Store, from_item, text, to_item};
use crate::account::{Invoice, Kept};
use crate::error::Error;
use crate::id::{CustomerId, InvoiceId, UserId};
use crate::time::Timestamp;

/// A user of Linky's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The user.
    pub user: UserId,
    /// Where mail goes, in lower case.
    pub email: String,
    /// What the user is called.
    pub name: String,
    /// The one customer at Stripe, from the first checkout on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// The checkout that is open, so that a second tab gets the same one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkout: Option<OpenCheckout>,
    /// What a stranger who typed the address was answered last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decoy: Option<Decoy>,
    /// How often the keys of the user's calls to Stripe had to be given up. Each key bears the number.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub keys_given_up: u32,
    /// When the user came.
    pub created_at: Timestamp,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

#[derive(Debug, Serialize, Deserialize)]
struct Claim {
    user: UserId,
}

impl Store {
    /// The id of the user who has this address.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where the row cannot be read.
    pub async fn user_id_of_email(&self, email: &str) -> Result<Option<UserId>, Error> {
        let claim = self.read_one::<Claim>(Key::email(email)).await?;
        Ok(claim.map(|claim| claim.user))
    }

    /// A user.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where the row cannot be read.
    pub async fn profile(&self, user: &UserId) -> Result<Option<Profile>, Error> {
        self.read_one(Key::profile(user)).await
    }

    /// The user who has this address.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn user_of_email(&self, email: &str) -> Result<Option<Profile>, Error> {
        match self.user_id_of_email(email).await? {
            Some(user) => self.read_one(Key::profile(&user)).await,
            None => Ok(None),
        }
    }

    /// The user this customer at Stripe is.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn user_of_customer(&self, customer: &CustomerId) -> Result<Option<Profile>, Error> {
        let binding = Key::of_customer(customer, "binding");
        match self.read_one::<Claim>(binding).await? {
            Some(claim) => self.read_one(Key::profile(&claim.user)).await,
            None => Ok(None),
        }
    }

    /// Which user a customer at Stripe is, and one of the customer's invoices, as far as there are such. One call.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn user_and_invoice(
        &self,
        customer: &CustomerId,
        invoice: Option<&InvoiceId>,
    ) -> Result<(Option<UserId>, Option<Kept<Invoice>>), Error> {
        let binding = Key::of_customer(customer, "binding");
        let invoice = invoice.map(|id| Key::of(Table::Invoices, id.as_ref()));
        let keys: Vec<Key> = std::iter::once(binding.clone())
            .chain(invoice.clone())
            .collect();
        let mut found = self.read(&keys).await?;
        let claim = found.remove(&binding).map(from_item::<Claim>).transpose()?;
        let invoice = invoice.and_then(|key| found.remove(&key));
        Ok((
            claim.map(|claim| claim.user),
            invoice.map(from_item).transpose()?,
        ))
    }

    /// Takes in a new user, unless somebody has the address: then that user is the answer.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn take_in_user(&self, profile: Profile) -> Result<Profile, Error> {
        let mut transaction = Transaction::default();
        let claim = Claim {
            user: profile.user.clone(),
        };
        let email_key = Key::email(&profile.email);
        transaction.put(
            self,
            Part::Claim,
            &email_key,
            to_item(&claim)?,
            Some(Condition::absent()),
        );
        transaction.put(
            self,
            Part::Claim,
            &Key::profile(&profile.user),
            to_item(&profile)?,
            Some(Condition::absent()),
        );
        match self.commit(transaction).await {
            Ok(()) => Ok(profile),
            Err(Refusal::Failed(error)) => Err(error),
            Err(Refusal::Conditions(_)) => {
                self.user_of_email(&profile.email).await?.ok_or_else(|| {
                    Error::unavailable("an address was taken and let go at the same time")
                })
            }
        }
    }

    /// Binds a customer at Stripe to a user. A user has one customer for good: where one is bound already, that one is
    /// the answer.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn bind_customer(
        &self,
        user: &UserId,
        customer: &CustomerId,
        now: Timestamp,
    ) -> Result<CustomerId, Error> {
        let mut transaction = Transaction::default();
        transaction.update(
            self,
            Part::Claim,
            &Key::profile(user),
            UpdateExpression {
                expression: "SET customer = :customer".to_owned(),
                condition: Some(
                    "attribute_exists(pk) AND (attribute_not_exists(customer) OR customer = :customer)"
                        .to_owned(),
                ),
                values: vec![(":customer", text(customer))],
            },
        );
        let mut binding: Item = to_item(&Claim { user: user.clone() })?;
        binding.insert("bound_at".to_owned(), text(now));
        transaction.put(
            self,
            Part::Effect,
            &Key::of_customer(customer, "binding"),
            binding,
            None,
        );
        match self.commit(transaction).await {
            Ok(()) => Ok(customer.clone()),
            Err(Refusal::Failed(error)) => Err(error),
            Err(Refusal::Conditions(_)) => self
                .read_one::<Profile>(Key::profile(user))
                .await?
                .and_then(|profile| profile.customer)
                .ok_or_else(|| Error::internal(format!("user {user} is gone"))),
        }
    }

    /// Gives up the keys under which Stripe was called for a user so far, and with them, where `gone` is given, the
    /// customer, who was deleted at Stripe. Whoever was faster has done the same.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn give_up_keys(
        &self,
        profile: &Profile,
        gone: Option<&CustomerId>,
    ) -> Result<Profile, Error> {
        let mut values = vec![
            (
                ":before",
                AttributeValue::N(profile.keys_given_up.to_string()),
            ),
            (
                ":next",
                AttributeValue::N((profile.keys_given_up + 1).to_string()),
            ),
        ];
        let mut expression = "SET keys_given_up = :next".to_owned();
        let mut condition = "attribute_exists(pk) AND (attribute_not_exists(keys_given_up) OR keys_given_up = :before)".to_owned();
        if let Some(gone) = gone {
            expression.push_str(" REMOVE customer, checkout");
            condition.push_str(" AND customer = :gone");
            values.push((":gone", text(gone)));
        }
        let key = Key::profile(&profile.user);
        let mut transaction = Transaction::default();
        let update = UpdateExpression {
            expression,
            condition: Some(condition),
            values,
        };
        transaction.update(self, Part::Claim, &key, update);
        match self.commit(transaction).await {
            Ok(()) | Err(Refusal::Conditions(_)) => self
                .read_one(key)
                .await?
                .ok_or_else(|| Error::internal(format!("user {} is gone", profile.user))),
            Err(Refusal::Failed(error)) => Err(error),
        }
    }
}
