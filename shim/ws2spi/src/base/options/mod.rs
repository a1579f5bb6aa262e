//! WSPGetSockOpt and WSPSetSockOpt.
//!
//! One file per level names its options, one line each: what the program passes ([`Form`]) and who keeps the value
//! ([`Keeper`]). What no line names, Windows' options that POSIX cannot give included, is WSAENOPROTOOPT.

mod arrival;
mod carry;
mod ip;
mod ipv6;
mod multicast;
mod socket;
pub(super) mod tcp;
mod udp;

pub(super) use arrival::tell_casts;
pub(crate) use carry::carry_over;
pub(crate) use tcp::set_keep_alive_defaults;

use super::enter;
use crate::abi::*;
use crate::error::{Operation, Result, WsaError};
use crate::object::options::Switch;
use crate::object::socket::State;
use crate::object::table::Reference;
use crate::sys::errno::Errno;
use crate::sys::guard::{Plain, UserPointer};
use crate::sys::socket as kernel;
use std::ops::RangeInclusive;

/// WSPGetSockOpt.
pub(crate) fn get(
    handle: SOCKET,
    level: i32,
    name: i32,
    value: UserPointer<u8>,
    length: UserPointer<i32>,
) -> Result<()> {
    let socket = enter(handle)?;
    let entry = find(&socket, level, name)?;
    let room = Room {
        at: value,
        size: usize::try_from(length.read()?).map_err(|_| WsaError::WSAEFAULT)?,
        length,
    };
    entry.get(&socket, room)
}

/// WSPSetSockOpt.
pub(crate) fn set(handle: SOCKET, level: i32, name: i32, value: UserPointer<u8>, length: i32) -> Result<()> {
    let socket = enter(handle)?;
    let entry = find(&socket, level, name)?;
    let given = Given {
        at: value,
        size: usize::try_from(length).map_err(|_| WsaError::WSAEFAULT)?,
    };
    entry.set(&socket, given)
}

/// The option's line. A level that there is none of is WSAEINVAL; one that the socket does not have knows no options.
fn find(socket: &Reference, level: i32, name: i32) -> Result<Entry> {
    let internet = matches!(socket.protocol.family, AF_INET | AF_INET6);
    let entry = match level {
        SOL_SOCKET => socket::option(socket, name),
        IPPROTO_TCP if socket.protocol_number == IPPROTO_TCP && internet => tcp::option(name),
        IPPROTO_UDP if socket.protocol_number == IPPROTO_UDP && internet => udp::option(socket, name),
        IPPROTO_IP if internet => ip::option(socket, name),
        IPPROTO_IPV6 if socket.protocol.family == AF_INET6 => ipv6::option(socket, name),
        IPPROTO_TCP | IPPROTO_UDP | IPPROTO_IP | IPPROTO_IPV6 => None,
        _ => return Err(WsaError::WSAEINVAL),
    };
    entry.ok_or(WsaError::WSAENOPROTOOPT)
}

/// What the program passes.
enum Form {
    /// A BOOL: 0 or 1. One byte is enough, and what lies above the first four is ignored (OBS.35).
    Flag,
    /// A DWORD that fits a byte, and so may be passed in one; other values are WSAEINVAL.
    Octet(RangeInclusive<i32>),
    /// A DWORD; values out of the range are WSAEINVAL.
    Number(RangeInclusive<i32>),
    /// A structure, which the keeper reads and writes.
    Data,
}

/// Who keeps an option, and so how it is read and set.
enum Keeper {
    /// The kernel, under this level and name.
    Kernel(i32, i32),
    /// The kernel, and only it may set it.
    KernelOnly(i32, i32),
    /// The socket's options.
    Kept(Switch),
    /// It cannot be otherwise here; setting it to what it is succeeds.
    Always(i32),
    /// It is looked up, and cannot be set.
    Found(fn(&Reference) -> Result<i32>),
    /// Functions that get and set it.
    Ours(fn(&Reference) -> Result<i32>, fn(&Reference, i32) -> Result<()>),
    /// A structure that can be read.
    Shown(fn(&Reference, Room) -> Result<()>),
    /// A structure that can be set.
    Taken(fn(&Reference, Given) -> Result<()>),
    /// A structure that can be read and set.
    Exchanged(
        fn(&Reference, Room) -> Result<()>,
        fn(&Reference, Given) -> Result<()>,
    ),
}

/// One line of a level's table.
struct Entry {
    form: Form,
    keeper: Keeper,
}

const fn flag(keeper: Keeper) -> Entry {
    Entry {
        form: Form::Flag,
        keeper,
    }
}

const fn octet(range: RangeInclusive<i32>, keeper: Keeper) -> Entry {
    Entry {
        form: Form::Octet(range),
        keeper,
    }
}

const fn number(range: RangeInclusive<i32>, keeper: Keeper) -> Entry {
    Entry {
        form: Form::Number(range),
        keeper,
    }
}

const fn data(keeper: Keeper) -> Entry {
    Entry {
        form: Form::Data,
        keeper,
    }
}

/// Any DWORD.
const ANY: RangeInclusive<i32> = i32::MIN..=i32::MAX;

impl Entry {
    fn get(&self, socket: &Reference, room: Room) -> Result<()> {
        let value = match self.keeper {
            Keeper::Kernel(level, name) | Keeper::KernelOnly(level, name) => ask_kernel(socket, level, name)?,
            Keeper::Kept(switch) => i32::from(socket.options.is_on(switch)),
            Keeper::Always(value) => value,
            Keeper::Found(get) | Keeper::Ours(get, _) => get(socket)?,
            Keeper::Shown(get) | Keeper::Exchanged(get, _) => return get(socket, room),
            Keeper::Taken(_) => return Err(WsaError::WSAENOPROTOOPT),
        };
        match self.form {
            Form::Flag => room.put_small(i32::from(value != 0)),
            Form::Octet(_) => room.put_small(value),
            Form::Number(_) | Form::Data => room.put(value),
        }
    }

    fn set(&self, socket: &Reference, given: Given) -> Result<()> {
        let value = match &self.form {
            Form::Flag => i32::from(given.small()? != 0),
            Form::Octet(range) => within(range, given.small()?)?,
            Form::Number(range) => within(range, given.value()?)?,
            Form::Data => 0,
        };
        match self.keeper {
            Keeper::Kernel(level, name) => tell_kernel(socket, level, name, value),
            Keeper::Kept(switch) => {
                socket.options.assign(switch, value != 0);
                Ok(())
            }
            Keeper::Always(only) if value == only => Ok(()),
            Keeper::Ours(_, set) => set(socket, value),
            Keeper::Taken(set) | Keeper::Exchanged(_, set) => set(socket, given),
            Keeper::Always(_) | Keeper::Found(_) | Keeper::KernelOnly(..) | Keeper::Shown(_) => {
                Err(WsaError::WSAENOPROTOOPT)
            }
        }
    }
}

fn within(range: &RangeInclusive<i32>, value: i32) -> Result<i32> {
    if range.contains(&value) {
        Ok(value)
    } else {
        Err(WsaError::WSAEINVAL)
    }
}

/// Where an option's value goes.
#[derive(Clone, Copy)]
struct Room {
    at: UserPointer<u8>,
    size: usize,
    length: UserPointer<i32>,
}

impl Room {
    /// Writes `value` and its size; WSAEFAULT, with the length untouched, when there is less room.
    fn put<T: Plain>(self, value: T) -> Result<()> {
        self.check(size_of::<T>())?;
        self.at.cast::<T>().write(value)?;
        self.tell(size_of::<T>())
    }

    /// As [`Room::put`], or one byte where there is no room for four.
    fn put_small(self, value: i32) -> Result<()> {
        if self.size < size_of::<i32>() {
            self.put(value as u8)
        } else {
            self.put(value)
        }
    }

    fn put_bytes(self, bytes: &[u8]) -> Result<()> {
        self.check(bytes.len())?;
        self.at.write_slice(bytes)?;
        self.tell(bytes.len())
    }

    fn check(self, needed: usize) -> Result<()> {
        if self.size < needed {
            Err(WsaError::WSAEFAULT)
        } else {
            Ok(())
        }
    }

    fn tell(self, written: usize) -> Result<()> {
        Ok(self.length.write(written as i32)?)
    }
}

/// What an option is to be.
#[derive(Clone, Copy)]
struct Given {
    at: UserPointer<u8>,
    size: usize,
}

impl Given {
    /// The value; WSAEFAULT when there are fewer bytes than it has.
    fn value<T: Plain>(self) -> Result<T> {
        if self.size < size_of::<T>() {
            return Err(WsaError::WSAEFAULT);
        }
        Ok(self.at.cast::<T>().read()?)
    }

    /// As [`Given::value`], or the first byte where there are fewer than four.
    fn small(self) -> Result<i32> {
        if self.size < size_of::<i32>() {
            self.value::<u8>().map(i32::from)
        } else {
            self.value()
        }
    }
}

fn failed(errno: Errno) -> WsaError {
    WsaError::from_errno(Operation::Option, errno)
}

fn ask_kernel(socket: &Reference, level: i32, name: i32) -> Result<i32> {
    kernel::option(&socket.descriptor, level, name).map_err(failed)
}

fn tell_kernel<T: Copy>(socket: &Reference, level: i32, name: i32, value: T) -> Result<()> {
    socket.state.set(State::TUNED);
    kernel::set_option(&socket.descriptor, level, name, value).map_err(failed)
}
