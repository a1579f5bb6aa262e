//! What has become ready is driven on, by whoever waits.
//!
//! Sockets with a completion port are watched in the port's reactor, where the port's threads wait; all others in the
//! main one. There one thread at a time leads: it sleeps in the set, the others on words of their own, and are woken
//! when a request of theirs has ended, or to lead when the leader goes.

use super::start::drive;
use super::{changes, helper, selection};
use crate::error::{Result, WsaError};
use crate::object::apc::Thread;
use crate::object::reactor::{Duty, Reactor};
use crate::object::request::{Direction, Place, Watched};
use crate::object::socket::Socket;
use crate::object::table::{self, Reference};
use crate::sys::lock::Lock;
use crate::sys::socket::{self as kernel, Descriptor};
use crate::sys::watch::Ready;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// The reactor of sockets without a port, while there are such.
static MAIN: Lock<Option<Arc<Reactor>>> = Lock::new(None);

/// A thread leads the main reactor.
static LED: AtomicBool = AtomicBool::new(false);

/// The threads that could lead if nobody did.
static FOLLOWERS: Lock<Vec<Arc<Thread>>> = Lock::new(Vec::new());
static FOLLOWER_COUNT: AtomicUsize = AtomicUsize::new(0);

/// Everything that can happen to a socket.
const EVENTS: i32 = libc::EPOLLIN | libc::EPOLLOUT | libc::EPOLLRDHUP | libc::EPOLLPRI;

/// How many events a thread takes at once when it is the only one that waits.
pub(super) const BATCH: usize = 64;

pub(super) fn main_reactor() -> Option<Arc<Reactor>> {
    MAIN.lock().clone()
}

pub(super) fn main_or_new() -> Result<Arc<Reactor>> {
    if let Some(main) = main_reactor() {
        return Ok(main);
    }
    let new = Arc::new(Reactor::new().map_err(|_| WsaError::WSAENOBUFS)?);
    let main = Arc::clone(MAIN.lock().get_or_insert(new));
    // Who waits already may lead now.
    call_follower();
    Ok(main)
}

/// Sees to it that the engine hears of what happens to `socket`. WSAENOBUFS when the kernel has no room for that.
#[inline]
pub(crate) fn watch(socket: &Reference) -> Result<()> {
    if socket.requests().key.load(Ordering::Acquire) != 0 {
        return Ok(());
    }
    watch_anew(&socket.share(), None)
}

/// [`watch`] for a request of `owner` that stands in the socket's line: the threads that wait for it are the owner's.
pub(super) fn watch_for(socket: &Arc<Socket>, owner: &Socket) -> Result<()> {
    if socket.requests().key.load(Ordering::Acquire) != 0 {
        return Ok(());
    }
    watch_anew(socket, Some(owner))
}

/// [`watch`] for a socket that has no handle yet, and for a request of its `owner`'s, if it has one.
#[cold]
pub(crate) fn watch_anew(socket: &Arc<Socket>, owner: Option<&Socket>) -> Result<()> {
    let association = || {
        let of_owner = || owner.and_then(|owner| owner.association.get());
        socket.association.get().or_else(of_owner)
    };
    let main = match association() {
        Some(_) => None,
        None => Some(main_or_new()?),
    };
    helper::start()?;
    let vacancy = table::reserve().map_err(|_| WsaError::WSAENOBUFS)?;
    let requests = socket.requests();
    let watched = Arc::new(Watched(Arc::clone(socket)));
    let mut place = requests.place.lock();
    match *place {
        Place::Nowhere => {}
        // Another thread was first.
        Place::In(_) => return Ok(()),
        // The request is about to find that as well.
        Place::Left => return Ok(()),
    }
    // Looked for again under the lock, so that who associates the socket meanwhile either is seen or sees this.
    let port = association().map(|association| &association.port.reactor);
    let Some(reactor) = port.or(main.as_ref()).map(Arc::clone) else {
        return Ok(());
    };
    *place = Place::In(Arc::clone(&reactor));
    let key = vacancy.fill(watched);
    requests.key.store(key, Ordering::Release);
    drop(place);
    let added = reactor.set.add(&socket.descriptor, key as u64, EVENTS);
    if added.is_err() {
        unwatch(socket);
        return Err(WsaError::WSAENOBUFS);
    }
    Ok(())
}

/// The engine lets go of a socket, until it must be watched again; whether it had hold of it.
pub(crate) fn unwatch(socket: &Socket) -> bool {
    leave(socket, Place::Nowhere)
}

/// The engine lets go of a closed socket.
pub(super) fn unwatch_for_good(socket: &Socket) {
    leave(socket, Place::Left);
}

fn leave(socket: &Socket, to: Place) -> bool {
    let Some(requests) = socket.requests.get() else {
        return false;
    };
    let place = {
        let mut place = requests.place.lock();
        if matches!(*place, Place::Left) {
            return false;
        }
        std::mem::replace(&mut *place, to)
    };
    let watched = matches!(place, Place::In(_));
    if let Place::In(reactor) = place {
        // Copies of the descriptor, in other processes, would keep it in the set.
        reactor.set.remove(&socket.descriptor);
        let key = requests.key.swap(0, Ordering::AcqRel);
        if let Some(watched) = table::find::<Watched>(key) {
            watched.close();
        }
    }
    watched
}

/// Puts `descriptor` in the place of the socket's own, under whose number every call and request goes on.
pub(crate) fn replace(socket: &Arc<Socket>, descriptor: Descriptor) -> Result<()> {
    // A set watches what the number stands for, not the number.
    let before = unwatch(socket);
    let replaced = kernel::replace(&socket.descriptor, descriptor).map_err(|_| WsaError::WSAENOBUFS);
    // Another thread may have had the old one watched meanwhile.
    if before | unwatch(socket) {
        watch_anew(socket, None)?;
    }
    // What is known of the old one does not hold for the new.
    hurry(socket, Direction::Receive);
    hurry(socket, Direction::Send);
    replaced
}

/// Moves a socket that got its completion port only now to the port's reactor.
pub(super) fn move_to_port(socket: &Reference) -> Result<()> {
    if socket.requests().place.lock().reactor().is_none() {
        return Ok(());
    }
    unwatch(socket);
    watch(socket)?;
    note_pending(socket);
    Ok(())
}

/// A request of the socket waits: somebody must attend to its reactor.
#[inline]
pub(crate) fn note_pending(socket: &Socket) {
    let Some(requests) = socket.requests.get() else {
        return;
    };
    let off = requests
        .place
        .lock()
        .reactor()
        .filter(|reactor| reactor.duty() == Duty::Off)
        .cloned();
    if let Some(reactor) = off {
        attend(&reactor);
    }
}

/// Sees to it that somebody attends to the reactor.
pub(super) fn attend(reactor: &Arc<Reactor>) {
    if reactor.change_duty(Duty::Off, Duty::Look) {
        helper::enlist(Arc::clone(reactor));
    }
}

/// Whether anything waits for something to happen in the reactor.
pub(super) fn has_pending(reactor: &Arc<Reactor>) -> bool {
    if changes::are_awaited_in(reactor) {
        return true;
    }
    table::all::<Watched>().any(|socket| {
        socket.requests.get().is_some_and(|requests| {
            let here = requests
                .place
                .lock()
                .reactor()
                .is_some_and(|place| Arc::ptr_eq(place, reactor));
            here && (!requests.receive.lock().is_idle()
                || !requests.send.lock().is_idle()
                || selection::is_active(&socket))
        })
    })
}

/// Carries out what has become possible.
pub(super) fn handle(found: &[Ready]) {
    for ready in found.iter().filter(|ready| !ready.is_bell()) {
        if ready.key() == changes::KEY {
            changes::look();
            continue;
        }
        // Unless it was closed meanwhile.
        if let Some(socket) = table::find::<Watched>(ready.key() as usize) {
            became_ready(&socket, ready.events());
        }
    }
}

fn became_ready(socket: &Socket, events: i32) {
    const BROKEN: i32 = libc::EPOLLHUP | libc::EPOLLERR;
    const READABLE: i32 = libc::EPOLLIN | libc::EPOLLRDHUP | libc::EPOLLPRI | BROKEN;
    const WRITABLE: i32 = libc::EPOLLOUT | BROKEN;
    const LASTING: i32 = libc::EPOLLRDHUP | libc::EPOLLPRI | BROKEN;
    if events & LASTING != 0
        && let Some(requests) = socket.requests.get()
    {
        requests.receive.lock().lasts();
    }
    for (direction, meant) in [(Direction::Receive, READABLE), (Direction::Send, WRITABLE)] {
        if events & meant != 0 {
            hurry(socket, direction);
        }
    }
    // Requests take what has come before events tell of it (OBS.39).
    selection::look(socket);
}

/// What a line waits for may have come to pass.
pub(crate) fn hurry(socket: &Socket, direction: Direction) {
    if let Some(requests) = socket.requests.get() {
        let first = requests.line(direction).lock().became_ready();
        drive(socket, direction, first);
    }
}

/// One thread's wait, during which it may come to lead the main reactor.
pub(super) struct Wait;

impl Wait {
    /// Carries out what has become possible, without sleeping; nothing when another thread sees to that.
    pub(super) fn look(&self) {
        if let Some(main) = main_reactor()
            && !LED.swap(true, Ordering::SeqCst)
        {
            lead(&main, |room| main.wait(room, Some(Duration::ZERO)));
        }
    }

    /// Sleeps until a notice comes to `thread` or `timeout` is over, and drives the main reactor meanwhile if nobody else
    /// does. May return early.
    pub(super) fn sleep(&self, thread: &Arc<Thread>, timeout: Option<Duration>) {
        if let Some(main) = main_reactor()
            && !LED.swap(true, Ordering::SeqCst)
        {
            lead(&main, |room| thread.sleeper.sleep_in(&main.set, room, timeout));
            return;
        }
        FOLLOWERS.lock().push(Arc::clone(thread));
        FOLLOWER_COUNT.fetch_add(1, Ordering::SeqCst);
        // The leader may have gone before it could see this one; then this thread tries again.
        if LED.load(Ordering::SeqCst) || MAIN.lock().is_none() {
            thread.sleeper.park(timeout);
        }
        FOLLOWER_COUNT.fetch_sub(1, Ordering::SeqCst);
        let mut followers = FOLLOWERS.lock();
        let place = followers
            .iter()
            .position(|follower| Arc::ptr_eq(follower, thread));
        let left = place.map(|place| followers.swap_remove(place));
        drop(followers);
        drop(left);
    }
}

fn lead(main: &Reactor, wait: impl for<'a> FnOnce(&'a mut [Ready]) -> &'a [Ready]) {
    let mut room = [Ready::NOTHING; BATCH];
    main.begin_wait();
    let found = wait(&mut room);
    if main.end_wait() {
        helper::ring();
    }
    LED.store(false, Ordering::SeqCst);
    handle(found);
}

impl Drop for Wait {
    /// Who goes leaves the lead to another, also if it was only called to lead and had no need to wait any more.
    fn drop(&mut self) {
        if !LED.load(Ordering::SeqCst) {
            call_follower();
        }
    }
}

fn call_follower() {
    if FOLLOWER_COUNT.load(Ordering::SeqCst) == 0 || MAIN.lock().is_none() {
        return;
    }
    let follower = FOLLOWERS.lock().last().cloned();
    if let Some(follower) = follower {
        follower.sleeper.notify();
    }
}

/// At the last WSPCleanup, when no socket is watched any more.
pub(super) fn drop_main() {
    let main = MAIN.lock().take();
    if let Some(main) = main {
        // Who leads it looks for the next.
        main.set.ring();
    }
}

/// In the child of a fork.
pub(super) fn in_forked_child() {
    MAIN.renew(|| None);
    if let Some(main) = main_reactor() {
        main.in_forked_child();
    }
    LED.store(false, Ordering::SeqCst);
    FOLLOWERS.renew(Vec::new);
    let followers = std::mem::take(&mut *FOLLOWERS.lock());
    drop(followers);
    FOLLOWER_COUNT.store(0, Ordering::SeqCst);
}
