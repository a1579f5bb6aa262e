//! How an errno becomes a code: the same number means different things to different calls, and no call answers with a
//! code that its page does not know.

use super::WsaError;
use crate::sys::errno::Errno;

/// What was asked of the kernel when it gave an errno.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(usize)]
pub(crate) enum Operation {
    Socket,
    Bind,
    Listen,
    Accept,
    Connect,
    Join,
    Send,
    Receive,
    Shutdown,
    Name,
    Option,
    Control,
    Select,
    Duplicate,
}

impl Operation {
    /// All of them, in their order.
    pub(crate) const ALL: [Self; 14] = [
        Self::Socket,
        Self::Bind,
        Self::Listen,
        Self::Accept,
        Self::Connect,
        Self::Join,
        Self::Send,
        Self::Receive,
        Self::Shutdown,
        Self::Name,
        Self::Option,
        Self::Control,
        Self::Select,
        Self::Duplicate,
    ];

    /// The codes that an errno can become: those of the pages of the functions that do this, and after the line what
    /// Windows answers though the page does not say so.
    #[rustfmt::skip]
    const fn codes(self) -> &'static [WsaError] {
        const fn all<const N: usize>(codes: &'static [WsaError; N]) -> &'static [WsaError] {
            codes
        }
        macro_rules! codes {
            ($($code:ident)*) => { all(&[$(WsaError::$code),*]) };
        }
        match self {
            Self::Socket => codes!(
                WSAENETDOWN WSAEAFNOSUPPORT WSAEMFILE WSAENOBUFS WSAEPROTONOSUPPORT WSAEPROTOTYPE
                WSAESOCKTNOSUPPORT
                // A raw socket needs a privilege.
                WSAEACCES
            ),
            Self::Bind => codes!(
                WSAENETDOWN WSAENOTSOCK WSAEADDRINUSE WSAEADDRNOTAVAIL WSAEFAULT WSAEINVAL WSAENOBUFS
                // A low port, or one with an exclusive owner (OBS.18); a family that does not exist (OBS.3).
                WSAEACCES WSAEAFNOSUPPORT
            ),
            Self::Listen => codes!(
                WSAENETDOWN WSAENOTSOCK WSAEADDRINUSE WSAEINVAL WSAEISCONN WSAEMFILE WSAENOBUFS WSAEOPNOTSUPP
                // A policy of the host forbids it.
                WSAEACCES
            ),
            Self::Accept => codes!(
                WSAENETDOWN WSAENOTSOCK WSAECONNREFUSED WSAECONNRESET WSAEFAULT WSAEINTR WSAEINVAL WSAEMFILE WSAENOBUFS
                WSAEOPNOTSUPP WSAEWOULDBLOCK WSAEACCES
            ),
            Self::Connect => codes!(
                WSAENETDOWN WSAENOTSOCK WSAEADDRINUSE WSAEINTR WSAEALREADY WSAEADDRNOTAVAIL WSAEAFNOSUPPORT
                WSAECONNREFUSED WSAEFAULT WSAEISCONN WSAENETUNREACH WSAENOBUFS WSAEOPNOTSUPP
                WSAEPROTONOSUPPORT WSAETIMEDOUT WSAEWOULDBLOCK WSAEACCES
            ),
            Self::Join => codes!(
                WSAENETDOWN WSAENOTSOCK WSAEADDRINUSE WSAEAFNOSUPPORT WSAECONNREFUSED WSAEFAULT WSAEISCONN
                WSAENETUNREACH WSAENOBUFS WSAEOPNOTSUPP WSAEPROTONOSUPPORT WSAETIMEDOUT
                // A policy of the host forbids it; an address that is no group.
                WSAEACCES WSAEINVAL
            ),
            Self::Send => codes!(
                WSAENETDOWN WSAENOTSOCK WSAEACCES WSAEINTR WSAEFAULT WSAENETRESET WSAENOBUFS WSAENOTCONN WSAEOPNOTSUPP
                WSAESHUTDOWN WSAEWOULDBLOCK WSAEMSGSIZE WSAEINVAL WSAECONNABORTED WSAECONNRESET WSAEADDRNOTAVAIL
                WSAEAFNOSUPPORT WSAEDESTADDRREQ WSAENETUNREACH
                // The connection, or SO_SNDTIMEO, has run out of time (C.12).
                WSAETIMEDOUT
            ),
            Self::Receive => codes!(
                WSAENETDOWN WSAENOTSOCK WSAENOTCONN WSAEINTR WSAENETRESET WSAEFAULT WSAEOPNOTSUPP WSAESHUTDOWN
                WSAEWOULDBLOCK WSAEMSGSIZE WSAEINVAL WSAECONNABORTED WSAECONNRESET
                // The connection, or SO_RCVTIMEO, has run out of time (C.12); no memory; a policy of the host forbids it.
                WSAETIMEDOUT WSAENOBUFS WSAEACCES
            ),
            Self::Shutdown => codes!(
                WSAENETDOWN WSAENOTSOCK WSAEINVAL WSAENOTCONN
                // No memory; a policy of the host forbids it.
                WSAENOBUFS WSAEACCES
            ),
            Self::Name => codes!(
                WSAENETDOWN WSAENOTSOCK WSAEFAULT WSAEINVAL WSAENOTCONN
                // No memory; a policy of the host forbids it.
                WSAENOBUFS WSAEACCES
            ),
            Self::Option => codes!(
                WSAENETDOWN WSAENOTSOCK WSAEFAULT WSAEINVAL WSAENETRESET WSAENOPROTOOPT WSAENOTCONN
                // No memory, or too many groups; an interface that does not exist; an option that needs a privilege.
                WSAENOBUFS WSAEADDRNOTAVAIL WSAEACCES
            ),
            Self::Control => codes!(
                WSAENETDOWN WSAENOTSOCK WSAEFAULT WSAEINVAL WSAEOPNOTSUPP WSAEWOULDBLOCK WSAENOPROTOOPT WSAENETUNREACH
                // No memory; a command that needs a privilege.
                WSAENOBUFS WSAEACCES
            ),
            Self::Select => codes!(WSAENETDOWN WSAENOTSOCK WSAEFAULT WSAEINTR),
            Self::Duplicate => codes!(WSAENETDOWN WSAENOTSOCK WSAEINVAL WSAEMFILE WSAENOBUFS),
        }
    }

    /// What `errno` means to this operation; `None` if nothing that its page knows.
    const fn code(self, errno: i32) -> Option<WsaError> {
        let code = match self.own_meaning(errno) {
            Some(code) => code,
            None => match common_meaning(errno) {
                Some(code) => code,
                None => return None,
            },
        };
        let codes = self.codes();
        let mut next = 0;
        while next < codes.len() {
            if codes[next].code() == code.code() {
                return Some(code);
            }
            next += 1;
        }
        None
    }

    /// Where an operation reads an errno in its own way.
    const fn own_meaning(self, errno: i32) -> Option<WsaError> {
        use libc::*;
        type W = WsaError;
        Some(match (self, errno) {
            (Self::Socket, EINVAL) => W::WSAEPROTONOSUPPORT,
            // Nothing by that path can be an address, or become one (AF_UNIX).
            (Self::Bind, ENOENT | ENOTDIR | ELOOP | ENAMETOOLONG | EROFS | EISDIR) => W::WSAEADDRNOTAVAIL,
            (Self::Connect, ENOENT | ENOTDIR | ELOOP | ENAMETOOLONG | EPROTOTYPE) => W::WSAECONNREFUSED,
            // An AF_UNIX listener whose queue is full (WSPListen.5).
            (Self::Connect, EAGAIN) => W::WSAECONNREFUSED,
            // The peer turned the attempt down when it already stood in its queue.
            (Self::Connect, ECONNRESET) => W::WSAECONNREFUSED,
            (Self::Connect, EINPROGRESS) => W::WSAEWOULDBLOCK,
            // An address without what it needs, such as the scope of a link-local one.
            (Self::Connect, EINVAL) => W::WSAEADDRNOTAVAIL,
            // No interface has a route to the group, or the interface named for it is gone.
            (Self::Join, ENODEV | ENXIO | EADDRNOTAVAIL) => W::WSAENETUNREACH,
            // What befell a connection in the queue, which accept(2) passes on; WSPAccept.17.
            (
                Self::Accept,
                ECONNABORTED | EPROTO | ENOPROTOOPT | EHOSTDOWN | ENONET | EHOSTUNREACH | ENETUNREACH
                | ETIMEDOUT,
            ) => W::WSAECONNRESET,
            // The connection ended without a word why; who was reset hears so (OBS.26).
            (Self::Send | Self::Receive, EPIPE) => W::WSAECONNABORTED,
            // ICMP: nobody has that port (OBS.27), or speaks that protocol.
            (Self::Send | Self::Receive, ECONNREFUSED | ENOPROTOOPT) => W::WSAECONNRESET,
            // ICMP: the way to the peer is gone.
            (Self::Receive, EHOSTUNREACH | ENETUNREACH | EHOSTDOWN | ENONET | EPROTO) => W::WSAECONNABORTED,
            (Self::Option, EDOM | ERANGE | EADDRINUSE) => W::WSAEINVAL,
            (Self::Option, EOPNOTSUPP) => W::WSAENOPROTOOPT,
            (Self::Option, ECONNRESET | EPIPE) => W::WSAENOTCONN,
            (Self::Control, ENOTTY) => W::WSAEINVAL,
            // More sockets than the kernel watches at once, or no memory for it (WSPSelect.8).
            (Self::Select, EINVAL | ENOMEM | ENOBUFS | EAGAIN) => W::WSAEFAULT,
            // Nobody by that number, nobody who offers it, or nobody who answers.
            (Self::Duplicate, EPERM | EACCES | ESRCH | ENOENT | ECONNREFUSED | ECONNRESET | EAGAIN) => {
                W::WSAEINVAL
            }
            _ => return None,
        })
    }
}

/// Where an errno has one meaning for every call that can meet it.
const fn common_meaning(errno: i32) -> Option<WsaError> {
    use libc::*;
    type W = WsaError;
    Some(match errno {
        EINTR => W::WSAEINTR,
        // The table holds every descriptor open while a call uses it, so a bad one was closed behind its back.
        EBADF | ENOTSOCK => W::WSAENOTSOCK,
        // A missing privilege, a broadcast without SO_BROADCAST, a firewall, a policy of the host.
        EACCES | EPERM => W::WSAEACCES,
        EFAULT => W::WSAEFAULT,
        EINVAL => W::WSAEINVAL,
        EMFILE | ENFILE => W::WSAEMFILE,
        EAGAIN => W::WSAEWOULDBLOCK,
        EALREADY => W::WSAEALREADY,
        EDESTADDRREQ => W::WSAEDESTADDRREQ,
        EMSGSIZE => W::WSAEMSGSIZE,
        EPROTOTYPE => W::WSAEPROTOTYPE,
        ENOPROTOOPT => W::WSAENOPROTOOPT,
        EPROTONOSUPPORT => W::WSAEPROTONOSUPPORT,
        ESOCKTNOSUPPORT => W::WSAESOCKTNOSUPPORT,
        EOPNOTSUPP => W::WSAEOPNOTSUPP,
        EAFNOSUPPORT | EPFNOSUPPORT => W::WSAEAFNOSUPPORT,
        EADDRINUSE => W::WSAEADDRINUSE,
        EADDRNOTAVAIL | ENODEV | ENXIO => W::WSAEADDRNOTAVAIL,
        ENETDOWN => W::WSAENETDOWN,
        ENETUNREACH | EHOSTUNREACH | EHOSTDOWN | ENONET => W::WSAENETUNREACH,
        ENETRESET => W::WSAENETRESET,
        ECONNABORTED => W::WSAECONNABORTED,
        ECONNRESET => W::WSAECONNRESET,
        ENOBUFS | ENOMEM | ENOSPC => W::WSAENOBUFS,
        EISCONN => W::WSAEISCONN,
        ENOTCONN => W::WSAENOTCONN,
        EPIPE | ESHUTDOWN => W::WSAESHUTDOWN,
        ETIMEDOUT => W::WSAETIMEDOUT,
        ECONNREFUSED => W::WSAECONNREFUSED,
        _ => return None,
    })
}

/// Beyond the errnos of every Linux that matters here; what is larger is unexpected.
const ERRNOS: usize = 192;

/// The whole translation, so that it costs one load: 0 where the errno is unexpected.
static TABLE: [[u16; ERRNOS]; Operation::ALL.len()] = table();

const fn table() -> [[u16; ERRNOS]; Operation::ALL.len()] {
    let mut table = [[0; ERRNOS]; Operation::ALL.len()];
    let mut row = 0;
    while row < table.len() {
        let mut errno = 0;
        while errno < ERRNOS {
            if let Some(code) = Operation::ALL[row].code(errno as i32) {
                table[row][errno] = code.code() as u16;
            }
            errno += 1;
        }
        row += 1;
    }
    table
}

impl WsaError {
    /// The code for `errno` when `operation` met it. Total: an errno that means nothing the operation's page knows is
    /// [`WsaError::WSAENETDOWN`], which every page lists for "the provider's networking is out of service".
    #[inline]
    pub(crate) fn from_errno(operation: Operation, errno: Errno) -> Self {
        let row = &TABLE[operation as usize];
        match usize::try_from(errno.0).ok().and_then(|errno| row.get(errno)) {
            None | Some(0) => unexpected(operation, errno),
            Some(code) => Self::from_code((*code).into()),
        }
    }
}

#[cold]
fn unexpected(operation: Operation, errno: Errno) -> WsaError {
    let answer = WsaError::WSAENETDOWN;
    crate::trace::message(format_args!(
        "errno {} is unexpected from {operation:?}; answering {answer}",
        errno.0
    ));
    answer
}

#[cfg(test)]
mod tests;
