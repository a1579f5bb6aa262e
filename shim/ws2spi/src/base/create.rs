//! WSPSocket.

use super::enter_without_socket;
use crate::abi::*;
use crate::address;
use crate::catalog::base::{PROTOCOLS, Protocol};
use crate::error::{Operation, Result, WsaError};
use crate::object::options::Options;
use crate::object::socket::{Socket, State};
use crate::object::table;
use crate::sys::guard::UserPointer;
use crate::sys::socket::{self as kernel, Descriptor};
use crate::upcall;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// WSPSocket: a new socket of the family, type and protocol that the triple and the entry together name.
pub(crate) fn socket(
    family: i32,
    kind: i32,
    protocol: i32,
    info: UserPointer<WSAPROTOCOL_INFOW>,
    group: GROUP,
    flags: u32,
) -> Result<SOCKET> {
    enter_without_socket()?;
    let info = match info.non_null() {
        Some(info) => Some(info.read()?),
        None => None,
    };
    if let Some(info) = info.as_ref().filter(|info| info.dwProviderReserved != 0) {
        return super::duplicate::redeem(info);
    }
    let wanted = Wanted::new(family, kind, protocol, info.as_ref())?;
    let entry = wanted.entry()?;
    // Socket groups were never more than reserved.
    if group != 0 {
        return Err(WsaError::WSAEINVAL);
    }
    check_flags(flags, entry)?;
    let number = if wanted.protocol == 0 {
        entry.protocol
    } else {
        wanted.protocol
    };
    let vacancy = table::reserve()?;
    let descriptor = kernel::socket(address::kernel_family(entry.family), entry.kind, number)
        .map_err(|errno| WsaError::from_errno(Operation::Socket, errno))?;
    prepare(&descriptor, entry)?;
    publish(
        vacancy,
        Arc::new(Socket::new(
            descriptor,
            entry,
            number,
            flags,
            State::empty(),
            Options::new(),
        )),
    )
}

/// Puts a new socket into its slot and shows the handle to the host (WSPSocket.7).
pub(crate) fn publish(vacancy: table::Vacancy, socket: Arc<Socket>) -> Result<SOCKET> {
    let entry = socket.protocol;
    socket.handles.fetch_add(1, Ordering::AcqRel);
    let proposed = vacancy.fill(socket);
    upcall::modify_ifs_handle(entry.catalog_entry, proposed).inspect_err(|_| {
        if let Ok(socket) = table::look_up(proposed)
            && socket.close()
        {
            socket.handles.fetch_sub(1, Ordering::AcqRel);
        }
    })
}

/// Whether `flags` can be had with `entry` (WSPSocket.4).
fn check_flags(flags: u32, entry: &Protocol) -> Result<()> {
    const CONTROL: u32 = WSA_FLAG_MULTIPOINT_C_ROOT | WSA_FLAG_MULTIPOINT_C_LEAF;
    const DATA: u32 = WSA_FLAG_MULTIPOINT_D_ROOT | WSA_FLAG_MULTIPOINT_D_LEAF;
    // Descriptors are close-on-exec anyway, and every socket can do overlapped I/O.
    const POSSIBLE: u32 = CONTROL | DATA | WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT;
    let root = |flag, plane| flags & flag == 0 || entry.has_service(plane);
    let multipoint = flags & (CONTROL | DATA) == 0
        || (flags & CONTROL).count_ones() == 1
            && (flags & DATA).count_ones() == 1
            && entry.has_service(XP1_SUPPORT_MULTIPOINT)
            && root(WSA_FLAG_MULTIPOINT_C_ROOT, XP1_MULTIPOINT_CONTROL_PLANE)
            && root(WSA_FLAG_MULTIPOINT_D_ROOT, XP1_MULTIPOINT_DATA_PLANE);
    if flags & !POSSIBLE == 0 && multipoint {
        Ok(())
    } else {
        Err(WsaError::WSAEINVAL)
    }
}

/// Gives a new descriptor Windows' defaults where Linux has others.
pub(super) fn prepare(descriptor: &Descriptor, entry: &Protocol) -> Result<()> {
    let set = |level, name, value: i32| {
        kernel::set_option(descriptor, level, name, value)
            .map_err(|errno| WsaError::from_errno(Operation::Socket, errno))
    };
    if entry.family == AF_INET6 {
        set(libc::IPPROTO_IPV6, libc::IPV6_V6ONLY, 1)?;
    }
    if entry.kind == SOCK_DGRAM {
        // An ICMP port-unreachable is to reach the sender also when the socket is not connected (OBS.27).
        match entry.family {
            AF_INET6 => set(libc::IPPROTO_IPV6, libc::IPV6_RECVERR, 1)?,
            _ => set(libc::IPPROTO_IP, libc::IP_RECVERR, 1)?,
        }
        // What is sent to a group is for its members, not for whoever is bound to the port. An IPv6 socket can hear
        // IPv4, too; and kernels before 4.20 lack its option.
        set(libc::IPPROTO_IP, libc::IP_MULTICAST_ALL, 0)?;
        if entry.family == AF_INET6 {
            let _ = set(libc::IPPROTO_IPV6, libc::IPV6_MULTICAST_ALL, 0);
        }
    }
    Ok(())
}

/// What the caller asks for; 0 where anything will do.
#[derive(Clone, Copy)]
struct Wanted {
    family: i32,
    kind: i32,
    protocol: i32,
    entry: Option<&'static Protocol>,
}

impl Wanted {
    /// FROM_PROTOCOL_INFO takes the structure's value, and so does 0 for family and type (WSPSocket.2).
    fn new(family: i32, kind: i32, protocol: i32, info: Option<&WSAPROTOCOL_INFOW>) -> Result<Self> {
        let given = |value: i32, from: fn(&WSAPROTOCOL_INFOW) -> i32, wildcard: bool| match (value, info) {
            (FROM_PROTOCOL_INFO, Some(info)) => Ok(from(info)),
            (FROM_PROTOCOL_INFO, None) => Err(WsaError::WSAEINVAL),
            (0, Some(info)) if wildcard => Ok(from(info)),
            (value, _) => Ok(value),
        };
        let entry = match info {
            Some(info) => Some(Protocol::of_info(info).ok_or(WsaError::WSAEINVAL)?),
            None => None,
        };
        Ok(Self {
            family: given(family, |info| info.iAddressFamily, true)?,
            kind: given(kind, |info| info.iSocketType, true)?,
            protocol: given(protocol, |info| info.iProtocol, false)?,
            entry,
        })
    }

    /// The entry that serves the wish, or why none does: the family is judged first, then the type, then the
    /// protocol, then whether the two go together (OBS.11).
    fn entry(self) -> Result<&'static Protocol> {
        if (self.family, self.kind, self.protocol) == (0, 0, 0) {
            return Err(WsaError::WSAEINVAL);
        }
        let entries = || match self.entry {
            Some(entry) => std::slice::from_ref(entry).iter(),
            None => PROTOCOLS.iter(),
        };
        let of_family = || entries().filter(|entry| self.family == 0 || entry.family == self.family);
        let of_kind = || of_family().filter(|entry| self.kind == 0 || entry.kind == self.kind);
        of_family().next().ok_or(WsaError::WSAEAFNOSUPPORT)?;
        of_kind().next().ok_or(WsaError::WSAESOCKTNOSUPPORT)?;
        // A raw socket takes any protocol, but only who asks for SOCK_RAW gets one.
        let fits = |entry: &&Protocol| match (entry.kind, self.protocol) {
            (SOCK_RAW, _) => self.kind == SOCK_RAW,
            (_, 0) => true,
            (_, protocol) => entry.protocol == protocol,
        };
        of_kind().find(fits).ok_or_else(|| {
            // Somebody of the family speaks the protocol, so it is the type that does not fit.
            if of_family().any(|entry| entry.kind != SOCK_RAW && entry.protocol == self.protocol) {
                WsaError::WSAEPROTOTYPE
            } else {
                WsaError::WSAEPROTONOSUPPORT
            }
        })
    }
}
