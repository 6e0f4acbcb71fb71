//! From an order to Stripe's page: the user, the user's one customer, the page. Each step can be repeated: what a lost
//! answer or a crash left half done is found and gone on with.

use serde::Serialize;
use shared::error::{Error, ErrorKind};
use shared::id::{CustomerId, PersonId, UserId};
use shared::plan::Offer;
use shared::store::checkouts::{Decoy, OpenCheckout, is_good_for};
use shared::store::users::Profile;
use shared::stripe::{Calls, Effect, IdempotencyKey, NewCheckout, NewCustomer, USER_ID};
use shared::stripe_objects::{CheckoutSessionStatus, Customer, Price, SubscriptionStatus};
use shared::time::Timestamp;

use crate::StartCheckout;
use crate::form::Order;
use crate::stuck::Stuck;

const ALREADY_SUBSCRIBED: &str = "already_subscribed";
const CHECKOUT_COMPLETED: &str = "checkout_completed";

/// What is told to the owner of an account, and would tell anybody else that there is one.
const BOUGHT: [&str; 2] = [ALREADY_SUBSCRIBED, CHECKOUT_COMPLETED];

/// What is sold, and whether to somebody who is signed in as the one who buys.
#[derive(Debug, Clone, Copy)]
struct Sale<'a> {
    offer: &'a Offer,
    by_owner: bool,
}

/// Where the customer is to go.
#[derive(Debug, Serialize)]
pub(crate) struct Page {
    checkout_url: String,
    expires_at: Timestamp,
}

impl StartCheckout {
    /// The page for an order. Whoever types the address of somebody else's account gets a [`Decoy`].
    ///
    /// # Errors
    /// `Conflict` where the owner has a subscription already, or two checkouts meet; else what went wrong.
    pub(crate) async fn start(
        &self,
        order: &Order<'_>,
        signed_in: Option<&PersonId>,
        deadline: Timestamp,
    ) -> Result<Page, Error> {
        let store = &self.front.store;
        let known = store.user_of_email(&order.email).await?;
        let owner = known.as_ref().map(|profile| profile.user.clone().into());
        let by_owner = owner.is_some() && owner.as_ref() == signed_in;
        if let Some(profile) = &known
            && !by_owner
            && store.has_account(profile).await?
        {
            return self.turn_away(profile, order.offer, deadline).await;
        }
        let profile = match known {
            Some(profile) => profile,
            None => self.take_in(order).await?,
        };
        let sale = Sale {
            offer: order.offer,
            by_owner,
        };
        match self.open_for(&profile, sale, deadline).await {
            // Paid a moment ago, so that our record does not know it yet.
            Err(error) if !by_owner && BOUGHT.contains(&error.code) => {
                self.turn_away(&profile, order.offer, deadline).await
            }
            opened => opened.map(|open| self.at(&open.page(), open.expires_at)),
        }
    }

    /// The answer to a stranger. The owner gets a mail that says how to go on.
    async fn turn_away(
        &self,
        profile: &Profile,
        offer: &Offer,
        deadline: Timestamp,
    ) -> Result<Page, Error> {
        // Where nobody could be sold it now, neither is this answered.
        self.price(&self.stripe.by(deadline), offer).await?;
        let page = self.chance.hex128();
        let decoy = Decoy::after(profile, offer.plan.key(), page, self.front.clock.now());
        let decoy = if profile.decoy.as_ref() == Some(&decoy) {
            decoy
        } else {
            self.front.store.note_decoy(profile, decoy).await?
        };
        tracing::info!(user.id = %profile.user, plan = decoy.plan, "has an account, and was not signed in");
        Ok(self.at(&decoy.page, decoy.expires_at))
    }

    /// Everybody is led to Stripe from here, so that an answer does not tell who has an account.
    fn at(&self, page: &str, expires_at: Timestamp) -> Page {
        Page {
            checkout_url: format!("{}/checkout/pages/{page}", self.portal_url),
            expires_at,
        }
    }

    /// Stripe's page for a user. Where Stripe will not let the user go on as before, once more with a fresh start.
    async fn open_for(
        &self,
        profile: &Profile,
        sale: Sale<'_>,
        deadline: Timestamp,
    ) -> Result<OpenCheckout, Error> {
        let stripe = self.stripe.by(deadline);
        let (error, gone) = match self.page(&stripe, profile, sale).await {
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
        let profile = self
            .front
            .store
            .give_up_keys(profile, gone.as_ref())
            .await?;
        Ok(self.page(&stripe, &profile, sale).await?)
    }

    /// The page that is open for this user and offer, or a new one.
    async fn page(
        &self,
        stripe: &Calls<'_>,
        profile: &Profile,
        sale: Sale<'_>,
    ) -> Result<OpenCheckout, Stuck> {
        let customer = self.customer(stripe, profile).await?;
        self.refuse_second_subscription(stripe, &customer).await?;
        if let Some(open) = &profile.checkout
            && is_good_for(open.expires_at, self.front.clock.now())
        {
            // Asked of Stripe: a page that was paid on, or closed, is still on record as the last one.
            let page = stripe.checkout_session(&open.session).await?.value;
            let is_open = page.status == Some(CheckoutSessionStatus::Open);
            let fits = open.plan == sale.offer.plan.key() && open.for_owner == sale.by_owner;
            if is_open && fits {
                return Ok(open.clone());
            }
            if is_open {
                close(stripe, profile, open).await?;
            }
        }
        self.open(stripe, profile, &customer, sale).await
    }

    /// A new user. Of two at once with one address, the one who was faster.
    async fn take_in(&self, order: &Order<'_>) -> Result<Profile, Error> {
        let user =
            UserId::parse(format!("user_{}", self.chance.hex128())).map_err(Error::internal)?;
        self.front
            .store
            .take_in_user(Profile {
                user,
                email: order.email.clone(),
                name: order.name.clone(),
                customer: None,
                checkout: None,
                decoy: None,
                keys_given_up: 0,
                created_at: self.front.clock.now(),
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
        let now = self.front.clock.now();
        Ok(self
            .front
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
        Err(Stuck::Otherwise(Error::conflict(
            ALREADY_SUBSCRIBED,
            "You have a subscription already. Change its plan instead of buying a second one, or cancel it first.",
        )))
    }

    /// Opens a new page and notes it.
    async fn open(
        &self,
        stripe: &Calls<'_>,
        profile: &Profile,
        customer: &CustomerId,
        sale: Sale<'_>,
    ) -> Result<OpenCheckout, Stuck> {
        let offer = sale.offer;
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
            for_owner: sale.by_owner,
        };
        let noted = self
            .front
            .store
            .note_checkout(&profile.user, before, &open)
            .await;
        if let Err(error) = noted {
            // Of two plans chosen at once, the page that nobody is sent to does not stay open.
            if error.kind == ErrorKind::Conflict
                && let Err(stuck) = close(stripe, profile, &open).await
            {
                tracing::warn!(error = %Error::from(stuck), user.id = %profile.user, "left open");
            }
            return Err(error.into());
        }
        tracing::info!(user.id = %profile.user, plan = open.plan, "checkout opened");
        Ok(open)
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
                CHECKOUT_COMPLETED,
                "A checkout of this customer was completed a moment ago. Reload the page to see the plan.",
            )))
        }
        Err(error) => Err(Stuck::writing(error)),
    }
}

fn key(text: String) -> Result<IdempotencyKey, Error> {
    IdempotencyKey::parse(text).map_err(Error::internal)
}
