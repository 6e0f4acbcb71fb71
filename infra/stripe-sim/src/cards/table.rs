//! The table of test cards.

use super::{Decline, TestCard};

/// What is known of a card.
pub(super) struct Facts {
    pub(super) card: TestCard,
    pub(super) number: &'static str,
    pub(super) token: &'static str,
    pub(super) brand: &'static str,
    pub(super) decline: Option<Decline>,
    pub(super) declined_at_attach: bool,
}

const fn decline(
    code: &'static str,
    decline_code: Option<&'static str>,
    message: &'static str,
) -> Option<Decline> {
    Some(Decline {
        code,
        decline_code,
        message,
        hard: false,
    })
}

const fn hard(decline_code: &'static str) -> Option<Decline> {
    Some(Decline {
        code: "card_declined",
        decline_code: Some(decline_code),
        message: "Your card was declined.",
        hard: true,
    })
}

/// What the bank says where nobody is there to be asked.
const UNAUTHENTICATED: Option<Decline> = Some(Decline {
    code: "authentication_required",
    decline_code: Some("authentication_required"),
    message: "Your card was declined. This transaction requires authentication.",
    hard: true,
});

const fn facts(
    card: TestCard,
    number: &'static str,
    token: &'static str,
    decline: Option<Decline>,
) -> Facts {
    Facts {
        card,
        number,
        token,
        brand: "visa",
        declined_at_attach: decline.is_some(),
        decline,
    }
}

/// Every card.
pub(super) static CARDS: [Facts; 20] = [
    facts(TestCard::Good, "4242424242424242", "pm_card_visa", None),
    Facts {
        brand: "mastercard",
        ..facts(
            TestCard::GoodMastercard,
            "5555555555554444",
            "pm_card_mastercard",
            None,
        )
    },
    facts(
        TestCard::Declined,
        "4000000000000002",
        "pm_card_visa_chargeDeclined",
        decline(
            "card_declined",
            Some("generic_decline"),
            "Your card was declined.",
        ),
    ),
    facts(
        TestCard::InsufficientFunds,
        "4000000000009995",
        "pm_card_visa_chargeDeclinedInsufficientFunds",
        decline(
            "card_declined",
            Some("insufficient_funds"),
            "Your card has insufficient funds.",
        ),
    ),
    facts(
        TestCard::Lost,
        "4000000000009987",
        "pm_card_visa_chargeDeclinedLostCard",
        hard("lost_card"),
    ),
    facts(
        TestCard::Stolen,
        "4000000000009979",
        "pm_card_visa_chargeDeclinedStolenCard",
        hard("stolen_card"),
    ),
    facts(
        TestCard::Expired,
        "4000000000000069",
        "pm_card_chargeDeclinedExpiredCard",
        decline("expired_card", None, "Your card has expired."),
    ),
    facts(
        TestCard::IncorrectCvc,
        "4000000000000127",
        "pm_card_chargeDeclinedIncorrectCvc",
        decline(
            "incorrect_cvc",
            None,
            "Your card's security code is incorrect.",
        ),
    ),
    facts(
        TestCard::ProcessingError,
        "4000000000000119",
        "pm_card_chargeDeclinedProcessingError",
        decline(
            "processing_error",
            None,
            "An error occurred while processing your card. Try again in a little bit.",
        ),
    ),
    facts(
        TestCard::Fraudulent,
        "4100000000000019",
        "pm_card_radarBlock",
        hard("fraudulent"),
    ),
    facts(
        TestCard::VelocityExceeded,
        "4000000000006975",
        "pm_card_visa_chargeDeclinedVelocityLimitExceeded",
        decline(
            "card_declined",
            Some("card_velocity_exceeded"),
            "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.",
        ),
    ),
    Facts {
        declined_at_attach: false,
        ..facts(
            TestCard::DeclinedAfterAttach,
            "4000000000000341",
            "pm_card_chargeCustomerFail",
            decline(
                "card_declined",
                Some("generic_decline"),
                "Your card was declined.",
            ),
        )
    },
    Facts {
        declined_at_attach: false,
        ..facts(
            TestCard::AuthenticationRequired,
            "4000002760003184",
            "pm_card_authenticationRequired",
            UNAUTHENTICATED,
        )
    },
    Facts {
        declined_at_attach: false,
        ..facts(
            TestCard::ThreeDSecureRequired,
            "4000000000003220",
            "pm_card_threeDSecure2Required",
            UNAUTHENTICATED,
        )
    },
    facts(
        TestCard::Disputed,
        "4000000000000259",
        "pm_card_createDispute",
        None,
    ),
    facts(
        TestCard::DisputedAsNotReceived,
        "4000000000002685",
        "pm_card_createDisputeProductNotReceived",
        None,
    ),
    facts(
        TestCard::Inquired,
        "4000000000001976",
        "pm_card_createDisputeInquiry",
        None,
    ),
    facts(
        TestCard::WarnedOf,
        "4000000000005423",
        "pm_card_createIssuerFraudRecord",
        None,
    ),
    facts(
        TestCard::RefundPending,
        "4000000000007726",
        "pm_card_pendingRefund",
        None,
    ),
    facts(
        TestCard::RefundFails,
        "4000000000005126",
        "pm_card_refundFail",
        None,
    ),
];
