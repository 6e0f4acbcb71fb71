//! Fact: the second factor: codes of an authenticator app (RFC 6238: SHA-1, six digits, thirty seconds, which every app
//! knows), and recovery codes for whoever has lost it. Each code is taken once.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use totp_rs::{Builder, Secret as TotpSecret, Totp};

use crate::secret::Secret;
use crate::time::Timestamp;

/// Bytes of an authenticator's secret (RFC 4226, section 4, recommends 160 bits).
pub const SECRET_BYTES: usize = 20;

/// Recovery codes given out at a time.
pub const RECOVERY_CODES: usize = 10;

/// Bytes that a recovery code is drawn from: eighty bits, so that a hash of it needs no slowness.
pub const RECOVERY_BYTES: usize = 10;

/// Who gives the codes out, as an app shows it.
const ISSUER: &str = "Linky";

/// Digits of a recovery code: no letter that is easily taken for another.
const RECOVERY_LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz123456789";

/// What may stand in an otpauth address as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// An authenticator app that was set up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authenticator {
    /// The shared secret.
    #[serde(rename = "totp_secret")]
    secret: Base32,
    /// The time step of the last code taken: neither it nor an earlier one is taken again.
    last_step: u64,
}

/// A secret as apps take it. It does not print itself.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
struct Base32(String);

impl std::fmt::Debug for Base32 {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Base32(redacted)")
    }
}

impl Authenticator {
    /// One with a secret of random bytes, which has shown no code yet.
    pub fn new(secret: [u8; SECRET_BYTES]) -> Self {
        Self {
            secret: Base32(TotpSecret::from(secret.to_vec()).to_base32()),
            last_step: 0,
        }
    }

    /// The secret as somebody types it into an app.
    pub fn secret(&self) -> Secret {
        Secret::new(&self.secret.0)
    }

    /// What the QR code says: the secret, for an app that shows it under `account`.
    pub fn url(&self, account: &str) -> Secret {
        let account = utf8_percent_encode(account, PLAIN);
        Secret::new(format!(
            "otpauth://totp/{ISSUER}:{account}?secret={}&issuer={ISSUER}",
            self.secret.0
        ))
    }

    /// The authenticator after it has shown `code` at `now`; none where the code is wrong, old, or was taken before.
    #[must_use]
    pub fn after(&self, code: &str, now: Timestamp) -> Option<Self> {
        let step = self.totp()?.check(code, seconds(now))?;
        (step > self.last_step).then(|| Self {
            last_step: step,
            ..self.clone()
        })
    }

    /// The code an app shows at `now`.
    pub fn code(&self, now: Timestamp) -> String {
        let code = self
            .totp()
            .map(|totp| totp.generate(seconds(now)).to_string());
        code.unwrap_or_default()
    }

    /// The authenticator whose secret this is, as somebody typed it into an app.
    pub fn of_secret(secret: &str) -> Self {
        Self {
            secret: Base32(secret.to_owned()),
            last_step: 0,
        }
    }

    fn totp(&self) -> Option<Totp> {
        let secret = TotpSecret::try_from_base32(&self.secret.0).ok()?;
        Builder::new().with_secret(secret).build().ok()
    }
}

fn seconds(now: Timestamp) -> u64 {
    now.as_s().unsigned_abs()
}

/// A recovery code drawn from random bytes: `abcde-fghjk-mnpqr-s`.
pub fn recovery_code(bytes: [u8; RECOVERY_BYTES]) -> Secret {
    let mut bits = u128::from_be_bytes({
        let mut wide = [0; 16];
        wide[6..].copy_from_slice(&bytes);
        wide
    });
    let mut letters = String::new();
    for place in 0..RECOVERY_BYTES * 8 / 5 {
        if place > 0 && place % 4 == 0 {
            letters.push('-');
        }
        let index = usize::try_from(bits & 31).unwrap_or_default();
        letters.push(char::from(RECOVERY_LETTERS[index]));
        bits >>= 5;
    }
    Secret::new(letters)
}

/// A recovery code as it is kept: without its hyphens, hashed.
pub fn recovery_hash(code: &str) -> String {
    let typed: String = code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    hex::encode(Sha256::digest(typed))
}

/// The codes that are left after `code` was used; none where it is not among them.
pub fn without_recovery_code(kept: &[String], code: &str) -> Option<Vec<String>> {
    let used = recovery_hash(code);
    let is_used = |hash: &String| bool::from(hash.as_bytes().ct_eq(used.as_bytes()));
    let left: Vec<String> = kept.iter().filter(|hash| !is_used(hash)).cloned().collect();
    (left.len() < kept.len()).then_some(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the SHA-1 secret of its test vectors; six digits are the last six of its eight.
    const RFC_SECRET: &[u8; SECRET_BYTES] = b"12345678901234567890";

    #[test]
    fn the_codes_are_those_of_the_standard() {
        let authenticator = Authenticator::new(*RFC_SECRET);
        for (at_s, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(authenticator.code(Timestamp::from_s(at_s)), code);
        }
    }

    #[test]
    fn a_code_is_taken_once_and_within_half_a_minute_of_its_time() {
        let now = Timestamp::from_s(1_767_225_600);
        let authenticator = Authenticator::new(*RFC_SECRET);
        let code = authenticator.code(now);
        let after = authenticator.after(&code, now).unwrap();
        assert_eq!(after.after(&code, now), None);
        assert_eq!(after.after(&code, now.plus_s(29)), None);
        let next = after.code(now.plus_s(30));
        assert!(after.after(&next, now.plus_s(30)).is_some());
        let late = now.plus_s(59);
        assert!(authenticator.after(&code, late).is_some());
        assert_eq!(authenticator.after(&code, now.plus_s(61)), None);
        for wrong in ["", "000000", "12345", "abcdef", "1234567"] {
            assert_eq!(authenticator.after(wrong, now), None, "{wrong}");
        }
    }

    #[test]
    fn an_app_is_told_whose_codes_they_are() {
        let authenticator = Authenticator::new(*RFC_SECRET);
        assert_eq!(
            authenticator.url("ada+billing@example.com").reveal(),
            "otpauth://totp/Linky:ada%2Bbilling%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Linky"
        );
        let typed = Authenticator::of_secret(authenticator.secret().reveal());
        let now = Timestamp::from_s(59);
        assert_eq!(typed.code(now), authenticator.code(now));
        assert!(!format!("{authenticator:?}").contains("GEZDG"));
    }

    #[test]
    fn a_recovery_code_is_used_up_however_it_is_typed() {
        let codes = [
            recovery_code([1; RECOVERY_BYTES]),
            recovery_code([2; RECOVERY_BYTES]),
        ];
        let kept: Vec<String> = codes
            .iter()
            .map(|code| recovery_hash(code.reveal()))
            .collect();
        assert_eq!(codes[0].reveal().len(), 19);
        let typed = codes[0].reveal().replace('-', " ").to_uppercase();
        let left = without_recovery_code(&kept, &typed).unwrap();
        assert_eq!(left, kept[1..]);
        assert_eq!(without_recovery_code(&left, &typed), None);
        assert_eq!(without_recovery_code(&left, ""), None);
    }
}
