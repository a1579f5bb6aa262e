//! Calls of the functions in a provider's table.

use super::addresses::{Given, Room};
use super::choose::Choice;
use crate::abi::*;
use crate::error::{Result, WsaError};
use crate::sys::guard::UserPointer;
use libc::timeval;
use std::ffi::{c_int, c_void};
use std::ptr::{from_mut, null_mut};

/// The answer of a provider's function, with the value that says that there is a code.
pub(crate) trait Provided: Copy {
    fn is_failure(self) -> bool;
}

impl Provided for c_int {
    fn is_failure(self) -> bool {
        self == SOCKET_ERROR
    }
}

impl Provided for SOCKET {
    fn is_failure(self) -> bool {
        self == INVALID_SOCKET
    }
}

impl Provided for BOOL {
    fn is_failure(self) -> bool {
        self == Self::FALSE
    }
}

/// What a provider's answer means. One that fails without a code has broken its promise.
#[inline]
pub(crate) fn provided<T: Provided>(answer: T, error: c_int) -> Result<T> {
    match (answer.is_failure(), error) {
        (false, _) => Ok(answer),
        (true, 0) => Err(WsaError::WSASYSCALLFAILURE),
        (true, code) => Err(WsaError::from_code(code)),
    }
}

/// Calls a function of a provider's table: `provider!(procs, lpWSPListen(s, backlog))`.
macro_rules! provider {
    ($procs:expr, $function:ident($($argument:expr),* $(,)?)) => {
        match $procs.$function {
            Some(function) => {
                let mut error = 0;
                // SAFETY: the function is a provider's, of ws2spi.h's type. The arguments are those of our caller, whose
                // promise holds for the provider as it does for us, or live until the call returns.
                let answer = unsafe { function($($argument,)* &mut error) };
                $crate::chain::call::provided(answer, error)
            }
            // Tables are judged before they are used.
            None => Err($crate::error::WsaError::WSAEINVALIDPROCTABLE),
        }
    };
}
pub(crate) use provider;

/// WSPSelect.
pub(super) fn select(
    procs: &WSPPROC_TABLE,
    count: c_int,
    [read, write, except]: [UserPointer<fd_set>; 3],
    timeout: UserPointer<timeval>,
) -> Result<c_int> {
    let sets = (read.raw(), write.raw(), except.raw());
    provider!(procs, lpWSPSelect(count, sets.0, sets.1, sets.2, timeout.raw()))
}

/// WSARecvEx: WSPRecv of one buffer, where a message that is cut off is no failure but marked as MSG_PARTIAL.
pub(crate) fn receive_in_part(
    procs: &WSPPROC_TABLE,
    s: SOCKET,
    mut buffer: WSABUF,
    flags: UserPointer<DWORD>,
) -> Result<c_int> {
    let (mut received, mark) = (0, flags.raw());
    match provider!(
        procs,
        lpWSPRecv(
            s,
            &mut buffer,
            1,
            &mut received,
            mark,
            null_mut(),
            None,
            null_mut()
        )
    ) {
        Ok(_) => {}
        Err(WsaError::WSAEMSGSIZE) => flags.write(flags.read()? | MSG_PARTIAL)?,
        Err(code) => return Err(code),
    }
    Ok(received.cast_signed())
}

/// WSPCloseSocket.
pub(super) fn close(procs: &WSPPROC_TABLE, s: SOCKET) -> Result<()> {
    provider!(procs, lpWSPCloseSocket(s)).map(drop)
}

/// SO_PROTOCOL_INFO.
pub(super) fn protocol_info(procs: &WSPPROC_TABLE, s: SOCKET) -> Result<WSAPROTOCOL_INFOW> {
    let mut info = WSAPROTOCOL_INFOW::EMPTY;
    let mut length = size_of_val(&info) as c_int;
    let value = from_mut(&mut info).cast();
    provider!(
        procs,
        lpWSPGetSockOpt(s, SOL_SOCKET, SO_PROTOCOL_INFOW, value, &mut length)
    )?;
    Ok(info)
}

/// SO_ERROR.
pub(super) fn error_of(procs: &WSPPROC_TABLE, s: SOCKET) -> Result<c_int> {
    let mut error = 0;
    let mut length = size_of_val(&error) as c_int;
    let value = from_mut(&mut error).cast();
    provider!(
        procs,
        lpWSPGetSockOpt(s, SOL_SOCKET, SO_ERROR, value, &mut length)
    )?;
    Ok(error)
}

/// WSPConnect.
pub(super) fn connect(
    procs: &WSPPROC_TABLE,
    s: SOCKET,
    name: UserPointer<SOCKADDR>,
    length: c_int,
) -> Result<()> {
    let nothing = null_mut();
    let name = name.raw();
    provider!(
        procs,
        lpWSPConnect(s, name, length, nothing, nothing, null_mut(), null_mut())
    )
    .map(drop)
}

/// FIONBIO.
pub(super) fn set_nonblocking(procs: &WSPPROC_TABLE, s: SOCKET, on: bool) -> Result<()> {
    let mut on = u32::from(on);
    let input = (from_mut(&mut on).cast(), size_of::<u32>());
    control(procs, s, FIONBIO, input, (null_mut(), 0), null_mut())
}

/// WSPGetSockName; `length` is the room's, and becomes the address's.
pub(super) fn local_address(
    procs: &WSPPROC_TABLE,
    s: SOCKET,
    name: UserPointer<SOCKADDR>,
    length: &mut c_int,
) -> Result<()> {
    provider!(procs, lpWSPGetSockName(s, name.raw(), length)).map(drop)
}

/// WSPGetPeerName; `length` is the room's, and becomes the address's.
pub(super) fn peer_address(
    procs: &WSPPROC_TABLE,
    s: SOCKET,
    name: UserPointer<SOCKADDR>,
    length: &mut c_int,
) -> Result<()> {
    provider!(procs, lpWSPGetPeerName(s, name.raw(), length)).map(drop)
}

/// WSPAddressToString.
pub(super) fn address_to_string(
    choice: &Choice,
    (address, address_length): Given,
    text: UserPointer<u16>,
    length: UserPointer<u32>,
) -> Result<()> {
    let mut entry = choice.entry;
    let entry = entry.as_mut().map_or(null_mut(), from_mut);
    let (address, text, length) = (address.raw(), text.raw(), length.raw());
    provider!(
        choice.procs,
        lpWSPAddressToString(address, address_length, entry, text, length)
    )
    .map(drop)
}

/// WSPStringToAddress.
pub(super) fn string_to_address(
    choice: &Choice,
    text: UserPointer<u16>,
    family: c_int,
    (address, length): Room,
) -> Result<()> {
    let mut entry = choice.entry;
    let entry = entry.as_mut().map_or(null_mut(), from_mut);
    let (text, address, length) = (text.raw(), address.raw(), length.raw());
    provider!(
        choice.procs,
        lpWSPStringToAddress(text, family, entry, address, length)
    )
    .map(drop)
}

/// Which handle stands for `s` in a call: SIO_BSP_HANDLE_SELECT or SIO_BSP_HANDLE_POLL says in which.
pub(super) fn handle_for(procs: &WSPPROC_TABLE, s: SOCKET, code: DWORD) -> Result<SOCKET> {
    let mut handle: SOCKET = s;
    control(
        procs,
        s,
        code,
        (null_mut(), 0),
        (from_mut(&mut handle).cast(), size_of::<SOCKET>()),
        null_mut(),
    )?;
    Ok(handle)
}

/// The extension function of a GUID, as the provider of `s` has it for that.
pub(super) fn extension_function(procs: &WSPPROC_TABLE, s: SOCKET, mut guid: GUID) -> Result<usize> {
    let mut address = 0usize;
    let guid = (from_mut(&mut guid).cast(), size_of::<GUID>());
    let room = (from_mut(&mut address).cast(), size_of::<usize>());
    control(
        procs,
        s,
        SIO_GET_EXTENSION_FUNCTION_POINTER,
        guid,
        room,
        null_mut(),
    )?;
    Ok(address)
}

/// SIO_EXT_POLL: `data` begins with a WSAPOLLDATA and is what the provider answers in, too.
pub(super) fn poll(procs: &WSPPROC_TABLE, s: SOCKET, data: &mut [WSAPOLLFD]) -> Result<()> {
    let data = (data.as_mut_ptr().cast(), size_of_val(data));
    control(procs, s, SIO_EXT_POLL, data, data, null_mut())
}

/// SIO_EXT_SENDMSG: the structure goes in, and the code comes out.
pub(super) fn send_message(
    procs: &WSPPROC_TABLE,
    s: SOCKET,
    mut message: WSASENDMSG,
    mut caller: Option<WSATHREADID>,
) -> Result<()> {
    let mut code: c_int = 0;
    let input = (from_mut(&mut message).cast(), size_of::<WSASENDMSG>());
    let room = (from_mut(&mut code).cast(), size_of::<c_int>());
    let caller = caller.as_mut().map_or(null_mut(), from_mut);
    let outcome = control(procs, s, SIO_EXT_SENDMSG, input, room, caller);
    match code {
        0 => outcome,
        code => Err(WsaError::from_code(code)),
    }
}

/// WSPIoctl, synchronous.
fn control(
    procs: &WSPPROC_TABLE,
    s: SOCKET,
    code: DWORD,
    input: (*mut c_void, usize),
    output: (*mut c_void, usize),
    caller: *mut WSATHREADID,
) -> Result<()> {
    let mut returned = 0;
    provider!(
        procs,
        lpWSPIoctl(
            s,
            code,
            input.0,
            input.1 as DWORD,
            output.0,
            output.1 as DWORD,
            &mut returned,
            null_mut(),
            None,
            caller
        )
    )
    .map(drop)
}
