//! Completion ports: CreateIoCompletionPort and what goes with it. The codes are the system's (ERROR_*).

use super::lifecycle;
use crate::abi::{
    BOOL, ERROR_ABANDONED_WAIT_0, ERROR_NO_SYSTEM_RESOURCES, ERROR_NOACCESS,
    FILE_SKIP_COMPLETION_PORT_ON_SUCCESS, FILE_SKIP_SET_EVENT_ON_HANDLE, INVALID_HANDLE_VALUE, LPOVERLAPPED,
    OVERLAPPED_ENTRY, WAIT_IO_COMPLETION, WAIT_TIMEOUT, WSA_FLAG_OVERLAPPED, WSAOVERLAPPED,
};
use crate::error::status::{status, system, win32};
use crate::error::{Result, WsaError};
use crate::object::file::File;
use crate::object::layered::Layered;
use crate::object::port::{Packet, Port};
use crate::object::socket::{Socket, State};
use crate::object::table::{self, Reference};
use crate::overlapped::port::{self, Packets};
use crate::overlapped::wait::{Limit, Woken};
use crate::sys::guard::{Fault, UserPointer};
use std::ffi::c_void;
use std::sync::Arc;

type Handle = UserPointer<c_void>;

fn find(handle: Handle) -> Result<Reference<Port>> {
    table::find(handle.address()).ok_or(WsaError::WSA_INVALID_HANDLE)
}

/// The socket that a file handle is. Other files do no overlapped I/O: ERROR_INVALID_PARAMETER.
fn socket(handle: Handle) -> Result<Reference<Socket>> {
    table::find(handle.address()).ok_or_else(|| match table::find::<File>(handle.address()) {
        Some(_) => WsaError::WSA_INVALID_PARAMETER,
        None => WsaError::WSA_INVALID_HANDLE,
    })
}

/// What can report to a port.
enum Reporter {
    Socket(Reference<Socket>),
    /// A socket of a layered provider (NEED-S6).
    Layered(Reference<Layered>),
}

impl Reporter {
    fn find(handle: Handle) -> Result<Self> {
        match table::find(handle.address()) {
            Some(layered) => Ok(Self::Layered(layered)),
            None => socket(handle).map(Self::Socket),
        }
    }

    fn associate(&self, port: &Reference<Port>, key: usize) -> Result<()> {
        match self {
            Self::Socket(socket) => port::associate(socket, port, key),
            Self::Layered(layered) => port::associate_layered(layered, port, key),
        }
    }
}

/// CreateIoCompletionPort: a new port, the file's association with a port, or both.
pub(crate) fn create(file: Handle, existing: Handle, key: usize) -> Result<usize> {
    if file.address() == INVALID_HANDLE_VALUE {
        return match existing.non_null() {
            None => Ok(open()?.handle()),
            Some(_) => Err(WsaError::WSA_INVALID_PARAMETER),
        };
    }
    let file = Reporter::find(file)?;
    if existing.non_null().is_some() {
        file.associate(&find(existing)?, key)?;
        return Ok(existing.address());
    }
    let new = open()?;
    if let Err(error) = file.associate(&new, key) {
        new.close();
        return Err(error);
    }
    Ok(new.handle())
}

fn open() -> Result<Reference<Port>> {
    lifecycle::install();
    let port = Port::new().map_err(|_| system(ERROR_NO_SYSTEM_RESOURCES))?;
    let vacancy = table::reserve().map_err(|_| system(ERROR_NO_SYSTEM_RESOURCES))?;
    let handle = vacancy.fill(Arc::new(port));
    table::find(handle).ok_or(WsaError::WSA_INVALID_HANDLE)
}

/// Takes packets from a port: up to `most`, at least one.
fn wait(
    port: &Reference<Port>,
    most: usize,
    milliseconds: u32,
    alertable: bool,
    packets: &mut Packets,
) -> Result<()> {
    let limit = Limit::from_milliseconds(milliseconds);
    match port::dequeue(port, most, limit, alertable, packets) {
        Woken::Satisfied(()) if packets.is_empty() => Err(system(ERROR_ABANDONED_WAIT_0)),
        Woken::Satisfied(()) => Ok(()),
        Woken::TimedOut => Err(system(WAIT_TIMEOUT)),
        Woken::Alerted => Err(system(WAIT_IO_COMPLETION)),
    }
}

/// Has `write` hand the packets over; where the memory is bad they are as if never taken.
fn hand_over(
    port: &Reference<Port>,
    packets: &[Packet],
    write: impl FnOnce() -> std::result::Result<(), Fault>,
) -> Result<()> {
    write().map_err(|_| {
        port.put_back(packets);
        system(ERROR_NOACCESS)
    })
}

/// GetQueuedCompletionStatus: where the packet tells of a request that failed, its code is the error (NEED-K1). Without a
/// packet `overlapped` gets NULL, and the others nothing.
pub(crate) fn dequeue(
    port: Handle,
    bytes: UserPointer<u32>,
    key: UserPointer<usize>,
    overlapped: UserPointer<LPOVERLAPPED>,
    milliseconds: u32,
) -> Result<()> {
    let overlapped = overlapped.cast::<usize>();
    let without_packet = |error| {
        let _ = overlapped.write(0);
        error
    };
    let port = find(port).map_err(without_packet)?;
    let mut packets = Packets::new();
    wait(&port, 1, milliseconds, false, &mut packets).map_err(without_packet)?;
    for packet in &packets {
        hand_over(&port, &packets, || {
            bytes.write(packet.bytes)?;
            key.write(packet.key)?;
            overlapped.write(packet.overlapped)
        })?;
        if let Some(error) = packet.error {
            return Err(system(win32(error)));
        }
    }
    Ok(())
}

/// GetQueuedCompletionStatusEx: up to `most` packets, whatever became of their requests.
pub(crate) fn dequeue_many(
    port: Handle,
    entries: UserPointer<OVERLAPPED_ENTRY>,
    most: u32,
    removed: UserPointer<u32>,
    milliseconds: u32,
    alertable: BOOL,
) -> Result<()> {
    removed.write(0).map_err(|_| system(ERROR_NOACCESS))?;
    let port = find(port)?;
    if most == 0 {
        return Err(WsaError::WSA_INVALID_PARAMETER);
    }
    let mut packets = Packets::new();
    let alertable = alertable != BOOL::FALSE;
    wait(&port, most as usize, milliseconds, alertable, &mut packets)?;
    hand_over(&port, &packets, || {
        for (index, packet) in packets.iter().enumerate() {
            entries.add(index).write(entry(packet))?;
        }
        removed.write(packets.len() as u32)
    })
}

fn entry(packet: &Packet) -> OVERLAPPED_ENTRY {
    OVERLAPPED_ENTRY {
        lpCompletionKey: packet.key,
        lpOverlapped: packet.overlapped as LPOVERLAPPED,
        Internal: packet.error.map_or(0, status) as usize,
        dwNumberOfBytesTransferred: packet.bytes,
    }
}

/// PostQueuedCompletionStatus: a packet that comes out as it was put in (NEED-K1).
pub(crate) fn post(
    port: Handle,
    bytes: u32,
    key: usize,
    overlapped: UserPointer<WSAOVERLAPPED>,
) -> Result<()> {
    find(port)?.post(Packet {
        key,
        overlapped: overlapped.address(),
        bytes,
        error: None,
    });
    Ok(())
}

/// SetFileCompletionNotificationModes: modes are added, never taken away. A socket's handle has no event of its own that
/// FILE_SKIP_SET_EVENT_ON_HANDLE could leave alone.
pub(crate) fn set_modes(file: Handle, modes: u8) -> Result<()> {
    let modes = u32::from(modes);
    let socket = socket(file)?;
    let known = FILE_SKIP_COMPLETION_PORT_ON_SUCCESS | FILE_SKIP_SET_EVENT_ON_HANDLE;
    if modes & !known != 0 || socket.creation_flags & WSA_FLAG_OVERLAPPED == 0 {
        return Err(WsaError::WSA_INVALID_PARAMETER);
    }
    if modes & FILE_SKIP_COMPLETION_PORT_ON_SUCCESS != 0 {
        socket.state.set(State::SKIPS_PORT);
    }
    Ok(())
}
