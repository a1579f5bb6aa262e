//! A set of watched descriptors, and who attends to it.
//!
//! Threads that wait drive a reactor themselves: they sleep in its set and carry out what has become possible. While
//! nobody waits, the helper thread stands in (`overlapped::helper`); what it must know of a reactor is kept here, so
//! that a thread which comes and goes pays two atomic operations for it.

use crate::sys::errno::Result;
use crate::sys::watch::{Ready, Set};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};
use std::time::Duration;

/// What the helper thread has to do with a reactor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Duty {
    /// Nothing: no request is pending.
    Off,
    /// To look now and then whether somebody attends to it.
    Look,
    /// Nothing, because a thread waits in it and nothing happens.
    Quiet,
    /// To drive it, because nobody else does.
    Drive,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Reactor {
    pub(crate) set: Arc<Set>,
    /// How many threads wait in the set.
    waiting: AtomicU32,
    /// How often a thread has come back from waiting.
    visits: AtomicU32,
    duty: AtomicU8,
}

impl Reactor {
    pub(crate) fn new() -> Result<Self> {
        Ok(Self {
            set: Arc::new(Set::new()?),
            waiting: AtomicU32::new(0),
            visits: AtomicU32::new(0),
            duty: AtomicU8::new(Duty::Off as u8),
        })
    }

    /// A thread is about to wait in the set: how many do so now.
    #[inline]
    pub(crate) fn begin_wait(&self) -> u32 {
        self.waiting.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// The thread no longer waits; true when the helper must be told that nobody attends to the reactor any more.
    #[inline]
    pub(crate) fn end_wait(&self) -> bool {
        self.visits.fetch_add(1, Ordering::SeqCst);
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        self.duty() == Duty::Quiet && self.change_duty(Duty::Quiet, Duty::Look)
    }

    /// Waits for what happens, up to as much as there is room for.
    #[inline]
    pub(crate) fn wait<'a>(&self, room: &'a mut [Ready], timeout: Option<Duration>) -> &'a [Ready] {
        self.set.wait(room, timeout)
    }

    #[inline]
    pub(crate) fn waiting(&self) -> u32 {
        self.waiting.load(Ordering::SeqCst)
    }

    pub(crate) fn visits(&self) -> u32 {
        self.visits.load(Ordering::SeqCst)
    }

    #[inline]
    pub(crate) fn duty(&self) -> Duty {
        match self.duty.load(Ordering::SeqCst) {
            1 => Duty::Look,
            2 => Duty::Quiet,
            3 => Duty::Drive,
            _ => Duty::Off,
        }
    }

    /// False if the duty was not `from` any more.
    pub(crate) fn change_duty(&self, from: Duty, to: Duty) -> bool {
        self.duty
            .compare_exchange(from as u8, to as u8, Ordering::SeqCst, Ordering::SeqCst)
            .is_ok()
    }

    /// The helper ends: the next request calls another one.
    pub(crate) fn dismiss(&self) {
        self.duty.store(Duty::Off as u8, Ordering::SeqCst);
    }

    /// In the child of a fork, which has neither the parent's threads nor its watched descriptors.
    pub(crate) fn in_forked_child(&self) {
        let _ = self.set.renew();
        self.waiting.store(0, Ordering::SeqCst);
        self.duty.store(Duty::Off as u8, Ordering::SeqCst);
    }
}
