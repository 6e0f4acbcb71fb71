//! Door: what people sign in with. A change is written over the version that was read, so that of two codes or links used at
//! once one wins.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::keys::{Key, Table};
use super::transaction::{Condition, Part, Transaction, UpdateExpression};
use super::{Store, from_item, number, text, to_item};
use crate::aws::failed;
use crate::credential::Credential;
use crate::error::Error;
use crate::id::{AdminId, PersonId};

/// Administrators that are listed: far more than a back office has.
const STAFF_MAX: i32 = 500;

#[derive(Debug, Serialize, Deserialize)]
struct AdminClaim {
    admin: AdminId,
}

impl Store {
    /// What somebody signs in with; none where they never had anything.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where the row cannot be read.
    pub async fn credential(&self, person: &PersonId) -> Result<Option<Credential>, Error> {
        self.read_one(Key::credential(person)).await
    }

    /// What the administrator signs in with who has this address, in lower case. As many reads where nobody has it: how long
    /// it takes tells nothing.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn admin_of_email(&self, email: &str) -> Result<Option<Credential>, Error> {
        let person = self.admin_id_of_email(email).await?.map(Into::into);
        self.credential_or_nobodys(person).await
    }

    /// The id of the administrator who has this address.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where the row cannot be read.
    pub async fn admin_id_of_email(&self, email: &str) -> Result<Option<AdminId>, Error> {
        let claim = self.read_one::<AdminClaim>(Key::admin_email(email)).await?;
        Ok(claim.map(|claim| claim.admin))
    }

    /// What the user signs in with who has this address, in lower case; none where they have set no password yet. As many
    /// reads where nobody has it.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn credential_of_user_email(&self, email: &str) -> Result<Option<Credential>, Error> {
        let person = self.user_id_of_email(email).await?.map(Into::into);
        self.credential_or_nobodys(person).await
    }

    async fn credential_or_nobodys(
        &self,
        person: Option<PersonId>,
    ) -> Result<Option<Credential>, Error> {
        match person {
            Some(person) => self.credential(&person).await,
            None => self.read_one(Key::of(Table::Credentials, "nobody")).await,
        }
    }

    /// Every administrator, by address. From an index: somebody invited a moment ago may be missing.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where a row cannot be read.
    pub async fn staff(&self) -> Result<Vec<Credential>, Error> {
        let answer = self
            .dynamo
            .query()
            .table_name(self.table_name(Table::Credentials))
            .index_name("staff")
            .key_condition_expression("kind = :kind")
            .expression_attribute_values(":kind", text("administrator"))
            .limit(STAFF_MAX)
            .send()
            .await
            .map_err(|error| failed("query the administrators", &error))?;
        let items = answer.items.unwrap_or_default().into_iter();
        items.map(from_item).collect()
    }
}

impl Transaction {
    /// Writes what somebody signs in with, over the version that was read: the record's own, of which it makes the next.
    /// A record that was never written has version 0.
    ///
    /// # Errors
    /// `Internal` where it cannot be written as an item.
    pub fn credential(&mut self, store: &Store, credential: &Credential) -> Result<(), Error> {
        let written = Credential {
            version: credential.version + 1,
            ..credential.clone()
        };
        let mut item = to_item(&written)?;
        if credential.role.is_some() {
            item.insert("kind".to_owned(), text("administrator"));
        }
        let condition = match credential.version {
            0 => Condition::absent(),
            version => Condition::equals("version", AttributeValue::N(version.to_string())),
        };
        let key = Key::credential(&credential.person);
        self.put(store, Part::Credential, &key, item, Some(condition));
        Ok(())
    }

    /// Demands that nothing about somebody has changed since they were read: their role least of all.
    pub fn check_role(&mut self, store: &Store, credential: &Credential) {
        let version = AttributeValue::N(credential.version.to_string());
        let condition = Condition::equals("version", version);
        let key = Key::credential(&credential.person);
        self.check(store, Part::Role, &key, condition);
    }

    /// Takes an address for an administrator, on the condition that no other has it.
    ///
    /// # Errors
    /// `Internal` where it cannot be written as an item.
    pub fn admin_email(
        &mut self,
        store: &Store,
        admin: &AdminId,
        email: &str,
    ) -> Result<(), Error> {
        let claim = to_item(&AdminClaim {
            admin: admin.clone(),
        })?;
        let key = Key::admin_email(email);
        self.put(store, Part::Claim, &key, claim, Some(Condition::absent()));
        Ok(())
    }

    /// Counts an owner more, or one less on the condition that another is left.
    pub fn owners(&mut self, store: &Store, delta: OwnersDelta) {
        let (by, condition) = match delta {
            OwnersDelta::First => (1, Some("attribute_not_exists(pk)".to_owned())),
            OwnersDelta::OneMore => (1, None),
            OwnersDelta::OneLess => (-1, Some("owners > :least".to_owned())),
        };
        let mut values = vec![(":by", number(by))];
        if delta == OwnersDelta::OneLess {
            values.push((":least", number(1)));
        }
        self.update(
            store,
            Part::Owners,
            &Key::owners(),
            UpdateExpression {
                expression: "ADD owners :by".to_owned(),
                condition,
                values,
            },
        );
    }
}

/// How the number of owners changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnersDelta {
    /// There was none before, ever.
    First,
    /// One more.
    OneMore,
    /// One less, and at least one is left.
    OneLess,
}
