//! The test cards, and how each behaves.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::StripeError;

mod table;

use table::{CARDS, Facts};

/// A test card. Its number and token are Stripe's own (docs.stripe.com/testing).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TestCard {
    /// 4242 4242 4242 4242: every payment succeeds.
    Good,
    /// 5555 5555 5555 4444: a Mastercard of which every payment succeeds.
    GoodMastercard,
    /// 4000 0000 0000 0002: declined without a reason.
    Declined,
    /// 4000 0000 0000 9995: declined for want of money.
    InsufficientFunds,
    /// 4000 0000 0000 9987: declined as lost, a hard decline.
    Lost,
    /// 4000 0000 0000 9979: declined as stolen, a hard decline.
    Stolen,
    /// 4000 0000 0000 0069: declined as expired.
    Expired,
    /// 4000 0000 0000 0127: declined for its security code.
    IncorrectCvc,
    /// 4000 0000 0000 0119: declined by an error in processing.
    ProcessingError,
    /// 4100 0000 0000 0019: blocked as fraudulent, a hard decline.
    Fraudulent,
    /// 4000 0000 0000 6975: declined for too many payments in a short time.
    VelocityExceeded,
    /// 4000 0000 0000 0341: can be kept on file, and is declined whenever it is charged.
    DeclinedAfterAttach,
    /// 4000 0027 6000 3184: each payment needs the customer to authenticate.
    AuthenticationRequired,
    /// 4000 0000 0000 3220: the bank asks for 3D Secure at each payment.
    ThreeDSecureRequired,
    /// 4000 0000 0000 0259: the payment succeeds and is disputed as fraudulent.
    Disputed,
    /// 4000 0000 0000 2685: the payment succeeds and is disputed as not received.
    DisputedAsNotReceived,
    /// 4000 0000 0000 1976: the payment succeeds and the bank inquires after it.
    Inquired,
    /// 4000 0000 0000 5423: the payment succeeds and the issuer warns of fraud.
    WarnedOf,
    /// 4000 0000 0000 7726: a refund is pending at first, and succeeds some time later.
    RefundPending,
    /// 4000 0000 0000 5126: a refund succeeds at first, and fails some time later.
    RefundFails,
}

/// Why a payment did not go through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decline {
    pub(crate) code: &'static str,
    pub(crate) decline_code: Option<&'static str>,
    pub(crate) message: &'static str,
    /// Whether the issuer said never to ask again for this card.
    pub(crate) hard: bool,
}

impl Decline {
    pub(crate) fn error(&self) -> StripeError {
        let mut error = StripeError::invalid(self.message)
            .status(402)
            .kind("card_error")
            .code(self.code);
        error.decline_code = self.decline_code;
        if self.code == "incorrect_cvc" {
            error = error.param("cvc");
        }
        error.with("advice_code", self.advice_code())
    }

    pub(crate) fn advice_code(&self) -> &'static str {
        if self.hard {
            "do_not_try_again"
        } else {
            "try_again_later"
        }
    }
}

impl TestCard {
    /// Every card there is.
    pub fn all() -> impl Iterator<Item = Self> {
        CARDS.iter().map(|facts| facts.card)
    }

    /// The card with this number; spaces do not count.
    pub fn from_number(number: &str) -> Option<Self> {
        let digits: String = number.chars().filter(|char| *char != ' ').collect();
        CARDS
            .iter()
            .find(|facts| facts.number == digits)
            .map(|facts| facts.card)
    }

    /// The card behind one of Stripe's tokens, such as `pm_card_visa` or `tok_visa`.
    pub fn from_token(token: &str) -> Option<Self> {
        let name = token
            .strip_prefix("pm_card_")
            .or_else(|| token.strip_prefix("tok_"))?;
        // Stripe spells some tokens with and without the brand.
        let bare = name.strip_prefix("visa_").unwrap_or(name);
        CARDS
            .iter()
            .find(|facts| {
                let known = facts.token.strip_prefix("pm_card_").unwrap_or_default();
                known == name || known.strip_prefix("visa_").unwrap_or(known) == bare
            })
            .map(|facts| facts.card)
    }

    /// The number, without spaces.
    pub fn number(self) -> &'static str {
        self.facts().number
    }

    /// The token, such as `pm_card_visa`.
    pub fn token(self) -> &'static str {
        self.facts().token
    }

    pub(crate) fn decline(self) -> Option<Decline> {
        self.facts().decline
    }

    /// The decline already when the card is put on file.
    pub(crate) fn decline_at_attach(self) -> Option<Decline> {
        let facts = self.facts();
        facts.decline.filter(|_| facts.declined_at_attach)
    }

    /// Whether the bank asks who pays while the customer is there. Without the customer it declines.
    pub(crate) fn asks_who_pays(self) -> bool {
        matches!(
            self,
            Self::AuthenticationRequired | Self::ThreeDSecureRequired
        )
    }

    pub(crate) fn brand(self) -> &'static str {
        self.facts().brand
    }

    pub(crate) fn last4(self) -> &'static str {
        let number = self.facts().number;
        &number[number.len() - 4..]
    }

    fn facts(self) -> &'static Facts {
        // The table names every card, so the first is never taken for another.
        CARDS
            .iter()
            .find(|facts| facts.card == self)
            .unwrap_or(&CARDS[0])
    }

    /// The field `card` of a payment method.
    pub(crate) fn payment_method_card(self, expires: (i64, i64)) -> Value {
        json!({
            "brand": self.brand(),
            "checks": {
                "address_line1_check": null, "address_postal_code_check": null, "cvc_check": "pass",
            },
            "country": "US",
            "display_brand": self.brand(),
            "exp_month": expires.1,
            "exp_year": expires.0,
            "fingerprint": self.fingerprint(),
            "funding": "credit",
            "generated_from": null,
            "last4": self.last4(),
            "networks": {"available": [self.brand()], "preferred": null},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": true},
            "wallet": null,
        })
    }

    /// One number, one fingerprint, as on Stripe.
    pub(crate) fn fingerprint(self) -> String {
        let seed = self.number().parse().unwrap_or_default();
        crate::ids::Ids::new(seed).letters(16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_card_is_found_by_its_number_and_its_token() {
        for card in TestCard::all() {
            assert_eq!(TestCard::from_number(card.number()), Some(card));
            assert_eq!(TestCard::from_token(card.token()), Some(card));
        }
        assert_eq!(
            TestCard::from_number("4242 4242 4242 4242"),
            Some(TestCard::Good)
        );
        assert_eq!(
            TestCard::from_token("pm_card_chargeDeclined"),
            Some(TestCard::Declined)
        );
        assert_eq!(TestCard::from_token("tok_visa"), Some(TestCard::Good));
        assert_eq!(TestCard::from_token("pm_card_unheard_of"), None);
    }

    #[test]
    fn a_card_that_fails_later_can_still_be_put_on_file() {
        assert_eq!(TestCard::DeclinedAfterAttach.decline_at_attach(), None);
        assert!(TestCard::DeclinedAfterAttach.decline().is_some());
        assert!(TestCard::InsufficientFunds.decline_at_attach().is_some());
    }
}
