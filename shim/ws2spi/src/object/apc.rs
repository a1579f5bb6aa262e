//! A thread as others see it: how to wake it, and the asynchronous procedure calls (APCs) that wait for it.

use super::request::Outcome;
use super::sleeper::Sleeper;
use super::table::{self, Kind, Named};
use crate::abi::{HANDLE, WSAOVERLAPPED, WSATHREADID};
use crate::error::{Result, WsaError};
use crate::sys::lock::Lock;
use std::cell::Cell;
use std::collections::VecDeque;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

/// What is to be called on a thread.
pub(crate) enum Apc {
    /// A procedure with its argument.
    Procedure(unsafe extern "C" fn(usize), usize),
    Routine(Routine),
}

/// A completion routine with its arguments (OV.15).
pub(crate) struct Routine {
    pub(crate) function: unsafe extern "C" fn(u32, u32, *mut WSAOVERLAPPED, u32),
    /// Address of the OVERLAPPED.
    pub(crate) overlapped: usize,
    pub(crate) outcome: Outcome,
    /// Which socket it completes a request of: its address, which may be another's by now.
    pub(crate) socket: usize,
}

/// What a WSATHREADID names.
pub(crate) struct Thread {
    /// Tells it from every other thread there ever was.
    pub(crate) number: u64,
    pub(crate) sleeper: Sleeper,
    apcs: Lock<VecDeque<Apc>>,
    /// How many APCs wait.
    queued: AtomicU32,
    ended: AtomicBool,
}

/// A handle to a thread (WPUOpenCurrentThread).
pub(crate) struct ThreadHandle(Arc<Thread>);

impl Named for ThreadHandle {
    const KIND: Kind = Kind::Thread;
}

impl Deref for ThreadHandle {
    type Target = Arc<Thread>;

    fn deref(&self) -> &Arc<Thread> {
        &self.0
    }
}

/// How many threads there were.
static COUNT: AtomicU64 = AtomicU64::new(0);

impl Default for Thread {
    fn default() -> Self {
        Self {
            number: COUNT.fetch_add(1, Ordering::Relaxed) + 1,
            sleeper: Sleeper::default(),
            apcs: Lock::default(),
            queued: AtomicU32::new(0),
            ended: AtomicBool::new(false),
        }
    }
}

impl Thread {
    /// Queues an APC; false when the thread has ended.
    pub(crate) fn queue(&self, apc: Apc) -> bool {
        {
            let mut apcs = self.apcs.lock();
            if self.ended.load(Ordering::Relaxed) {
                return false;
            }
            apcs.push_back(apc);
            self.queued.fetch_add(1, Ordering::SeqCst);
        }
        self.sleeper.notify();
        true
    }

    /// How many APCs wait.
    #[inline]
    pub(crate) fn apcs(&self) -> u32 {
        self.queued.load(Ordering::SeqCst)
    }

    /// The first APC that waits.
    #[inline]
    pub(crate) fn next_apc(&self) -> Option<Apc> {
        if self.queued.load(Ordering::SeqCst) == 0 {
            return None;
        }
        let apc = self.apcs.lock().pop_front()?;
        self.queued.fetch_sub(1, Ordering::SeqCst);
        Some(apc)
    }

    /// The thread takes no more APCs, and forgets those that wait.
    pub(crate) fn end(&self) {
        let mut apcs = self.apcs.lock();
        self.ended.store(true, Ordering::Relaxed);
        self.queued.store(0, Ordering::SeqCst);
        let forgotten = std::mem::take(&mut *apcs);
        drop(apcs);
        drop(forgotten);
    }

    /// In the child of a fork, for the thread that forked.
    fn in_forked_child(&self) {
        self.apcs.renew(VecDeque::new);
        self.queued.store(self.apcs.lock().len() as u32, Ordering::SeqCst);
    }
}

/// What is to be done when a thread ends that has used overlapped I/O.
static AT_END: once_cell::race::OnceBox<fn(&Arc<Thread>)> = once_cell::race::OnceBox::new();

/// Names what is to be done when a thread ends; once per process.
pub(crate) fn at_end(action: fn(&Arc<Thread>)) {
    let _ = AT_END.set(Box::new(action));
}

struct Current {
    thread: Arc<Thread>,
    /// A handle to it, for as long as it lives; 0 until one is needed.
    handle: Cell<usize>,
}

impl Drop for Current {
    fn drop(&mut self) {
        if let Some(handle) = table::find::<ThreadHandle>(self.handle.get()) {
            handle.close();
        }
        if let Some(action) = AT_END.get() {
            action(&self.thread);
        }
    }
}

thread_local! {
    static CURRENT: Current = Current {
        thread: Arc::default(),
        handle: Cell::new(0),
    };
}

/// The calling thread; while it ends, a stand-in that nothing is queued to.
pub(crate) fn current() -> Arc<Thread> {
    CURRENT
        .try_with(|current| Arc::clone(&current.thread))
        .unwrap_or_default()
}

/// A handle to the calling thread. WSAENOBUFS when there can be none.
pub(crate) fn open_current() -> Result<usize> {
    let vacancy = table::reserve().map_err(|_| WsaError::WSAENOBUFS)?;
    Ok(vacancy.fill(Arc::new(ThreadHandle(current()))))
}

/// The name of the calling thread that providers are given with its calls: one for as long as it lives (NEED-S10).
pub(crate) fn current_id() -> Result<WSATHREADID> {
    let handle = CURRENT
        .try_with(|current| {
            if current.handle.get() == 0 {
                current.handle.set(open_current()?);
            }
            Ok(current.handle.get())
        })
        // The thread is ending, and runs nothing any more.
        .unwrap_or(Err(WsaError::WSAENOBUFS))?;
    Ok(WSATHREADID {
        ThreadHandle: handle as HANDLE,
        Reserved: 0,
    })
}

/// The number of the calling thread; while it ends, nobody's.
#[inline]
pub(crate) fn number() -> u64 {
    CURRENT.try_with(|current| current.thread.number).unwrap_or(0)
}

/// In the child of a fork.
pub(crate) fn in_forked_child() {
    let _ = CURRENT.try_with(|current| current.thread.in_forked_child());
}
