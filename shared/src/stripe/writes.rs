//! What changes something at Stripe. Every call takes the key under which Stripe does it once.

use std::collections::HashMap;

use stripe_billing::subscription_schedule::{
    CreateSubscriptionSchedule, ReleaseSubscriptionSchedule, UpdateSubscriptionSchedule,
    UpdateSubscriptionSchedulePhases, UpdateSubscriptionSchedulePhasesDuration,
    UpdateSubscriptionSchedulePhasesDurationInterval, UpdateSubscriptionSchedulePhasesItems,
    UpdateSubscriptionSchedulePhasesProrationBehavior, UpdateSubscriptionSchedulePhasesStartDate,
    UpdateSubscriptionScheduleProrationBehavior,
};
use stripe_checkout::checkout_session::{
    CreateCheckoutSession, CreateCheckoutSessionCustomText, CreateCheckoutSessionLineItems,
    CreateCheckoutSessionSubscriptionData, CustomTextPositionParam, ExpireCheckoutSession,
};
use stripe_client_core::StripeRequest;
use stripe_core::customer::CreateCustomer;
use stripe_shared::{CheckoutSessionMode, SubscriptionScheduleEndBehavior};

use super::key::IdempotencyKey;
use super::{Calls, StripeResult};
use crate::id::{CheckoutSessionId, CustomerId, PriceId, ScheduleId, SubscriptionId, UserId};
use crate::plan::{PLAN_KEY, Plan};
use crate::stripe_objects::{CheckoutSession, Customer, Interval, Schedule};
use crate::time::Timestamp;

/// The name under which our user's id is written on Stripe's objects.
pub const USER_ID: &str = "user_id";

/// A customer to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewCustomer<'a> {
    /// Whose it is; written on the customer.
    pub user: &'a UserId,
    /// Where Stripe writes to.
    pub email: &'a str,
    /// As the customer wrote it.
    pub name: Option<&'a str>,
}

/// A visit to Stripe's payment page to be opened, for one subscription.
#[derive(Debug, Clone, Copy)]
pub struct NewCheckout<'a> {
    /// Whose it is; written on the session and on the subscription it makes.
    pub user: &'a UserId,
    /// Who pays: bound to the user before, so that Stripe makes no second one.
    pub customer: &'a CustomerId,
    /// What is bought; written on both, so that the completed checkout tells it.
    pub plan: Plan,
    /// The price of it.
    pub price: &'a PriceId,
    /// What stands beside the button that pays, if anything.
    pub terms: Option<&'a str>,
    /// Where the customer comes back to after paying.
    pub success_url: &'a str,
    /// Where the customer comes back to otherwise.
    pub cancel_url: &'a str,
}

/// One phase of a schedule to be set.
#[derive(Debug, Clone)]
pub struct NewPhase<'a> {
    /// What is paid for.
    pub price: &'a PriceId,
    /// The unit of its length.
    pub interval: Interval,
    /// Its length in that unit.
    pub interval_count: u32,
}

/// What a schedule is to go through.
#[derive(Debug, Clone, Copy)]
pub struct NewCourse<'a> {
    /// Where its current phase began.
    pub starts_at: Timestamp,
    /// The phases, each for its length.
    pub phases: &'a [NewPhase<'a>],
    /// The plan it leads to; written on the schedule.
    pub to: Plan,
}

impl Calls<'_> {
    /// Makes a customer.
    pub async fn create_customer(
        &self,
        key: &IdempotencyKey,
        new: NewCustomer<'_>,
    ) -> StripeResult<Customer> {
        let mut request = CreateCustomer::new()
            .email(new.email)
            .metadata(owner(new.user));
        if let Some(name) = new.name {
            request = request.name(name);
        }
        self.write(key, request.build()).await
    }

    /// Opens Stripe's payment page for a subscription; the answer's `url` is where to send the customer.
    pub async fn create_checkout_session(
        &self,
        key: &IdempotencyKey,
        new: NewCheckout<'_>,
    ) -> StripeResult<CheckoutSession> {
        let mut line = CreateCheckoutSessionLineItems::new();
        line.price = Some(new.price.as_str().to_owned());
        line.quantity = Some(1);
        let mut subscription = CreateCheckoutSessionSubscriptionData::new();
        subscription.metadata = Some(bought(&new));
        let mut request = CreateCheckoutSession::new()
            .mode(CheckoutSessionMode::Subscription)
            .customer(new.customer.as_str())
            .client_reference_id(new.user.as_str())
            .metadata(bought(&new))
            .line_items(vec![line])
            .subscription_data(subscription)
            .success_url(new.success_url)
            .cancel_url(new.cancel_url);
        if let Some(terms) = new.terms {
            let mut beside = CreateCheckoutSessionCustomText::new();
            beside.submit = Some(CustomTextPositionParam::new(terms));
            request = request.custom_text(beside);
        }
        self.write(key, request.build()).await
    }

    /// Closes a payment page that nobody has paid on.
    pub async fn expire_checkout_session(
        &self,
        key: &IdempotencyKey,
        id: &CheckoutSessionId,
    ) -> StripeResult<CheckoutSession> {
        let request = ExpireCheckoutSession::new(id.as_str());
        self.write(key, request.build()).await
    }

    /// Puts a running subscription under a schedule, whose one phase is the subscription as it is. Stripe takes no other
    /// parameter together with `from_subscription`: [`set_phases`](Self::set_phases) is the second step.
    pub async fn create_schedule(
        &self,
        key: &IdempotencyKey,
        subscription: &SubscriptionId,
    ) -> StripeResult<Schedule> {
        let request = CreateSubscriptionSchedule::new().from_subscription(subscription.as_str());
        self.write(key, request.build()).await
    }

    /// Sets what a schedule goes through, without proration. After the last phase the schedule lets go and its price stays.
    pub async fn set_phases(
        &self,
        key: &IdempotencyKey,
        id: &ScheduleId,
        course: NewCourse<'_>,
    ) -> StripeResult<Schedule> {
        let mut phases: Vec<_> = course.phases.iter().map(phase).collect();
        if let Some(first) = phases.first_mut() {
            let start =
                UpdateSubscriptionSchedulePhasesStartDate::Timestamp(course.starts_at.as_s());
            first.start_date = Some(start);
        }
        let to = HashMap::from([(PLAN_KEY.to_owned(), course.to.key().to_owned())]);
        let request = UpdateSubscriptionSchedule::new(id.as_str())
            .metadata(to)
            .phases(phases)
            .end_behavior(SubscriptionScheduleEndBehavior::Release)
            .proration_behavior(UpdateSubscriptionScheduleProrationBehavior::None);
        self.write(key, request.build()).await
    }

    /// Lets a subscription go on without its schedule.
    pub async fn release_schedule(
        &self,
        key: &IdempotencyKey,
        id: &ScheduleId,
    ) -> StripeResult<Schedule> {
        let request = ReleaseSubscriptionSchedule::new(id.as_str());
        self.write(key, request.build()).await
    }
}

/// Whose a checkout is and what it sells, as metadata.
fn bought(new: &NewCheckout<'_>) -> HashMap<String, String> {
    let mut metadata = owner(new.user);
    metadata.insert(PLAN_KEY.to_owned(), new.plan.key().to_owned());
    metadata
}

fn phase(new: &NewPhase<'_>) -> UpdateSubscriptionSchedulePhases {
    let mut item = UpdateSubscriptionSchedulePhasesItems::new();
    item.price = Some(new.price.as_str().to_owned());
    item.quantity = Some(1);
    let interval = match &new.interval {
        Interval::Day => UpdateSubscriptionSchedulePhasesDurationInterval::Day,
        Interval::Week => UpdateSubscriptionSchedulePhasesDurationInterval::Week,
        Interval::Month => UpdateSubscriptionSchedulePhasesDurationInterval::Month,
        Interval::Year => UpdateSubscriptionSchedulePhasesDurationInterval::Year,
        Interval::Other(text) => {
            UpdateSubscriptionSchedulePhasesDurationInterval::Unknown(text.clone())
        }
    };
    let mut duration = UpdateSubscriptionSchedulePhasesDuration::new(interval);
    duration.interval_count = Some(u64::from(new.interval_count));
    let mut phase = UpdateSubscriptionSchedulePhases::new(vec![item]);
    phase.duration = Some(duration);
    phase.proration_behavior = Some(UpdateSubscriptionSchedulePhasesProrationBehavior::None);
    phase
}

fn owner(user: &UserId) -> HashMap<String, String> {
    HashMap::from([(USER_ID.to_owned(), user.as_str().to_owned())])
}
