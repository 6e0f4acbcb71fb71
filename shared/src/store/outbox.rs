//! Door: the outbox. A mail is owed from the transaction that holds its cause, and is sent at least once: a crash
//! between sending it and noting that sends it twice, which is better than never.

use aws_sdk_dynamodb::types::ReturnValue;
use serde::{Deserialize, Serialize};

use super::keys::{Key, Table, due_shard};
use super::transaction::{Condition, Item, Part, Refusal, Transaction, UpdateExpression};
use super::{Store, from_item, is_refused, number, text, to_item, unless_refused};
use crate::alert::Alert;
use crate::aws::failed;
use crate::error::Error;
use crate::id::{CustomerId, PersonId};
use crate::outbox::{Feedback, Mail, MailKind, Recipient};
use crate::time::Timestamp;

/// Seconds for which a mail that was taken up is left to whoever took it.
const TAKEN_FOR_S: i64 = 2 * 60;

/// A mail on record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OwedMail {
    /// The key: made from the cause.
    #[serde(rename = "pk", skip_serializing)]
    pub id: String,
    /// Who is to have it, where that is a customer. Left out otherwise: it is the key of an index, which takes no null.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    customer: Option<CustomerId>,
    /// Who is to have it, where that is somebody who can sign in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    person: Option<PersonId>,
    /// What it says.
    pub mail: MailKind,
    /// When its cause was recorded.
    pub created_at: Timestamp,
    /// How often it was taken up.
    #[serde(default)]
    pub attempts: u32,
}

impl OwedMail {
    /// Whether it is to this customer.
    pub fn is_to(&self, customer: &CustomerId) -> bool {
        self.customer.as_ref() == Some(customer)
    }

    /// Who is to have it.
    ///
    /// # Errors
    /// `Internal` where the row names nobody.
    pub fn recipient(&self) -> Result<Recipient, Error> {
        let customer = self.customer.clone().map(Recipient::Customer);
        let person = self.person.clone().map(Recipient::Person);
        customer
            .or(person)
            .ok_or_else(|| Error::internal(format!("mail {} is to nobody", self.id)))
    }
}

impl Transaction {
    /// Owes a mail, on the condition that its cause has not owed it before.
    ///
    /// # Errors
    /// `Internal` where it cannot be written as an item.
    pub fn mail(&mut self, store: &Store, mail: &Mail, now: Timestamp) -> Result<(), Error> {
        let (customer, person) = match &mail.to {
            Recipient::Customer(customer) => (Some(customer.clone()), None),
            Recipient::Person(person) => (None, Some(person.clone())),
        };
        let mut item = to_item(&OwedMail {
            id: mail.id.clone(),
            customer,
            person,
            mail: mail.kind,
            created_at: now,
            attempts: 0,
        })?;
        item.insert("owed_shard".to_owned(), text(due_shard(&mail.id)));
        item.insert("due_at".to_owned(), text(now));
        let key = Key::of(Table::Emails, &mail.id);
        self.put(store, Part::Mail, &key, item, Some(Condition::absent()));
        Ok(())
    }
}

impl Transaction {
    /// Writes as much as a mail is, and owes none: whoever asked for one must not learn that there is nobody to have it.
    pub fn no_mail(&mut self, store: &Store, now: Timestamp) {
        let key = Key::of(
            Table::Emails,
            format!("nobody#{}", due_shard(&now.to_string())),
        );
        let item = Item::from([("created_at".to_owned(), text(now))]);
        self.put(store, Part::Effect, &key, item, None);
    }
}

impl Store {
    /// A mail on record, sent or not; none where there is no such.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where the row cannot be read.
    pub async fn mail(&self, id: &str) -> Result<Option<OwedMail>, Error> {
        self.read_one(Key::of(Table::Emails, id)).await
    }

    /// The mails that are due. Candidates: the index may be behind.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn mails_due(&self, now: Timestamp) -> Result<Vec<String>, Error> {
        self.due(Table::Emails, "owed", "owed_shard", now).await
    }

    /// Takes a mail up to send it; none where somebody else has, or it is sent.
    ///
    /// # Errors
    /// `Unavailable`, or `Internal` where the row cannot be read.
    pub async fn take_mail(&self, id: &str, now: Timestamp) -> Result<Option<OwedMail>, Error> {
        let sent = self
            .dynamo
            .update_item()
            .table_name(self.table_name(Table::Emails))
            .set_key(Some(Key::of(Table::Emails, id).as_item()))
            .update_expression("SET due_at = :later ADD attempts :one")
            .condition_expression("attribute_exists(owed_shard) AND due_at <= :now")
            .expression_attribute_values(":later", text(now.plus_s(TAKEN_FOR_S)))
            .expression_attribute_values(":now", text(now))
            .expression_attribute_values(":one", number(1))
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        match sent {
            Ok(answer) => from_item(answer.attributes.unwrap_or_default()).map(Some),
            // Where our own write was made and its answer lost, the mail is taken up again in two minutes.
            Err(error) if is_refused(&error) => Ok(None),
            Err(error) => Err(failed("take up a mail", &error)),
        }
    }

    /// Notes that a mail was sent, under the id SES gave it.
    ///
    /// # Errors
    /// `Unavailable`; the mail is then sent again.
    pub async fn mail_sent(&self, id: &str, message_id: &str, now: Timestamp) -> Result<(), Error> {
        let sent = self
            .dynamo
            .update_item()
            .table_name(self.table_name(Table::Emails))
            .set_key(Some(Key::of(Table::Emails, id).as_item()))
            .update_expression(
                "SET sent_at = :now, message_id = :message_id REMOVE owed_shard, due_at, reason",
            )
            .condition_expression("attribute_exists(owed_shard)")
            .expression_attribute_values(":now", text(now))
            .expression_attribute_values(":message_id", text(message_id))
            .send()
            .await;
        unless_refused(sent, "note a sent mail")
    }

    /// Puts a mail off after a failure, to be tried at `next`.
    ///
    /// # Errors
    /// `Unavailable`; the mail is then tried again in two minutes.
    pub async fn put_off_mail(&self, id: &str, reason: &str, next: Timestamp) -> Result<(), Error> {
        let sent = self
            .dynamo
            .update_item()
            .table_name(self.table_name(Table::Emails))
            .set_key(Some(Key::of(Table::Emails, id).as_item()))
            .update_expression("SET due_at = :next, reason = :reason")
            .condition_expression("attribute_exists(owed_shard)")
            .expression_attribute_values(":next", text(next))
            .expression_attribute_values(":reason", text(reason))
            .send()
            .await;
        unless_refused(sent, "put a mail off")
    }

    /// Notes what SES tells of a mail after it took it, with an alert. SES may tell it before it is noted that the mail was
    /// sent, and twice.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn mail_feedback(
        &self,
        mail: &OwedMail,
        feedback: &Feedback,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut values = vec![(":reason", text(feedback))];
        let expression = match feedback {
            Feedback::CameBack(_) => {
                values.push((":now", text(now)));
                "SET reason = :reason, sent_at = if_not_exists(sent_at, :now), dead_at = if_not_exists(dead_at, :now) REMOVE owed_shard, due_at"
            }
            Feedback::TakenForSpam => "SET reason = :reason",
        };
        let mut transaction = Transaction::default();
        transaction.update(
            self,
            Part::Mail,
            &Key::of(Table::Emails, &mail.id),
            UpdateExpression {
                expression: expression.to_owned(),
                condition: Some("attribute_exists(pk)".to_owned()),
                values,
            },
        );
        let to = mail.recipient()?;
        let to = match &to {
            Recipient::Customer(customer) => customer.as_ref(),
            Recipient::Person(person) => person.as_str(),
        };
        transaction.alert(self, &Alert::mail_feedback(to, &mail.id, feedback), now);
        match self.commit(transaction).await {
            Ok(()) | Err(Refusal::Conditions(_)) => Ok(()),
            Err(Refusal::Failed(error)) => Err(error),
        }
    }

    /// Gives a mail up, with an alert.
    ///
    /// # Errors
    /// `Unavailable`; the mail is then tried once more.
    pub async fn give_up_mail(&self, id: &str, reason: &str, now: Timestamp) -> Result<(), Error> {
        let mut transaction = Transaction::default();
        transaction.update(
            self,
            Part::Mail,
            &Key::of(Table::Emails, id),
            UpdateExpression {
                expression: "SET dead_at = :now, reason = :reason REMOVE owed_shard, due_at"
                    .to_owned(),
                condition: Some("attribute_exists(owed_shard)".to_owned()),
                values: vec![(":now", text(now)), (":reason", text(reason))],
            },
        );
        transaction.alert(self, &Alert::dead_mail(id, reason), now);
        match self.commit(transaction).await {
            Ok(()) | Err(Refusal::Conditions(_)) => Ok(()),
            Err(Refusal::Failed(error)) => Err(error),
        }
    }
}
