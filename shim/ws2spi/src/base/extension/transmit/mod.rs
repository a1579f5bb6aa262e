//! TransmitFile and TransmitPackets: bytes of files and of memory over a connection, in one request.
//!
//! sendfile(2) does it without a copy, where it can: it has no flag that keeps it from waiting. So a synchronous call on
//! a blocking socket lets the kernel wait; a socket that has such requests is polled from then on, which means that its
//! own descriptor does not block; and where that cannot be, because other processes share the descriptor, or sendfile
//! does not take the file, the bytes are copied.

mod part;
mod work;

use super::Disconnect;
use crate::abi::*;
use crate::base::listen::queue::apply_blocking_mode;
use crate::base::transfer::{check_not_shut, check_stream_send, default_destination};
use crate::base::{enter, sharing};
use crate::error::{Result, WsaError};
use crate::object::request::{Direction, Outcome};
use crate::object::socket::State;
use crate::object::table::Reference;
use crate::overlapped::{self, Overlapped, selection};
use crate::sys::guard::UserPointer;
use part::{Part, Source};
use std::collections::VecDeque;
use std::ffi::c_void;
use std::mem::offset_of;
use work::{Rest, Transmit};

/// No call transmits more.
const MOST: u64 = 0x7fff_fffe;

/// The flags there are. Those beyond TF_DISCONNECT and TF_REUSE_SOCKET say which thread works, or how soon the call is
/// to return, and have no effect.
const FLAGS: u32 =
    TF_DISCONNECT | TF_REUSE_SOCKET | TF_WRITE_BEHIND | TF_USE_SYSTEM_THREAD | TF_USE_KERNEL_APC;

/// TransmitFile. `count`: how many bytes of the file, 0 for all from the offset on.
pub(crate) fn transmit_file(
    handle: SOCKET,
    file: UserPointer<c_void>,
    count: u32,
    structure: UserPointer<WSAOVERLAPPED>,
    buffers: UserPointer<TRANSMIT_FILE_BUFFERS>,
    flags: u32,
) -> Result<()> {
    let socket = enter(handle)?;
    if !socket.protocol.is_stream() {
        return Err(WsaError::WSAEINVAL);
    }
    check_stream_send(&socket)?;
    check_flags(flags)?;
    if u64::from(count) > MOST {
        return Err(WsaError::WSAEINVAL);
    }
    let mut parts = VecDeque::new();
    let buffers = match buffers.non_null() {
        Some(buffers) => Some(buffers.read()?),
        None => None,
    };
    let memory = |at: *mut c_void, length| Part::memory(UserPointer::from_address(at as usize), length);
    if let Some(buffers) = buffers {
        parts.extend(memory(buffers.Head, buffers.HeadLength)?);
    }
    let source = match file.non_null() {
        None => None,
        Some(file) => {
            let offset = match structure.non_null() {
                Some(structure) => Some(offset_in(structure)?),
                None => None,
            };
            Some(Source::new(file, offset, count)?)
        }
    };
    parts.extend(source.as_ref().map(Source::part));
    if let Some(buffers) = buffers {
        parts.extend(memory(buffers.Tail, buffers.TailLength)?);
    }
    check_total(&parts)?;
    let outcome = carry_out(&socket, Rest::Stream(parts), flags, structure)?;
    if let Some(source) = source.filter(|_| structure.is_null()) {
        // Who reads on from the current byte offset does so behind what was sent.
        let head = buffers.map_or(0, |buffers| buffers.HeadLength);
        source.move_on(u64::from(outcome.bytes.saturating_sub(head)).min(source.count));
    }
    outcome.error.map_or(Ok(()), Err)
}

/// The file offset that an OVERLAPPED holds.
fn offset_in(structure: UserPointer<WSAOVERLAPPED>) -> Result<u64> {
    let at = structure.cast::<u8>().add(offset_of!(WSAOVERLAPPED, Offset));
    let [low, high] = at.cast::<[u32; 2]>().read()?;
    Ok(u64::from(high) << 32 | u64::from(low))
}

fn check_total<'a>(parts: impl IntoIterator<Item = &'a Part>) -> Result<()> {
    let total: u64 = parts.into_iter().map(Part::length).sum();
    if total > MOST {
        Err(WsaError::WSAEINVAL)
    } else {
        Ok(())
    }
}

/// TransmitPackets. `size`: how long datagrams are; 0 and the highest number leave that to the elements.
pub(crate) fn transmit_packets(
    handle: SOCKET,
    elements: UserPointer<TRANSMIT_PACKETS_ELEMENT>,
    count: u32,
    size: u32,
    structure: UserPointer<WSAOVERLAPPED>,
    flags: u32,
) -> Result<()> {
    let socket = enter(handle)?;
    let mut moved = Vec::new();
    let outcome = transmit_elements(&socket, (elements, count), size, structure, flags, &mut moved);
    if outcome.is_err_and(|error| error != WsaError::WSA_IO_PENDING) {
        // The files stand where they stood, the first of those that are one file last.
        moved.iter().rev().for_each(|source: &Source| source.move_on(0));
    }
    outcome
}

/// A caller's array.
type Elements = (UserPointer<TRANSMIT_PACKETS_ELEMENT>, u32);

/// `moved`: the files whose current byte offset has moved on.
fn transmit_elements(
    socket: &Reference,
    elements: Elements,
    size: u32,
    structure: UserPointer<WSAOVERLAPPED>,
    flags: u32,
    moved: &mut Vec<Source>,
) -> Result<()> {
    let to = if socket.protocol.is_stream() {
        check_stream_send(socket)?;
        None
    } else {
        check_not_shut(socket)?;
        let to = default_destination(socket).ok_or(WsaError::WSAENOTCONN)?;
        Some(to.to_vec())
    };
    check_flags(flags)?;
    // What has no connections cannot disconnect.
    if to.is_some() && flags & TF_DISCONNECT != 0 {
        return Err(WsaError::WSAEINVAL);
    }
    let packets = packets(elements, moved)?;
    check_total(packets.iter().flatten())?;
    let rest = match to {
        None => Rest::Stream(packets.into_iter().flatten().collect()),
        Some(to) => {
            let packets = datagrams(packets, size);
            let limit = u64::from(socket.protocol.message_size());
            let is_long = |packet: &Vec<Part>| packet.iter().map(Part::length).sum::<u64>() > limit;
            // WSPSend.3.
            if packets.iter().any(is_long) {
                return Err(WsaError::WSAEMSGSIZE);
            }
            Rest::Datagrams { packets, to }
        }
    };
    let outcome = carry_out(socket, rest, flags, structure)?;
    outcome.error.map_or(Ok(()), Err)
}

/// What the elements name, in packets that end with a TP_ELEMENT_EOP.
fn packets((elements, count): Elements, moved: &mut Vec<Source>) -> Result<Vec<Vec<Part>>> {
    let mut packets = Vec::new();
    let mut packet = Vec::new();
    for position in 0..count as usize {
        let element = elements.add(position).read()?;
        packet.try_reserve(1).map_err(|_| WsaError::WSAENOBUFS)?;
        packet.extend(part(&element, moved)?);
        if element.dwElFlags & TP_ELEMENT_EOP != 0 {
            packets.try_reserve(1).map_err(|_| WsaError::WSAENOBUFS)?;
            packets.push(std::mem::take(&mut packet));
        }
    }
    if !packet.is_empty() {
        packets.push(packet);
    }
    Ok(packets)
}

/// Data in a file are the default.
fn part(element: &TRANSMIT_PACKETS_ELEMENT, moved: &mut Vec<Source>) -> Result<Option<Part>> {
    const KNOWN: u32 = TP_ELEMENT_MEMORY | TP_ELEMENT_FILE | TP_ELEMENT_EOP;
    let kind = element.dwElFlags & (TP_ELEMENT_MEMORY | TP_ELEMENT_FILE);
    match kind {
        _ if element.dwElFlags & !KNOWN != 0 => Err(WsaError::WSAEINVAL),
        TP_ELEMENT_MEMORY => {
            // The address stands where a file's offset does.
            let at = UserPointer::from_address(element.nFileOffset as usize);
            Part::memory(at, element.cLength)
        }
        TP_ELEMENT_FILE | 0 => {
            let offset = match element.nFileOffset {
                -1 => None,
                offset => Some(u64::try_from(offset).map_err(|_| WsaError::WSAEINVAL)?),
            };
            let file = UserPointer::from_address(element.hFile as usize);
            let source = Source::new(file, offset, element.cLength)?;
            let part = source.part();
            if offset.is_none() {
                // The next element that begins there does so behind this one.
                source.move_on(source.count);
                moved.push(source);
            }
            Ok(Some(part).filter(|part| part.length() > 0))
        }
        _ => Err(WsaError::WSAEINVAL),
    }
}

/// Cuts packets that are longer than `size` into datagrams.
fn datagrams(packets: Vec<Vec<Part>>, size: u32) -> VecDeque<Vec<Part>> {
    /// What the page says for "the elements tell", which is a digit short of what it means.
    const BY_ELEMENTS: [u32; 3] = [0, 0x0fff_ffff, 0xffff_ffff];
    if BY_ELEMENTS.contains(&size) {
        return packets.into();
    }
    let size = u64::from(size);
    let mut datagrams = VecDeque::new();
    for packet in packets {
        let (mut datagram, mut room) = (Vec::new(), size);
        for mut part in packet {
            while part.length() > room {
                datagram.push(part.split_off(room));
                datagrams.push_back(std::mem::take(&mut datagram));
                room = size;
            }
            room -= part.length();
            datagram.push(part);
        }
        datagrams.push_back(datagram);
    }
    datagrams
}

fn check_flags(flags: u32) -> Result<()> {
    if flags & !FLAGS != 0 || flags & (TF_DISCONNECT | TF_REUSE_SOCKET) == TF_REUSE_SOCKET {
        Err(WsaError::WSAEINVAL)
    } else {
        Ok(())
    }
}

/// Sends all of it, later if that was asked for.
fn carry_out(
    socket: &Reference,
    rest: Rest,
    flags: u32,
    structure: UserPointer<WSAOVERLAPPED>,
) -> Result<Outcome> {
    let outcome = transmit(socket, rest, flags, structure);
    selection::sent(
        socket,
        outcome.and_then(|outcome| outcome.error.map_or(Ok(()), Err)),
    );
    outcome
}

fn transmit(
    socket: &Reference,
    rest: Rest,
    flags: u32,
    structure: UserPointer<WSAOVERLAPPED>,
) -> Result<Outcome> {
    let disconnect = if flags & TF_DISCONNECT != 0 {
        sharing::allow_rebinding(socket);
        Some(Disconnect::new(socket, flags & TF_REUSE_SOCKET != 0)?)
    } else {
        None
    };
    let ends = disconnect.is_some();
    let mut work = Transmit::new(rest, disconnect);
    let overlapped = Overlapped::new(structure, None, UserPointer::from_address(0));
    if overlapped.is_asked_on(socket) {
        keep_from_blocking(socket);
        return overlapped::start(socket, Direction::Send, overlapped, work);
    }
    if socket.state.has(State::SENDS_QUEUED) {
        keep_from_blocking(socket);
        return overlapped::to_its_end(socket, Direction::Send, None, work);
    }
    let error = work.wait_for_all(socket).err();
    if ends && error.is_none() {
        return overlapped::to_its_end(socket, Direction::Send, None, work);
    }
    Ok(Outcome {
        error,
        bytes: work.sent,
        flags: 0,
    })
}

/// From now on the socket's descriptor does not block. One that other processes share stays as it is.
fn keep_from_blocking(socket: &Reference) {
    if !socket.state.has(State::ABROAD) {
        socket.state.set(State::POLLED);
        apply_blocking_mode(socket);
    }
}
