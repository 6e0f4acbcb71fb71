//! Fact: the plans Linky sells. The catalogue is data in this one place; everything else asks it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::money::{Currency, Money};
use crate::stripe_objects::{Interval, Price};

/// Where on a checkout its plan is written, so that its completion tells what was bought.
pub const PLAN_KEY: &str = "plan";

/// What a customer is on.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Plan {
    /// One payment for three months, then [`Plan::Prospector`] by itself.
    FoundingMember,
    /// The entry plan.
    Prospector,
    /// The middle plan.
    Networker,
    /// The largest plan.
    Rainmaker,
    /// A price that is not in the catalogue. Never sold, never guessed into a plan: it raises an alert.
    Unmapped,
}

/// What is sold under a plan's name. In US dollars, all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The plan.
    pub plan: Plan,
    /// What one payment takes.
    pub price: Money,
    /// How many months one payment covers.
    pub billed_every_months: u32,
    /// What it turns into by itself.
    pub then: Option<Succession>,
}

/// The plan that follows by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Succession {
    /// Months after the start. A multiple of [`Offer::billed_every_months`], so that nothing is prorated.
    pub after_months: u32,
    /// The plan that follows.
    pub plan: Plan,
}

/// All that is for sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue(Vec<Offer>);

impl Catalogue {
    /// Linky's plans.
    pub fn linky() -> Self {
        Self(vec![
            Offer {
                plan: Plan::FoundingMember,
                price: Money::new(2_500, Currency::USD),
                // One payment of $25 covers the three months. With 1 here it is $25 every month for three months.
                billed_every_months: 3,
                then: Some(Succession {
                    after_months: 3,
                    plan: Plan::Prospector,
                }),
            },
            Offer {
                plan: Plan::Prospector,
                price: Money::new(7_500, Currency::USD),
                billed_every_months: 1,
                then: None,
            },
            Offer {
                plan: Plan::Networker,
                price: Money::new(14_500, Currency::USD),
                billed_every_months: 1,
                then: None,
            },
            Offer {
                plan: Plan::Rainmaker,
                price: Money::new(19_900, Currency::USD),
                billed_every_months: 1,
                then: None,
            },
        ])
    }

    /// The offers, in the order they are shown.
    pub fn offers(&self) -> &[Offer] {
        &self.0
    }

    /// The offer of that name in the API.
    pub fn offer(&self, key: &str) -> Option<&Offer> {
        self.0.iter().find(|offer| offer.plan.key() == key)
    }

    /// The offer of a plan; none for [`Plan::Unmapped`].
    pub fn offer_of(&self, plan: Plan) -> Option<&Offer> {
        self.0.iter().find(|offer| offer.plan == plan)
    }

    /// What a customer should read before paying for an offer that turns into another by itself.
    pub fn terms(&self, offer: &Offer) -> Option<String> {
        let next = self.offer_of(offer.then?.plan)?;
        Some(format!(
            "{}. After that the plan is {} at {}, until you cancel.",
            offer.price_in_words(),
            next.plan.name(),
            next.price_in_words()
        ))
    }

    /// The plan a Stripe price stands for. Lookup key, amount, currency and interval must all be the catalogue's: a
    /// lookup key can be moved to another price by a click, and a wrong plan is worse than an alert.
    pub fn plan_of(&self, price: &Price) -> Plan {
        self.0
            .iter()
            .find(|offer| offer.is_sold_as(price))
            .map_or(Plan::Unmapped, |offer| offer.plan)
    }
}

impl Offer {
    /// What is paid, how often, and for how long, in words: `$25.00 for 3 months`.
    pub fn price_in_words(&self) -> String {
        let (price, period) = (self.price, self.billed_every_months);
        match (period, self.then) {
            (_, Some(then)) if then.after_months == period => {
                format!("{price} for {}", months(period))
            }
            (1, Some(then)) => format!("{price} a month for {}", months(then.after_months)),
            (1, None) => format!("{price} a month"),
            _ => format!("{price} every {}", months(period)),
        }
    }

    fn is_sold_as(&self, price: &Price) -> bool {
        price.lookup_key.as_deref() == Some(self.plan.key())
            && price.unit_amount == Some(self.price.amount)
            && price.currency == self.price.currency
            && price.recurring.as_ref().is_some_and(|recurring| {
                recurring.interval == Interval::Month
                    && recurring.interval_count == self.billed_every_months
            })
    }
}

impl Plan {
    /// Every plan.
    pub const ALL: [Self; 5] = [
        Self::FoundingMember,
        Self::Prospector,
        Self::Networker,
        Self::Rainmaker,
        Self::Unmapped,
    ];

    /// The plan of that name in the API.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|plan| plan.key() == key)
    }

    /// The name on screen and in mails.
    pub fn name(self) -> &'static str {
        match self {
            Self::FoundingMember => "Founding Member",
            Self::Prospector => "Prospector",
            Self::Networker => "Networker",
            Self::Rainmaker => "Rainmaker",
            Self::Unmapped => "Unmapped price",
        }
    }

    /// The name in the API and in records, and the lookup key of its price at Stripe.
    pub fn key(self) -> &'static str {
        match self {
            Self::FoundingMember => "founding_member",
            Self::Prospector => "prospector",
            Self::Networker => "networker",
            Self::Rainmaker => "rainmaker",
            Self::Unmapped => "unmapped",
        }
    }
}

/// A number of months, in words.
pub(crate) fn months(count: u32) -> String {
    match count {
        1 => "1 month".to_owned(),
        count => format!("{count} months"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(lookup_key: &str, cents: i64, months: u64) -> Price {
        serde_json::from_value(serde_json::json!({
            "id": "price_1", "lookup_key": lookup_key, "unit_amount": cents, "currency": "usd",
            "recurring": {"interval": "month", "interval_count": months}
        }))
        .unwrap()
    }

    #[test]
    fn every_price_of_the_catalogue_maps_to_its_plan_and_to_no_other() {
        let catalogue = Catalogue::linky();
        for (key, cents, months, plan) in [
            ("founding_member", 2_500, 3, Plan::FoundingMember),
            ("prospector", 7_500, 1, Plan::Prospector),
            ("networker", 14_500, 1, Plan::Networker),
            ("rainmaker", 19_900, 1, Plan::Rainmaker),
        ] {
            assert_eq!(catalogue.plan_of(&price(key, cents, months)), plan);
            assert_eq!(
                catalogue.plan_of(&price(key, cents + 1, months)),
                Plan::Unmapped
            );
            assert_eq!(
                catalogue.plan_of(&price(key, cents, months + 1)),
                Plan::Unmapped
            );
        }
        assert_eq!(
            catalogue.plan_of(&price("pro_monthly", 7_500, 1)),
            Plan::Unmapped
        );
    }

    #[test]
    fn the_unmapped_plan_is_not_for_sale() {
        assert_eq!(Catalogue::linky().offer("unmapped"), None);
        assert_eq!(Catalogue::linky().offer_of(Plan::Unmapped), None);
    }

    #[test]
    fn the_founding_plan_may_as_well_be_billed_every_month() {
        let mut catalogue = Catalogue::linky();
        catalogue.0[0].billed_every_months = 1;
        assert_eq!(
            catalogue.plan_of(&price("founding_member", 2_500, 1)),
            Plan::FoundingMember
        );
        assert_eq!(
            catalogue.plan_of(&price("founding_member", 2_500, 3)),
            Plan::Unmapped
        );
    }

    #[test]
    fn the_terms_of_the_founding_plan_name_both_prices() {
        let mut catalogue = Catalogue::linky();
        let terms = |catalogue: &Catalogue| catalogue.terms(&catalogue.0[0]);
        assert_eq!(
            terms(&catalogue).as_deref(),
            Some(
                "$25.00 for 3 months. After that the plan is Prospector at $75.00 a month, until you cancel."
            )
        );
        catalogue.0[0].billed_every_months = 1;
        assert_eq!(
            terms(&catalogue).as_deref(),
            Some(
                "$25.00 a month for 3 months. After that the plan is Prospector at $75.00 a month, until you cancel."
            )
        );
        assert_eq!(catalogue.terms(&catalogue.0[1]), None);
    }

    #[test]
    fn a_succession_never_falls_within_a_paid_period() {
        for offer in Catalogue::linky().offers() {
            if let Some(then) = offer.then {
                assert_eq!(then.after_months % offer.billed_every_months, 0);
            }
        }
    }
}
