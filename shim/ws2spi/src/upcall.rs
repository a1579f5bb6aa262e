//! What the provider asks of its host and of the program: the upcalls of the table that WSPStartup was given, of which a
//! NULL entry means our own, and the callbacks that a call brings along.

mod routine;

pub(crate) use routine::{caller, queue_routine, release, run_apc};

use crate::abi::{
    BOOL, HWND, LPBLOCKINGCALLBACK, LPCONDITIONPROC, LPWPUPOSTMESSAGE, SOCKET, WSABUF, WSPUPCALLTABLE,
};
use crate::address::Address;
use crate::error::{Result, WsaError};
use crate::object::event::Event;
use crate::object::{table, thread};
use crate::sys::fork;
use crate::sys::guard::UserPointer;
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};
use std::sync::{PoisonError, RwLock};

/// The most recent table (WSPStartup.10); `None` until a host gives one with something in it.
static TABLE: RwLock<Option<WSPUPCALLTABLE>> = RwLock::new(None);

/// Whether the table has anything in it, so that most calls need not look.
static GIVEN: AtomicBool = AtomicBool::new(false);

/// Whether the table has WPUQueryBlockingCallback, which every call that blocks asks for.
static HOOKED: AtomicBool = AtomicBool::new(false);

/// Takes the table of the latest WSPStartup.
pub(crate) fn set_table(table: &WSPUPCALLTABLE) {
    HOOKED.store(table.lpWPUQueryBlockingCallback.is_some(), Ordering::Release);
    *TABLE.write().unwrap_or_else(PoisonError::into_inner) = Some(*table);
    // SAFETY: the table is that many pointers to functions, NULL where there is none.
    let entries: [usize; size_of::<WSPUPCALLTABLE>() / size_of::<usize>()] =
        unsafe { std::mem::transmute(*table) };
    GIVEN.store(entries.iter().any(|&entry| entry != 0), Ordering::Release);
}

/// Before a fork.
pub(crate) fn before_fork() {
    fork::hold(TABLE.write().unwrap_or_else(PoisonError::into_inner));
}

/// A copy of the table, so that no lock is held while the host runs.
#[inline]
fn table() -> Option<WSPUPCALLTABLE> {
    if GIVEN.load(Ordering::Acquire) {
        given_table()
    } else {
        None
    }
}

#[cold]
fn given_table() -> Option<WSPUPCALLTABLE> {
    *TABLE.read().unwrap_or_else(PoisonError::into_inner)
}

/// WPUModifyIFSHandle: shows the host a new handle; the one to be used instead (C.5).
pub(crate) fn modify_ifs_handle(catalog_entry: u32, proposed: SOCKET) -> Result<SOCKET> {
    let Some(modify) = table().and_then(|table| table.lpWPUModifyIFSHandle) else {
        return Ok(proposed);
    };
    let mut error = 0;
    // SAFETY: the host gave this function for this call; `error` lives until it returns.
    let handle = thread::in_callback(|| unsafe { modify(catalog_entry, proposed, &mut error) });
    if handle == crate::abi::INVALID_SOCKET {
        // A host that refuses without saying why finds the handle unacceptable.
        Err(if error == 0 {
            WsaError::WSAEINVAL
        } else {
            WsaError::from_code(error)
        })
    } else {
        Ok(handle)
    }
}

/// WPUSetEvent: signals an event, the host's or our own; false if the handle names none.
#[inline]
pub(crate) fn set_event(event: usize) -> bool {
    match table().and_then(|table| table.lpWPUSetEvent) {
        None => table::find::<Event>(event).map(|event| event.set()).is_some(),
        // SAFETY: the host gave this function for this call; the output lives until it returns.
        Some(set) => thread::in_callback(|| unsafe { set(event as _, &mut 0) }) != BOOL::FALSE,
    }
}

/// WPUResetEvent: makes an event nonsignalled, the host's or our own; false if the handle names none.
#[inline]
pub(crate) fn reset_event(event: usize) -> bool {
    match table().and_then(|table| table.lpWPUResetEvent) {
        None => table::find::<Event>(event).map(|event| event.reset()).is_some(),
        // SAFETY: the host gave this function for this call; the output lives until it returns.
        Some(reset) => thread::in_callback(|| unsafe { reset(event as _, &mut 0) }) != BOOL::FALSE,
    }
}

/// Whether events are ours to judge, not the host's.
pub(crate) fn events_are_ours() -> bool {
    table().is_none_or(|table| table.lpWPUSetEvent.is_none())
}

/// Whether messages can be posted at all.
pub(crate) fn posts_messages() -> bool {
    table().is_some_and(|table| table.lpWPUPostMessage.is_some())
        || !DELIVER.load(Ordering::Acquire).is_null()
}

/// WPUPostMessage: the host's, or what the program has named; false if the message was not taken.
pub(crate) fn post_message(window: usize, message: u32, wparam: usize, lparam: isize) -> bool {
    match table().and_then(|table| table.lpWPUPostMessage) {
        None => deliver_message(window, message, wparam, lparam),
        Some(post) => {
            // SAFETY: the host gave this function for every message.
            thread::in_callback(|| unsafe { post(window as HWND, message, wparam, lparam) }) != BOOL::FALSE
        }
    }
}

/// What delivers messages where the host does not.
static DELIVER: AtomicPtr<()> = AtomicPtr::new(std::ptr::null_mut());

/// Names what delivers messages where the host does not (NEED-S17); `None` for nothing.
pub(crate) fn set_deliver(deliver: LPWPUPOSTMESSAGE) {
    let function = deliver.map_or(std::ptr::null_mut(), |deliver| deliver as *mut ());
    DELIVER.store(function, Ordering::Release);
}

/// Hands a message to what the program has named; false if there is no such thing, or it did not take the message.
pub(crate) fn deliver_message(window: usize, message: u32, wparam: usize, lparam: isize) -> bool {
    // SAFETY: an LPWPUPOSTMESSAGE, of which NULL is None, was stored.
    let deliver: LPWPUPOSTMESSAGE = unsafe { std::mem::transmute(DELIVER.load(Ordering::Acquire)) };
    deliver.is_some_and(|deliver| {
        // SAFETY: the program gave this function for every message.
        thread::in_callback(|| unsafe { deliver(window as HWND, message, wparam, lparam) }) != BOOL::FALSE
    })
}

/// The hook that the host wants called while the provider blocks, with its context.
#[derive(Clone, Copy)]
pub(crate) struct BlockingHook {
    callback: unsafe extern "C" fn(usize) -> BOOL,
    context: usize,
}

impl BlockingHook {
    /// WPUQueryBlockingCallback: the hook, if the host has one.
    #[inline]
    pub(crate) fn query(catalog_entry: u32) -> Option<Self> {
        if !HOOKED.load(Ordering::Acquire) {
            return None;
        }
        let query = table()?.lpWPUQueryBlockingCallback?;
        let (mut callback, mut context, mut error): (LPBLOCKINGCALLBACK, usize, i32) = (None, 0, 0);
        // SAFETY: the host gave this function for this call; the outputs live until it returns.
        let answer =
            thread::in_callback(|| unsafe { query(catalog_entry, &mut callback, &mut context, &mut error) });
        (answer == 0).then_some(Self {
            callback: callback?,
            context,
        })
    }

    /// Runs the hook; false when the call it runs for is to end.
    pub(crate) fn run(self) -> bool {
        // SAFETY: the host named the callback and its context for this use.
        let answer = thread::in_callback(|| unsafe { (self.callback)(self.context) });
        answer != BOOL::FALSE
    }
}

/// The condition function of WSPAccept, with its context.
#[derive(Clone, Copy)]
pub(crate) struct Condition {
    function: unsafe extern "C" fn(
        *mut WSABUF,
        *mut WSABUF,
        *mut crate::abi::QOS,
        *mut crate::abi::QOS,
        *mut WSABUF,
        *mut WSABUF,
        *mut crate::abi::GROUP,
        usize,
    ) -> i32,
    context: usize,
}

impl Condition {
    /// The function if there is one; WSAEFAULT if it points to nothing.
    pub(crate) fn new(function: LPCONDITIONPROC, context: usize) -> Result<Option<Self>> {
        let Some(function) = function else { return Ok(None) };
        UserPointer::<u8>::from_address(function as usize).read()?;
        Ok(Some(Self { function, context }))
    }

    /// Shows the function who calls whom; its answer. TCP has no connect data and no quality of service to show.
    /// A group that it chose is WSAEINVAL, as there are none (WSPAccept.5).
    pub(crate) fn ask(self, caller: &Address, callee: &Address) -> Result<i32> {
        let mut group = 0;
        let answer = caller.with_bytes(|caller| {
            callee.with_bytes(|callee| {
                let (mut caller, mut callee) = (caller.to_vec(), callee.to_vec());
                let mut caller_id = WSABUF {
                    len: caller.len() as u32,
                    buf: caller.as_mut_ptr(),
                };
                let mut callee_id = WSABUF {
                    len: callee.len() as u32,
                    buf: callee.as_mut_ptr(),
                };
                let mut callee_data = WSABUF {
                    len: 0,
                    buf: std::ptr::null_mut(),
                };
                let nothing = std::ptr::null_mut();
                // SAFETY: the program gave the function for this call; what it is shown lives until it returns.
                thread::in_callback(|| unsafe {
                    (self.function)(
                        &mut caller_id,
                        nothing,
                        std::ptr::null_mut(),
                        std::ptr::null_mut(),
                        &mut callee_id,
                        &mut callee_data,
                        &mut group,
                        self.context,
                    )
                })
            })
        });
        if group == 0 {
            Ok(answer)
        } else {
            Err(WsaError::WSAEINVAL)
        }
    }
}
