//! Waiting for changes of the host's addresses and routes.
//!
//! Such requests stand in no line, where they would hold up transfers, but in a list of their socket's. While anything is
//! awaited by any socket, one descriptor in the main reactor brings the kernel's news.

use super::complete::{self, complete};
use super::reactor;
use super::{Overlapped, selection};
use crate::error::{Operation, Result, WsaError};
use crate::object::awaited::{Awaited, Notices, Told};
use crate::object::line::Tag;
use crate::object::reactor::Reactor;
use crate::object::request::{Completion, Outcome};
use crate::object::selection::Events;
use crate::object::socket::Socket;
use crate::object::table::{self, Reference};
use crate::sys::lock::Lock;
use crate::sys::route::{self, Changes};
use crate::sys::socket::Descriptor;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The key of the news in the reactor's set: no handle, and not the bell's.
pub(super) const KEY: u64 = u64::MAX - 1;

struct News {
    descriptor: Descriptor,
    reactor: Arc<Reactor>,
}

/// There while something is awaited.
static NEWS: Lock<Option<Arc<News>>> = Lock::new(None);

/// How many notices are awaited, or about to be. Counted up before, and down after, they are in a socket's list.
static AWAITED: AtomicUsize = AtomicUsize::new(0);

/// Starts a request that ends with the first of `changes`: WSA_IO_PENDING.
pub(crate) fn start(socket: &Reference, changes: Changes, overlapped: Overlapped) -> Result<Outcome> {
    begin(socket, changes, overlapped.completion(socket)?)
}

/// Waits for the first of `changes`.
pub(crate) fn wait(socket: &Reference, changes: Changes) -> Result<Outcome> {
    super::in_turn::synchronously(socket, None, |completion| begin(socket, changes, completion))
}

/// Has `event` notified at the first of `changes`, once (EV.10).
pub(crate) fn notify(socket: &Reference, changes: Changes, event: Events) -> Result<()> {
    if socket.requests().notices.lock().awaits(event) {
        return Ok(());
    }
    let told = Told::Event(event);
    add(socket, Awaited { changes, told }).map_err(|(error, _)| error)
}

fn begin(socket: &Reference, changes: Changes, completion: Completion) -> Result<Outcome> {
    let told = Told::Request(completion);
    let error = match add(socket, Awaited { changes, told }) {
        Ok(()) => return Err(WsaError::WSA_IO_PENDING),
        Err((error, refused)) => {
            if let Told::Request(completion) = &refused.told {
                complete::nothing_started(completion, error);
            }
            error
        }
    };
    Err(error)
}

fn add(socket: &Reference, awaited: Awaited) -> std::result::Result<(), (WsaError, Awaited)> {
    AWAITED.fetch_add(1, Ordering::SeqCst);
    let reactor = match listen() {
        Ok(reactor) => reactor,
        Err(error) => {
            forget(1);
            return Err((error, awaited));
        }
    };
    // What has changed before is not meant.
    look();
    let refused = {
        let mut notices = socket.requests().notices.lock();
        if notices.closed {
            Some(awaited)
        } else {
            notices.awaited.push(awaited);
            None
        }
    };
    if let Some(awaited) = refused {
        forget(1);
        return Err((WsaError::WSAENOTSOCK, awaited));
    }
    reactor::attend(&reactor);
    Ok(())
}

/// Sees to it that the news come; the reactor to attend to.
fn listen() -> Result<Arc<Reactor>> {
    if let Some(news) = &*NEWS.lock() {
        return Ok(Arc::clone(&news.reactor));
    }
    let reactor = reactor::main_or_new()?;
    super::helper::start()?;
    let descriptor = route::open().map_err(|errno| WsaError::from_errno(Operation::Control, errno))?;
    let news = Arc::new(News {
        descriptor,
        reactor: Arc::clone(&reactor),
    });
    {
        let mut place = NEWS.lock();
        if let Some(first) = &*place {
            return Ok(Arc::clone(&first.reactor));
        }
        *place = Some(Arc::clone(&news));
    }
    if reactor.set.add(&news.descriptor, KEY, libc::EPOLLIN).is_err() {
        let place = NEWS.lock().take();
        drop(place);
        return Err(WsaError::WSAENOBUFS);
    }
    Ok(reactor)
}

/// So many notices are awaited no more. When none is, the news are let go.
fn forget(count: usize) {
    if count == 0 || AWAITED.fetch_sub(count, Ordering::SeqCst) != count {
        return;
    }
    let news = {
        let mut place = NEWS.lock();
        match AWAITED.load(Ordering::SeqCst) {
            0 => place.take(),
            _ => None,
        }
    };
    if let Some(news) = news {
        news.reactor.set.remove(&news.descriptor);
    }
}

/// Whether the reactor is to be attended to for the sake of the news.
pub(super) fn are_awaited_in(reactor: &Arc<Reactor>) -> bool {
    AWAITED.load(Ordering::SeqCst) > 0
        && NEWS
            .lock()
            .as_ref()
            .is_some_and(|news| Arc::ptr_eq(&news.reactor, reactor))
}

/// Takes the news that have come, and tells who awaits them.
pub(super) fn look() {
    let news = NEWS.lock().clone();
    let Some(news) = news else { return };
    let changes = route::read(&news.descriptor);
    if changes.is_empty() {
        return;
    }
    for socket in table::all_sockets() {
        let happened = take(&socket, |awaited| awaited.changes.intersects(changes));
        let count = happened.len();
        for Awaited { told, .. } in happened {
            match told {
                Told::Request(completion) => complete(&socket, &completion, Outcome::success(0, 0), false),
                Told::Event(event) => selection::notify(&socket, event, None),
            }
        }
        forget(count);
    }
}

fn take(socket: &Socket, which: impl Fn(&Awaited) -> bool) -> Vec<Awaited> {
    match socket.requests.get() {
        Some(requests) => requests.notices.lock().take(which),
        None => Vec::new(),
    }
}

/// Ends the requests of a socket that `which` picks, with their completion action; how many.
pub(super) fn cancel(socket: &Socket, which: impl Fn(Tag) -> bool) -> usize {
    let taken = take(socket, |awaited| match &awaited.told {
        Told::Request(completion) => which(completion.tag()),
        Told::Event(_) => false,
    });
    end(socket, taken)
}

/// The last handle of a socket was closed: its requests end.
pub(super) fn close(socket: &Socket) {
    if let Some(requests) = socket.requests.get() {
        requests.notices.lock().closed = true;
        end(socket, take(socket, |_| true));
    }
}

/// A thread has ended, and its requests with it (OV.19), except those on sockets with a completion port.
pub(super) fn end_of_thread(number: u64) {
    if AWAITED.load(Ordering::SeqCst) == 0 {
        return;
    }
    for socket in table::all_sockets().filter(|socket| socket.association.get().is_none()) {
        cancel(&socket, |request| request.starter == number);
    }
}

fn end(socket: &Socket, taken: Vec<Awaited>) -> usize {
    let count = taken.len();
    for awaited in taken {
        if let Told::Request(completion) = awaited.told {
            let outcome = Outcome::failure(WsaError::WSA_OPERATION_ABORTED);
            complete::given_up(socket, &completion, outcome);
        }
    }
    forget(count);
    count
}

/// In the child of a fork: what is awaited is the parent's, and so are the news, which are not read here.
pub(super) fn in_forked_child() {
    NEWS.renew(|| None);
    let news = NEWS.lock().take();
    drop(news);
    AWAITED.store(0, Ordering::SeqCst);
    for socket in table::all_sockets() {
        if let Some(requests) = socket.requests.get() {
            requests.notices.renew(Notices::new);
            std::mem::forget(std::mem::replace(&mut *requests.notices.lock(), Notices::new()));
        }
    }
}
