//! What has happened to a customer, from all records, in one line of time.
//!
//! Three lists are read, newest first, and put together; the place in each is kept from page to page, because much of what
//! happens happens in the same second, and no time tells two such things apart.

use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use shared::error::Error;
use shared::http;
use shared::id::CustomerId;
use shared::mail::subject;
use shared::store::audit::AuditRow;
use shared::store::events::Moved;
use shared::store::history::{ListedEvent, ListedMail};
use shared::store::pages::{Asked, Page, Placed, invalid_cursor};

use crate::AdminRead;
use crate::history::entry_of;
use crate::wire::{EntryKind, Timeline, TimelineEntry, TimelineQuery, asked};

/// Where a list is gone on with.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    /// At its beginning.
    Start,
    /// Behind a row.
    Behind(String),
    /// Nowhere: it was read to its end.
    End,
}

/// A page of one list.
struct Read {
    entries: Vec<(TimelineEntry, String)>,
    /// Where it was begun.
    from: Place,
    /// Whether there is more behind it.
    more: bool,
}

impl AdminRead {
    pub(crate) async fn timeline(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<Timeline, Error> {
        let customer: CustomerId = http::path_id(request, "id")?;
        let query: TimelineQuery = http::query(request)?;
        let kinds = kinds_of(query.kind.as_deref())?;
        let asked = asked(query.cursor, query.limit.as_deref())?;
        let mut places = match asked.cursor.as_deref() {
            None => [Place::Start, Place::Start, Place::Start],
            Some(cursor) => parsed(cursor).ok_or_else(invalid_cursor)?,
        };
        let wanted: [&[EntryKind]; 3] = [
            &[EntryKind::Event, EntryKind::PlanChange],
            &[EntryKind::Action],
            &[EntryKind::Mail],
        ];
        for (place, wanted) in places.iter_mut().zip(wanted) {
            if !wanted.iter().any(|kind| kinds.contains(kind)) {
                *place = Place::End;
            }
        }
        let [of_events, of_acts, of_mails] = places;
        let (store, customer) = (&self.front.store, &customer);
        let (events, acts, mails) = futures::try_join!(
            read(of_events, asked.limit, |asked| async move {
                store.events_on(customer, &asked).await
            }),
            read(of_acts, asked.limit, |asked| async move {
                store.acts_on(customer, &asked).await
            }),
            read(of_mails, asked.limit, |asked| async move {
                store.mails_on(customer, &asked).await
            }),
        )?;
        let lists = [
            events.told(|event| Ok(event_entry(event)))?,
            acts.told(act_entry)?,
            mails.told(|mail| Ok(self.mail_entry(mail)))?,
        ];
        let (mut entries, next) = together(lists, usize::from(asked.limit));
        entries.retain(|entry| kinds.contains(&entry.kind));
        Ok(Timeline { entries, next })
    }

    fn mail_entry(&self, mail: ListedMail) -> TimelineEntry {
        let outcome = match (mail.sent_at, mail.dead_at) {
            (Some(_), None) => "sent",
            (Some(_), Some(_)) => "came_back",
            (None, Some(_)) => "given_up",
            (None, None) => "owed",
        };
        TimelineEntry {
            at: mail.created_at,
            kind: EntryKind::Mail,
            title: subject(mail.mail, &self.catalogue),
            detail: mail.reason,
            outcome: Some(outcome.to_owned()),
            id: mail.id,
            amount: None,
            object_id: None,
            actor: None,
        }
    }
}

/// The rows of one list behind its place.
struct Rows<T> {
    page: Page<Placed<T>>,
    from: Place,
}

async fn read<T, R: Future<Output = Result<Page<Placed<T>>, Error>>>(
    from: Place,
    limit: u16,
    list: impl FnOnce(Asked) -> R,
) -> Result<Rows<T>, Error> {
    let cursor = match &from {
        Place::Start => None,
        Place::Behind(row) => Some(row.clone()),
        Place::End => {
            let page = Page {
                rows: Vec::new(),
                next: None,
            };
            return Ok(Rows { page, from });
        }
    };
    let page = list(Asked { limit, cursor }).await?;
    Ok(Rows { page, from })
}

impl<T> Rows<T> {
    fn told(self, entry: impl Fn(T) -> Result<TimelineEntry, Error>) -> Result<Read, Error> {
        let rows = self.page.rows.into_iter();
        let entries = rows.map(|placed| Ok((entry(placed.row)?, placed.place)));
        Ok(Read {
            entries: entries.collect::<Result<_, Error>>()?,
            from: self.from,
            more: self.page.next.is_some(),
        })
    }
}

/// Puts lists together, newest first, each of which was read up to `limit` rows. With where the next page begins.
fn together(lists: [Read; 3], limit: usize) -> (Vec<TimelineEntry>, Option<String>) {
    let mut shown = Vec::new();
    let mut places = lists.each_ref().map(|list| list.from.clone());
    let more = lists.each_ref().map(|list| list.more);
    let mut rest = lists.map(|list| list.entries.into_iter().peekable());
    while shown.len() < limit {
        let heads = rest.iter_mut().enumerate();
        let heads = heads.filter_map(|(of, rows)| Some((rows.peek()?.0.at, of)));
        // Of several of one moment the first list comes first.
        let Some((_, of)) = heads.max_by_key(|(at, of)| (*at, std::cmp::Reverse(*of))) else {
            break;
        };
        if let Some((entry, place)) = rest[of].next() {
            shown.push(entry);
            places[of] = Place::Behind(place);
        }
    }
    for ((place, rows), more) in places.iter_mut().zip(&mut rest).zip(more) {
        if rows.peek().is_none() && !more {
            *place = Place::End;
        }
    }
    let is_all = places.iter().all(|place| *place == Place::End);
    (shown, (!is_all).then(|| word(&places)))
}

/// What stands for a place at the beginning and at the end of a list. Neither is a letter of a row's place.
const START: &str = "";
const END: &str = "~";

fn word(places: &[Place; 3]) -> String {
    let words = places.each_ref().map(|place| match place {
        Place::Start => START,
        Place::Behind(row) => row,
        Place::End => END,
    });
    words.join(".")
}

fn parsed(cursor: &str) -> Option<[Place; 3]> {
    let places: Vec<Place> = cursor
        .split('.')
        .map(|word| match word {
            START => Place::Start,
            END => Place::End,
            row => Place::Behind(row.to_owned()),
        })
        .collect();
    places.try_into().ok()
}

fn kinds_of(text: Option<&str>) -> Result<Vec<EntryKind>, Error> {
    let all = [
        ("event", EntryKind::Event),
        ("plan_change", EntryKind::PlanChange),
        ("action", EntryKind::Action),
        ("mail", EntryKind::Mail),
    ];
    let Some(text) = text else {
        return Ok(all.map(|(_, kind)| kind).to_vec());
    };
    let kinds = text.split(',').map(|word| {
        let known = all.into_iter().find(|(name, _)| *name == word);
        known.map(|(_, kind)| kind).ok_or_else(|| {
            Error::invalid(
                "invalid_query",
                "The parameter `kind` takes event, plan_change, action and mail, with commas between.",
            )
        })
    });
    kinds.collect()
}

fn event_entry(event: ListedEvent) -> TimelineEntry {
    let (kind, title) = match event.plan_change {
        Some(moved) => (EntryKind::PlanChange, plan_words(moved)),
        None => (EntryKind::Event, event_words(&event.kind)),
    };
    TimelineEntry {
        at: event.created,
        kind,
        title,
        detail: Some(event.kind),
        outcome: Some(event.outcome.as_str().to_owned()),
        id: event.id,
        amount: event.amount,
        object_id: event.object_id,
        actor: None,
    }
}

fn plan_words(moved: Moved) -> String {
    match (moved.from, moved.to) {
        (None, Some(to)) => format!("Began {}", to.name()),
        (Some(from), Some(to)) => format!("Changed from {} to {}", from.name(), to.name()),
        (Some(from), None) => format!("{} ended", from.name()),
        (None, None) => "Plan unchanged".to_owned(),
    }
}

/// Stripe's name of what happened in words: `invoice.payment_failed` is `Invoice payment failed`.
fn event_words(kind: &str) -> String {
    let words = kind.replace("customer.subscription.", "subscription ");
    let words = words.replace(['.', '_'], " ");
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase());
    first.into_iter().flatten().chain(letters).collect()
}

fn act_entry(row: AuditRow) -> Result<TimelineEntry, Error> {
    let actor = row.actor.to_string();
    let entry = entry_of(row)?.entry;
    let act = entry.act;
    let amount = act.after.get("amount").cloned();
    Ok(TimelineEntry {
        at: entry.at,
        kind: EntryKind::Action,
        id: format!("{actor}/{}", entry.seq),
        title: event_words(&act.operation),
        detail: act.reason.or(act.code),
        outcome: Some(act.outcome.as_str().to_owned()),
        amount: amount.and_then(|amount| serde_json::from_value(amount).ok()),
        object_id: act.action.map(|action| action.to_string()),
        actor: Some(actor),
    })
}

#[cfg(test)]
mod tests {
    use shared::time::Timestamp;

    use super::*;

    fn entry(at_s: i64, kind: EntryKind, id: &str) -> TimelineEntry {
        TimelineEntry {
            at: Timestamp::from_s(at_s),
            kind,
            id: id.to_owned(),
            title: String::new(),
            detail: None,
            outcome: None,
            amount: None,
            object_id: None,
            actor: None,
        }
    }

    /// Reads pages as the tables would give them, and gives the ids in the order they were shown.
    fn walk(lists: &[Vec<TimelineEntry>; 3], limit: usize) -> Vec<String> {
        let mut places = [Place::Start, Place::Start, Place::Start];
        let mut shown = Vec::new();
        for _ in 0..100 {
            let read = std::array::from_fn(|of| {
                let begins = match &places[of] {
                    Place::Start => 0,
                    Place::Behind(place) => place.parse::<usize>().unwrap() + 1,
                    Place::End => lists[of].len(),
                };
                let rows = lists[of].iter().enumerate().skip(begins).take(limit);
                Read {
                    entries: rows
                        .map(|(at, entry)| (entry.clone(), at.to_string()))
                        .collect(),
                    from: places[of].clone(),
                    more: lists[of].len() > begins + limit,
                }
            });
            let (entries, next) = together(read, limit);
            shown.extend(entries.into_iter().map(|entry| entry.id));
            match next {
                Some(next) => places = parsed(&next).unwrap(),
                None => return shown,
            }
        }
        panic!("it does not end: {shown:?}")
    }

    #[test]
    fn every_entry_is_shown_once_and_in_order_whatever_the_page() {
        let events: Vec<_> = (0..40)
            .map(|number| {
                entry(
                    100 - number / 8,
                    EntryKind::Event,
                    &format!("evt_{}", number * 7 % 40),
                )
            })
            .collect();
        let acts = vec![
            entry(99, EntryKind::Action, "act_1"),
            entry(3, EntryKind::Action, "act_2"),
        ];
        let mails: Vec<_> = (0..9)
            .map(|number| entry(98 - number, EntryKind::Mail, &format!("mail_{number}")))
            .collect();
        let lists = [events, acts, mails];
        let whole = walk(&lists, 100);
        assert_eq!(whole.len(), 51);
        assert_eq!(whole[8], "evt_16");
        assert_eq!(whole[16], "act_1");
        for limit in [1, 2, 7, 8, 9, 50, 51] {
            assert_eq!(walk(&lists, limit), whole, "{limit}");
        }
        assert_eq!(walk(&[vec![], vec![], vec![]], 5), Vec::<String>::new());
    }

    #[test]
    fn anything_but_three_places_is_no_cursor() {
        assert!(parsed("..").is_some());
        for wrong in ["", ".", "...", "a.b"] {
            assert!(parsed(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn an_event_is_told_in_words() {
        assert_eq!(
            event_words("invoice.payment_failed"),
            "Invoice payment failed"
        );
        assert_eq!(
            event_words("customer.subscription.deleted"),
            "Subscription deleted"
        );
        assert_eq!(event_words(""), "");
    }
}
