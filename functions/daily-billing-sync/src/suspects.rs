//! The second look: what still differs is a difference, and Stripe's word is applied to it like an event.

use shared::account::Account;
use shared::drift::{Cause, Difference, Policy};
use shared::error::Error;
use shared::event::{Event, Subject};
use shared::store::events::EventOutcome;
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
        held: &mut HeldRun,
    ) -> Result<Option<String>, Error> {
        let suspects = self.store.suspects_of(&held.day).await?;
        for suspect in &suspects {
            let look = self.look(stripe, held, suspect).await?;
            let now = self.clock.now();
            match look {
                Look::Agrees => self.store.clear_suspect(held, suspect, None, now).await?,
                Look::Differs(difference) => {
                    let counts = &mut held.run.progress.counts;
                    *counts.differences.entry(difference.cause).or_default() += 1;
                    counts.repairs += u64::from(difference.policy == Policy::Repair);
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
                return Ok(Look::Differs(Difference {
                    object: suspect.object.clone(),
                    fields: Vec::new(),
                    cause: Cause::NotAtStripe,
                    policy: Cause::NotAtStripe.policy(),
                }));
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
        let Some(cause) = self.cause(&record, &event.subject).await? else {
            return Ok(Look::Agrees);
        };
        if cause.policy() == Policy::Repair {
            self.repair(&event, &body).await?;
        }
        Ok(Look::Differs(Difference {
            object: suspect.object.clone(),
            fields,
            cause,
            policy: cause.policy(),
        }))
    }

    /// Why a record differs; none where an event of the customer is about to be applied.
    async fn cause(&self, record: &Account, subject: &Subject) -> Result<Option<Cause>, Error> {
        let Some(customer) = subject.customer() else {
            return Ok(Some(Cause::MissedEvent));
        };
        let events = self.store.latest_events_of(customer).await?;
        let of_object = events
            .iter()
            .filter(|row| row.object_id.as_deref() == subject.id());
        let written_at = record.version_of(subject).map(|version| version.at);
        let mut told = false;
        for row in of_object {
            if row.outcome == EventOutcome::Pending {
                return Ok(None);
            }
            told |= row.outcome == EventOutcome::Applied && Some(row.created) > written_at;
        }
        Ok(Some(if told {
            Cause::OurDefect
        } else {
            Cause::MissedEvent
        }))
    }

    async fn repair(&self, event: &Event, body: &[u8]) -> Result<(), Error> {
        let now = self.clock.now();
        let delivery = self.delivery(&event.id, &event.kind, event.created, now);
        self.keep(event, body, &delivery, now).await
    }
}
