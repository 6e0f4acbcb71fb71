//! Frame: chance, for identifiers and jitter. Nothing secret is drawn from it.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};

/// A source of random numbers: unforeseeable on AWS, repeatable from a seed in tests.
#[derive(Debug, Clone)]
pub struct Chance(Arc<Mutex<fastrand::Rng>>);

impl Chance {
    /// Seeded by the operating system, by way of the standard library's hasher. The generator's own seed is the time
    /// since the machine started, which two fresh ones may share.
    pub fn system() -> Self {
        Self::seeded(RandomState::new().build_hasher().finish())
    }

    /// The same numbers for the same seed.
    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(fastrand::Rng::with_seed(seed))))
    }

    /// A number in `0..bound`, or 0 where `bound` is 0.
    pub fn below(&self, bound: u64) -> u64 {
        let mut numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if bound == 0 { 0 } else { numbers.u64(0..bound) }
    }

    /// 128 random bits as 32 lower-case hexadecimal digits: the random part of an identifier.
    pub fn hex128(&self) -> String {
        let mut numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        format!("{:032x}", numbers.u128(..))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_gives_the_same_numbers_twice() {
        let (one, two) = (Chance::seeded(7), Chance::seeded(7));
        assert_eq!(one.hex128(), two.hex128());
        assert_eq!(one.below(1000), two.below(1000));
        assert_eq!(one.below(0), 0);
    }
}
