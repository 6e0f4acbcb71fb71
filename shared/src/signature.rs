//! Fact: did Stripe sign these bytes, and lately? The only way in for a webhook.
//!
//! The header is `t=1767225600,v1=<hex>[,v1=<hex>]`: HMAC-SHA256 over `{t}.{raw body}`, keyed with the endpoint's
//! secret, one `v1` per secret that is valid while one is being rolled
//! (<https://docs.stripe.com/webhooks/signature>, read in November 2026). What is accepted is what Stripe's own libraries
//! accept: schemes other than `v1` are ignored, a trailing comma is harmless, a space after a comma and upper-case
//! hexadecimal are not. Where those libraries differ among themselves, over a second `t`, the header is refused.

use hmac::digest::CtOutput;
use hmac::digest::array::Array;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::secret::Secret;
use crate::time::Timestamp;

/// Age of a signature, and lead of Stripe's clock over ours, in seconds, up to which it is accepted. Stripe's libraries
/// use 300; a longer window only helps replays.
pub const SIGNATURE_AGE_S_MAX: i64 = 300;

/// Longest header looked at, in bytes: 16 signatures of 67 characters and the timestamp fit well within.
pub const HEADER_BYTES_MAX: usize = 4096;

/// Most `v1` signatures in one header. Stripe sends one per valid secret, so two; each costs a comparison.
pub const SIGNATURES_MAX: usize = 16;

/// Most secrets valid at once: the current one, the previous one, and room for a roll within a roll. Each costs a
/// hash of the body.
pub const SECRETS_MAX: usize = 4;

/// The secrets a signature may be made with, the current one first. Never empty, and no secret in it is: an HMAC with an
/// empty key is one that anybody can compute.
#[derive(Debug, Clone)]
pub struct SigningSecrets(Vec<Secret>);

/// Why a list of signing secrets is not one. Says nothing of their text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SigningSecretsError {
    /// There is no secret, or one of several is empty.
    #[error("a webhook signing secret is empty: set it to the endpoint's whsec_ value")]
    Empty,
    /// More than [`SECRETS_MAX`].
    #[error(
        "more than {SECRETS_MAX} webhook signing secrets: give the current and the previous one"
    )]
    TooMany,
}

impl SigningSecrets {
    /// Reads secrets separated by commas, the current one first; white space around each is dropped.
    pub fn parse(text: &str) -> Result<Self, SigningSecretsError> {
        let secrets: Vec<&str> = text.split(',').map(str::trim).collect();
        if secrets.iter().any(|secret| secret.is_empty()) {
            return Err(SigningSecretsError::Empty);
        }
        if secrets.len() > SECRETS_MAX {
            return Err(SigningSecretsError::TooMany);
        }
        Ok(Self(secrets.into_iter().map(Secret::new).collect()))
    }
}

/// Why a delivery is not taken for Stripe's. Trying again changes none of them, except that `NoMatch` may mean that the
/// secret was rolled and ours is the old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// No header, or an empty one.
    #[error("the Stripe-Signature header is missing")]
    Missing,
    /// A header from which no timestamp and no `v1` signature can be read, or too long a one.
    #[error("the Stripe-Signature header is garbled")]
    Garbled,
    /// None of the signatures was made over this body with one of our secrets.
    #[error("no signature in the Stripe-Signature header matches the body")]
    NoMatch,
    /// Signed more than [`SIGNATURE_AGE_S_MAX`] ago: perhaps a replay.
    #[error("the signature is too old")]
    TooOld,
    /// Signed more than [`SIGNATURE_AGE_S_MAX`] from now: one of the clocks is wrong.
    #[error("the signature is from the future")]
    FromTheFuture,
}

impl SignatureError {
    /// Whether the same delivery may be accepted with fresh secrets.
    pub const fn retryable(self) -> bool {
        match self {
            Self::NoMatch => true,
            Self::Missing | Self::Garbled | Self::TooOld | Self::FromTheFuture => false,
        }
    }
}

/// Checks that one of `secrets` signed `body`, within the accepted age around `now`. Answers when it was signed.
///
/// # Errors
/// As [`SignatureHeader::parse`] and [`SignatureHeader::verify`].
pub fn verify(
    header: &str,
    body: &[u8],
    secrets: &SigningSecrets,
    now: Timestamp,
) -> Result<Timestamp, SignatureError> {
    SignatureHeader::parse(header)?.verify(body, secrets, now)
}

/// The lead of Stripe's clock, as a negative age.
const SIGNATURE_AGE_S_MIN: i64 = -SIGNATURE_AGE_S_MAX;

type Signature = CtOutput<Hmac<Sha256>>;

/// A header from which a timestamp and signatures can be read. Whether they hold is another question: it takes a secret,
/// and a secret may take a call that a post without a signature must not cause.
pub struct SignatureHeader<'a> {
    /// The timestamp as it was written, which is what was signed.
    signed_at: &'a str,
    signed_at_s: i64,
    signatures: Vec<Signature>,
}

impl<'a> SignatureHeader<'a> {
    /// Reads a header.
    ///
    /// # Errors
    /// `Missing` or `Garbled`.
    pub fn parse(text: &'a str) -> Result<Self, SignatureError> {
        if text.is_empty() {
            return Err(SignatureError::Missing);
        }
        if text.len() > HEADER_BYTES_MAX {
            return Err(SignatureError::Garbled);
        }
        let mut signed_at = None;
        let mut signatures = Vec::new();
        let mut signatures_seen = 0;
        for (scheme, value) in text.split(',').filter_map(|item| item.split_once('=')) {
            match scheme {
                "t" if signed_at.is_some() => return Err(SignatureError::Garbled),
                "t" => signed_at = Some((value, seconds(value)?)),
                "v1" => {
                    signatures_seen += 1;
                    signatures.extend(signature(value));
                }
                _ => {}
            }
        }
        let (signed_at, signed_at_s) = signed_at.ok_or(SignatureError::Garbled)?;
        if signatures_seen == 0 || signatures_seen > SIGNATURES_MAX {
            return Err(SignatureError::Garbled);
        }
        Ok(Self {
            signed_at,
            signed_at_s,
            signatures,
        })
    }
    /// Checks that one of `secrets` signed `body`, within the accepted age around `now`. Answers when it was signed.
    ///
    /// The time is judged after the signature, so that only Stripe learns what our clock says. Comparisons take the same
    /// time whether they match or not.
    ///
    /// # Errors
    /// `NoMatch`, `TooOld` or `FromTheFuture`.
    pub fn verify(
        &self,
        body: &[u8],
        secrets: &SigningSecrets,
        now: Timestamp,
    ) -> Result<Timestamp, SignatureError> {
        let matches = secrets.0.iter().any(|secret| {
            let expected = expected(secret, self.signed_at, body);
            self.signatures.contains(&expected)
        });
        if !matches {
            return Err(SignatureError::NoMatch);
        }
        let signed_at = Timestamp::from_s(self.signed_at_s);
        match now.since_s(signed_at) {
            SIGNATURE_AGE_S_MIN..=SIGNATURE_AGE_S_MAX => Ok(signed_at),
            age_s if age_s < 0 => Err(SignatureError::FromTheFuture),
            _ => Err(SignatureError::TooOld),
        }
    }
}

/// Digits only: Stripe writes no sign and no leading zero, and what another reader might take for the same number must
/// not be signed under another text.
fn seconds(text: &str) -> Result<i64, SignatureError> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    text.parse()
        .ok()
        .filter(|_| plain)
        .ok_or(SignatureError::Garbled)
}

/// A signature that is not 64 lower-case hexadecimal digits matches nothing; the next one still may.
fn signature(text: &str) -> Option<Signature> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(CtOutput::new(Array::from(bytes)))
}

fn expected(secret: &Secret, signed_at: &str, body: &[u8]) -> Signature {
    // HMAC takes a key of any length; the error type is there for other constructions.
    let mut mac = match Hmac::<Sha256>::new_from_slice(secret.reveal().as_bytes()) {
        Ok(mac) => mac,
        Err(_) => unreachable!("HMAC takes a key of any length"),
    };
    mac.update(signed_at.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.finalize()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SIGNED_AT_S: i64 = 1_767_225_600;
    const BODY: &[u8] = br#"{"id":"evt_1","object":"event"}"#;

    // Computed with Python: hmac.new(secret, b"1767225600." + body, hashlib.sha256).hexdigest()
    const BY_CURRENT: &str = "761dbdb20179ef212c6398fc8ccb9d52010d5749d8e661cb40c4644b576c2483";
    const BY_PREVIOUS: &str = "f3a01a185d7060e64d80aae5889189723246c349b70d8ce03a414601f6c65c92";
    const OVER_EMPTY: &str = "084bee4f0f3396b21ca8de665a649ff46c30595b19d5dd8d3cd8ea4ea5ca4047";
    const OVER_NO_TEXT: &str = "2ed625d7284f09385522b88ed388e6df126289f45e33fff96dd179ba53a12050";
    const WRONG: &str = "0000000000000000000000000000000000000000000000000000000000000000";

    fn at(header: &str, body: &[u8], now_s: i64) -> Result<i64, SignatureError> {
        let secrets = SigningSecrets::parse("whsec_current, whsec_previous").unwrap();
        verify(header, body, &secrets, Timestamp::from_s(now_s)).map(Timestamp::as_s)
    }

    fn now(header: &str) -> Result<i64, SignatureError> {
        at(header, BODY, SIGNED_AT_S)
    }

    #[test]
    fn either_secret_and_any_of_several_signatures_will_do() {
        let t = SIGNED_AT_S;
        for header in [
            format!("t={t},v1={BY_CURRENT}"),
            format!("t={t},v1={BY_PREVIOUS}"),
            format!("v1={BY_CURRENT},t={t}"),
            format!("t={t},v1={WRONG},v1={BY_CURRENT}"),
            format!("t={t},v1=short,v1={BY_CURRENT},v0=old,v2=new"),
            format!("t={t},v1={BY_CURRENT},"),
        ] {
            assert_eq!(now(&header), Ok(t), "{header}");
        }
    }

    #[test]
    fn an_empty_body_and_one_that_is_no_text_are_signed_like_any_other() {
        let t = SIGNED_AT_S;
        assert_eq!(at(&format!("t={t},v1={OVER_EMPTY}"), b"", t), Ok(t));
        let body = b"\xff\x00\x80";
        assert_eq!(at(&format!("t={t},v1={OVER_NO_TEXT}"), body, t), Ok(t));
    }

    #[test]
    fn a_header_that_cannot_be_read_is_garbled() {
        let t = SIGNED_AT_S;
        for header in [
            "nonsense".to_owned(),
            format!("v1={BY_CURRENT}"),
            format!("t=,v1={BY_CURRENT}"),
            format!("t=+{t},v1={BY_CURRENT}"),
            format!("t=0{t},v1={BY_CURRENT}"),
            format!("t={t} ,v1={BY_CURRENT}"),
            format!("t=99999999999999999999,v1={BY_CURRENT}"),
            format!("t={t}"),
            format!("t={t},v0={BY_CURRENT}"),
            format!("t={t}, v1={BY_CURRENT}"),
            format!("t=1,t={t},v1={BY_CURRENT}"),
            format!("t={t},t=1,v1={BY_CURRENT}"),
        ] {
            assert_eq!(now(&header), Err(SignatureError::Garbled), "{header}");
        }
        assert_eq!(now(""), Err(SignatureError::Missing));
    }

    #[test]
    fn a_signature_of_other_bytes_or_in_upper_case_matches_nothing() {
        let t = SIGNED_AT_S;
        for header in [
            format!("t={t},v1={WRONG}"),
            format!("t={t},v1={}", BY_CURRENT.to_uppercase()),
            format!("t={t},v1={}", &BY_CURRENT[..62]),
            format!("t={t},v1={OVER_EMPTY}"),
            format!("t={t},v1="),
            format!("t={},v1={BY_CURRENT}", t + 1),
        ] {
            assert_eq!(now(&header), Err(SignatureError::NoMatch), "{header}");
        }
    }

    #[test]
    fn a_signature_holds_for_three_hundred_seconds_either_way() {
        let header = format!("t={SIGNED_AT_S},v1={BY_CURRENT}");
        let age = |age_s| at(&header, BODY, SIGNED_AT_S + age_s);
        assert_eq!(age(300), Ok(SIGNED_AT_S));
        assert_eq!(age(301), Err(SignatureError::TooOld));
        assert_eq!(age(-300), Ok(SIGNED_AT_S));
        assert_eq!(age(-301), Err(SignatureError::FromTheFuture));
    }

    #[test]
    fn sixteen_signatures_are_looked_at_and_seventeen_are_refused() {
        let wrong = format!("v1={WRONG},");
        let with = |count| format!("{}v1={BY_CURRENT},t={SIGNED_AT_S}", wrong.repeat(count));
        assert_eq!(now(&with(SIGNATURES_MAX - 1)), Ok(SIGNED_AT_S));
        assert_eq!(now(&with(SIGNATURES_MAX)), Err(SignatureError::Garbled));
        let long = format!("t={SIGNED_AT_S},v1={BY_CURRENT},{}", "x".repeat(4096));
        assert_eq!(now(&long), Err(SignatureError::Garbled));
    }

    #[test]
    fn an_empty_secret_cannot_be_made() {
        for text in ["", " ", ",", "whsec_a,", ",whsec_a", "whsec_a, ,whsec_b"] {
            let error = SigningSecrets::parse(text).unwrap_err();
            assert_eq!(error, SigningSecretsError::Empty, "{text:?}");
        }
        let error = SigningSecrets::parse("a,b,c,d,e").unwrap_err();
        assert_eq!(error, SigningSecretsError::TooMany);
        assert!(SigningSecrets::parse("a,b,c,d").is_ok());
    }

    #[test]
    fn only_a_signature_that_does_not_match_is_worth_fresh_secrets() {
        use SignatureError::{FromTheFuture, Garbled, Missing, NoMatch, TooOld};
        let all = [Missing, Garbled, NoMatch, TooOld, FromTheFuture];
        assert_eq!(
            all.map(SignatureError::retryable),
            [false, false, true, false, false]
        );
    }

    fn flip(bytes: &[u8], bit: usize) -> Vec<u8> {
        let mut flipped = bytes.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        flipped
    }

    #[test]
    fn any_flipped_bit_of_header_or_body_is_refused() {
        let header = format!("t={SIGNED_AT_S},v1={BY_CURRENT}");
        for bit in 0..header.len() * 8 {
            if let Ok(flipped) = String::from_utf8(flip(header.as_bytes(), bit)) {
                assert!(now(&flipped).is_err(), "{flipped}");
            }
        }
        for bit in 0..BODY.len() * 8 {
            let flipped = at(&header, &flip(BODY, bit), SIGNED_AT_S);
            assert_eq!(flipped, Err(SignatureError::NoMatch), "bit {bit}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn no_text_makes_it_panic_and_none_is_let_in(header in ".{0,200}", body: Vec<u8>) {
            prop_assert!(now(&header).is_err());
            prop_assert!(at(&header, &body, SIGNED_AT_S).is_err());
        }

        #[test]
        fn what_another_secret_signed_is_refused(other in "[a-z_0-9]{1,40}", body: Vec<u8>) {
            prop_assume!(other != "whsec_current" && other != "whsec_previous");
            let t = SIGNED_AT_S.to_string();
            let mac = expected(&Secret::new(other), &t, &body).into_bytes();
            let header = format!("t={t},v1={}", hex::encode(mac));
            prop_assert_eq!(at(&header, &body, SIGNED_AT_S), Err(SignatureError::NoMatch));
        }
    }
}
