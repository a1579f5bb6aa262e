//! Urgent bytes that wait to be read.

use std::sync::atomic::{AtomicU64, Ordering};

/// A queue of up to seven bytes in one word: the first in the lowest byte, their number in the highest.
#[derive(Debug)]
pub(crate) struct Urgent(AtomicU64);

const MOST: u64 = 7;
const COUNT_SHIFT: u32 = 56;

impl Urgent {
    pub(crate) const fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    /// Adds a byte; when the queue is full it is lost, as every second one is on Linux.
    pub(crate) fn push(&self, byte: u8) {
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |word| {
            let count = word >> COUNT_SHIFT;
            let bytes = word & !(u64::MAX << COUNT_SHIFT) | u64::from(byte) << (8 * count.min(MOST - 1));
            (count < MOST).then_some((count + 1) << COUNT_SHIFT | bytes)
        });
    }

    /// The first byte; it stays when this is a `peek`.
    pub(crate) fn take(&self, peek: bool) -> Option<u8> {
        let before = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |word| {
            let (count, bytes) = (word >> COUNT_SHIFT, word & !(u64::MAX << COUNT_SHIFT));
            let rest = (count.checked_sub(1)?) << COUNT_SHIFT | bytes >> 8;
            Some(if peek { word } else { rest })
        });
        before.ok().map(|word| word as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OBS.30: bytes come out as they went in, and looking takes nothing.
    #[test]
    fn bytes_come_in_order_up_to_seven() {
        let urgent = Urgent::new();
        assert_eq!(urgent.take(false), None);
        for byte in 1..=8 {
            urgent.push(byte);
        }
        assert_eq!(urgent.take(true), Some(1));
        for byte in 1..=7 {
            assert_eq!(urgent.take(false), Some(byte));
        }
        assert_eq!(urgent.take(true), None);
    }
}
