//! Fact: the identifiers of Stripe's objects and of our own. Parsed once, at the door: what has one of these types
//! cannot be of another kind, cannot be long, and holds nothing that means something in an address, a key or a log.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Longest identifier, in characters: Stripe's own limit (<https://docs.stripe.com/upgrades>, read in November 2026).
pub const ID_CHARS_MAX: usize = 255;

/// Why a text is not the identifier asked for. The text itself is not repeated: it came from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// It does not begin as the kind named does.
    #[error("{kind} begins with {begins}")]
    WrongPrefix {
        /// The kind asked for, such as `a customer id`.
        kind: &'static str,
        /// How that kind begins, such as `cus_`.
        begins: &'static str,
    },
    /// It has nothing after its prefix, a character other than letters, digits, `_` and `-`, or more than [`ID_CHARS_MAX`] of them.
    #[error(
        "this is not {kind}: letters, digits, _ and - after the prefix, at most {ID_CHARS_MAX} characters"
    )]
    Malformed {
        /// The kind asked for.
        kind: &'static str,
    },
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $kind:literal begins $begins:literal, $accepts:expr;)+) => {$(
        $(#[$doc])*
        #[derive(
            Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
        )]
        #[serde(into = "String", try_from = "String")]
        #[schema(value_type = String)]
        pub struct $name(String);

        impl $name {
            /// Takes the text if it is such an identifier.
            pub fn parse(text: impl Into<String>) -> Result<Self, IdError> {
                let text = text.into();
                let accepts: fn(&str) -> Option<&str> = $accepts;
                let rest = accepts(&text).ok_or(IdError::WrongPrefix { kind: $kind, begins: $begins })?;
                if rest.is_empty() || text.len() > ID_CHARS_MAX || !rest.bytes().all(is_plain) {
                    return Err(IdError::Malformed { kind: $kind });
                }
                Ok(Self(text))
            }

            /// The identifier as Stripe and our records write it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                Self::parse(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, "{}({})", stringify!($name), self.0)
            }
        }
    )+};
}

ids! {
    /// A Stripe customer.
    CustomerId = "a customer id" begins "cus_", |text| text.strip_prefix("cus_");
    /// A Stripe subscription. A schedule's identifier begins with `sub_` too and is refused.
    SubscriptionId = "a subscription id" begins "sub_", |text| {
        text.strip_prefix("sub_").filter(|_| !text.starts_with("sub_sched_"))
    };
    /// A Stripe subscription schedule.
    ScheduleId = "a schedule id" begins "sub_sched_", |text| text.strip_prefix("sub_sched_");
    /// A Stripe invoice.
    InvoiceId = "an invoice id" begins "in_", |text| text.strip_prefix("in_");
    /// A Stripe charge, by card or by another method.
    ChargeId = "a charge id" begins "ch_ or py_", |text| one_of(text, &["ch_", "py_"]);
    /// A Stripe refund of either kind of charge.
    RefundId = "a refund id" begins "re_ or pyr_", |text| one_of(text, &["re_", "pyr_"]);
    /// A Stripe dispute.
    DisputeId = "a dispute id" begins "dp_ or du_", |text| one_of(text, &["dp_", "du_"]);
    /// A Stripe event.
    EventId = "an event id" begins "evt_", |text| text.strip_prefix("evt_");
    /// A Stripe payment method, or one of its forerunners that customers may still pay with.
    PaymentMethodId = "a payment method id" begins "pm_, card_ or src_", |text| {
        one_of(text, &["pm_", "card_", "src_"])
    };
    /// A Stripe payment intent.
    PaymentIntentId = "a payment intent id" begins "pi_", |text| text.strip_prefix("pi_");
    /// A Stripe price. Plans made before 2019 are prices too, under names that somebody chose, hyphens included.
    PriceId = "a price id" begins "price_", |text| (!text.is_empty()).then_some(text);
    /// A Stripe Checkout session.
    CheckoutSessionId = "a checkout session id" begins "cs_", |text| text.strip_prefix("cs_");
    /// One of our users: `user_` and 32 hexadecimal digits.
    UserId = "a user id" begins "user_ and 32 hexadecimal digits", |text| ours(text, &["user_"]);
    /// An administrator of ours: `admin_` and 32 hexadecimal digits.
    AdminId = "an administrator id" begins "admin_ and 32 hexadecimal digits", |text| ours(text, &["admin_"]);
    /// Whoever can sign in: an administrator or a user, by their own id.
    PersonId = "a person's id" begins "admin_ or user_ and 32 hexadecimal digits", |text| ours(text, &["admin_", "user_"]);
    /// Something an administrator does: `act_` and 32 hexadecimal digits, which the form draws when it opens.
    ActionId = "an action id" begins "act_ and 32 hexadecimal digits", |text| ours(text, &["act_"]);
    /// A note on a customer: `note_` and 32 hexadecimal digits.
    NoteId = "a note id" begins "note_ and 32 hexadecimal digits", |text| ours(text, &["note_"]);
    /// One of a person's sessions, as lists name it. It opens nothing.
    SessionId = "a session id" begins "session_ and 32 hexadecimal digits", |text| ours(text, &["session_"]);
}

impl PersonId {
    /// The administrator this is; none where it is a user.
    pub fn admin(&self) -> Option<AdminId> {
        AdminId::parse(self.as_str()).ok()
    }

    /// The user this is; none where it is an administrator.
    pub fn user(&self) -> Option<UserId> {
        UserId::parse(self.as_str()).ok()
    }
}

impl From<AdminId> for PersonId {
    fn from(AdminId(id): AdminId) -> Self {
        Self(id)
    }
}

impl From<UserId> for PersonId {
    fn from(UserId(id): UserId) -> Self {
        Self(id)
    }
}

/// What stands behind one of the prefixes, where it is 32 hexadecimal digits.
fn ours<'a>(text: &'a str, prefixes: &[&str]) -> Option<&'a str> {
    one_of(text, prefixes).filter(|rest| rest.len() == 32 && rest.bytes().all(is_lower_hex))
}

fn one_of<'a>(text: &'a str, prefixes: &[&str]) -> Option<&'a str> {
    prefixes.iter().find_map(|prefix| text.strip_prefix(prefix))
}

const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

const fn is_lower_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_identifier_is_of_one_kind_only() {
        assert!(SubscriptionId::parse("sub_1A2b").is_ok());
        assert!(ScheduleId::parse("sub_sched_1A2b").is_ok());
        let error = SubscriptionId::parse("sub_sched_1A2b").unwrap_err();
        assert_eq!(error.to_string(), "a subscription id begins with sub_");
        let error = RefundId::parse("ch_1A2b").unwrap_err();
        assert_eq!(error.to_string(), "a refund id begins with re_ or pyr_");
        assert!(RefundId::parse("pyr_1A2b").is_ok());
        assert!(PriceId::parse("gold-monthly").is_ok());
    }

    #[test]
    fn what_could_mean_something_elsewhere_is_refused() {
        for rest in ["", "a/b", "a b", "a#b", "a?b", "..", "a\n", "é", "a\0"] {
            let error = CustomerId::parse(format!("cus_{rest}")).unwrap_err();
            assert_eq!(
                error,
                IdError::Malformed {
                    kind: "a customer id"
                },
                "{rest}"
            );
        }
        assert!(CustomerId::parse(format!("cus_{}", "a".repeat(251))).is_ok());
        assert!(CustomerId::parse(format!("cus_{}", "a".repeat(252))).is_err());
        assert!(CustomerId::parse(" cus_1").is_err());
        assert!(PriceId::parse("").is_err());
    }

    #[test]
    fn our_own_users_have_exactly_thirty_two_digits() {
        let digits = "0123456789abcdef0123456789abcdef";
        let id = UserId::parse(format!("user_{digits}")).unwrap();
        assert_eq!(id.as_str(), format!("user_{digits}"));
        for other in [&digits[1..], &digits.to_uppercase(), &format!("{digits}0")] {
            assert!(UserId::parse(format!("user_{other}")).is_err(), "{other}");
        }
    }

    #[test]
    fn json_is_checked_like_any_other_text() {
        let id: EventId = serde_json::from_str(r#""evt_1""#).unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), r#""evt_1""#);
        assert_eq!(format!("{id} {id:?}"), "evt_1 EventId(evt_1)");
        assert!(serde_json::from_str::<EventId>(r#""cus_1""#).is_err());
    }

    proptest! {
        #[test]
        fn whatever_parses_is_plain_and_short(text in "(cus_)?.{0,300}") {
            if let Ok(id) = CustomerId::parse(text.clone()) {
                prop_assert_eq!(id.as_str(), &text);
                prop_assert!(text.len() <= ID_CHARS_MAX && text.bytes().all(is_plain));
            }
        }
    }
}
