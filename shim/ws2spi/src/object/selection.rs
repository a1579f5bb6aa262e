//! Network events of a socket: which are selected, which of them were notified, and what is still to be told.
//!
//! A pure state machine. The kernel is asked elsewhere ([`Selection::wanted`] says for what, [`Selection::record`] takes
//! the answer), and upcalls are made elsewhere ([`Selection::next_notice`] says which).

use crate::abi::*;
use bitflags::bitflags;

bitflags! {
    /// Network events.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub(crate) struct Events: u32 {
        const READ = FD_READ;
        const WRITE = FD_WRITE;
        const OOB = FD_OOB;
        const ACCEPT = FD_ACCEPT;
        const CONNECT = FD_CONNECT;
        const CLOSE = FD_CLOSE;
        const QOS = FD_QOS;
        const GROUP_QOS = FD_GROUP_QOS;
        const ROUTING_INTERFACE_CHANGE = FD_ROUTING_INTERFACE_CHANGE;
        const ADDRESS_LIST_CHANGE = FD_ADDRESS_LIST_CHANGE;
    }
}

impl Events {
    /// What a connection attempt makes new.
    const OF_CONNECTION: Self = Self::CONNECT
        .union(Self::WRITE)
        .union(Self::READ)
        .union(Self::OOB)
        .union(Self::CLOSE);

    /// What is looked for whenever something has happened to the socket. The others have an occasion each.
    const ALWAYS: Self = Self::READ.union(Self::OOB).union(Self::ACCEPT).union(Self::CLOSE);

    /// The place of one event's code in `iErrorCode`.
    pub(crate) const fn position(self) -> usize {
        self.bits().trailing_zeros() as usize
    }
}

/// The order in which messages are posted: a connection is told of before what comes of it (EV.12), its end last (EV.17).
const ORDER: [Events; 10] = [
    Events::CONNECT,
    Events::ACCEPT,
    Events::OOB,
    Events::READ,
    Events::WRITE,
    Events::QOS,
    Events::GROUP_QOS,
    Events::ROUTING_INTERFACE_CHANGE,
    Events::ADDRESS_LIST_CHANGE,
    Events::CLOSE,
];

/// Where the messages of WSPAsyncSelect go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Window {
    pub(crate) handle: usize,
    pub(crate) message: u32,
    /// What `wParam` says: the handle that the socket was selected by.
    pub(crate) socket: SOCKET,
}

/// Who is notified.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Target {
    Nobody,
    /// The event object of WSPEventSelect.
    Event(usize),
    Window(Window),
}

/// What is to be told next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Notice {
    /// The event object is to be signalled.
    Signal(usize),
    /// A message is to be posted, about one event.
    Message {
        window: Window,
        event: Events,
        code: i32,
    },
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Selection {
    target: Target,
    mask: Events,
    /// Notified, and quiet until the program calls what re-enables them (EV.5).
    notified: Events,
    /// Notified, and not yet enumerated or posted.
    recorded: Events,
    /// By [`Events::position`].
    codes: [i32; 10],
    /// FD_CONNECT and FD_WRITE are looked for while they are in here (EV.12, EV.15).
    expected: Events,
    /// The event object is to be signalled for what is recorded.
    signals: bool,
    /// Recorded, and refused by the window: to be tried again when something else happens to the socket.
    refused: Events,
    /// A thread is telling: others leave what they have to it, so that messages keep their order.
    telling: bool,
    /// Counts selecting and re-enabling. Who looked before knows less than who will look after.
    version: u32,
    /// Counts selecting.
    registration: u32,
    /// Counts enumerating.
    enumerations: u32,
}

/// A part of the record, on its way to the program.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taken {
    pub(crate) events: Events,
    /// By [`Events::position`]; those of other events mean nothing.
    pub(crate) codes: [i32; 10],
    registration: u32,
    enumerations: u32,
}

impl Default for Selection {
    fn default() -> Self {
        Self {
            target: Target::Nobody,
            mask: Events::empty(),
            notified: Events::empty(),
            recorded: Events::empty(),
            codes: [0; 10],
            expected: Events::empty(),
            signals: false,
            refused: Events::empty(),
            telling: false,
            version: 0,
            registration: 0,
            enumerations: 0,
        }
    }
}

impl Selection {
    pub(crate) const fn mask(&self) -> Events {
        self.mask
    }

    pub(crate) const fn target(&self) -> Target {
        self.target
    }

    /// A new registration in the place of the old one, whose record is cleared (EV.2, WSPEventSelect.2). An empty mask
    /// ends it (EV.3).
    ///
    /// What was recorded but never told counts as not notified. What was told stays quiet (OBS.5), unless it is for a
    /// window from now on, which has not heard of it (EV.8). A connection is told of once.
    pub(crate) fn select(&mut self, target: Target, mask: Events) {
        self.notified -= self.recorded;
        if let Target::Window(_) = target {
            self.notified &= Events::CONNECT;
        }
        self.target = if mask.is_empty() { Target::Nobody } else { target };
        self.mask = mask;
        self.recorded = Events::empty();
        self.refused = Events::empty();
        self.signals = false;
        self.expected = Events::CONNECT | Events::WRITE;
        self.version = self.version.wrapping_add(1);
        self.registration = self.registration.wrapping_add(1);
    }

    /// The registration of a listener for a connection it has accepted (EV.4). That there is a connection is nothing
    /// new; that one can send is (EV.12).
    pub(crate) fn inherit(&mut self, target: Target, mask: Events) {
        self.select(target, mask);
        self.expected = Events::WRITE;
    }

    /// The program has called what re-enables `events` (EV.6); who says so looks for them next.
    pub(crate) fn enable(&mut self, events: Events) {
        self.notified -= events;
        if let Target::Window(_) = self.target {
            // Not posted yet: it is looked for again.
            self.recorded -= events;
        }
        self.version = self.version.wrapping_add(1);
    }

    /// A send was made: FD_WRITE is enabled (WSPSend.8), but only looked for when there was no room (EV.12).
    pub(crate) fn sent(&mut self, without_room: bool) {
        self.notified -= Events::WRITE;
        if without_room {
            self.expected |= Events::WRITE;
            self.version = self.version.wrapping_add(1);
        }
    }

    /// A connection is attempted, or was made: it, and what comes of it, is new.
    pub(crate) fn connect(&mut self) {
        self.enable(Events::OF_CONNECTION);
        self.expected |= Events::CONNECT | Events::WRITE;
    }

    /// What to look for, and which version this is.
    pub(crate) fn wanted(&self) -> (Events, u32) {
        let wanted = (self.mask & (Events::ALWAYS | self.expected)) - self.notified;
        (wanted, self.version)
    }

    /// Whether nobody has selected or re-enabled anything since [`Selection::wanted`] gave `version`. Who has will look
    /// after that, and must not be told what was seen before it.
    pub(crate) const fn is_current(&self, version: u32) -> bool {
        self.version == version
    }

    /// The event has come about; notified if it is selected and has not been since it was last enabled.
    pub(crate) fn record(&mut self, event: Events, code: i32) {
        let event = (event & self.mask) - self.notified;
        if event.is_empty() {
            return;
        }
        self.notified |= event;
        self.expected -= event;
        self.recorded |= event;
        self.signals = true;
        if let Some(place) = self.codes.get_mut(event.position()) {
            *place = code;
        }
    }

    /// The event has come about once more, and is notified whatever was before.
    pub(crate) fn record_anew(&mut self, event: Events, code: i32) {
        self.notified -= event - self.recorded;
        self.record(event, code);
    }

    /// What is to be told now, until there is nothing more; `going_on`: this thread was given a notice before. While
    /// one thread tells, others need not.
    pub(crate) fn next_notice(&mut self, going_on: bool) -> Option<Notice> {
        if self.telling && !going_on {
            return None;
        }
        let notice = match self.target {
            Target::Event(event) => std::mem::take(&mut self.signals).then_some(Notice::Signal(event)),
            Target::Window(window) => self.next_message(window),
            Target::Nobody => None,
        };
        self.telling = notice.is_some();
        notice
    }

    fn next_message(&mut self, window: Window) -> Option<Notice> {
        let ready = self.recorded - self.refused;
        let event = ORDER.into_iter().find(|&event| ready.contains(event))?;
        self.recorded -= event;
        let code = self.codes[event.position()];
        Some(Notice::Message { window, event, code })
    }

    /// The message could not be posted, so the event is still to be told.
    pub(crate) fn not_posted(&mut self, window: Window, event: Events) {
        if self.target == Target::Window(window) && self.mask.contains(event) {
            self.recorded |= event;
            self.refused |= event;
        }
    }

    /// Something has happened to the socket: a chance for messages that could not be posted.
    pub(crate) fn retry(&mut self) {
        self.refused = Events::empty();
    }

    /// Takes what WSPEnumNetworkEvents reports: the record, but FD_CLOSE only when FD_READ is not in it (EV.17). What
    /// goes to a window cannot be enumerated (WSPAsyncSelect.7).
    pub(crate) fn take(&mut self) -> Taken {
        let mut events = match self.target {
            Target::Event(_) => self.recorded,
            _ => Events::empty(),
        };
        if events.contains(Events::READ) {
            events -= Events::CLOSE;
        }
        self.recorded -= events;
        Taken {
            events,
            codes: self.codes,
            registration: self.registration,
            enumerations: self.enumerations,
        }
    }

    /// The program has got what was taken, and the object was reset: it is signalled again for what is left or has come
    /// since (WSPEnumNetworkEvents.2).
    pub(crate) fn taken(&mut self) {
        self.signals = !self.recorded.is_empty();
        self.enumerations = self.enumerations.wrapping_add(1);
    }

    /// The program has not got what was taken. In the record of another registration it has no place, but it was not
    /// told either: who gives it back looks for it next.
    pub(crate) fn put_back(&mut self, taken: &Taken) {
        if taken.registration == self.registration {
            self.recorded |= taken.events;
            // The object is as it was, unless another thread has enumerated and reset it meanwhile.
            self.signals |= taken.enumerations != self.enumerations;
        } else {
            self.notified -= taken.events;
        }
    }
}

#[cfg(test)]
mod tests;
