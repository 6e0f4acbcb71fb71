//! From an order to Stripe's page: the user, the user's one customer, the page. Each step can be repeated: what a lost
//! answer or a crash left half done is found and gone on with.

use serde::Serialize;
use shared::error::{Error, ErrorKind};
use shared::id::{CustomerId, UserId};
use shared::plan::Offer;
use shared::store::users::{OpenCheckout, Profile};
use shared::stripe::{Calls, Effect, IdempotencyKey, NewCheckout, NewCustomer, USER_ID};
use shared::stripe_objects::{CheckoutSessionStatus, Customer, Price, SubscriptionStatus};
use shared::time::Timestamp;

use crate::StartCheckout;
use crate::form::Order;
use crate::stuck::Stuck;

/// Seconds before the end of an open page at which it is no longer handed out: somebody still has to type.
const PAGE_LEFT_S_MIN: i64 = 10 * 60;

/// Where the customer is to go.
#[derive(Debug, Serialize)]
pub(crate) struct Page {
    checkout_url: String,
    expires_at: Timestamp,
}

impl From<OpenCheckout> for Page {
    fn from(checkout: OpenCheckout) -> Self {
        Self {
            checkout_url: checkout.url,
            expires_at: checkout.expires_at,
        }
    }
}

impl StartCheckout {
    /// Stripe's page for an order. Where Stripe will not let the user go on as before, once more with a fresh start.
    ///
    /// # Errors
    /// `Conflict` where the customer has a subscription already, or two checkouts meet; else what went wrong.
    pub(crate) async fn start(
        &self,
        order: &Order<'_>,
        deadline: Timestamp,
    ) -> Result<Page, Error> {
        let stripe = self.stripe.by(deadline);
        let profile = self.user(order).await?;
        let (error, gone) = match self.page(&stripe, &profile, order.offer).await {
            Ok(page) => return Ok(page),
            Err(Stuck::Otherwise(error)) => return Err(error),
            Err(Stuck::KeySpent(error)) => (error, None),
            Err(Stuck::CustomerMissing(customer, error)) => {
                // Only a tombstone proves it: to another account of Stripe's, every customer would be missing.
                if !stripe.customer(&customer).await?.value.deleted {
                    return Err(error);
                }
                (error, Some(customer))
            }
        };
        tracing::warn!(%error, user.id = %profile.user, "Stripe's answer stays as it is; a fresh start");
        let profile = self.store.give_up_keys(&profile, gone.as_ref()).await?;
        Ok(self.page(&stripe, &profile, order.offer).await?)
    }

    /// The page that is open for this user and offer, or a new one.
    async fn page(
        &self,
        stripe: &Calls<'_>,
        profile: &Profile,
        offer: &Offer,
    ) -> Result<Page, Stuck> {
        let customer = self.customer(stripe, profile).await?;
        self.refuse_second_subscription(stripe, &customer).await?;
        if let Some(open) = &profile.checkout
            && open.expires_at > self.clock.now().plus_s(PAGE_LEFT_S_MIN)
        {
            // Asked of Stripe: a page that was paid on, or closed, is still on record as the last one.
            let page = stripe.checkout_session(&open.session).await?.value;
            let is_open = page.status == Some(CheckoutSessionStatus::Open);
            if is_open && open.plan == offer.plan.key() {
                return Ok(Page {
                    checkout_url: page.url.unwrap_or_else(|| open.url.clone()),
                    expires_at: open.expires_at,
                });
            }
            if is_open {
                close(stripe, profile, open).await?;
            }
        }
        self.open(stripe, profile, &customer, offer).await
    }

    /// The user with this address, taken in if new.
    async fn user(&self, order: &Order<'_>) -> Result<Profile, Error> {
        if let Some(profile) = self.store.user_of_email(&order.email).await? {
            return Ok(profile);
        }
        let user =
            UserId::parse(format!("user_{}", self.chance.hex128())).map_err(Error::internal)?;
        self.store
            .take_in_user(Profile {
                user,
                email: order.email.clone(),
                name: order.name.clone(),
                customer: None,
                checkout: None,
                keys_given_up: 0,
                created_at: self.clock.now(),
            })
            .await
    }

    /// The user's one customer at Stripe, made and bound if there is none. The key is made from the user, so that two
    /// tries at once make one.
    async fn customer(&self, stripe: &Calls<'_>, profile: &Profile) -> Result<CustomerId, Stuck> {
        if let Some(customer) = &profile.customer {
            return Ok(customer.clone());
        }
        let made = match self.lost_customer(stripe, profile).await? {
            Some(made) => made,
            None => self.new_customer(stripe, profile).await?,
        };
        let now = self.clock.now();
        Ok(self
            .store
            .bind_customer(&profile.user, &made.id, now)
            .await?)
    }

    /// The customer that a call under a key since given up may have made all the same.
    async fn lost_customer(
        &self,
        stripe: &Calls<'_>,
        profile: &Profile,
    ) -> Result<Option<Customer>, Error> {
        if profile.keys_given_up == 0 {
            return Ok(None);
        }
        let found = stripe.customers_of_email(&profile.email).await?.value.data;
        let user = profile.user.as_str();
        let ours =
            |customer: &Customer| customer.metadata.get(USER_ID).is_some_and(|id| id == user);
        Ok(found.into_iter().find(ours))
    }

    async fn new_customer(&self, stripe: &Calls<'_>, profile: &Profile) -> Result<Customer, Stuck> {
        let new = NewCustomer {
            user: &profile.user,
            email: &profile.email,
            name: Some(&profile.name),
        };
        let key = key(format!(
            "customer:{}:{}",
            profile.user, profile.keys_given_up
        ))?;
        let made = stripe.create_customer(&key, new).await;
        Ok(made.map_err(Stuck::writing)?.value)
    }

    /// Nobody is sold a second subscription. Asked of Stripe, because our record may be a moment behind.
    async fn refuse_second_subscription(
        &self,
        stripe: &Calls<'_>,
        customer: &CustomerId,
    ) -> Result<(), Stuck> {
        let subscriptions = stripe.subscriptions(customer, None).await;
        let subscriptions = subscriptions.map_err(|error| Stuck::for_customer(customer, error))?;
        let subscriptions = subscriptions.value.data;
        let runs = subscriptions.iter().any(|subscription| {
            !matches!(
                subscription.status,
                SubscriptionStatus::Canceled
                    | SubscriptionStatus::IncompleteExpired
                    | SubscriptionStatus::Incomplete
            )
        });
        if !runs {
            return Ok(());
        }
        // Anybody may type an address, so the plan is not named.
        Err(Stuck::Otherwise(Error::conflict(
            "already_subscribed",
            "There is a subscription for this address already. Change its plan instead of buying a second one, or cancel it first.",
        )))
    }

    /// Opens a new page and notes it.
    async fn open(
        &self,
        stripe: &Calls<'_>,
        profile: &Profile,
        customer: &CustomerId,
        offer: &Offer,
    ) -> Result<Page, Stuck> {
        let price = self.price(stripe, offer).await?;
        // Named after the page it follows: two tabs at once get one page, and the next one gets a new one.
        let before = profile.checkout.as_ref();
        let follows = before.map_or("none", |before| before.session.as_ref());
        let key = key(format!(
            "checkout:{}:{}:{follows}:{}",
            profile.user,
            offer.plan.key(),
            profile.keys_given_up
        ))?;
        let session = stripe
            .create_checkout_session(
                &key,
                NewCheckout {
                    user: &profile.user,
                    customer,
                    plan: offer.plan,
                    price: &price.id,
                    terms: self.catalogue.terms(offer).as_deref(),
                    success_url: &format!(
                        "{}/checkout/done?session_id={{CHECKOUT_SESSION_ID}}",
                        self.portal_url
                    ),
                    cancel_url: &format!("{}/checkout/cancelled", self.portal_url),
                },
            )
            .await
            .map_err(|error| Stuck::for_customer(customer, error))?
            .value;
        let open = OpenCheckout {
            url: session
                .url
                .ok_or_else(|| Error::internal("Stripe opened a checkout without a page"))?,
            session: session.id,
            plan: offer.plan.key().to_owned(),
            expires_at: session.expires_at,
        };
        let noted = self.store.note_checkout(&profile.user, before, &open).await;
        if let Err(error) = noted {
            // Of two plans chosen at once, the page that nobody is sent to does not stay open.
            if error.kind == ErrorKind::Conflict
                && let Err(stuck) = close(stripe, profile, &open).await
            {
                tracing::warn!(error = %Error::from(stuck), session.id = %open.session, "left open");
            }
            return Err(error.into());
        }
        tracing::info!(user.id = %profile.user, plan = open.plan, session.id = %open.session, "checkout opened");
        Ok(open.into())
    }

    async fn price(&self, stripe: &Calls<'_>, offer: &Offer) -> Result<Price, Error> {
        let prices = stripe.prices(&[offer.plan.key()]).await?.value.data;
        prices
            .into_iter()
            .find(|price| self.catalogue.plan_of(price) == offer.plan)
            .ok_or_else(|| {
                Error::internal(format!("no price at Stripe for plan {}", offer.plan.key()))
            })
    }
}

/// Closes a page for another plan, so that nobody pays on both. Where it was paid meanwhile, that is what counts.
async fn close(stripe: &Calls<'_>, profile: &Profile, open: &OpenCheckout) -> Result<(), Stuck> {
    let key = key(format!(
        "checkout:{}:expire:{}",
        open.session, profile.keys_given_up
    ))?;
    match stripe.expire_checkout_session(&key, &open.session).await {
        Ok(_) => Ok(()),
        Err(error) if error.effect == Effect::None && error.status == Some(400) => {
            Err(Stuck::Otherwise(Error::conflict(
                "checkout_completed",
                "A checkout of this customer was completed a moment ago. Reload the page to see the plan.",
            )))
        }
        Err(error) => Err(Stuck::writing(error)),
    }
}

fn key(text: String) -> Result<IdempotencyKey, Error> {
    IdempotencyKey::parse(text).map_err(Error::internal)
}
