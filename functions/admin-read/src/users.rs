//! Customers: the list, and one of them whole.

use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use shared::account::{Account, Attention, Kept, Subscription, search_word};
use shared::dunning::Standing;
use shared::error::Error;
use shared::http;
use shared::id::{CustomerId, SubscriptionId};
use shared::plan::Plan;
use shared::store::customers::{Filter, Sort};
use shared::store::pages::{Asked, Page, invalid_cursor};

use crate::sentence::sentence;
use crate::wire::{
    CardView, MoneyView, PendingChange, SortName, SubscriptionView, User, UserList, UserRow,
    UsersQuery, asked,
};
use crate::{AdminRead, not_found};

/// Invoices, refunds and disputes that are shown of each.
const MONEY_ROWS: u16 = 100;

/// Notes that are shown of a customer.
const NOTES_MAX: u16 = 100;

/// Fewest characters that are searched for: with one, half of all customers are found.
const SEARCH_CHARS_MIN: usize = 2;

/// Words for the status of a subscription that can be filtered by.
const STATUSES: [&str; 9] = [
    "trialing",
    "active",
    "past_due",
    "unpaid",
    "paused",
    "canceled",
    "incomplete",
    "incomplete_expired",
    "none",
];

impl AdminRead {
    pub(crate) async fn users(&self, request: &ApiGatewayV2httpRequest) -> Result<UserList, Error> {
        let query: UsersQuery = http::query(request)?;
        let asked = asked(query.cursor.clone(), query.limit.as_deref())?;
        let page = match (&query.search, query.attention.as_deref()) {
            (Some(search), _) => self.found(search, &query, &asked).await?,
            (None, Some("drift")) => self.drifted(&asked).await?,
            (None, _) => self.listed(&query, &asked).await?,
        };
        Ok(UserList {
            users: page.rows,
            next: page.next,
        })
    }

    async fn listed(&self, query: &UsersQuery, asked: &Asked) -> Result<Page<UserRow>, Error> {
        let filter = filter_of(query)?;
        let sort = match query.sort.unwrap_or_default() {
            SortName::Newest => Sort::Newest,
            SortName::Oldest => Sort::Oldest,
            SortName::Name if filter.is_empty() => Sort::Name,
            SortName::Name => {
                return Err(Error::invalid(
                    "sort_with_filter",
                    "What is filtered is sorted by time: leave out `sort=name`, or the filters.",
                ));
            }
        };
        let page = self.front.store.customers(&filter, sort, asked).await?;
        Ok(page.filter_map(|summary| Some(summary.into())))
    }

    async fn found(
        &self,
        search: &str,
        query: &UsersQuery,
        asked: &Asked,
    ) -> Result<Page<UserRow>, Error> {
        if query.status.is_some() || query.plan.is_some() || query.attention.is_some() {
            return Err(Error::invalid(
                "search_with_filter",
                "Search, or filter: leave out one of them.",
            ));
        }
        let store = &self.front.store;
        let search = search.trim();
        let customer = if let Ok(customer) = search.parse::<CustomerId>() {
            Some(customer)
        } else if let Ok(subscription) = search.parse::<SubscriptionId>() {
            let customer = store.customer_of_subscription(&subscription).await?;
            let Some(customer) = customer else {
                return Ok(Page {
                    rows: Vec::new(),
                    next: None,
                });
            };
            Some(customer)
        } else {
            None
        };
        if let Some(customer) = customer {
            let found = store.summaries(&[customer]).await?;
            return Ok(Page {
                rows: found.into_values().map(Into::into).collect(),
                next: None,
            });
        }
        let word = search_word(search).filter(|word| word.chars().count() >= SEARCH_CHARS_MIN);
        let word = word.ok_or_else(|| {
            Error::invalid(
                "search_too_short",
                "The parameter `search` needs two characters or more.",
            )
        })?;
        let page = store.customers_found(&word, asked).await?;
        Ok(page.filter_map(|summary| Some(summary.into())))
    }

    /// Those that the last nightly sync found to differ.
    async fn drifted(&self, asked: &Asked) -> Result<Page<UserRow>, Error> {
        let store = &self.front.store;
        let now = self.front.clock.now();
        let days = crate::system::days_back(now, 2);
        let runs = store.runs_of(&days).await?;
        let Some((day, _)) = runs.into_iter().next() else {
            return Ok(Page {
                rows: Vec::new(),
                next: None,
            });
        };
        let mut customers: Vec<CustomerId> = Vec::new();
        for difference in store.differences_of(&day).await? {
            if let Some(customer) = difference.customer
                && !customers.contains(&customer)
            {
                customers.push(customer);
            }
        }
        let from: usize = match &asked.cursor {
            Some(cursor) => cursor.parse().map_err(|_| invalid_cursor())?,
            None => 0,
        };
        let limit = usize::from(asked.limit);
        let shown: Vec<CustomerId> = customers.iter().skip(from).take(limit).cloned().collect();
        let mut summaries = store.summaries(&shown).await?;
        let rows = shown.iter().filter_map(|id| summaries.remove(id));
        Ok(Page {
            rows: rows.map(Into::into).collect(),
            next: (customers.len() > from + limit).then(|| (from + limit).to_string()),
        })
    }

    pub(crate) async fn user(&self, request: &ApiGatewayV2httpRequest) -> Result<User, Error> {
        let customer: CustomerId = http::path_id(request, "id")?;
        let store = &self.front.store;
        let now = self.front.clock.now();
        let all_notes = Asked {
            limit: NOTES_MAX,
            cursor: None,
        };
        let (account, notes) =
            futures::try_join!(store.account(&customer), store.notes(&customer, &all_notes))?;
        if account.customer.is_none() && account.subscriptions.is_empty() {
            return Err(not_found("no_such_user", "There is no such customer."));
        }
        let counts = account.subscription();
        let invoice = counts.and_then(|(_, kept)| kept.facts.latest_invoice.as_ref());
        let (user_id, invoice) = store.user_and_invoice(&customer, invoice).await?;
        let standing = counts.map(|(_, kept)| Standing::at(&kept.facts, now));
        let view = |(id, kept): (&SubscriptionId, &Kept<Subscription>)| {
            SubscriptionView::of(id, &kept.facts, self.pending_change(&account, &kept.facts))
        };
        let subscription = counts.map(view);
        let mut earlier: Vec<_> = account
            .subscriptions
            .iter()
            .filter(|(id, _)| counts.is_none_or(|(counted, _)| counted != *id))
            .collect();
        earlier.sort_by_key(|(_, kept)| std::cmp::Reverse(kept.facts.started_at));
        let facts = account.customer.as_ref().map(|kept| &kept.facts);
        let summary = account.summary.as_ref();
        let mut notes = notes.rows;
        notes.sort_by_key(|note| std::cmp::Reverse(note.created_at));
        let test = if self.livemode { "" } else { "test/" };
        Ok(User {
            user_id,
            name: facts.and_then(|facts| facts.name.clone()),
            email: facts.and_then(|facts| facts.email.clone()),
            deleted: facts.is_some_and(|facts| facts.deleted),
            created_at: summary.map(|summary| summary.created_at),
            sentence: sentence(
                counts.map(|(_, kept)| &kept.facts),
                subscription
                    .as_ref()
                    .and_then(|it| it.pending_change.as_ref()),
                invoice.as_ref().map(|kept| &kept.facts),
                now,
            ),
            status: counts.map_or_else(
                || "none".to_owned(),
                |(_, kept)| kept.facts.status.to_string(),
            ),
            plan: counts
                .filter(|(_, kept)| kept.facts.is_alive())
                .map(|(_, kept)| kept.facts.plan),
            standing: standing.unwrap_or(Standing::NONE).into(),
            subscription,
            earlier_subscriptions: earlier.into_iter().map(view).collect(),
            card: account
                .card()
                .map(|(id, kept)| CardView::of(id, &kept.facts)),
            totals: account.totals.values().copied().collect(),
            notes,
            stripe_url: format!("https://dashboard.stripe.com/{test}customers/{customer}"),
            id: customer,
        })
    }

    /// What the plan turns into by itself, by the schedule that is on record.
    fn pending_change(&self, account: &Account, facts: &Subscription) -> Option<PendingChange> {
        let schedule = account.schedules.get(facts.schedule.as_ref()?)?;
        let period_end = facts.period_end?;
        let phases = schedule.facts.phases.iter();
        let mut next = phases.filter(|phase| phase.starts_at >= period_end);
        let next = next.next().filter(|phase| phase.price != facts.price)?;
        // Which plan a price stands for is known of those that were seen on a subscription, and of what follows by itself.
        let seen = account
            .subscriptions
            .values()
            .find(|kept| kept.facts.price == next.price)
            .map(|kept| kept.facts.plan);
        let follows = self.catalogue.offer_of(facts.plan)?.then;
        let to = schedule
            .facts
            .to
            .or(seen)
            .or(follows.map(|then| then.plan))
            .unwrap_or(Plan::Unmapped);
        Some(PendingChange {
            to,
            amount: self.catalogue.offer_of(to).map(|offer| offer.price),
            at: next.starts_at,
        })
    }

    pub(crate) async fn money(
        &self,
        request: &ApiGatewayV2httpRequest,
    ) -> Result<MoneyView, Error> {
        let customer: CustomerId = http::path_id(request, "id")?;
        let money = self.front.store.money_of(&customer, MONEY_ROWS).await?;
        Ok(money.into())
    }
}

fn filter_of(query: &UsersQuery) -> Result<Filter, Error> {
    if let Some(status) = &query.status
        && !STATUSES.contains(&status.as_str())
    {
        return Err(unknown("status", &STATUSES.join(", ")));
    }
    let plans: Vec<&str> = Plan::ALL.iter().map(|plan| plan.key()).collect();
    if let Some(plan) = &query.plan
        && plan != "none"
        && !plans.contains(&plan.as_str())
    {
        return Err(unknown("plan", &format!("{}, none", plans.join(", "))));
    }
    let attention = match query.attention.as_deref() {
        None => None,
        Some(word) => {
            let known = Attention::ALL.into_iter().find(|it| it.as_str() == word);
            let words: Vec<&str> = Attention::ALL.iter().map(|it| it.as_str()).collect();
            let list = format!("{}, drift", words.join(", "));
            Some(known.ok_or_else(|| unknown("attention", &list))?)
        }
    };
    Ok(Filter {
        status: query.status.clone(),
        plan: query.plan.clone(),
        attention,
    })
}

fn unknown(parameter: &str, words: &str) -> Error {
    Error::invalid(
        "invalid_query",
        format!("The parameter `{parameter}` takes one of: {words}."),
    )
}
