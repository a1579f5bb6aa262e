//! Event objects: a word, and the list of the threads that wait for it.
//!
//! A signal that nobody waits for is one atomic operation, without a system call.

use super::apc::Thread;
use super::table::{Kind, Named};
use crate::sys::lock::Lock;
use smallvec::SmallVec;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

const SIGNALLED: u32 = 1;
/// The list of waiting threads is not empty.
const AWAITED: u32 = 2;

/// What an event handle names (WPUCreateEvent, CreateEvent).
pub(crate) struct Event {
    word: AtomicU32,
    /// Stays signalled until it is reset; otherwise until one thread has seen it.
    manual_reset: bool,
    waiting: Lock<SmallVec<[Arc<Thread>; 1]>>,
}

impl Named for Event {
    const KIND: Kind = Kind::Event;
}

impl Event {
    pub(crate) fn new(manual_reset: bool, signalled: bool) -> Self {
        Self {
            word: AtomicU32::new(if signalled { SIGNALLED } else { 0 }),
            manual_reset,
            waiting: Lock::default(),
        }
    }

    /// Signals the event and wakes who waits for it.
    #[inline]
    pub(crate) fn set(&self) {
        let before = self.word.fetch_or(SIGNALLED, Ordering::SeqCst);
        if before & SIGNALLED == 0 && before & AWAITED != 0 {
            self.wake();
        }
    }

    #[cold]
    fn wake(&self) {
        // All of them look, and an auto-reset event goes to the first: waking one alone would lose the signal if that
        // one had just been satisfied by something else.
        let waiting = self.waiting.lock().clone();
        for thread in waiting {
            thread.sleeper.notify();
        }
    }

    pub(crate) fn reset(&self) {
        self.word.fetch_and(!SIGNALLED, Ordering::SeqCst);
    }

    #[inline]
    pub(crate) fn is_set(&self) -> bool {
        self.word.load(Ordering::SeqCst) & SIGNALLED != 0
    }

    /// Whether the event satisfies a wait now; one that resets itself does so for one thread.
    #[inline]
    pub(crate) fn take(&self) -> bool {
        self.is_set()
            && (self.manual_reset || self.word.fetch_and(!SIGNALLED, Ordering::SeqCst) & SIGNALLED != 0)
    }

    /// Undoes a [`Event::take`] whose wait was not satisfied after all.
    pub(crate) fn give_back(&self) {
        if !self.manual_reset {
            self.set();
        }
    }

    /// Has `thread` notified when the event is signalled, until [`Event::leave`].
    pub(crate) fn join(&self, thread: &Arc<Thread>) {
        let mut waiting = self.waiting.lock();
        waiting.push(Arc::clone(thread));
        self.word.fetch_or(AWAITED, Ordering::SeqCst);
    }

    /// Ends one [`Event::join`].
    pub(crate) fn leave(&self, thread: &Arc<Thread>) {
        let mut waiting = self.waiting.lock();
        let place = waiting.iter().position(|other| Arc::ptr_eq(other, thread));
        let left = place.map(|place| waiting.swap_remove(place));
        if waiting.is_empty() {
            self.word.fetch_and(!AWAITED, Ordering::SeqCst);
        }
        drop(waiting);
        drop(left);
    }

    /// In the child of a fork: no other thread waits.
    pub(crate) fn in_forked_child(&self) {
        self.waiting.renew(SmallVec::new);
        let waited = std::mem::take(&mut *self.waiting.lock());
        drop(waited);
        self.word.fetch_and(!AWAITED, Ordering::SeqCst);
    }
}
