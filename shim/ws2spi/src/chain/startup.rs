//! WSAStartup and WSACleanup: versions, counting, and the catalog that holds in between.

use super::provider;
use crate::abi::{WSADATA, WSPPROC_TABLE, WSPUPCALLTABLE};
use crate::base::lifecycle;
use crate::catalog::{self, Catalog};
use crate::error::{Result, WsaError};
use crate::object::layered::Layered;
use crate::object::table;
use crate::object::thread::check_not_in_progress;
use crate::sys::guard::UserPointer;
use crate::sys::library::Startup;
use crate::sys::{fork, process};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread::{self, ThreadId};

/// What the library is to providers: their host, and the base provider of the chains.
pub(crate) struct Host {
    /// The base provider's functions.
    pub(crate) procs: &'static WSPPROC_TABLE,
    /// What every provider is given to call.
    pub(crate) upcalls: &'static WSPUPCALLTABLE,
    /// The base provider's WSPStartup.
    pub(crate) startup: Startup,
}

/// The catalog as a started process sees it: later changes do not reach it (W.5).
pub(crate) struct View {
    pub(crate) host: &'static Host,
    pub(crate) catalog: Catalog,
    /// The categories of layers that the program is willing to load; `None` for all (WSCGetApplicationCategory.4).
    pub(crate) permitted: Option<u32>,
}

static VIEW: RwLock<Option<Arc<View>>> = RwLock::new(None);

/// How often WSAStartup has succeeded without its WSACleanup.
static STARTED: AtomicU32 = AtomicU32::new(0);

/// Held while a WSAStartup takes effect or a WSACleanup is counted, but not while providers run. They do so during the
/// last WSACleanup, which this thread is in; other threads that start anew wait for its end.
static TURN: Mutex<Option<ThreadId>> = Mutex::new(None);

/// The last WSACleanup has ended.
static CLEANED_UP: Condvar = Condvar::new();

fn turn() -> MutexGuard<'static, Option<ThreadId>> {
    let mut turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    while turn.is_some_and(|by| by != thread::current().id()) {
        turn = CLEANED_UP.wait(turn).unwrap_or_else(PoisonError::into_inner);
    }
    turn
}

/// WSANOTINITIALISED outside of WSAStartup and WSACleanup.
#[inline]
pub(crate) fn check_started() -> Result<()> {
    if STARTED.load(Ordering::Acquire) == 0 {
        Err(WsaError::WSANOTINITIALISED)
    } else {
        Ok(())
    }
}

/// The catalog that holds now.
pub(crate) fn view() -> Result<Arc<View>> {
    let view = VIEW.read().unwrap_or_else(PoisonError::into_inner).clone();
    view.ok_or(WsaError::WSANOTINITIALISED)
}

pub(super) fn host() -> Result<&'static Host> {
    view().map(|view| view.host)
}

const LOWEST_MAJOR: u16 = 1;
const HIGHEST: u16 = 0x0202;

/// WSAStartup. A program of any version is served; it is told 2.2 or what it asked for, whichever is lower.
pub(crate) fn start(requested: u16, data: UserPointer<WSADATA>, host: &'static Host) -> Result<()> {
    check_not_in_progress()?;
    lifecycle::install();
    let (major, swapped) = (requested & 0xff, requested.swap_bytes());
    let version = if swapped < HIGHEST.swap_bytes() {
        requested
    } else {
        HIGHEST
    };
    let accepted = major >= LOWEST_MAJOR;
    data.write(describe(if accepted { version } else { HIGHEST }, major < 2))?;
    if !accepted {
        return Err(WsaError::WSAVERNOTSUPPORTED);
    }
    // Read before the turn comes, which does not wait for files; most often it is needed.
    let mut fresh = None;
    loop {
        if check_started().is_err() {
            fresh = Some(View::read(host)?);
        }
        let _turn = turn();
        match (check_started(), fresh.take()) {
            (Ok(()), _) => {}
            (Err(_), Some(view)) => {
                lifecycle::begin();
                *VIEW.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(view));
            }
            // The last WSACleanup has just come.
            (Err(_), None) => continue,
        }
        STARTED.fetch_add(1, Ordering::AcqRel);
        return Ok(());
    }
}

impl View {
    /// What holds from now on. A catalog that cannot be read must not pass for an empty one: a filter would be missing.
    fn read(host: &'static Host) -> Result<Self> {
        let catalog = catalog::read().map_err(|_| WsaError::WSASYSNOTREADY)?;
        let (program, arguments) = process::command();
        let permitted = catalog.permitted_categories(&program, &arguments);
        Ok(Self {
            host,
            catalog,
            permitted,
        })
    }
}

fn describe(version: u16, is_old: bool) -> WSADATA {
    let mut data = WSADATA {
        wVersion: version,
        wHighVersion: HIGHEST,
        // Only Winsock 1 has a use for them.
        iMaxSockets: if is_old { 32767 } else { 0 },
        iMaxUdpDg: if is_old { 65467 } else { 0 },
        lpVendorInfo: std::ptr::null_mut(),
        szDescription: [0; 257],
        szSystemStatus: [0; 129],
    };
    data.szDescription
        .iter_mut()
        .zip(*b"ws2spi over POSIX")
        .for_each(|(to, from)| *to = from);
    data.szSystemStatus
        .iter_mut()
        .zip(*b"Running")
        .for_each(|(to, from)| *to = from);
    data
}

/// WSACleanup: with the last one every provider is left, the base provider at the end.
pub(crate) fn cleanup() -> Result<()> {
    check_started()?;
    check_not_in_progress()?;
    {
        let mut turn = turn();
        let before = STARTED
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |count| count.checked_sub(1))
            .map_err(|_| WsaError::WSANOTINITIALISED)?;
        if before > 1 {
            return Ok(());
        }
        *VIEW.write().unwrap_or_else(PoisonError::into_inner) = None;
        *turn = Some(thread::current().id());
    }
    if provider::stop_all() {
        // What providers have left behind names nobody any more.
        table::all::<Layered>().for_each(|layered| {
            layered.close();
        });
    }
    let outcome = lifecycle::cleanup();
    *turn() = None;
    CLEANED_UP.notify_all();
    outcome
}

/// What is to be done here around a fork, before what the base provider does: these locks are taken first.
pub(crate) const FORK: fork::Handlers = fork::Handlers {
    before: before_fork,
    in_child: in_forked_child,
};

/// Before a fork.
fn before_fork() {
    fork::hold(TURN.lock().unwrap_or_else(PoisonError::into_inner));
    fork::hold(VIEW.write().unwrap_or_else(PoisonError::into_inner));
    provider::before_fork();
}

/// In the child of a fork: another thread's WSACleanup does not end here.
fn in_forked_child() {
    let mut turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    *turn = turn.filter(|by| *by == thread::current().id());
    drop(turn);
    provider::in_forked_child();
}
