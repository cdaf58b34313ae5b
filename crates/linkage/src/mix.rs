//! A fast hasher for keys that are numbers of ours, and a stream of numbers from a seed.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map from our own numbers. Nobody outside chooses them, so they need no protection against flooding.
pub(crate) type MixMap<K, V> = HashMap<K, V, BuildHasherDefault<Mix>>;

/// Multiplies and folds; good enough for numbers that are dense at their low end.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = mixed(self.0 ^ number);
    }
}

/// The finisher of SplitMix64 (Steele, Lea, Flood, 2014).
fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// Numbers that look random and are the same for the same seed, on every machine.
#[derive(Debug, Clone)]
pub(crate) struct Stream(u64);

impl Stream {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `limit`; 0 if that is 0. Its bias is below one in four thousand million.
    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let high = mixed(self.0) >> 32;
        u32::try_from((high * u64::from(limit)) >> 32).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_numbers_and_all_of_them() {
        let draw = |seed| {
            let mut stream = Stream::new(seed);
            (0..1000).map(|_| stream.below(10)).collect::<Vec<u32>>()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        for number in 0..10 {
            let count = draw(7).iter().filter(|drawn| **drawn == number).count();
            assert!((60..140).contains(&count), "{number} came {count} times of 1000");
        }
        assert_eq!(Stream::new(1).below(0), 0);
    }
}
