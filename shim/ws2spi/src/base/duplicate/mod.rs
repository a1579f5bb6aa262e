//! WSPDuplicateSocket, and what WSPSocket does with the structure it fills (WSPSocket.6).
//!
//! The structure carries a token. Within the process the token names the socket itself, so everything is shared. For
//! another process a thread waits in Linux' abstract name space, at an address named after the token, until that
//! process, and no other, comes for the descriptor and for what the kernel does not know of the socket ([`state`]).
//! Either works once (WSPDuplicateSocket.2).

mod learn;
mod state;

pub(crate) use learn::learn;

use super::{close, create, enter, listen};
use crate::abi::{SOCKET, WSAPROTOCOL_INFOW};
use crate::catalog::base::Protocol;
use crate::error::{Operation, Result, WsaError};
use crate::object::socket::{Socket, State};
use crate::object::table::{self, Reference};
use crate::sys::errno::Errno;
use crate::sys::guard::UserPointer;
use crate::sys::socket::{self as kernel, Descriptor};
use crate::sys::watch::{Waiter, Watch, start_thread};
use crate::sys::{fork, pass, process};
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A duplicate that nobody has fetched yet.
enum Offer {
    /// For this process.
    Here(Offered),
    /// For another one: dropping it ends the thread that waits for that process.
    Elsewhere(Watch),
}

/// A socket that is to get another handle in this process; closing the others leaves it alone meanwhile.
struct Offered(Arc<Socket>);

impl Offered {
    fn new(socket: &Reference) -> Self {
        socket.offers.fetch_add(1, Ordering::SeqCst);
        Self(socket.share())
    }
}

impl Drop for Offered {
    fn drop(&mut self) {
        self.0.offers.fetch_sub(1, Ordering::SeqCst);
        close::wake(&self.0);
    }
}

type Offers = BTreeMap<u32, Offer>;

/// The offers by their tokens. Locked for a few instructions, never while the kernel or the program runs.
static OFFERS: Mutex<Offers> = Mutex::new(Offers::new());

fn offers() -> MutexGuard<'static, Offers> {
    OFFERS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn failed(errno: Errno) -> WsaError {
    WsaError::from_errno(Operation::Duplicate, errno)
}

/// WSPDuplicateSocket: fills `info` so that WSPSocket in `process` gives another handle for the socket.
pub(crate) fn duplicate(handle: SOCKET, process: u32, info: UserPointer<WSAPROTOCOL_INFOW>) -> Result<()> {
    let socket = enter(handle)?;
    // Judged before anything is offered.
    info.read()?;
    let here = process == fork::process() as u32;
    let token = if here {
        offer_here(&socket)?
    } else {
        offer_elsewhere(&socket, process)?
    };
    listen::share_queue(&socket);
    if !here {
        socket.state.set(State::ABROAD);
    }
    if !here && socket.state.clear(State::POLLED).contains(State::POLLED) {
        // There the descriptor itself tells whether the socket blocks.
        listen::queue::apply_blocking_mode(&socket);
    }
    let filled = WSAPROTOCOL_INFOW {
        iProtocol: socket.protocol_number,
        dwProviderReserved: token,
        ..socket.protocol.info()
    };
    info.write(filled).inspect_err(|_| withdraw(token))?;
    Ok(())
}

/// WSPSocket with a structure that [`duplicate`] filled.
pub(crate) fn redeem(info: &WSAPROTOCOL_INFOW) -> Result<SOCKET> {
    let entry = Protocol::of_info(info).ok_or(WsaError::WSAEINVAL)?;
    let vacancy = table::reserve()?;
    match take_here(info.dwProviderReserved, entry) {
        // It counts as offered until it has the handle.
        Some(offered) => create::publish(vacancy, Arc::clone(&offered.0)),
        None => create::publish(vacancy, Arc::new(fetch(info.dwProviderReserved, entry)?)),
    }
}

fn offer_here(socket: &Reference) -> Result<u32> {
    loop {
        let token = process::random().map_err(failed)?;
        let mut offers = offers();
        if token != 0 && !offers.contains_key(&token) {
            offers.insert(token, Offer::Here(Offered::new(socket)));
            return Ok(token);
        }
    }
}

/// Takes an offer for this process, if the token names one of a socket of `entry`.
fn take_here(token: u32, entry: &Protocol) -> Option<Offered> {
    let mut offers = offers();
    match offers.get(&token)? {
        Offer::Here(offered) if std::ptr::eq(offered.0.protocol, entry) => {}
        _ => return None,
    }
    match offers.remove(&token)? {
        Offer::Here(offered) => Some(offered),
        Offer::Elsewhere(_) => None,
    }
}

/// What the waiting thread is told.
const SOMEBODY_COMES: u64 = 0;
const TARGET_HAS_ENDED: u64 = 1;

fn offer_elsewhere(socket: &Reference, process: u32) -> Result<u32> {
    let target = process::open(process).map_err(failed)?;
    let (token, listener) = address()?;
    let (watch, waiter) = Watch::new().map_err(failed)?;
    watch.add_arrivals(&listener, SOMEBODY_COMES).map_err(failed)?;
    if let Some(target) = &target {
        watch.add_arrivals(target, TARGET_HAS_ENDED).map_err(failed)?;
    }
    offers().insert(token, Offer::Elsewhere(watch));
    let shared = socket.share();
    start_thread("ws2spi-duplicate", move || {
        wait_for_target(&waiter, &listener, process, &shared);
        drop(target);
        withdraw(token);
    })
    .map_err(|_| {
        withdraw(token);
        WsaError::WSAENOBUFS
    })?;
    Ok(token)
}

fn name(token: u32) -> String {
    format!("ws2spi-duplicate-{token:08x}")
}

/// A token that is nobody's, and the socket at the address named after it.
fn address() -> Result<(u32, Descriptor)> {
    loop {
        let token = process::random().map_err(failed)?;
        match pass::listen(&name(token)) {
            Ok(listener) if token != 0 => return Ok((token, listener)),
            Ok(_) | Err(Errno(libc::EADDRINUSE)) => {}
            Err(errno) => return Err(failed(errno)),
        }
    }
}

/// Hands the socket to the process it is for; returns also when that process has ended or the offer was withdrawn.
fn wait_for_target(waiter: &Waiter, listener: &Descriptor, process: u32, socket: &Socket) {
    let mut over = false;
    while !over && waiter.wait(|key| over |= key == TARGET_HAS_ENDED || hand_over(listener, process, socket))
    {
    }
    // A child of a fork may hold the address too; nobody shall wait there.
    let _ = kernel::shutdown(listener, libc::SHUT_RDWR);
}

/// Looks at those who have come; true once the right one has got the socket.
fn hand_over(listener: &Descriptor, process: u32, socket: &Socket) -> bool {
    loop {
        match pass::accept(listener) {
            Ok((client, peer)) if peer as u32 == process => {
                return pass::send(&client, &state::pack(socket), &socket.descriptor).is_ok();
            }
            Ok(_) | Err(Errno(libc::EINTR | libc::ECONNABORTED)) => {}
            Err(_) => return false,
        }
    }
}

/// Fetches the socket that another process offers.
fn fetch(token: u32, entry: &'static Protocol) -> Result<Socket> {
    /// For a process that was stopped, or has ended and left the address to a child.
    const PATIENCE: Duration = Duration::from_secs(5);
    let server = pass::connect(&name(token), PATIENCE).map_err(failed)?;
    if !pass::is_trusted(&server) {
        return Err(WsaError::WSAEINVAL);
    }
    let mut bytes = [0; state::LENGTH];
    let (count, descriptor) = pass::receive(&server, &mut bytes).map_err(failed)?;
    descriptor
        .filter(|_| count == state::LENGTH)
        .and_then(|descriptor| state::unpack(&bytes, entry, descriptor))
        .ok_or(WsaError::WSAEINVAL)
}

/// Ends an offer.
fn withdraw(token: u32) {
    let offer = offers().remove(&token);
    drop(offer);
}

/// The last WSPCleanup ends all offers.
pub(crate) fn withdraw_all() {
    let all = std::mem::take(&mut *offers());
    drop(all);
}

/// Before a fork.
pub(crate) fn before_fork() {
    fork::hold(offers());
}

/// In the child of a fork: the offers are the parent's, and so are the threads that wait.
pub(crate) fn in_forked_child() {
    let all = std::mem::take(&mut *offers());
    for offer in all.into_values() {
        if let Offer::Elsewhere(watch) = offer {
            // Dropping it would stop the parent's thread.
            std::mem::forget(watch);
        }
    }
}
