//! How a thread waits: for whatever a condition says, for APCs, and no longer than it wants.

use super::reactor::Wait;
use crate::object::apc::{self, Thread};
use crate::sys::time;
use crate::upcall;
use std::sync::Arc;
use std::time::Duration;

/// How a wait has ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Woken<T> {
    Satisfied(T),
    TimedOut,
    /// APCs have run.
    Alerted,
}

/// How long a wait may last.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Limit {
    Now,
    /// Until this time of the monotonic clock.
    At(Duration),
    Never,
}

impl Limit {
    /// From a number of milliseconds, of which 0xffffffff is INFINITE.
    pub(crate) fn from_milliseconds(milliseconds: u32) -> Self {
        match milliseconds {
            0 => Self::Now,
            u32::MAX => Self::Never,
            some => Self::At(time::monotonic() + Duration::from_millis(some.into())),
        }
    }

    /// What is left; `None` when it is over.
    pub(super) fn left(self) -> Option<Option<Duration>> {
        match self {
            Self::Now => None,
            Self::Never => Some(None),
            Self::At(end) => {
                Some(Some(end.checked_sub(time::monotonic())?)).filter(|left| *left != Some(Duration::ZERO))
            }
        }
    }
}

/// Waits until `satisfied` gives something; who brings that about notifies `thread`, the calling one. An alertable wait
/// runs APCs when it would have to wait, and ends after that.
pub(crate) fn until<T>(
    thread: &Arc<Thread>,
    limit: Limit,
    alertable: bool,
    mut satisfied: impl FnMut() -> Option<T>,
) -> Woken<T> {
    let wait = Wait;
    loop {
        thread.sleeper.rearm();
        if let Some(answer) = satisfied() {
            return Woken::Satisfied(answer);
        }
        if alertable && run_apcs(thread) {
            return Woken::Alerted;
        }
        let Some(left) = limit.left() else {
            return Woken::TimedOut;
        };
        wait.sleep(thread, left);
    }
}

/// Runs the APCs that wait; false if there are none. Those that they queue themselves are left to the next wait.
pub(crate) fn run_apcs(thread: &Thread) -> bool {
    let mut count = thread.apcs();
    let any = count > 0;
    while count > 0
        && let Some(apc) = thread.next_apc()
    {
        upcall::run_apc(apc);
        count -= 1;
    }
    any
}

/// The calling thread.
pub(crate) fn current() -> Arc<Thread> {
    apc::current()
}
