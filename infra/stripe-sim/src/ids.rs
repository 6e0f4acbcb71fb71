//! Identifiers in Stripe's shapes, drawn from a seed: the same seed and calls give the same identifiers.

use serde::{Deserialize, Serialize};

const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// The simulator's only source of chance: SplitMix64, eight bytes of state that serialise with everything else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ids {
    state: u64,
}

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// `length` letters and digits.
    pub(crate) fn letters(&mut self, length: usize) -> String {
        let mut text = String::with_capacity(length);
        let mut bits = 0_u64;
        for at in 0..length {
            // Ten draws of 62 fit into 60 of the 64 bits.
            if at % 10 == 0 {
                bits = self.next();
            }
            text.push(char::from(ALPHABET[(bits % 62) as usize]));
            bits /= 62;
        }
        text
    }

    /// The short old form: `cus_` and 14 letters. Customers, products, subscription items and requests have it.
    pub(crate) fn short(&mut self, prefix: &str) -> String {
        format!("{prefix}_{}", self.letters(14))
    }

    /// The long form: `sub_1` and 23 letters.
    pub(crate) fn long(&mut self, prefix: &str) -> String {
        format!("{prefix}_1{}", self.letters(23))
    }

    /// The form of what moves money: `pi_3` and 23 letters.
    pub(crate) fn payment(&mut self, prefix: &str) -> String {
        format!("{prefix}_3{}", self.letters(23))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_gives_the_same_identifiers_and_they_have_stripes_shapes() {
        let (mut one, mut two) = (Ids::new(7), Ids::new(7));
        let drawn = [one.short("cus"), one.long("sub"), one.payment("ch")];
        assert_eq!(
            drawn,
            [two.short("cus"), two.long("sub"), two.payment("ch")]
        );
        assert_eq!(drawn.map(|id| id.len()), [18, 28, 27]);
    }

    #[test]
    fn a_thousand_identifiers_of_one_seed_differ() {
        let mut ids = Ids::new(0);
        let drawn: std::collections::BTreeSet<String> =
            (0..1000).map(|_| ids.short("cus")).collect();
        assert_eq!(drawn.len(), 1000);
    }
}
