//! Door: every table, and the shape of every key in it.

use sha2::{Digest, Sha256};

use crate::audit::Actor;
use crate::id::{ActionId, AdminId, ChargeId, CustomerId, EventId, NoteId, PersonId, UserId};
use crate::money::Money;
use crate::time::Timestamp;

/// How many partitions a list by time is spread over: one takes about 1,000 write units a second.
pub const SHARDS: u64 = 16;

/// A table. Its name at AWS has the installation's prefix before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Table {
    /// Users, customers and what belongs to them: `pk`, `sk`.
    Users,
    /// Every event of Stripe's: `pk`.
    BillingEvents,
    /// Every delivery of an event, for 90 days: `pk`, `sk`.
    WebhookDeliveries,
    /// Invoices: `pk`.
    Invoices,
    /// Refunds: `pk`.
    Refunds,
    /// Disputes: `pk`.
    Disputes,
    /// Changes of plan: `pk` the customer, `sk` by time.
    PlanChanges,
    /// Mails, owed and sent: `pk`.
    Emails,
    /// What somebody should know: `pk`.
    Alerts,
    /// The nightly comparisons with Stripe, for 400 days: `pk` the day, `sk` the run itself and what it found.
    SyncHealth,
    /// What was measured last, and what came in day by day: `pk`.
    Health,
    /// What people sign in with, whose an administrator's address is, and how often somebody guessed wrong: `pk`.
    Credentials,
    /// Sessions, under the hash of their token: `pk`.
    Sessions,
    /// What administrators do, and what was set aside for it: `pk`.
    AdminActions,
    /// The figures of each day: `pk` always the same, `sk` the day.
    Reports,
    /// What everybody did, one chain an actor: `pk` the actor, `sk` the place, and `head`.
    AuditLog,
}

impl Table {
    /// The name behind the prefix.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::BillingEvents => "billing_events",
            Self::WebhookDeliveries => "webhook_deliveries",
            Self::Invoices => "invoices",
            Self::Refunds => "refunds",
            Self::Disputes => "disputes",
            Self::PlanChanges => "plan_changes",
            Self::Emails => "emails",
            Self::Alerts => "alerts",
            Self::SyncHealth => "sync_health",
            Self::Health => "health",
            Self::Credentials => "credentials",
            Self::Sessions => "sessions",
            Self::AdminActions => "admin_actions",
            Self::AuditLog => "audit_log",
            Self::Reports => "reports",
        }
    }
}

/// The one partition of a list that people look through. New rows come to it as often as customers do, which is far below
/// what one partition takes; and what is often rewritten of a row is in no such list.
pub(super) const LISTED: &str = "all";

/// The one partition of the figures: a row a day, written once an hour.
pub(super) const FIGURES: &str = "figures";

/// Where one item is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// The table.
    pub table: Table,
    /// The partition key, attribute `pk`.
    pub pk: String,
    /// The sort key, attribute `sk`, in the tables that have one.
    pub sk: Option<String>,
}

impl Key {
    /// An item of a table without a sort key.
    pub fn of(table: Table, pk: impl Into<String>) -> Self {
        Self {
            table,
            pk: pk.into(),
            sk: None,
        }
    }

    /// An item of a table with a sort key.
    pub fn sorted(table: Table, pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self {
            table,
            pk: pk.into(),
            sk: Some(sk.into()),
        }
    }

    /// An event of Stripe's.
    pub fn event(event: &EventId) -> Self {
        Self::of(Table::BillingEvents, event.as_ref())
    }

    /// Something that belongs to a customer: `binding`, `customer`, or a kind and an id as in `card#pm_1`.
    pub fn of_customer(customer: &CustomerId, what: impl Into<String>) -> Self {
        Self::sorted(Table::Users, format!("customer#{customer}"), what)
    }

    /// A note on a customer.
    pub fn note(customer: &CustomerId, id: &NoteId) -> Self {
        Self::of_customer(customer, format!("note#{id}"))
    }

    /// A user of Linky's.
    pub fn profile(user: &UserId) -> Self {
        Self::sorted(Table::Users, format!("user#{user}"), "profile")
    }

    /// Part of the nightly run of a day, such as `2026-11-24`.
    pub fn sync(day: &str, what: impl Into<String>) -> Self {
        Self::sorted(Table::SyncHealth, format!("run#{day}"), what)
    }

    /// What the last watch measured.
    pub fn health() -> Self {
        Self::of(Table::Health, "measured")
    }

    /// What came in, day by day.
    pub fn tally() -> Self {
        Self::of(Table::Health, "tally")
    }

    /// What somebody signs in with.
    pub fn credential(person: &PersonId) -> Self {
        Self::of(Table::Credentials, person.as_ref())
    }

    /// Which administrator has an address.
    pub fn admin_email(address: &str) -> Self {
        Self::of(Table::Credentials, format!("email#{address}"))
    }

    /// How often somebody guessed wrong: `whose` is an address, an account, or both.
    pub fn attempts(whose: &str) -> Self {
        Self::of(Table::Credentials, format!("attempts#{whose}"))
    }

    /// How many owners can sign in.
    pub fn owners() -> Self {
        Self::of(Table::Credentials, "owners")
    }

    /// The limits of every role.
    pub fn policy() -> Self {
        Self::of(Table::Credentials, "policy")
    }

    /// A session, by the hash of its token.
    pub fn session(token_hash: &str) -> Self {
        Self::of(Table::Sessions, token_hash)
    }

    /// An action.
    pub fn action(id: &ActionId) -> Self {
        Self::of(Table::AdminActions, id.as_ref())
    }

    /// What is set aside on a charge.
    pub fn reserved(charge: &ChargeId) -> Self {
        Self::of(Table::AdminActions, format!("reserved#{charge}"))
    }

    /// What an administrator has given on a day.
    pub fn given(admin: &AdminId, day: &str) -> Self {
        Self::of(Table::AdminActions, format!("given#{admin}#{day}"))
    }

    /// When a customer got an amount last.
    pub fn refunded(customer: &CustomerId, amount: Money) -> Self {
        let Money { amount, currency } = amount;
        Self::of(
            Table::AdminActions,
            format!("refunded#{customer}#{}#{currency}", amount.0),
        )
    }

    /// The figures of a day, such as `2026-11-24`.
    pub fn figures(day: &str) -> Self {
        Self::sorted(Table::Reports, FIGURES, day)
    }

    /// An entry of the audit log.
    pub fn audit(actor: &Actor, seq: u64) -> Self {
        Self::sorted(Table::AuditLog, actor.as_str(), format!("{seq:012}"))
    }

    /// The end of an actor's chain.
    pub fn audit_head(actor: &Actor) -> Self {
        Self::sorted(Table::AuditLog, actor.as_str(), "head")
    }

    /// What the audit log came to on a day.
    pub fn audit_digest(day: &str) -> Self {
        Self::sorted(Table::AuditLog, "digest", day)
    }

    /// Who has an address. There is one such item an address, so that no two users can have it.
    pub fn email(address: &str) -> Self {
        Self::sorted(Table::Users, format!("email#{address}"), "user")
    }

    /// Where a page of ours leads.
    pub fn checkout_page(page: &str) -> Self {
        Self::sorted(Table::Users, format!("checkout_page#{page}"), "checkout")
    }
}

/// The shard a thing belongs to, from its id: the same in every process, and even whatever the ids look like.
pub fn shard(id: &str) -> u64 {
    u64::from(Sha256::digest(id)[0]) % SHARDS
}

/// Eight bytes that stand for an id, the same in every process.
pub fn digest(id: &str) -> u64 {
    let digest = Sha256::digest(id);
    digest[..8]
        .iter()
        .fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

/// The partition of a list by day: `2026-11-22#07`.
pub fn day_shard(at: Timestamp, id: &str) -> String {
    format!("{}#{:02}", at.day(), shard(id))
}

/// How many partitions an index of things to be done is spread over. Only what waits stands in it, and every look at it
/// asks each partition: three take 3,000 changes a second and are asked at once.
const DUE_SHARDS: u64 = 3;

/// The partition of an index of things to be done: `3`.
pub fn due_shard(id: &str) -> String {
    (shard(id) % DUE_SHARDS).to_string()
}

/// All partitions of such an index.
pub fn due_shards() -> impl Iterator<Item = String> {
    (0..DUE_SHARDS).map(|shard| shard.to_string())
}

/// The partition in which an event of a day is counted: `2026-11-22#1`.
pub fn counted_on(day: &str, id: &str) -> String {
    format!("{day}#{}", due_shard(id))
}

/// All partitions of a day in which events are counted.
pub fn counted_partitions(day: &str) -> impl Iterator<Item = String> {
    due_shards().map(move |shard| format!("{day}#{shard}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_even_and_stable() {
        let mut counts = [0u32; 16];
        for number in 0..16_000 {
            counts[usize::try_from(shard(&format!("evt_{number}"))).unwrap()] += 1;
        }
        assert!(
            counts.iter().all(|count| (800..1200).contains(count)),
            "{counts:?}"
        );
        assert_eq!(due_shard("evt_1"), due_shard("evt_1"));
        assert!(due_shards().any(|shard| shard == due_shard("evt_1")));
    }
}
