//! Fact: passwords. Kept as Argon2id of 19 MiB, two passes and one lane (OWASP's password storage cheat sheet, read in
//! November 2026), which is what the crate does unless told otherwise; a test holds it to that.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

use crate::error::Error;
use crate::secret::Secret;

/// Shortest password taken, in characters (NIST SP 800-63B-4, section 3.1.1.2, asks for 15 where there is no second
/// factor, which customers may do without).
pub const PASSWORD_CHARS_MIN: usize = 15;

/// Longest password taken, in characters: far more than anybody types, and little enough to hash.
pub const PASSWORD_CHARS_MAX: usize = 200;

/// Bytes of the salt.
const SALT_BYTES: usize = 16;

/// What stands for a password of somebody who has none, so that a wrong guess takes as long there: the hash of nothing
/// anybody can type, under this salt.
const NOBODYS: (&str, [u8; SALT_BYTES]) = ("\0nobody", [0; SALT_BYTES]);

/// A password that may be set.
///
/// # Errors
/// `Invalid`, saying what a password needs.
pub fn new(text: &str) -> Result<Secret, Error> {
    let chars = text.chars().count();
    let mut letters = text.chars();
    let first = letters.next();
    let varied = letters.any(|letter| Some(letter) != first);
    if (PASSWORD_CHARS_MIN..=PASSWORD_CHARS_MAX).contains(&chars) && varied {
        Ok(Secret::new(text))
    } else {
        Err(Error::invalid(
            "weak_password",
            format!(
                "The field `password` needs {PASSWORD_CHARS_MIN} to {PASSWORD_CHARS_MAX} characters, not all the same. \
                 A sentence is easy to remember; anything may stand in it."
            ),
        ))
    }
}

/// A password as it is kept: a PHC string. `salt` is random.
///
/// # Errors
/// `Internal`, never where the password came from [`new`].
pub fn hash(password: &Secret, salt: [u8; SALT_BYTES]) -> Result<String, Error> {
    let hash = Argon2::default().hash_password_with_salt(password.reveal().as_bytes(), &salt);
    Ok(hash.map_err(Error::internal)?.to_string())
}

/// Whether the password is the one that is kept; takes as long where none is.
pub fn is(kept: Option<&str>, given: &Secret) -> bool {
    let given = given.reveal();
    if given.len() > PASSWORD_CHARS_MAX * 4 {
        return false;
    }
    let nobodys;
    let hash = match kept {
        Some(kept) => kept,
        None => {
            let (password, salt) = NOBODYS;
            let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
            nobodys = hash.map(|hash| hash.to_string()).unwrap_or_default();
            // The work is done; there is nothing to compare it with.
            return nobodys.is_empty();
        }
    };
    PasswordHash::new(hash).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(given.as_bytes(), &hash)
            .is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_again_and_no_other_is() {
        let password = new("correct horse battery staple").unwrap();
        let kept = hash(&password, [7; SALT_BYTES]).unwrap();
        assert!(
            kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{kept}"
        );
        assert!(is(Some(&kept), &password));
        assert!(!is(
            Some(&kept),
            &Secret::new("correct horse battery stable")
        ));
        assert!(!is(Some(&kept), &Secret::new("")));
        assert!(!is(None, &password));
        assert!(!is(None, &Secret::new("")));
        assert!(!is(Some("no hash"), &password));
        assert_ne!(kept, hash(&password, [8; SALT_BYTES]).unwrap());
    }

    #[test]
    fn what_is_short_long_or_monotonous_is_refused() {
        for (text, taken) in [
            ("fifteen letters", true),
            ("fourteen chars", false),
            ("", false),
            ("aaaaaaaaaaaaaaaaaaaa", false),
            ("пятнадцать букв", true),
        ] {
            assert_eq!(new(text).is_ok(), taken, "{text}");
        }
        assert!(new(&"ab".repeat(PASSWORD_CHARS_MAX / 2)).is_ok());
        assert_eq!(
            new(&"ab".repeat(PASSWORD_CHARS_MAX)).unwrap_err().code,
            "weak_password"
        );
    }
}
