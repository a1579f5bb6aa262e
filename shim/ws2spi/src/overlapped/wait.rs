//! How a thread waits: for events, for whatever else a condition says, for APCs, and no longer than it wants.

use super::reactor::Wait;
use crate::abi::MAXIMUM_WAIT_OBJECTS;
use crate::object::apc::{self, Thread};
use crate::object::event::Event;
use crate::object::table::Reference;
use crate::sys::time;
use crate::upcall;
use smallvec::SmallVec;
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
/// runs APCs when it would have to wait, and ends after that. A wait without time, too, has a look at what requests can
/// go on, so that a program that only polls gets on.
pub(crate) fn until<T>(
    thread: &Arc<Thread>,
    limit: Limit,
    alertable: bool,
    mut satisfied: impl FnMut() -> Option<T>,
) -> Woken<T> {
    let wait = Wait;
    let mut has_looked = false;
    loop {
        thread.sleeper.rearm();
        if let Some(answer) = satisfied() {
            return Woken::Satisfied(answer);
        }
        if alertable && run_apcs(thread) {
            return Woken::Alerted;
        }
        match limit.left() {
            Some(left) => wait.sleep(thread, left),
            None if has_looked => return Woken::TimedOut,
            None => wait.look(),
        }
        has_looked = true;
    }
}

/// The events of one wait: none of them goes while it lasts, also if its handle is closed.
pub(crate) type Events = SmallVec<[Reference<Event>; MAXIMUM_WAIT_OBJECTS as usize]>;

/// Waits for one of `events`: the place of the first that is signalled.
pub(crate) fn for_any(events: &[Reference<Event>], limit: Limit, alertable: bool) -> Woken<usize> {
    for_events(events, limit, alertable, || {
        events.iter().position(|event| event.take())
    })
}

/// Waits until all of `events` are signalled at once; place 0. Who waits for the same events must name them in the same
/// order, or two could take one each and give it back for ever.
pub(crate) fn for_all(events: &[Reference<Event>], limit: Limit, alertable: bool) -> Woken<usize> {
    for_events(events, limit, alertable, || take_all(events).then_some(0))
}

fn take_all(events: &[Reference<Event>]) -> bool {
    if !events.iter().all(|event| event.is_set()) {
        return false;
    }
    match events.iter().position(|event| !event.take()) {
        None => true,
        // Another wait, or a reset, came in between: those before it are as if never taken.
        Some(place) => {
            events[..place].iter().for_each(|event| event.give_back());
            false
        }
    }
}

/// More events than this cost more to join than a look at what requests can go on.
const FEW: usize = 4;

fn for_events(
    events: &[Reference<Event>],
    limit: Limit,
    alertable: bool,
    mut satisfied: impl FnMut() -> Option<usize>,
) -> Woken<usize> {
    if let Some(place) = satisfied() {
        return Woken::Satisfied(place);
    }
    let thread = current();
    if matches!(limit, Limit::Now) {
        return until(&thread, limit, alertable, satisfied);
    }
    if events.len() > FEW {
        Wait.look();
        if let Some(place) = satisfied() {
            return Woken::Satisfied(place);
        }
    }
    events.iter().for_each(|event| event.join(&thread));
    let woken = until(&thread, limit, alertable, satisfied);
    events.iter().for_each(|event| event.leave(&thread));
    woken
}

/// Lets time pass.
pub(crate) fn for_nothing(limit: Limit, alertable: bool) -> Woken<()> {
    until(&current(), limit, alertable, || None)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::table;

    fn events(count: usize) -> Events {
        let handles = (0..count).map(|_| {
            let vacancy = table::reserve().expect("a handle");
            vacancy.fill(Arc::new(Event::new(false, true)))
        });
        handles.filter_map(table::find).collect()
    }

    /// NEED-K2: of threads that want overlapping events one at a time has them, and what a thread takes in vain it gives
    /// back.
    #[test]
    fn all_or_nothing() {
        let events = events(3);
        let taken = std::sync::atomic::AtomicU32::new(0);
        let run = |wanted: &[Reference<Event>]| {
            let mut successes = 0;
            for _ in 0..100_000 {
                if take_all(wanted) {
                    assert_eq!(taken.fetch_add(1, std::sync::atomic::Ordering::SeqCst), 0);
                    successes += 1;
                    taken.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
                    wanted.iter().for_each(|event| event.give_back());
                }
            }
            successes
        };
        let successes: [u32; 3] = std::thread::scope(|scope| {
            let first = scope.spawn(|| run(&events));
            let second = scope.spawn(|| run(&events[1..]));
            let third = scope.spawn(|| run(&events[1..2]));
            [first, second, third].map(|thread| thread.join().expect("no wait fails"))
        });
        assert!(events.iter().all(|event| event.is_set()), "{successes:?}");
        assert!(successes.iter().sum::<u32>() > 0);
        events.iter().for_each(|event| assert!(event.close()));
    }

    /// WPUSetEvent.1: a signal that comes while a thread is about to sleep wakes it, however it falls.
    #[test]
    fn no_signal_is_lost_on_the_way_to_sleep() {
        let events = events(2);
        let (there, back) = (&events[..1], &events[1..]);
        there[0].reset();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for _ in 0..20_000 {
                    assert_eq!(for_any(there, Limit::Never, false), Woken::Satisfied(0));
                    back[0].set();
                }
            });
            for _ in 0..20_000 {
                assert_eq!(for_any(back, Limit::Never, false), Woken::Satisfied(0));
                there[0].set();
            }
        });
        events.iter().for_each(|event| assert!(event.close()));
    }
}
