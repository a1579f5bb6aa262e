//! A lock for a few instructions at a time, which a fork cannot leave taken for ever.
//!
//! The locks of sockets, events and threads are too many to be held across a fork, as the library's few global ones
//! are. In the child the thread that held one may not exist; then what it guarded may be half changed, and starts
//! afresh.

use super::futex;
use std::cell::UnsafeCell;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicU32, Ordering};

const FREE: u32 = 0;
const TAKEN: u32 = 1;
/// Taken, and somebody sleeps.
const AWAITED: u32 = 2;

/// Guards a `T`. Not to be held while the kernel, a callback or a provider runs.
pub(crate) struct Lock<T> {
    word: AtomicU32,
    value: UnsafeCell<T>,
}

// SAFETY: the value is reached by one thread at a time.
unsafe impl<T: Send> Sync for Lock<T> {}

/// The value, until this is dropped.
pub(crate) struct Guard<'a, T> {
    lock: &'a Lock<T>,
}

impl<T> Lock<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self {
            word: AtomicU32::new(FREE),
            value: UnsafeCell::new(value),
        }
    }

    #[inline]
    pub(crate) fn lock(&self) -> Guard<'_, T> {
        if self
            .word
            .compare_exchange(FREE, TAKEN, Ordering::Acquire, Ordering::Relaxed)
            .is_err()
        {
            self.wait();
        }
        Guard { lock: self }
    }

    #[cold]
    fn wait(&self) {
        while self.word.swap(AWAITED, Ordering::Acquire) != FREE {
            futex::wait(&self.word, AWAITED, None);
        }
    }

    /// In the child of a fork, which has one thread: if another thread held the lock, the value is what `fresh` gives.
    pub(crate) fn renew(&self, fresh: impl FnOnce() -> T) {
        if self.word.swap(FREE, Ordering::Acquire) != FREE {
            // SAFETY: no other thread exists. The old value may be half changed, so it is not dropped.
            unsafe { self.value.get().write(fresh()) };
        }
    }
}

impl<T> Deref for Guard<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: the lock is held.
        unsafe { &*self.lock.value.get() }
    }
}

impl<T> DerefMut for Guard<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the lock is held.
        unsafe { &mut *self.lock.value.get() }
    }
}

impl<T> Drop for Guard<'_, T> {
    #[inline]
    fn drop(&mut self) {
        if self.lock.word.swap(FREE, Ordering::Release) == AWAITED {
            futex::wake_one(&self.lock.word);
        }
    }
}

impl<T: Default> Default for Lock<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> fmt::Debug for Lock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lock")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thread_at_a_time() {
        let lock = Lock::new((0u32, 0u32));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..20_000 {
                        let mut guard = lock.lock();
                        let (first, second) = &mut *guard;
                        *first += 1;
                        *second += 1;
                        assert_eq!(first, second);
                    }
                });
            }
        });
        assert_eq!(*lock.lock(), (80_000, 80_000));
    }

    #[test]
    fn a_lock_that_nobody_can_give_back_starts_afresh() {
        let lock = Lock::new(1);
        lock.renew(|| 2);
        assert_eq!(*lock.lock(), 1);
        std::mem::forget(lock.lock());
        lock.renew(|| 3);
        assert_eq!(*lock.lock(), 3);
    }
}
