//! Winsock's error codes, how an errno becomes one, and how one reads to those who ask the kernel.

mod errno;
pub(crate) mod status;

pub(crate) use errno::Operation;

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
    ERROR_CALL_NOT_IMPLEMENTED = 120, "the function is not there";
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
    WSAEMSGPARTIAL = 10100, "more of the message is to come";
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Every code has the number that the headers give its name.
    #[test]
    fn codes_have_the_headers_numbers() {
        let table = include_str!("../../../tests/abi/constants.csv");
        for code in WsaError::ALL {
            let name = code.name().unwrap_or_default();
            let values: Vec<&str> = table
                .lines()
                .map(|line| line.split(',').collect::<Vec<_>>())
                .filter(|row| row.get(1) == Some(&name))
                .map(|row| row[2])
                .collect();
            assert!(!values.is_empty(), "{name} is in no header");
            assert!(
                values.iter().all(|value| *value == code.code().to_string()),
                "{name} is {values:?}"
            );
        }
    }

    /// The headers have no WSAE* code that would be printed without its name.
    #[test]
    fn every_code_of_the_headers_has_its_name() {
        let table = include_str!("../../../tests/abi/constants.csv");
        for row in table.lines().map(|line| line.split(',').collect::<Vec<_>>()) {
            let (Some(name), Some(Ok(value))) = (row.get(1), row.get(2).map(|value| value.parse())) else {
                continue;
            };
            if name.starts_with("WSAE") && (10_000..12_000).contains(&value) {
                assert_eq!(WsaError::from_code(value).name(), Some(*name));
            }
        }
    }
}
