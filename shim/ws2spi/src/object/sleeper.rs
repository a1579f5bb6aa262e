//! How one thread waits, wherever it sleeps: on its own word, or in a set of watched descriptors.
//!
//! The order that loses no wake-up: the thread calls [`Sleeper::rearm`], looks at what it waits for, and sleeps; who
//! changes something calls [`Sleeper::notify`] afterwards. A notice that comes in between ends the sleep at once.

use crate::sys::futex;
use crate::sys::lock::Lock;
use crate::sys::watch::{Ready, Set};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

const AWAKE: u32 = 0;
/// Something has changed since the thread last looked.
const NOTIFIED: u32 = 1;
/// The thread sleeps on the word.
const PARKED: u32 = 2;
/// The thread sleeps in `set`.
const IN_SET: u32 = 3;

/// One thread's sleep.
#[derive(Default)]
pub(crate) struct Sleeper {
    word: AtomicU32,
    set: Lock<Option<Arc<Set>>>,
}

impl Sleeper {
    /// Forgets earlier notices; to be called before looking at what is waited for.
    #[inline]
    pub(crate) fn rearm(&self) {
        self.word.store(AWAKE, Ordering::SeqCst);
    }

    /// Something that the thread may wait for has changed.
    pub(crate) fn notify(&self) {
        match self.word.swap(NOTIFIED, Ordering::SeqCst) {
            PARKED => futex::wake_one(&self.word),
            IN_SET => {
                let set = self.set.lock().clone();
                if let Some(set) = set {
                    set.ring();
                }
            }
            _ => {}
        }
    }

    /// Sleeps until a notice comes or `timeout` is over (`None`: never). May return early.
    pub(crate) fn park(&self, timeout: Option<Duration>) {
        if self.fall_asleep(PARKED) {
            futex::wait(&self.word, PARKED, timeout);
            self.wake_up(PARKED);
        }
    }

    /// Sleeps in `set` until a notice comes, something happens there, or `timeout` is over: what has happened there.
    pub(crate) fn sleep_in<'a>(
        &self,
        set: &Arc<Set>,
        room: &'a mut [Ready],
        timeout: Option<Duration>,
    ) -> &'a [Ready] {
        *self.set.lock() = Some(Arc::clone(set));
        let found = if self.fall_asleep(IN_SET) {
            let found = set.wait(room, timeout);
            self.wake_up(IN_SET);
            found
        } else {
            &[]
        };
        let _ = self.set.lock().take();
        found
    }

    fn fall_asleep(&self, how: u32) -> bool {
        self.word
            .compare_exchange(AWAKE, how, Ordering::SeqCst, Ordering::SeqCst)
            .is_ok()
    }

    fn wake_up(&self, from: u32) {
        let _ = self
            .word
            .compare_exchange(from, AWAKE, Ordering::SeqCst, Ordering::SeqCst);
    }
}
