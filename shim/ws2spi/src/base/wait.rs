//! Waits: WSAWaitForMultipleEvents, WaitForSingleObject, WaitForMultipleObjects and SleepEx, which are one.

use super::event;
use crate::abi::{BOOL, MAXIMUM_WAIT_OBJECTS, WAIT_IO_COMPLETION, WAIT_OBJECT_0, WAIT_TIMEOUT};
use crate::error::{Result, WsaError};
use crate::overlapped::wait::{Events, Limit, Woken, for_all, for_any, for_nothing};
use crate::sys::guard::UserPointer;

/// Waits for one of up to 64 events, or for all of them; what C calls the answer.
pub(crate) fn for_events(
    count: u32,
    handles: UserPointer<usize>,
    all: BOOL,
    milliseconds: u32,
    alertable: BOOL,
) -> Result<u32> {
    if !(1..=MAXIMUM_WAIT_OBJECTS).contains(&count) {
        return Err(WsaError::WSA_INVALID_PARAMETER);
    }
    let mut room = [0; MAXIMUM_WAIT_OBJECTS as usize];
    let given = &mut room[..count as usize];
    handles.read_slice(given)?;
    wait(given, all != BOOL::FALSE, milliseconds, alertable != BOOL::FALSE)
}

/// Waits for one event.
pub(crate) fn for_event(handle: usize, milliseconds: u32, alertable: BOOL) -> Result<u32> {
    wait(&mut [handle], false, milliseconds, alertable != BOOL::FALSE)
}

fn wait(handles: &mut [usize], all: bool, milliseconds: u32, alertable: bool) -> Result<u32> {
    if all {
        // In one order for all who wait, and each only once.
        handles.sort_unstable();
        if handles.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(WsaError::WSA_INVALID_PARAMETER);
        }
    }
    let mut events = Events::new();
    for &mut handle in handles {
        events.push(event::find(handle)?);
    }
    let limit = Limit::from_milliseconds(milliseconds);
    let woken = if all {
        for_all(&events, limit, alertable)
    } else {
        for_any(&events, limit, alertable)
    };
    Ok(match woken {
        Woken::Satisfied(place) => WAIT_OBJECT_0 + place as u32,
        Woken::TimedOut => WAIT_TIMEOUT,
        Woken::Alerted => WAIT_IO_COMPLETION,
    })
}

/// SleepEx: lets time pass; WAIT_IO_COMPLETION when APCs ended that, else 0.
pub(crate) fn sleep(milliseconds: u32, alertable: BOOL) -> u32 {
    match for_nothing(Limit::from_milliseconds(milliseconds), alertable != BOOL::FALSE) {
        Woken::Alerted => WAIT_IO_COMPLETION,
        Woken::Satisfied(()) | Woken::TimedOut => {
            if milliseconds == 0 {
                std::thread::yield_now();
            }
            0
        }
    }
}
