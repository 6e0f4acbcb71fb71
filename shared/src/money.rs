//! Fact: an amount of money in one currency, in whole minor units. Never a float, never a bare number.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Minor units of a currency: cents for the dollar, whole yen for the yen, thousandths for the Kuwaiti dinar.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[serde(transparent)]
pub struct Cents(pub i64);

impl Cents {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The sum, or `None` where it does not fit.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, or `None` where it does not fit. It may be negative.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }
}

/// An ISO 4217 code as Stripe writes it: three lower-case letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[schema(value_type = String, min_length = 3, max_length = 3)]
#[serde(into = "String", try_from = "String")]
pub struct Currency([u8; 3]);

/// The text is not three ASCII letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a currency is three letters, such as usd")]
pub struct NoCurrency;

impl Currency {
    /// The currency of Linky's prices.
    pub const USD: Self = Self(*b"usd");

    /// Three lower-case letters.
    pub fn as_str(&self) -> &str {
        // Three ASCII letters, as every constructor makes sure.
        std::str::from_utf8(&self.0).unwrap_or("???")
    }

    /// How many digits of an amount stand after the decimal point in Stripe's API. The króna and the Ugandan shilling
    /// have no minor unit any more, but the API still counts them in hundredths
    /// (<https://docs.stripe.com/currencies>, read in November 2026).
    pub fn decimals(self) -> u32 {
        match &self.0 {
            b"bif" | b"clp" | b"djf" | b"gnf" | b"jpy" | b"kmf" | b"krw" | b"mga" | b"pyg"
            | b"rwf" | b"vnd" | b"vuv" | b"xaf" | b"xof" | b"xpf" => 0,
            b"bhd" | b"jod" | b"kwd" | b"omr" | b"tnd" => 3,
            _ => 2,
        }
    }

    /// The sign people write before an amount, where one sign means one currency to Linky's customers.
    fn sign(self) -> Option<&'static str> {
        match &self.0 {
            b"usd" => Some("$"),
            b"eur" => Some("€"),
            b"gbp" => Some("£"),
            b"jpy" => Some("¥"),
            _ => None,
        }
    }
}

impl FromStr for Currency {
    type Err = NoCurrency;

    fn from_str(text: &str) -> Result<Self, NoCurrency> {
        let letters: [u8; 3] = text.as_bytes().try_into().map_err(|_| NoCurrency)?;
        if !letters.iter().all(u8::is_ascii_alphabetic) {
            return Err(NoCurrency);
        }
        Ok(Self(letters.map(|letter| letter.to_ascii_lowercase())))
    }
}

impl TryFrom<String> for Currency {
    type Error = NoCurrency;

    fn try_from(text: String) -> Result<Self, NoCurrency> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.as_str().to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Currency({self})")
    }
}

/// An amount in a currency. Negative where money goes the other way. On the wire `{"amount_cents":2500,"currency":"usd"}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct Money {
    /// In minor units of the currency.
    #[serde(rename = "amount_cents")]
    pub amount: Cents,
    /// What the minor units are of.
    pub currency: Currency,
}

/// Why two amounts have no sum or difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// They are in different currencies, and this system knows no rates.
    #[error("{0} and {1} cannot be added up")]
    Mixed(Currency, Currency),
    /// The result is beyond 64 bits.
    #[error("the amount is too large")]
    TooLarge,
}

impl Money {
    /// `cents` minor units of `currency`.
    pub const fn new(cents: i64, currency: Currency) -> Self {
        Self {
            amount: Cents(cents),
            currency,
        }
    }

    /// The sum of two amounts in one currency.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        let amount = self.same(other)?.amount.checked_add(other.amount);
        self.with(amount)
    }

    /// The difference of two amounts in one currency. It may be negative.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        let amount = self.same(other)?.amount.checked_sub(other.amount);
        self.with(amount)
    }

    fn same(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency == other.currency {
            Ok(self)
        } else {
            Err(MoneyError::Mixed(self.currency, other.currency))
        }
    }

    fn with(self, amount: Option<Cents>) -> Result<Self, MoneyError> {
        let amount = amount.ok_or(MoneyError::TooLarge)?;
        Ok(Self { amount, ..self })
    }
}

/// As a person reads it: `$1,250.00`, `¥500`, `-€3.00`, `12.000 KWD`.
impl fmt::Display for Money {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = self.currency.decimals();
        let unit = 10_u64.pow(decimals);
        let cents = self.amount.0.unsigned_abs();
        if self.amount.0 < 0 {
            out.write_str("-")?;
        }
        if let Some(sign) = self.currency.sign() {
            out.write_str(sign)?;
        }
        out.write_str(&grouped(cents / unit))?;
        if decimals > 0 {
            let width = decimals as usize;
            write!(out, ".{:0width$}", cents % unit)?;
        }
        match self.currency.sign() {
            Some(_) => Ok(()),
            None => write!(out, " {}", self.currency.as_str().to_ascii_uppercase()),
        }
    }
}

/// With a comma before every three digits.
fn grouped(whole: u64) -> String {
    let digits = whole.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn money(cents: i64, currency: &str) -> Money {
        Money::new(cents, currency.parse().unwrap())
    }

    #[test]
    fn an_amount_is_written_as_its_currency_is() {
        let written = [
            (money(2500, "usd"), "$25.00"),
            (money(0, "usd"), "$0.00"),
            (money(1, "usd"), "$0.01"),
            (money(-1, "usd"), "-$0.01"),
            (money(100_000, "usd"), "$1,000.00"),
            (money(123_456_789, "eur"), "€1,234,567.89"),
            (money(-300, "gbp"), "-£3.00"),
            (money(500, "jpy"), "¥500"),
            (money(5000, "krw"), "5,000 KRW"),
            (money(1250, "chf"), "12.50 CHF"),
            (money(12_000, "kwd"), "12.000 KWD"),
            (money(500, "isk"), "5.00 ISK"),
            (money(i64::MIN, "usd"), "-$92,233,720,368,547,758.08"),
        ];
        for (money, text) in written {
            assert_eq!(money.to_string(), text);
        }
    }

    #[test]
    fn on_the_wire_the_unit_is_in_the_name() {
        let json = r#"{"amount_cents":2500,"currency":"usd"}"#;
        let money = money(2500, "usd");
        assert_eq!(serde_json::to_string(&money).unwrap(), json);
        assert_eq!(serde_json::from_str::<Money>(json).unwrap(), money);
    }

    #[test]
    fn what_is_no_currency_or_no_whole_number_is_refused() {
        for text in ["", "us", "usdd", "u$d", "12a", "ﬀ"] {
            assert_eq!(text.parse::<Currency>(), Err(NoCurrency), "{text}");
        }
        assert_eq!("USD".parse::<Currency>(), Ok(Currency::USD));
        let half_a_cent = r#"{"amount_cents":2500.5,"currency":"usd"}"#;
        assert!(serde_json::from_str::<Money>(half_a_cent).is_err());
    }

    #[test]
    fn two_currencies_are_never_added_up() {
        let (dollars, yen) = (money(1, "usd"), money(1, "jpy"));
        let mixed = Err(MoneyError::Mixed(dollars.currency, yen.currency));
        assert_eq!(dollars.checked_add(yen), mixed);
        assert_eq!(dollars.checked_sub(yen), mixed);
    }

    proptest! {
        #[test]
        fn a_sum_is_right_or_refused(a: i64, b: i64) {
            let sum = money(a, "usd").checked_add(money(b, "usd"));
            match i64::try_from(i128::from(a) + i128::from(b)) {
                Ok(cents) => prop_assert_eq!(sum, Ok(money(cents, "usd"))),
                Err(_) => prop_assert_eq!(sum, Err(MoneyError::TooLarge)),
            }
        }

        #[test]
        fn taking_away_what_was_added_gives_the_same_amount(a in -1_000_000_000_i64.., b in 0..1_000_000_000_i64) {
            prop_assume!(a.checked_add(b).is_some());
            let sum = money(a, "eur").checked_add(money(b, "eur")).unwrap();
            prop_assert_eq!(sum.checked_sub(money(b, "eur")), Ok(money(a, "eur")));
        }

        #[test]
        fn the_digits_written_are_the_digits_of_the_amount(cents in 0..i64::MAX) {
            let digits: String = money(cents, "usd").to_string().chars().filter(char::is_ascii_digit).collect();
            prop_assert_eq!(digits.parse::<i64>().unwrap(), cents);
        }
    }
}
