//! Lists of what has happened: events, deliveries, mails, actions, the audit log.

use std::collections::BTreeMap;

use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use shared::action::Action;
use shared::audit::Entry;
use shared::error::Error;
use shared::http;
use shared::id::{ActionId, CustomerId, EventId};
use shared::mail::{Addressee, render, subject};
use shared::store::audit::AuditOf;
use shared::store::audit::AuditRow;
use shared::store::history::ListedEvent;
use shared::store::pages::{Asked, Page};

use crate::system::checked_day;
use crate::wire::{
    ActionList, ActionsName, ActionsQuery, AuditEntry, AuditList, AuditQuery, DeliveriesQuery,
    DeliveryList, EventList, EventView, EventsName, EventsQuery, MailList, MailQuery, MailRow,
    MailView, PageQuery, asked,
};
use crate::{AdminRead, not_found};

/// Mails that are shown of a customer.
const MAILS_MAX: u16 = 100;

impl AdminRead {
    pub(crate) async fn events(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<EventList, Error> {
        let query: EventsQuery = http::query(request)?;
        let asked = asked(query.cursor, query.limit.as_deref())?;
        let store = &self.front.store;
        let page = match query.outcome.unwrap_or_default() {
            EventsName::GivenUp => store.events_given_up(&asked).await?,
            EventsName::Pending => Page {
                rows: store.events_pending(asked.limit).await?,
                next: None,
            },
        };
        Ok(EventList {
            events: page.rows.into_iter().map(Into::into).collect(),
            next: page.next,
        })
    }

    pub(crate) async fn event(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<EventView, Error> {
        let id: EventId = http::path_id(request, "id")?;
        let mut found = self.front.store.events_on_record([&id]).await?;
        let row = found
            .remove(id.as_str())
            .ok_or_else(|| not_found("no_such_event", "This event is not on record."))?;
        Ok(ListedEvent::of(&id, row).into())
    }

    pub(crate) async fn deliveries(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<DeliveryList, Error> {
        let query: DeliveriesQuery = http::query(request)?;
        let asked = asked(query.cursor, query.limit.as_deref())?;
        let today = self.front.clock.now().day();
        let day = checked_day(&query.day.unwrap_or(today))?.day();
        let page = self
            .front
            .store
            .deliveries_of_day(&day, asked.cursor.as_deref(), asked.limit)
            .await?;
        Ok(DeliveryList {
            day,
            deliveries: page.rows,
            next: page.next,
        })
    }

    pub(crate) async fn mails(&self, request: &ApiGatewayV2httpRequest) -> Result<MailList, Error> {
        let customer: CustomerId = http::path_id(request, "id")?;
        let latest = Asked {
            limit: MAILS_MAX,
            cursor: None,
        };
        let mails = self.front.store.mails_on(&customer, &latest).await?;
        let mails = mails.rows.into_iter().map(|placed| placed.row);
        let rows = mails.map(|mail| MailRow {
            subject: subject(mail.mail, &self.catalogue),
            id: mail.id,
            created_at: mail.created_at,
            sent_at: mail.sent_at,
            failed_at: mail.dead_at,
            reason: mail.reason,
        });
        Ok(MailList {
            mails: rows.collect(),
        })
    }

    pub(crate) async fn mail(&self, request: &ApiGatewayV2httpRequest) -> Result<MailView, Error> {
        let customer: CustomerId = http::path_id(request, "id")?;
        let query: MailQuery = http::query(request)?;
        let id = query.mail.unwrap_or_default();
        let no_such_mail = || not_found("no_such_mail", "This customer has no such mail.");
        if id.is_empty() {
            return Err(no_such_mail());
        }
        let store = &self.front.store;
        let (mail, mut summaries) = futures::try_join!(
            store.mail(&id),
            store.summaries(std::slice::from_ref(&customer))
        )?;
        let mail = mail.filter(|mail| mail.is_to(&customer));
        let mail = mail.ok_or_else(no_such_mail)?;
        let name = summaries.remove(&customer).and_then(|it| it.name);
        let addressee = Addressee {
            name: name.as_deref(),
            token: None,
        };
        let rendered = render(mail.mail, addressee, &self.catalogue, &self.links)?;
        Ok(MailView {
            id,
            subject: rendered.subject,
            html: rendered.html,
            text: rendered.text,
            created_at: mail.created_at,
        })
    }

    pub(crate) async fn actions(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<ActionList, Error> {
        let query: ActionsQuery = http::query(request)?;
        let asked = asked(query.cursor, query.limit.as_deref())?;
        let store = &self.front.store;
        let page = match query.state.unwrap_or_default() {
            ActionsName::All => store.actions_listed(&asked).await?,
            ActionsName::Waiting => store.actions_waiting(&asked).await?,
        };
        self.with_names(page).await
    }

    pub(crate) async fn actions_on(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<ActionList, Error> {
        let customer: CustomerId = http::path_id(request, "id")?;
        let asked: Asked = http::query::<PageQuery>(request)?.asked()?;
        let page = self.front.store.actions_on(&customer, &asked).await?;
        self.with_names(page).await
    }

    pub(crate) async fn action(&self, request: &ApiGatewayV2httpRequest) -> Result<Action, Error> {
        let id: ActionId = http::path_id(request, "id")?;
        let action = self.front.store.action(&id).await?;
        action.ok_or_else(|| not_found("no_such_action", "There is no such action."))
    }

    async fn with_names(&self, page: Page<Action>) -> Result<ActionList, Error> {
        let store = &self.front.store;
        let mut customers: Vec<CustomerId> = page
            .rows
            .iter()
            .map(|action| action.customer.clone())
            .collect();
        customers.sort();
        customers.dedup();
        let (summaries, staff) = futures::try_join!(store.summaries(&customers), store.staff())?;
        let mut people: BTreeMap<String, String> = staff
            .into_iter()
            .map(|credential| (credential.person.to_string(), credential.name))
            .collect();
        people.extend(summaries.into_values().filter_map(|summary| {
            let name = summary.name.or(summary.email)?;
            Some((summary.customer.to_string(), name))
        }));
        Ok(ActionList {
            actions: page.rows,
            people,
            next: page.next,
        })
    }

    pub(crate) async fn audit(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<AuditList, Error> {
        let query: AuditQuery = http::query(request)?;
        let asked = asked(query.cursor, query.limit.as_deref())?;
        let today = self.front.clock.now().day();
        let day;
        let of = match (&query.actor, &query.subject, query.day) {
            (Some(actor), None, None) => AuditOf::Actor(actor),
            (None, Some(subject), None) => AuditOf::Subject(subject),
            (None, None, asked_day) => {
                day = checked_day(&asked_day.unwrap_or(today))?.day();
                AuditOf::Day(&day)
            }
            _ => {
                return Err(Error::invalid(
                    "invalid_query",
                    "Give one of the parameters `actor`, `subject` and `day`.",
                ));
            }
        };
        let page = self.front.store.audit_entries(of, &asked).await?;
        let entries = page.rows.into_iter().map(entry_of);
        Ok(AuditList {
            entries: entries.collect::<Result<_, _>>()?,
            next: page.next,
        })
    }
}

/// An entry as it is read.
///
/// # Errors
/// `Internal` where it was changed so that it is none any more.
pub(crate) fn entry_of(row: AuditRow) -> Result<AuditEntry, Error> {
    let entry: Entry = serde_json::from_str(&row.entry)
        .map_err(|error| Error::internal(error).while_doing("read an entry of the audit log"))?;
    Ok(AuditEntry {
        entry,
        hash: row.entry_hash,
    })
}
