//! WSPIoctl: the table of commands, and how a command gets at its buffers.

mod address_list;
mod change;
mod handle;
mod interface;
mod multicast;
mod queue;
mod route;
mod tcp;
mod unsupported;

use super::enter;
use super::listen::queue::apply_blocking_mode;
use crate::abi::*;
use crate::error::{Operation, Result, WsaError};
use crate::object::options::Switch;
use crate::object::socket::State;
use crate::object::table::Reference;
use crate::overlapped::{self, Overlapped, selection};
use crate::sys::errno::Errno;
use crate::sys::guard::{Plain, UserPointer};
use crate::sys::info;
use change::Notice;
pub(crate) use handle::ExtensionFunction;
use unsupported::{not_supported, optional, too_short_is_invalid, waits};

/// The buffers of a command.
#[derive(Clone, Copy)]
pub(crate) struct Buffers {
    pub(crate) input: UserPointer<u8>,
    pub(crate) input_length: u32,
    pub(crate) output: UserPointer<u8>,
    pub(crate) output_length: u32,
    pub(crate) returned: UserPointer<u32>,
}

/// What a command works on.
struct Request<'a> {
    socket: &'a Reference,
    buffers: Buffers,
    extensions: &'a [ExtensionFunction],
}

/// A command: its code, how many bytes of input it needs, and what carries it out: the number of bytes it gave.
type Command = (u32, usize, fn(&Request<'_>) -> Result<usize>);

/// The commands there are. What the headers name besides is known and cannot be carried out (WSAEOPNOTSUPP); every
/// other number is WSAEINVAL.
const COMMANDS: &[Command] = &[
    (FIONBIO, 4, set_nonblocking),
    (FIONREAD, 0, queue::receivable),
    (SIOCATMARK, 0, queue::no_urgent_data),
    (SIO_ADDRESS_LIST_QUERY, 0, address_list::query),
    (SIO_ADDRESS_LIST_SORT, 8, address_list::sort),
    (SIO_AF_UNIX_GETPEERPID, 0, peer_process),
    (SIO_ASSOCIATE_HANDLE, 0, optional),
    (SIO_BASE_HANDLE, 0, handle::own),
    (SIO_BSP_HANDLE, 0, handle::own),
    (SIO_BSP_HANDLE_POLL, 0, handle::own),
    (SIO_BSP_HANDLE_SELECT, 0, handle::own),
    (SIO_ENABLE_CIRCULAR_QUEUEING, 0, optional),
    (SIO_FIND_ROUTE, 16, route::find),
    (SIO_FLUSH, 0, optional),
    (SIO_GET_BROADCAST_ADDRESS, 0, interface::broadcast_address),
    (SIO_GET_EXTENSION_FUNCTION_POINTER, 16, handle::extension_function),
    (SIO_GET_GROUP_QOS, 0, optional),
    (SIO_GET_INTERFACE_LIST, 0, interface::list),
    (SIO_GET_QOS, 0, optional),
    (SIO_IDEAL_SEND_BACKLOG_CHANGE, 0, tcp::ideal_send_backlog_change),
    (SIO_IDEAL_SEND_BACKLOG_QUERY, 0, tcp::ideal_send_backlog),
    (SIO_KEEPALIVE_VALS, 12, tcp::set_keep_alive),
    (SIO_MULTICAST_SCOPE, 4, multicast::set_scope),
    (SIO_MULTIPOINT_LOOPBACK, 4, multicast::set_loopback),
    (SIO_QUERY_RSS_SCALABILITY_INFO, 0, |request| {
        too_short_is_invalid(request, 1)
    }),
    (SIO_QUERY_WFP_ALE_ENDPOINT_HANDLE, 0, |request| {
        too_short_is_invalid(request, 8)
    }),
    (SIO_RCVALL, 4, unsupported::receive_all),
    (SIO_ROUTING_INTERFACE_QUERY, 16, route::interface),
    (SIO_SET_GROUP_QOS, 0, optional),
    (SIO_SET_QOS, 0, optional),
    (SIO_TCP_INFO, 4, tcp::info),
    (SIO_TRANSLATE_HANDLE, 0, optional),
    (SIO_UDP_CONNRESET, 4, set_port_unreachable_report),
];

/// The commands that wait: how many bytes of input each needs, and what says what it waits for.
type Waiting = (u32, usize, fn(&Request<'_>) -> Result<Notice>);

const WAITING: &[Waiting] = &[
    (SIO_ADDRESS_LIST_CHANGE, 0, change::address_list),
    (SIO_ROUTING_INTERFACE_CHANGE, 16, change::routing_interface),
];

/// WSPIoctl; `extensions`: the functions that there are beyond the procedure table.
pub(crate) fn ioctl(
    handle: SOCKET,
    code: u32,
    buffers: Buffers,
    overlapped: Overlapped,
    extensions: &[ExtensionFunction],
) -> Result<()> {
    let socket = enter(handle)?;
    let request = Request {
        socket: &socket,
        buffers,
        extensions,
    };
    if let Some((_, needs, notice)) = WAITING.iter().find(|waiting| waiting.0 == code) {
        request.check_input(*needs)?;
        return change::wait(&request, &notice(&request)?, overlapped);
    }
    let needs_and_run = COMMANDS
        .iter()
        .find(|command| command.0 == code)
        .map(|&(_, needs, run)| (needs, run));
    let (needs, run) = match needs_and_run {
        Some(found) => found,
        None if unsupported::is_known(code) => (0, not_supported as fn(&Request<'_>) -> _),
        None => return Err(WsaError::WSAEINVAL),
    };
    // This one cannot be overlapped, on no socket.
    if code == SIO_BSP_HANDLE_POLL && overlapped.has_structure() {
        return Err(WsaError::WSAEFAULT);
    }
    request.check_input(needs)?;
    if overlapped.is_asked_on(&socket) {
        let bytes = overlapped::at_once(&socket, overlapped, || run(&request).map(|count| count as u32))?;
        return match buffers.returned.non_null() {
            Some(returned) => Ok(returned.write(bytes)?),
            None => Ok(()),
        };
    }
    // A synchronous call always has its count returned; a bad pointer is found before anything is done.
    buffers.returned.read()?;
    let count = run(&request)?;
    Ok(buffers.returned.write(count as u32)?)
}

impl Request<'_> {
    /// WSAEFAULT when there are fewer than `needs` bytes of input.
    fn check_input(&self, needs: usize) -> Result<()> {
        if (self.buffers.input_length as usize) < needs || needs > 0 && self.buffers.input.is_null() {
            Err(WsaError::WSAEFAULT)
        } else {
            Ok(())
        }
    }

    /// The input, which the table has found long enough.
    fn input<T: Plain>(&self) -> Result<T> {
        Ok(self.buffers.input.cast::<T>().read()?)
    }

    /// Gives `value` out; WSAEFAULT when it does not fit.
    fn output<T: Plain>(&self, value: T) -> Result<usize> {
        self.check_room(size_of::<T>())?;
        self.buffers.output.cast::<T>().write(value)?;
        Ok(size_of::<T>())
    }

    /// Gives bytes out. When they do not fit: WSAEFAULT, and the count returned is what they need.
    fn output_bytes(&self, bytes: &[u8]) -> Result<usize> {
        self.check_room(bytes.len()).inspect_err(|_| {
            let _ = self.buffers.returned.write(bytes.len() as u32);
        })?;
        self.buffers.output.write_slice(bytes)?;
        Ok(bytes.len())
    }

    fn check_room(&self, length: usize) -> Result<()> {
        if self.buffers.output.is_null() || (self.buffers.output_length as usize) < length {
            Err(WsaError::WSAEFAULT)
        } else {
            Ok(())
        }
    }

    /// WSAEINVAL unless the socket is one that the command is for.
    fn applies(&self, applies: bool) -> Result<()> {
        if applies { Ok(()) } else { Err(WsaError::WSAEINVAL) }
    }

    fn is_tcp(&self) -> bool {
        self.socket.protocol.is_stream() && self.socket.protocol.family != AF_UNIX
    }
}

/// The code for an errno that a command met.
fn failed(errno: Errno) -> WsaError {
    WsaError::from_errno(Operation::Control, errno)
}

/// FIONBIO: nonzero for non-blocking.
fn set_nonblocking(request: &Request<'_>) -> Result<usize> {
    let on = request.input::<u32>()? != 0;
    // Network events are for sockets that do not block (EV.20).
    if !on && selection::is_active(request.socket) {
        return Err(WsaError::WSAEINVAL);
    }
    request.socket.state.assign(State::NONBLOCKING, on);
    apply_blocking_mode(request.socket);
    Ok(0)
}

/// SIO_UDP_CONNRESET: whether ICMP port-unreachable is reported (OBS.27).
fn set_port_unreachable_report(request: &Request<'_>) -> Result<usize> {
    request.applies(request.socket.protocol.kind == SOCK_DGRAM)?;
    let report = request.input::<u32>()? != 0;
    request.socket.options.assign(Switch::NO_UDP_RESET, !report);
    Ok(0)
}

/// SIO_AF_UNIX_GETPEERPID: the process at the other end.
fn peer_process(request: &Request<'_>) -> Result<usize> {
    request.applies(request.socket.protocol.family == AF_UNIX)?;
    if !request.socket.state.has(State::CONNECTED) {
        return Err(WsaError::WSAENOTCONN);
    }
    let (process, _) = info::peer_process(&request.socket.descriptor).map_err(failed)?;
    request.output(process as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each code stands once: a second one would never be reached.
    #[test]
    fn each_command_has_one_row() {
        for (position, command) in COMMANDS.iter().enumerate() {
            assert!(
                COMMANDS[..position].iter().all(|other| other.0 != command.0),
                "{:#x}",
                command.0
            );
            assert!(!unsupported::is_known(command.0), "{:#x}", command.0);
            assert!(
                WAITING.iter().all(|other| other.0 != command.0),
                "{:#x}",
                command.0
            );
        }
    }
}
