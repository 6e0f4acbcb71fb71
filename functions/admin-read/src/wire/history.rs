//! What has happened: to a customer in one line of time, and in the lists of events, mails, actions and the audit log.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shared::action::Action;
use shared::audit::Entry;
use shared::money::Money;
use shared::store::deliveries::Delivery;
use shared::store::events::EventOutcome;
use shared::store::history::ListedEvent;
use shared::time::Timestamp;
use utoipa::{IntoParams, ToSchema};

/// `GET /api/admin/users/{id}/timeline`
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct TimelineQuery {
    /// Only entries of these kinds, with commas between: `event`, `plan_change`, `action`, `mail`.
    pub kind: Option<String>,
    /// Where the page begins: the `next` of the one before.
    pub cursor: Option<String>,
    /// The most entries, 1 to 100.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    pub limit: Option<String>,
}

/// What has happened to a customer, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Timeline {
    /// The entries.
    pub entries: Vec<TimelineEntry>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// Of which kind an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// Stripe told something.
    Event,
    /// Stripe told something by which the plan began, changed or ended.
    PlanChange,
    /// Somebody here did something.
    Action,
    /// A mail was owed.
    Mail,
}

/// Something that has happened.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TimelineEntry {
    /// When.
    pub at: Timestamp,
    /// Of which kind it is.
    pub kind: EntryKind,
    /// The id of the event or the mail, or the place of the entry in the audit log.
    pub id: String,
    /// What, in a few words.
    pub title: String,
    /// More about it.
    pub detail: Option<String>,
    /// What became of it, in one word.
    pub outcome: Option<String>,
    /// The money it is about.
    pub amount: Option<Money>,
    /// The object at Stripe it is about.
    pub object_id: Option<String>,
    /// Who did it, where somebody here did.
    pub actor: Option<String>,
}

/// `GET /api/admin/events`
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EventsQuery {
    /// `pending`, or `given_up` for those that were refused, quarantined or tried until the end.
    pub outcome: Option<EventsName>,
    /// Where the page begins: the `next` of the one before.
    pub cursor: Option<String>,
    /// The most rows, 1 to 100.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    pub limit: Option<String>,
}

/// Which events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventsName {
    /// Those that are kept and going to be settled.
    Pending,
    /// Those that a person should look at.
    #[default]
    GivenUp,
}

/// Events.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventList {
    /// The events.
    pub events: Vec<EventView>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// An event.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventView {
    /// Stripe's id.
    pub id: String,
    /// Stripe's name of what happened.
    pub kind: String,
    /// When Stripe made it.
    pub created: Timestamp,
    /// The customer it concerns.
    pub customer: Option<String>,
    /// The object it is about.
    pub object_id: Option<String>,
    /// What became of it.
    pub outcome: EventOutcome,
    /// When it first came in.
    pub received_at: Option<Timestamp>,
    /// When it was settled.
    pub settled_at: Option<Timestamp>,
    /// How often somebody has taken it up since it was kept.
    pub attempts: u32,
    /// How often it was brought back after it had been settled.
    pub revivals: u32,
    /// Why it was refused or given up, or why the last attempt failed.
    pub reason: Option<String>,
}

impl From<ListedEvent> for EventView {
    fn from(event: ListedEvent) -> Self {
        Self {
            id: event.id,
            kind: event.kind,
            created: event.created,
            customer: event.customer,
            object_id: event.object_id,
            outcome: event.outcome,
            received_at: event.received_at,
            settled_at: event.settled_at,
            attempts: event.attempts,
            revivals: event.revivals,
            reason: event.reason,
        }
    }
}

/// `GET /api/admin/deliveries`
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DeliveriesQuery {
    /// The day in UTC, such as 2026-11-26; today where it is left out.
    #[param(format = "date")]
    pub day: Option<String>,
    /// Where the page begins: the `next` of the one before.
    pub cursor: Option<String>,
    /// The most rows, 1 to 100.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    pub limit: Option<String>,
}

/// Deliveries of a day, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryList {
    /// The day.
    pub day: String,
    /// The deliveries.
    pub deliveries: Vec<Delivery>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// `GET /api/admin/users/{id}/mails`
#[derive(Debug, Serialize, ToSchema)]
pub struct MailList {
    /// The latest mails to the customer.
    pub mails: Vec<MailRow>,
}

/// A mail in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct MailRow {
    /// Its id.
    pub id: String,
    /// What it is about.
    pub subject: String,
    /// When it was owed.
    pub created_at: Timestamp,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// When it was given up, or came back.
    pub failed_at: Option<Timestamp>,
    /// Why it was not sent, the last time, or what became of it.
    pub reason: Option<String>,
}

/// `GET /api/admin/users/{id}/mail`
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct MailQuery {
    /// The mail's id.
    pub mail: Option<String>,
}

/// A mail as its reader sees it, but for a link by which a password is set: that is in the mail and nowhere else.
#[derive(Debug, Serialize, ToSchema)]
pub struct MailView {
    /// Its id.
    pub id: String,
    /// What it is about.
    pub subject: String,
    /// The mail as HTML.
    pub html: String,
    /// The mail as plain text.
    pub text: String,
    /// When it was owed.
    pub created_at: Timestamp,
}

/// `GET /api/admin/actions`
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ActionsQuery {
    /// `waiting` for those that wait for approval, the oldest first; `all` otherwise, the latest first.
    pub state: Option<ActionsName>,
    /// Where the page begins: the `next` of the one before.
    pub cursor: Option<String>,
    /// The most rows, 1 to 100.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    pub limit: Option<String>,
}

/// Which actions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActionsName {
    /// Those that wait for approval.
    Waiting,
    /// All.
    #[default]
    All,
}

/// Actions, with the names of those they are about and by.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActionList {
    /// The actions.
    pub actions: Vec<Action>,
    /// Names by the ids of customers and administrators.
    pub people: BTreeMap<String, String>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// `GET /api/admin/audit`: of one of the three.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AuditQuery {
    /// What somebody did: an id, or as an entry names its actor.
    pub actor: Option<String>,
    /// What was done to somebody or something: an id.
    pub subject: Option<String>,
    /// What was done on a day in UTC, such as 2026-11-26; today where all three are left out.
    #[param(format = "date")]
    pub day: Option<String>,
    /// Where the page begins: the `next` of the one before.
    pub cursor: Option<String>,
    /// The most rows, 1 to 100.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    pub limit: Option<String>,
}

/// Entries of the audit log, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditList {
    /// The entries.
    pub entries: Vec<AuditEntry>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// An entry of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntry {
    /// The entry.
    #[serde(flatten)]
    pub entry: Entry,
    /// Its hash, which the next one of the same actor contains.
    pub hash: String,
}
