//! The second look: what still differs is a difference, and Stripe's word is applied to it like an event.

use shared::drift::{Cause, Difference, FieldDifference, Policy};
use shared::error::Error;
use shared::event::Event;
use shared::id::CustomerId;
use shared::store::sync_health::{HeldRun, Suspect};
use shared::stripe::{Calls, StripeErrorKind};

use crate::DailyBillingSync;

/// What a second look came to.
enum Look {
    /// They agree by now, or what differs is about to be applied.
    Agrees,
    /// They do not.
    Differs(Difference),
}

impl DailyBillingSync {
    /// Looks at a few suspects once more. A step without an end of its own: it is over when no suspect is left.
    pub(crate) async fn suspects(
        &self,
        stripe: &Calls<'_>,
        held: &HeldRun,
    ) -> Result<Option<String>, Error> {
        let suspects = self.store.suspects_of(&held.day).await?;
        for suspect in &suspects {
            let look = self.look(stripe, held, suspect).await?;
            let now = self.clock.now();
            match look {
                Look::Agrees => self.store.clear_suspect(held, suspect, None, now).await?,
                Look::Differs(difference) => {
                    tracing::error!(object.id = difference.object, cause = ?difference.cause, "the record differs from Stripe");
                    self.store
                        .clear_suspect(held, suspect, Some(&difference), now)
                        .await?;
                }
            }
        }
        Ok((!suspects.is_empty()).then(|| "more".to_owned()))
    }

    async fn look(
        &self,
        stripe: &Calls<'_>,
        held: &HeldRun,
        suspect: &Suspect,
    ) -> Result<Look, Error> {
        let answer = match stripe.listed(suspect.listing, &suspect.object).await {
            Ok(answer) => answer,
            Err(error) if error.kind == StripeErrorKind::NotFound => {
                let claims = self.store.record_of(suspect).await?.claims();
                let customer = suspect.customer.as_ref().and_then(|id| id.parse().ok());
                return Ok(differs(suspect, customer, claims, Cause::NotAtStripe));
            }
            Err(error) => return Err(error.into()),
        };
        let now = self.clock.now();
        let at = answer.at.unwrap_or(now);
        let (body, event) = self.told(suspect.listing, &answer.value, at, &held.day)?;
        let record = self.store.records_about([&event.subject]).await?;
        let fields = record.differences(&event.subject, &self.catalogue);
        if fields.is_empty() {
            return Ok(Look::Agrees);
        }
        let cause = self.cause(stripe, suspect.listing, &record, &event.subject, &fields);
        let Some(cause) = cause.await? else {
            return Ok(Look::Agrees);
        };
        if cause.policy() == Policy::Repair {
            self.repair(&event, &body).await?;
        }
        let customer = event.subject.customer().cloned();
        Ok(differs(suspect, customer, fields, cause))
    }

    async fn repair(&self, event: &Event, body: &[u8]) -> Result<(), Error> {
        let now = self.clock.now();
        let delivery = self.delivery(&event.id, &event.kind, event.created, now);
        self.keep(event, body, &delivery, now).await
    }
}

fn differs(
    suspect: &Suspect,
    customer: Option<CustomerId>,
    fields: Vec<FieldDifference>,
    cause: Cause,
) -> Look {
    let fields = fields.into_iter().map(FieldDifference::without_names);
    Look::Differs(Difference {
        object: suspect.object.clone(),
        customer,
        fields: fields.collect(),
        cause,
        policy: cause.policy(),
    })
}
