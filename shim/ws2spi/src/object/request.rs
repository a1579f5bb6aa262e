//! Overlapped requests: what is to be done, what is told when it is done, and the requests of a socket.

use super::apc::Thread;
use super::awaited::Notices;
use super::line::{Line, Tag, Tagged};
use super::reactor::Reactor;
use super::socket::{Socket, State};
use super::table::{Kind, Named};
use crate::abi::{LPWSAOVERLAPPED_COMPLETION_ROUTINE, WSAOVERLAPPED};
use crate::error::WsaError;
use crate::sys::guard::UserPointer;
use crate::sys::lock::Lock;
use std::fmt;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};

/// How a request has ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Outcome {
    /// `None` for success.
    pub(crate) error: Option<WsaError>,
    pub(crate) bytes: u32,
    /// What `lpFlags` of a receive would hold.
    pub(crate) flags: u32,
}

impl Outcome {
    pub(crate) const fn success(bytes: u32, flags: u32) -> Self {
        Self {
            error: None,
            bytes,
            flags,
        }
    }

    pub(crate) const fn failure(error: WsaError) -> Self {
        Self {
            error: Some(error),
            bytes: 0,
            flags: 0,
        }
    }
}

/// How one attempt has gone.
#[derive(Debug)]
pub(crate) enum Attempt {
    /// The request has ended. `drained`: another attempt now would find nothing.
    Done { outcome: Outcome, drained: bool },
    /// The descriptor is not ready.
    Later,
    /// The request goes on in the receive line of another socket, and belongs to `owner` as before. The next of this
    /// line may be attempted.
    GoesOn { at: Arc<Socket>, owner: Arc<Socket> },
}

impl Attempt {
    pub(crate) const fn failed(error: WsaError) -> Self {
        Self::Done {
            outcome: Outcome::failure(error),
            drained: false,
        }
    }
}

/// What a request does. It never blocks: when the descriptor is not ready it says so, and is called again later,
/// perhaps on another thread.
pub(crate) trait Work: Send {
    fn attempt(&mut self, socket: &Socket) -> Attempt;

    /// The request was cancelled: gives back what it holds, and tells how many bytes it has transferred by then.
    fn cancelled(&mut self, _socket: &Socket) -> u32 {
        0
    }
}

/// Which line a request stands in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Direction {
    /// Receives, and accepting connections.
    Receive,
    /// Sends, and connecting.
    Send,
}

impl Direction {
    /// The state of a socket whose line is not empty.
    #[inline]
    pub(crate) const fn queued(self) -> State {
        match self {
            Self::Receive => State::RECEIVES_QUEUED,
            Self::Send => State::SENDS_QUEUED,
        }
    }
}

/// The thread that is to call a completion routine (OV.11).
pub(crate) enum Caller {
    Ours(Arc<Thread>),
    /// As the host's WPUQueueApc knows it.
    Hosts(ThreadId),
}

/// A copy of a WSATHREADID of the host's (OV.12).
#[derive(Clone, Copy, Debug)]
pub(crate) struct ThreadId {
    pub(crate) handle: usize,
    pub(crate) reserved: usize,
    /// Opened for this request, and to be closed after it.
    pub(crate) is_opened: bool,
}

/// Who is told of a request's end, and where its outcome goes.
pub(crate) struct Completion {
    pub(crate) overlapped: UserPointer<WSAOVERLAPPED>,
    /// `hEvent` as it was at the start, low bit included; 0 for none, and where a routine is called instead (OV.10).
    pub(crate) event: usize,
    pub(crate) routine: LPWSAOVERLAPPED_COMPLETION_ROUTINE,
    /// The thread that calls the routine.
    pub(crate) caller: Option<Caller>,
    /// The number of the thread that started it: its requests end with it (OV.19).
    pub(crate) starter: u64,
    /// The socket that it belongs to, where that is not the one in whose line it stands.
    pub(crate) owner: Option<Arc<Socket>>,
}

/// A request that waits.
pub(crate) struct Request {
    pub(crate) work: Box<dyn Work>,
    pub(crate) completion: Completion,
}

impl Completion {
    /// Nobody is told.
    pub(crate) const NOBODY: Self = Self {
        overlapped: UserPointer::from_address(0),
        event: 0,
        routine: None,
        caller: None,
        starter: 0,
        owner: None,
    };

    #[inline]
    pub(crate) fn tag(&self) -> Tag {
        Tag {
            overlapped: self.overlapped.address(),
            starter: self.starter,
        }
    }
}

impl Tagged for Request {
    #[inline]
    fn tag(&self) -> Tag {
        self.completion.tag()
    }
}

/// Where a socket is watched.
pub(crate) enum Place {
    /// Nowhere yet.
    Nowhere,
    In(Arc<Reactor>),
    /// Nowhere any more: the socket is closed.
    Left,
}

impl Place {
    pub(crate) fn reactor(&self) -> Option<&Arc<Reactor>> {
        match self {
            Self::In(reactor) => Some(reactor),
            Self::Nowhere | Self::Left => None,
        }
    }
}

/// The overlapped side of a socket.
pub(crate) struct Requests {
    pub(crate) receive: Lock<Line<Request>>,
    pub(crate) send: Lock<Line<Request>>,
    /// What it is to hear of the host.
    pub(crate) notices: Lock<Notices>,
    /// The key of the socket's descriptor in the reactor's set; 0 while it is not watched.
    pub(crate) key: AtomicUsize,
    /// Where it is watched.
    pub(crate) place: Lock<Place>,
    /// Threads that wait in WSPGetOverlappedResult for a request of the socket to end.
    pub(crate) result_awaited: Lock<Vec<Arc<Thread>>>,
    pub(crate) is_result_awaited: AtomicBool,
    /// Whose AcceptEx request is to give the socket a connection.
    pub(crate) lent_to: Lock<Option<Loan>>,
}

/// A request that uses another socket than the one that it belongs to.
pub(crate) struct Loan {
    pub(crate) owner: Weak<Socket>,
    /// The address of its OVERLAPPED.
    pub(crate) overlapped: usize,
}

impl Default for Requests {
    fn default() -> Self {
        Self {
            receive: Lock::new(Line::new()),
            send: Lock::new(Line::new()),
            notices: Lock::new(Notices::new()),
            key: AtomicUsize::new(0),
            place: Lock::new(Place::Nowhere),
            result_awaited: Lock::default(),
            is_result_awaited: AtomicBool::new(false),
            lent_to: Lock::default(),
        }
    }
}

impl fmt::Debug for Requests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Requests")
    }
}

impl Requests {
    #[inline]
    pub(crate) fn line(&self, direction: Direction) -> &Lock<Line<Request>> {
        match direction {
            Direction::Receive => &self.receive,
            Direction::Send => &self.send,
        }
    }

    /// In the child of a fork: the requests are the parent's. Their memory is a copy, which is let go without touching
    /// anything that both share.
    pub(crate) fn in_forked_child(&self) {
        for line in [&self.receive, &self.send] {
            line.renew(Line::new);
            std::mem::forget(std::mem::replace(&mut *line.lock(), Line::new()));
        }
        self.place.renew(|| Place::Nowhere);
        let place = std::mem::replace(&mut *self.place.lock(), Place::Nowhere);
        drop(place);
        self.key.store(0, Ordering::Release);
        self.result_awaited.renew(Vec::new);
    }
}

/// A socket in the engine's hands: what the key of a watched descriptor names.
pub(crate) struct Watched(pub(crate) Arc<Socket>);

impl Named for Watched {
    const KIND: Kind = Kind::Watched;
}

impl Deref for Watched {
    type Target = Socket;

    fn deref(&self) -> &Socket {
        &self.0
    }
}
