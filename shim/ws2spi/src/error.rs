//! Winsock's error codes, and how an errno becomes one.

use crate::sys::errno::Errno;
use crate::sys::guard::Fault;
use std::fmt;

/// A Winsock error code, as it stands in `*lpErrno`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct WsaError(i32);

/// Defines the codes once: constant, name and meaning.
macro_rules! codes {
    ($($name:ident = $value:literal, $meaning:literal;)*) => {
        impl WsaError {
            $(#[doc = concat!($meaning, ".")] pub const $name: Self = Self($value);)*

            /// Every code this library knows.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The name the headers give the code, if it is one of theirs.
            pub const fn name(self) -> Option<&'static str> {
                match self.0 { $($value => Some(stringify!($name)),)* _ => None }
            }

            /// What the code means, in a few words.
            pub const fn meaning(self) -> Option<&'static str> {
                match self.0 { $($value => Some($meaning),)* _ => None }
            }
        }
    };
}

codes! {
    WSA_INVALID_HANDLE = 6, "the event handle is not valid";
    WSA_NOT_ENOUGH_MEMORY = 8, "there is not enough memory";
    WSA_INVALID_PARAMETER = 87, "a parameter is not valid";
    WSA_OPERATION_ABORTED = 995, "the overlapped operation was cancelled";
    WSA_IO_INCOMPLETE = 996, "the overlapped operation is still running";
    WSA_IO_PENDING = 997, "the overlapped operation was started and will complete later";
    WSAEINTR = 10004, "a blocking call was cancelled";
    WSAEBADF = 10009, "the file handle is not valid";
    WSAEACCES = 10013, "permission was denied";
    WSAEFAULT = 10014, "a pointer is bad or a buffer too small";
    WSAEINVAL = 10022, "an argument is not valid or the socket is in the wrong state";
    WSAEMFILE = 10024, "there are no socket descriptors left";
    WSAEWOULDBLOCK = 10035, "the call would have to wait and the socket does not block";
    WSAEINPROGRESS = 10036, "a blocking call is outstanding or a callback is still running";
    WSAEALREADY = 10037, "an earlier attempt on the socket has not finished";
    WSAENOTSOCK = 10038, "the handle is not a socket";
    WSAEDESTADDRREQ = 10039, "a destination address is needed";
    WSAEMSGSIZE = 10040, "the message is too long";
    WSAEPROTOTYPE = 10041, "the protocol does not fit the socket type";
    WSAENOPROTOOPT = 10042, "the option is not known or not supported";
    WSAEPROTONOSUPPORT = 10043, "the protocol is not supported";
    WSAESOCKTNOSUPPORT = 10044, "the socket type is not supported in this address family";
    WSAEOPNOTSUPP = 10045, "the operation is not supported on this kind of socket";
    WSAEPFNOSUPPORT = 10046, "the protocol family is not supported";
    WSAEAFNOSUPPORT = 10047, "the address family is not supported";
    WSAEADDRINUSE = 10048, "the address is in use";
    WSAEADDRNOTAVAIL = 10049, "the address cannot be used here";
    WSAENETDOWN = 10050, "the network subsystem has failed";
    WSAENETUNREACH = 10051, "the network cannot be reached";
    WSAENETRESET = 10052, "keep-alive found the connection dead";
    WSAECONNABORTED = 10053, "the connection was aborted by a time-out or another failure";
    WSAECONNRESET = 10054, "the connection was reset by the peer";
    WSAENOBUFS = 10055, "there is no buffer space";
    WSAEISCONN = 10056, "the socket is already connected";
    WSAENOTCONN = 10057, "the socket is not connected";
    WSAESHUTDOWN = 10058, "the socket was shut down in that direction";
    WSAETOOMANYREFS = 10059, "there are too many references";
    WSAETIMEDOUT = 10060, "the attempt timed out";
    WSAECONNREFUSED = 10061, "the connection was refused";
    WSAELOOP = 10062, "the name cannot be resolved";
    WSAENAMETOOLONG = 10063, "the name is too long";
    WSAEHOSTDOWN = 10064, "the host is down";
    WSAEHOSTUNREACH = 10065, "there is no route to the host";
    WSAENOTEMPTY = 10066, "the directory is not empty";
    WSAEPROCLIM = 10067, "there are too many processes";
    WSAEUSERS = 10068, "the user quota is used up";
    WSAEDQUOT = 10069, "the disk quota is used up";
    WSAESTALE = 10070, "the file handle is stale";
    WSAEREMOTE = 10071, "the item is not local";
    WSASYSNOTREADY = 10091, "the network subsystem is not ready";
    WSAVERNOTSUPPORTED = 10092, "the requested version is not supported";
    WSANOTINITIALISED = 10093, "WSPStartup has not been called";
    WSAEDISCON = 10101, "the peer has closed the connection";
    WSAENOMORE = 10102, "there are no more results";
    WSAECANCELLED = 10103, "the call was cancelled";
    WSAEINVALIDPROCTABLE = 10104, "the procedure table is not valid";
    WSAEINVALIDPROVIDER = 10105, "the service provider is not valid";
    WSAEPROVIDERFAILEDINIT = 10106, "the service provider failed to start";
    WSASYSCALLFAILURE = 10107, "a system call that never fails has failed";
    WSASERVICE_NOT_FOUND = 10108, "the service is not known";
    WSATYPE_NOT_FOUND = 10109, "the class is not known";
    WSA_E_NO_MORE = 10110, "there are no more results";
    WSA_E_CANCELLED = 10111, "the call was cancelled";
    WSAEREFUSED = 10112, "the query was refused";
    WSAHOST_NOT_FOUND = 11001, "the host is not known";
    WSATRY_AGAIN = 11002, "no decision yet; try again";
    WSANO_RECOVERY = 11003, "an error that cannot be recovered from";
    WSANO_DATA = 11004, "the name is valid but has no data of that kind";
}

impl WsaError {
    /// A code that came from outside: another provider's, or one a program has set.
    pub const fn from_code(code: i32) -> Self {
        Self(code)
    }

    /// The number.
    pub const fn code(self) -> i32 {
        self.0
    }
}

impl fmt::Display for WsaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "{name} ({})", self.0),
            None => write!(f, "error {}", self.0),
        }
    }
}

impl fmt::Debug for WsaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for WsaError {}

impl From<Fault> for WsaError {
    fn from(_: Fault) -> Self {
        Self::WSAEFAULT
    }
}

/// What every function of the library gives inside.
pub type Result<T> = std::result::Result<T, WsaError>;

/// What was asked of the kernel when it gave an errno: the same number means different things to different calls.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Operation {
    Socket,
    Bind,
    Listen,
    Accept,
    Connect,
    Send,
    Receive,
    Shutdown,
    Name,
    Option,
    Control,
    Select,
    Duplicate,
    Join,
}

impl WsaError {
    /// The code for `errno` when `operation` met it. Total: an errno that Linux does not document for the operation
    /// is [`WsaError::WSAENETDOWN`], which every page lists for "the provider's networking is out of service".
    pub(crate) fn from_errno(operation: Operation, errno: Errno) -> Self {
        if let Some(code) = Self::of_operation(operation, errno.0).or_else(|| Self::of_any_operation(errno.0))
        {
            return code;
        }
        crate::trace::message(format_args!(
            "errno {} is unexpected from {operation:?}; answering {}",
            errno.0,
            Self::WSAENETDOWN
        ));
        Self::WSAENETDOWN
    }

    /// Where an operation reads an errno in its own way.
    fn of_operation(operation: Operation, errno: i32) -> Option<Self> {
        use Operation::{
            Accept, Bind, Connect, Duplicate, Join, Listen, Name, Option as Opt, Receive, Select, Send,
            Shutdown, Socket,
        };
        use libc::*;
        Some(match (operation, errno) {
            (Socket, EINVAL | EPROTONOSUPPORT) => Self::WSAEPROTONOSUPPORT,
            (Bind, EINVAL) => Self::WSAEINVAL,
            // Two names for "nothing by that path can be an address" (AF_UNIX).
            (Bind, ENOENT | ENOTDIR | ELOOP | ENAMETOOLONG | EROFS | EISDIR) => Self::WSAEADDRNOTAVAIL,
            (Connect, ENOENT | ENOTDIR | ELOOP | ENAMETOOLONG) => Self::WSAECONNREFUSED,
            // A full queue of an AF_UNIX listener (WSPListen.5); for TCP: no local port is left.
            (Connect, EAGAIN) => Self::WSAECONNREFUSED,
            (Connect, EINPROGRESS) => Self::WSAEWOULDBLOCK,
            // Linux' firewalls and policies refuse with EPERM what Winsock calls an unreachable network.
            (Connect, EPERM) => Self::WSAENETUNREACH,
            (Connect, EPROTOTYPE) => Self::WSAECONNREFUSED,
            // An address without what it needs, such as the scope of a link-local one.
            (Connect, EINVAL) => Self::WSAEADDRNOTAVAIL,
            (Connect, EADDRNOTAVAIL) => Self::WSAEADDRNOTAVAIL,
            (Accept, EINVAL) => Self::WSAEINVAL,
            (Accept, EPROTO | ENOPROTOOPT | EHOSTDOWN | ENONET | EHOSTUNREACH | ENETUNREACH | ETIMEDOUT) => {
                Self::WSAECONNRESET
            }
            (Accept, ECONNABORTED) => Self::WSAECONNRESET,
            (Accept, EPERM) => Self::WSAEACCES,
            (Send, EPIPE) => Self::WSAECONNABORTED,
            (Send, EPERM) => Self::WSAEACCES,
            (Send | Receive, ECONNREFUSED) => Self::WSAECONNRESET,
            (Receive, EPIPE) => Self::WSAECONNABORTED,
            (Receive, EHOSTUNREACH | ENETUNREACH) => Self::WSAECONNABORTED,
            (Shutdown, ENOTCONN) => Self::WSAENOTCONN,
            (Opt, EDOM | EINVAL | ERANGE) => Self::WSAEINVAL,
            (Opt, EOPNOTSUPP) => Self::WSAENOPROTOOPT,
            (Opt, EPERM) => Self::WSAEACCES,
            (Name, ENOTCONN) => Self::WSAENOTCONN,
            // More sockets than the kernel watches at once, or no memory for it (WSPSelect.8).
            (Select, EINVAL | ENOMEM | EAGAIN) => Self::WSAEFAULT,
            // No interface has a route to the group, or the interface named for it is gone.
            (Join, ENODEV | ENXIO | EADDRNOTAVAIL) => Self::WSAENETUNREACH,
            (Listen, EADDRINUSE) => Self::WSAEADDRINUSE,
            // Nobody by that number, nobody who offers it, or nobody who answers.
            (Duplicate, EPERM | EACCES | ESRCH | ECONNREFUSED | ECONNRESET | EAGAIN) => Self::WSAEINVAL,
            _ => return None,
        })
    }

    /// Where an errno has one meaning for every call.
    fn of_any_operation(errno: i32) -> Option<Self> {
        use libc::*;
        Some(match errno {
            EINTR => Self::WSAEINTR,
            // The table holds every descriptor open while a call uses it, so a bad one was closed behind its back.
            EBADF | ENOTSOCK => Self::WSAENOTSOCK,
            EACCES => Self::WSAEACCES,
            EPERM => Self::WSAEACCES,
            EFAULT => Self::WSAEFAULT,
            EINVAL => Self::WSAEINVAL,
            EMFILE | ENFILE => Self::WSAEMFILE,
            EAGAIN => Self::WSAEWOULDBLOCK,
            EINPROGRESS => Self::WSAEINPROGRESS,
            EALREADY => Self::WSAEALREADY,
            EDESTADDRREQ => Self::WSAEDESTADDRREQ,
            EMSGSIZE => Self::WSAEMSGSIZE,
            EPROTOTYPE => Self::WSAEPROTOTYPE,
            ENOPROTOOPT => Self::WSAENOPROTOOPT,
            EPROTONOSUPPORT => Self::WSAEPROTONOSUPPORT,
            ESOCKTNOSUPPORT => Self::WSAESOCKTNOSUPPORT,
            EOPNOTSUPP => Self::WSAEOPNOTSUPP,
            EPFNOSUPPORT => Self::WSAEPFNOSUPPORT,
            EAFNOSUPPORT => Self::WSAEAFNOSUPPORT,
            EADDRINUSE => Self::WSAEADDRINUSE,
            EADDRNOTAVAIL | ENODEV | ENXIO => Self::WSAEADDRNOTAVAIL,
            ENETDOWN => Self::WSAENETDOWN,
            ENETUNREACH | EHOSTUNREACH | EHOSTDOWN | ENONET => Self::WSAENETUNREACH,
            ENETRESET => Self::WSAENETRESET,
            ECONNABORTED => Self::WSAECONNABORTED,
            ECONNRESET => Self::WSAECONNRESET,
            ENOBUFS | ENOMEM | ENOSPC => Self::WSAENOBUFS,
            EISCONN => Self::WSAEISCONN,
            ENOTCONN => Self::WSAENOTCONN,
            EPIPE | ESHUTDOWN => Self::WSAESHUTDOWN,
            ETIMEDOUT => Self::WSAETIMEDOUT,
            ECONNREFUSED => Self::WSAECONNREFUSED,
            _ => return None,
        })
    }
}
