//! Changes of the host's addresses and routes that a socket is to hear of.

use super::request::Completion;
use super::selection::Events;
use crate::sys::route::Changes;

/// How it is told.
pub(crate) enum Told {
    /// A request ends.
    Request(Completion),
    /// A network event is notified (EV.10).
    Event(Events),
}

/// One notice that is awaited.
pub(crate) struct Awaited {
    /// Any of these brings it.
    pub(crate) changes: Changes,
    pub(crate) told: Told,
}

/// The notices that a socket awaits.
pub(crate) struct Notices {
    pub(crate) awaited: Vec<Awaited>,
    /// Nothing is awaited any more.
    pub(crate) closed: bool,
}

impl Notices {
    pub(crate) const fn new() -> Self {
        Self {
            awaited: Vec::new(),
            closed: false,
        }
    }

    /// Whether the event is awaited already.
    pub(crate) fn awaits(&self, event: Events) -> bool {
        self.awaited
            .iter()
            .any(|awaited| matches!(awaited.told, Told::Event(other) if other == event))
    }

    /// Takes out what `which` picks.
    pub(crate) fn take(&mut self, which: impl Fn(&Awaited) -> bool) -> Vec<Awaited> {
        let (taken, left) = std::mem::take(&mut self.awaited).into_iter().partition(which);
        self.awaited = left;
        taken
    }
}
