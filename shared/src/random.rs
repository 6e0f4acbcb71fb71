//! Frame: what must not be guessed: tokens, secrets and salts, from the operating system and from nowhere else.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::Error;
use crate::secret::Secret;

/// Bytes of a token: 256 bits.
const TOKEN_BYTES: usize = 32;

/// Random bytes.
///
/// # Errors
/// `Internal` where the operating system has none to give.
pub fn bytes<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::internal(error).while_doing("draw random bytes"))?;
    Ok(bytes)
}

/// A token: 43 letters, digits, `-` and `_`.
///
/// # Errors
/// As [`bytes`].
pub fn token() -> Result<Secret, Error> {
    Ok(Secret::new(URL_SAFE_NO_PAD.encode(bytes::<TOKEN_BYTES>()?)))
}

/// 32 hexadecimal digits: the random part of an id that others must not guess.
///
/// # Errors
/// As [`bytes`].
pub fn hex128() -> Result<String, Error> {
    Ok(hex::encode(bytes::<16>()?))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_tokens_are_alike() {
        let tokens: HashSet<String> = (0..1_000)
            .map(|_| token().unwrap().reveal().to_owned())
            .collect();
        assert_eq!(tokens.len(), 1_000);
        assert!(tokens.iter().all(|token| token.len() == 43));
    }
}
