//! Customers, in a list and one by one.

use serde::{Deserialize, Serialize};
use shared::account::{Attention, Card, Subscription, Summary, Totals};
use shared::dunning::Standing;
use shared::id::{CustomerId, InvoiceId, PaymentMethodId, PriceId, SubscriptionId, UserId};
use shared::money::Money;
use shared::plan::Plan;
use shared::store::notes::Note;
use shared::time::Timestamp;
use utoipa::{IntoParams, ToSchema};

/// `GET /api/admin/users`
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct UsersQuery {
    /// How a name, a last name or an address begins, two characters or more; or the whole id of a customer or a subscription.
    #[param(min_length = 2, max_length = 100)]
    pub search: Option<String>,
    /// Only those whose subscription stands so; `none` for those without one.
    pub status: Option<String>,
    /// Only those on this plan; `none` for those on no plan.
    pub plan: Option<String>,
    /// Only those that somebody should look at for this reason; `drift` for those that the last nightly sync found to differ.
    #[param(value_type = Option<String>)]
    pub attention: Option<String>,
    /// `newest`, `oldest` or, where nothing is filtered, `name`.
    pub sort: Option<SortName>,
    /// Where the page begins: the `next` of the one before.
    pub cursor: Option<String>,
    /// The most rows, 1 to 100.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    pub limit: Option<String>,
}

/// In which order customers are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SortName {
    /// Whoever came last comes first.
    #[default]
    Newest,
    /// Whoever came first comes first.
    Oldest,
    /// By name.
    Name,
}

/// A page of the customers.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserList {
    /// The customers.
    pub users: Vec<UserRow>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// A customer in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserRow {
    /// Stripe's id.
    pub id: CustomerId,
    /// The name.
    pub name: Option<String>,
    /// The address.
    pub email: Option<String>,
    /// Deleted at Stripe.
    pub deleted: bool,
    /// Since when they are a customer.
    pub created_at: Timestamp,
    /// Stripe's word for where the subscription stands; `none` where there never was one.
    pub status: String,
    /// The plan; none where no subscription is running.
    pub plan: Option<Plan>,
    /// What a period costs.
    pub amount: Option<Money>,
    /// When the next payment is due.
    pub next_charge_at: Option<Timestamp>,
    /// When it is going to end, or has ended.
    pub ends_at: Option<Timestamp>,
    /// Why somebody should look, the most pressing first.
    pub attention: Vec<Attention>,
}

impl From<Summary> for UserRow {
    fn from(summary: Summary) -> Self {
        let it = summary.subscription().map(|(_, it)| it);
        let charges = it.filter(|it| it.alive && it.ends_at.is_none());
        Self {
            status: summary.status().to_owned(),
            plan: summary.plan(),
            amount: it.filter(|it| it.alive).and_then(|it| it.amount),
            next_charge_at: charges.and_then(|it| it.period_end),
            ends_at: it.and_then(|it| it.ends_at),
            attention: summary.attention(),
            created_at: summary.created_at,
            id: summary.customer,
            name: summary.name,
            email: summary.email,
            deleted: summary.deleted,
        }
    }
}

/// A customer.
#[derive(Debug, Serialize, ToSchema)]
pub struct User {
    /// Stripe's id.
    pub id: CustomerId,
    /// Our user; none where the customer was made at Stripe.
    pub user_id: Option<UserId>,
    /// The name.
    pub name: Option<String>,
    /// The address.
    pub email: Option<String>,
    /// Deleted at Stripe.
    pub deleted: bool,
    /// Since when they are a customer.
    pub created_at: Option<Timestamp>,
    /// How things stand, in plain words.
    pub sentence: String,
    /// Stripe's word for where the subscription stands; `none` where there never was one.
    pub status: String,
    /// The plan; none where no subscription is running.
    pub plan: Option<Plan>,
    /// What the subscription gives at this moment.
    pub standing: StandingView,
    /// The subscription that counts.
    pub subscription: Option<SubscriptionView>,
    /// The others, the latest first.
    pub earlier_subscriptions: Vec<SubscriptionView>,
    /// What the next payment is taken from.
    pub card: Option<CardView>,
    /// What was paid and given back, in each currency.
    pub totals: Vec<Totals>,
    /// What administrators have noted, the latest first.
    pub notes: Vec<Note>,
    /// Stripe's page of the customer.
    pub stripe_url: String,
}

/// What a subscription gives, and how it counts.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct StandingView {
    /// The customer may use what the plan gives.
    pub access: bool,
    /// When access ends unless something is done.
    pub access_until: Option<Timestamp>,
    /// It counts in recurring revenue.
    pub revenue: bool,
    /// Whole days since a payment went missing.
    pub days_past_due: Option<i64>,
}

impl From<Standing> for StandingView {
    fn from(standing: Standing) -> Self {
        Self {
            access: standing.access,
            access_until: standing.access_until,
            revenue: standing.revenue,
            days_past_due: standing.days_past_due,
        }
    }
}

/// A subscription.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubscriptionView {
    /// Stripe's id.
    pub id: SubscriptionId,
    /// Stripe's word for where it stands.
    pub status: String,
    /// The plan its price stands for.
    pub plan: Plan,
    /// The price itself.
    pub price: Option<PriceId>,
    /// What one period costs.
    pub amount: Option<Money>,
    /// The period that is running.
    pub period_start: Option<Timestamp>,
    /// When the next one begins, and the next payment is due.
    pub period_end: Option<Timestamp>,
    /// It ends with the period.
    pub cancel_at_period_end: bool,
    /// When it is to end.
    pub cancel_at: Option<Timestamp>,
    /// When it did end.
    pub ended_at: Option<Timestamp>,
    /// When the trial ends or ended.
    pub trial_end: Option<Timestamp>,
    /// Invoices are made but not collected.
    pub collection_paused: bool,
    /// A change waits for its payment.
    pub update_pending: bool,
    /// When it began.
    pub started_at: Timestamp,
    /// Since when a payment is missing.
    pub past_due_since: Option<Timestamp>,
    /// The invoice made last.
    pub latest_invoice: Option<InvoiceId>,
    /// What the plan turns into by itself.
    pub pending_change: Option<PendingChange>,
}

/// A change of plan that comes by itself.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PendingChange {
    /// The plan that follows.
    pub to: Plan,
    /// What one period of it costs.
    pub amount: Option<Money>,
    /// When.
    pub at: Timestamp,
}

impl SubscriptionView {
    pub(crate) fn of(
        id: &SubscriptionId,
        facts: &Subscription,
        pending_change: Option<PendingChange>,
    ) -> Self {
        Self {
            id: id.clone(),
            status: facts.status.to_string(),
            plan: facts.plan,
            price: facts.price.clone(),
            amount: facts.amount,
            period_start: facts.period_start,
            period_end: facts.period_end,
            cancel_at_period_end: facts.cancel_at_period_end,
            cancel_at: facts.cancel_at,
            ended_at: facts.ended_at,
            trial_end: facts.trial_end,
            collection_paused: facts.collection_paused,
            update_pending: facts.update_pending,
            started_at: facts.started_at,
            past_due_since: facts.past_due_since,
            latest_invoice: facts.latest_invoice.clone(),
            pending_change,
        }
    }
}

/// A means of payment.
#[derive(Debug, Serialize, ToSchema)]
pub struct CardView {
    /// Stripe's id.
    pub id: PaymentMethodId,
    /// Stripe's word for what it is: `card` and others.
    pub kind: String,
    /// Such as `visa`.
    pub brand: Option<String>,
    /// The last four digits.
    pub last4: Option<String>,
    /// The month it expires in, 1 to 12.
    pub exp_month: Option<u8>,
    /// The year it expires in.
    pub exp_year: Option<u16>,
}

impl CardView {
    pub(crate) fn of(id: &PaymentMethodId, card: &Card) -> Self {
        Self {
            id: id.clone(),
            kind: card.kind.clone(),
            brand: card.brand.clone(),
            last4: card.last4.clone(),
            exp_month: card.exp_month,
            exp_year: card.exp_year,
        }
    }
}
