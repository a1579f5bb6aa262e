//! What the provider asks of its host: the table that WSPStartup was given. A NULL entry means our own.

use crate::abi::{LPBLOCKINGCALLBACK, SOCKET, WSPUPCALLTABLE};
use crate::error::{Result, WsaError};
use crate::object::thread;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};

/// The most recent table (WSPStartup.10); `None` until a host gives one with something in it.
static TABLE: RwLock<Option<WSPUPCALLTABLE>> = RwLock::new(None);

/// Whether the table has anything in it, so that most calls need not look.
static GIVEN: AtomicBool = AtomicBool::new(false);

/// Takes the table of the latest WSPStartup.
pub(crate) fn set_table(table: &WSPUPCALLTABLE) {
    *TABLE.write().unwrap_or_else(PoisonError::into_inner) = Some(*table);
    GIVEN.store(true, Ordering::Release);
}

/// A copy of the table, so that no lock is held while the host runs.
fn table() -> Option<WSPUPCALLTABLE> {
    if !GIVEN.load(Ordering::Acquire) {
        return None;
    }
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
        Err(WsaError::from_code(error))
    } else {
        Ok(handle)
    }
}

/// The hook that the host wants called while the provider blocks, with its context.
#[derive(Clone, Copy)]
pub(crate) struct BlockingHook {
    callback: unsafe extern "C" fn(usize) -> crate::abi::BOOL,
    context: usize,
}

impl BlockingHook {
    /// WPUQueryBlockingCallback: the hook, if the host has one.
    pub(crate) fn query(catalog_entry: u32) -> Option<Self> {
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
        answer != crate::abi::BOOL::FALSE
    }
}
