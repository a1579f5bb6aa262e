//! Completion routines: which thread calls them, how they get there, and that they do not nest.
//!
//! Our own threads have a queue of APCs, which takes a routine as it is. A host's WPUQueueApc takes a function and one
//! argument: a trampoline, and the address of the routine with its own arguments (OV.13).

use super::table;
use crate::abi::{HANDLE, WSAOVERLAPPED, WSATHREADID, WSPUPCALLTABLE};
use crate::error::{Result, WsaError};
use crate::object::apc::{self, Apc, Routine, ThreadHandle};
use crate::object::request::{Caller, ThreadId};
use crate::object::{table as handles, thread};
use crate::sys::guard::UserPointer;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Arc;

/// The host's table if threads are the host's; a NULL entry still means our own.
fn hosts_threads() -> Option<WSPUPCALLTABLE> {
    table().filter(|table| {
        table.lpWPUQueueApc.is_some()
            || table.lpWPUOpenCurrentThread.is_some()
            || table.lpWPUCloseThread.is_some()
    })
}

/// The thread that is to call a request's routine (OV.11): the one that `id` names, or the calling one. WSAEFAULT if it
/// names none.
pub(crate) fn caller(id: UserPointer<WSATHREADID>) -> Result<Caller> {
    let Some(table) = hosts_threads() else {
        let Some(id) = id.non_null() else {
            return Ok(Caller::Ours(apc::current()));
        };
        let handle = id.read()?.ThreadHandle as usize;
        let thread = handles::find::<ThreadHandle>(handle).ok_or(WsaError::WSAEFAULT)?;
        return Ok(Caller::Ours(Arc::clone(&thread)));
    };
    let (id, is_opened) = match id.non_null() {
        Some(id) => (id.read()?, false),
        None => (open(&table)?, true),
    };
    Ok(Caller::Hosts(ThreadId {
        handle: id.ThreadHandle as usize,
        reserved: id.Reserved,
        is_opened,
    }))
}

/// WPUOpenCurrentThread.
fn open(table: &WSPUPCALLTABLE) -> Result<WSATHREADID> {
    let mut id = WSATHREADID {
        ThreadHandle: std::ptr::null_mut(),
        Reserved: 0,
    };
    let Some(open) = table.lpWPUOpenCurrentThread else {
        id.ThreadHandle = apc::open_current()? as HANDLE;
        return Ok(id);
    };
    let mut error = 0;
    // SAFETY: the host gave this function for this call; the outputs live until it returns.
    match thread::in_callback(|| unsafe { open(&mut id, &mut error) }) {
        0 => Ok(id),
        _ => Err(WsaError::from_code(error)),
    }
}

impl ThreadId {
    fn structure(self) -> WSATHREADID {
        WSATHREADID {
            ThreadHandle: self.handle as HANDLE,
            Reserved: self.reserved,
        }
    }

    /// WPUCloseThread, if the thread was opened for the request.
    fn release(self) {
        if !self.is_opened {
            return;
        }
        match table().and_then(|table| table.lpWPUCloseThread) {
            None => {
                if let Some(thread) = handles::find::<ThreadHandle>(self.handle) {
                    thread.close();
                }
            }
            Some(close) => {
                // SAFETY: the host gave this function for this call; id and output live until it returns.
                thread::in_callback(|| unsafe { close(&mut self.structure(), &mut 0) });
            }
        }
    }

    /// WPUQueueApc; false if there is no such thread.
    fn queue(self, procedure: unsafe extern "C" fn(usize), context: usize) -> bool {
        match table().and_then(|table| table.lpWPUQueueApc) {
            None => handles::find::<ThreadHandle>(self.handle)
                .is_some_and(|thread| thread.queue(Apc::Procedure(procedure, context))),
            Some(queue) => {
                let mut id = self.structure();
                // SAFETY: the host gave this function for this call; id and output live until it returns.
                thread::in_callback(|| unsafe { queue(&mut id, Some(procedure), context, &mut 0) }) == 0
            }
        }
    }
}

/// The request will call nothing after all.
pub(crate) fn release(caller: &Caller) {
    if let Caller::Hosts(id) = caller {
        id.release();
    }
}

/// Queues a completion routine to the thread that is to run it. What cannot be queued, because the thread has ended, is
/// dropped with it.
pub(crate) fn queue_routine(caller: &Caller, routine: Routine) {
    match *caller {
        Caller::Ours(ref thread) => {
            thread.queue(Apc::Routine(routine));
        }
        Caller::Hosts(id) => {
            let context = Box::into_raw(Box::new((routine, id)));
            if !id.queue(trampoline, context as usize) {
                // SAFETY: nobody else has it.
                drop(unsafe { Box::from_raw(context) });
                id.release();
            }
        }
    }
}

/// What a host's APC calls.
unsafe extern "C" fn trampoline(context: usize) {
    // SAFETY: queue_routine made the context, and an APC runs once.
    let (routine, id) = *unsafe { Box::from_raw(context as *mut (Routine, ThreadId)) };
    id.release();
    run_routine(routine);
}

/// Calls an APC on the thread that it was queued to.
pub(crate) fn run_apc(apc: Apc) {
    match apc {
        // SAFETY: who queued it gave procedure and context for this call.
        Apc::Procedure(procedure, context) => unsafe { procedure(context) },
        Apc::Routine(routine) => run_routine(routine),
    }
}

/// A socket whose routine runs on this thread now, and the routines that wait for its end.
struct Running {
    socket: usize,
    after: VecDeque<Routine>,
}

thread_local! {
    /// Innermost last.
    static RUNNING: RefCell<Vec<Running>> = const { RefCell::new(Vec::new()) };
}

fn with_running<T>(body: impl FnOnce(&mut Vec<Running>) -> T) -> Option<T> {
    RUNNING
        .try_with(|running| {
            running
                .try_borrow_mut()
                .ok()
                .map(|mut running| body(&mut running))
        })
        .ok()
        .flatten()
}

/// For one socket routines never nest (OV.18): one that comes while another runs, which must itself be waiting alertably,
/// runs after it.
fn run_routine(routine: Routine) {
    let socket = routine.socket;
    let mut next = with_running(|running| {
        if let Some(outer) = running.iter_mut().find(|outer| outer.socket == socket) {
            outer.after.push_back(routine);
            return None;
        }
        running.push(Running {
            socket,
            after: VecDeque::new(),
        });
        Some(routine)
    })
    .flatten();
    while let Some(routine) = next {
        call(&routine);
        next = with_running(|running| {
            let place = running.iter().position(|running| running.socket == socket)?;
            let after = running[place].after.pop_front();
            if after.is_none() {
                running.remove(place);
            }
            after
        })
        .flatten();
    }
}

fn call(routine: &Routine) {
    let error = routine.outcome.error.map_or(0, |error| error.code()) as u32;
    // SAFETY: the program gave the routine for this call, and its OVERLAPPED until the call is over.
    unsafe {
        (routine.function)(
            error,
            routine.outcome.bytes,
            routine.overlapped as *mut WSAOVERLAPPED,
            routine.outcome.flags,
        );
    }
}
