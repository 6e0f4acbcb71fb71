//! Fact: where the record of an object and what Stripe says of it differ.

use super::place::Facts;
use super::{Account, Kept, Version};
use crate::drift::{self, FieldDifference};
use crate::event::Subject;
use crate::plan::Catalogue;

impl Account {
    /// Whether the record of an object says what Stripe says of it. An object of which no record is kept agrees.
    pub fn agrees_with(&self, subject: &Subject, catalogue: &Catalogue) -> bool {
        self.differences(subject, catalogue).is_empty()
    }

    /// The fields in which the record of an object differs from what Stripe says of it. Where there is no record, that is
    /// all of them.
    pub fn differences(&self, subject: &Subject, catalogue: &Catalogue) -> Vec<FieldDifference> {
        fn of<T: Facts>(
            stored: Option<&Kept<T>>,
            subject: &Subject,
            catalogue: &Catalogue,
        ) -> Vec<FieldDifference> {
            let ours = stored.map(|kept| kept.facts.at_stripe());
            drift::between(ours.as_ref(), T::of(subject, catalogue).as_ref())
        }
        match subject {
            Subject::Customer(_) => of(self.customer.as_ref(), subject, catalogue),
            Subject::Subscription(seen) => of(self.subscriptions.get(&seen.id), subject, catalogue),
            Subject::Schedule(seen) => of(self.schedules.get(&seen.id), subject, catalogue),
            Subject::Invoice(seen) => {
                let stored = seen.id.as_ref().and_then(|id| self.invoices.get(id));
                of(stored, subject, catalogue)
            }
            Subject::Charge(seen) => of(self.charges.get(&seen.id), subject, catalogue),
            Subject::Refund(seen) => of(self.refunds.get(&seen.id), subject, catalogue),
            Subject::Dispute(seen) => of(self.disputes.get(&seen.id), subject, catalogue),
            Subject::PaymentMethod(seen) => of(self.cards.get(&seen.id), subject, catalogue),
            Subject::CheckoutSession(_) | Subject::Other => Vec::new(),
        }
    }

    /// The version of the record of an object, where there is one.
    pub fn version_of(&self, subject: &Subject) -> Option<&Version> {
        match subject {
            Subject::Subscription(seen) => self.subscriptions.get(&seen.id).map(|it| &it.version),
            Subject::Invoice(seen) => {
                let id = seen.id.as_ref()?;
                self.invoices.get(id).map(|it| &it.version)
            }
            Subject::Refund(seen) => self.refunds.get(&seen.id).map(|it| &it.version),
            Subject::Dispute(seen) => self.disputes.get(&seen.id).map(|it| &it.version),
            Subject::Customer(_) => self.customer.as_ref().map(|it| &it.version),
            Subject::Schedule(seen) => self.schedules.get(&seen.id).map(|it| &it.version),
            Subject::Charge(seen) => self.charges.get(&seen.id).map(|it| &it.version),
            Subject::PaymentMethod(seen) => self.cards.get(&seen.id).map(|it| &it.version),
            Subject::CheckoutSession(_) | Subject::Other => None,
        }
    }

    /// Everything on record here that Stripe tells of, where Stripe has no such object.
    pub fn claims(&self) -> Vec<FieldDifference> {
        fn of<'a, T: Facts + 'a>(
            kept: impl IntoIterator<Item = &'a Kept<T>>,
        ) -> Vec<FieldDifference> {
            let facts = kept.into_iter().map(|kept| kept.facts.at_stripe());
            facts
                .flat_map(|facts| drift::between(Some(&facts), None))
                .collect()
        }
        let mut claims = of(&self.customer);
        claims.extend(of(self.subscriptions.values()));
        claims.extend(of(self.invoices.values()));
        claims.extend(of(self.refunds.values()));
        claims.extend(of(self.disputes.values()));
        claims
    }
}
