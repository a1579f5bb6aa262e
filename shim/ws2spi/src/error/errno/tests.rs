//! The translation against the table in `errno.csv`, and against what the pages document.

use super::*;
use std::collections::{BTreeMap, BTreeSet};

/// The functions that meet an errno in each operation.
const FUNCTIONS: [(Operation, &[&str]); Operation::ALL.len()] = [
    (Operation::Socket, &["WSPSocket"]),
    (Operation::Bind, &["WSPBind"]),
    (Operation::Listen, &["WSPListen"]),
    (Operation::Accept, &["WSPAccept"]),
    (Operation::Connect, &["WSPConnect"]),
    (Operation::Join, &["WSPJoinLeaf"]),
    (Operation::Send, &["WSPSend", "WSPSendTo"]),
    (Operation::Receive, &["WSPRecv", "WSPRecvFrom"]),
    (
        Operation::Shutdown,
        &["WSPShutdown", "WSPSendDisconnect", "WSPRecvDisconnect"],
    ),
    (Operation::Name, &["WSPGetSockName", "WSPGetPeerName"]),
    (Operation::Option, &["WSPGetSockOpt", "WSPSetSockOpt"]),
    (Operation::Control, &["WSPIoctl"]),
    (Operation::Select, &["WSPSelect"]),
    (Operation::Duplicate, &["WSPDuplicateSocket"]),
];

/// What Windows answers though the page of the function does not say so.
const UNDOCUMENTED: &[(Operation, &[&str])] = &[
    (Operation::Socket, &["WSAEACCES"]),
    (Operation::Bind, &["WSAEACCES", "WSAEAFNOSUPPORT"]),
    (Operation::Listen, &["WSAEACCES"]),
    (Operation::Join, &["WSAEACCES", "WSAEINVAL"]),
    (Operation::Send, &["WSAETIMEDOUT"]),
    (Operation::Receive, &["WSAETIMEDOUT", "WSAENOBUFS", "WSAEACCES"]),
    (Operation::Shutdown, &["WSAENOBUFS", "WSAEACCES"]),
    (Operation::Name, &["WSAENOBUFS", "WSAEACCES"]),
    (
        Operation::Option,
        &["WSAENOBUFS", "WSAEADDRNOTAVAIL", "WSAEACCES"],
    ),
    (Operation::Control, &["WSAENOBUFS", "WSAEACCES"]),
];

macro_rules! errnos {
    ($($name:ident)*) => { &[$((stringify!($name), libc::$name)),*] };
}

/// Every errno that Linux has. Two numbers (41 and 58) were never given out.
const ERRNO: &[(&str, i32)] = errnos!(
    EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK EBUSY EEXIST EXDEV
    ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLK
    ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP ENOMSG EIDRM ECHRNG EL2NSYNC EL3HLT EL3RST ELNRNG EUNATCH ENOCSI EL2HLT
    EBADE EBADR EXFULL ENOANO EBADRQC EBADSLT EBFONT ENOSTR ENODATA ETIME ENOSR ENONET ENOPKG EREMOTE ENOLINK EADV ESRMNT
    ECOMM EPROTO EMULTIHOP EDOTDOT EBADMSG EOVERFLOW ENOTUNIQ EBADFD EREMCHG ELIBACC ELIBBAD ELIBSCN ELIBMAX ELIBEXEC
    EILSEQ ERESTART ESTRPIPE EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT ESOCKTNOSUPPORT
    EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN ENETUNREACH ENETRESET ECONNABORTED ECONNRESET
    ENOBUFS EISCONN ENOTCONN ESHUTDOWN ETOOMANYREFS ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS
    ESTALE EUCLEAN ENOTNAM ENAVAIL EISNAM EREMOTEIO EDQUOT ENOMEDIUM EMEDIUMTYPE ECANCELED ENOKEY EKEYEXPIRED
    EKEYREVOKED EKEYREJECTED EOWNERDEAD ENOTRECOVERABLE ERFKILL EHWPOISON
);

fn name(errno: i32) -> &'static str {
    ERRNO
        .iter()
        .find(|(_, number)| *number == errno)
        .map_or("(none)", |(name, _)| name)
}

/// The golden table: errno, operation, code; what has no row is unexpected.
fn golden() -> BTreeMap<(&'static str, &'static str), &'static str> {
    include_str!("errno.csv")
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut cells = line.split(',');
            Some(((cells.next()?, cells.next()?), cells.next()?))
        })
        .collect()
}

#[test]
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
fn every_errno_is_listed() {
    let numbers: BTreeSet<i32> = ERRNO.iter().map(|(_, number)| *number).collect();
    let missing: Vec<i32> = (1..=133).filter(|number| !numbers.contains(number)).collect();
    assert_eq!(missing, [41, 58]);
}

/// Every errno that Linux has, in every operation, has the code of the table.
#[test]
fn every_errno_of_every_operation_is_as_the_table_says() {
    let golden = golden();
    let mut actual = String::from("errno,operation,code\n");
    let mut wrong = Vec::new();
    for (errno_name, errno) in ERRNO {
        for operation in Operation::ALL {
            let code = WsaError::from_errno(operation, Errno(*errno));
            let operation_name = format!("{operation:?}");
            let expected = golden
                .get(&(*errno_name, operation_name.as_str()))
                .copied()
                .unwrap_or("WSAENETDOWN");
            if code.name() != Some(expected) {
                wrong.push(format!(
                    "{errno_name} in {operation_name}: {code}, not {expected}"
                ));
            }
            if operation.code(*errno).is_some() {
                let code = code.name().unwrap_or_default();
                actual.push_str(&format!("{errno_name},{operation_name},{code}\n"));
            }
        }
    }
    // UPDATE_TABLE=1 writes the table anew, to be read before it is committed.
    if std::env::var_os("UPDATE_TABLE").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/error/errno/errno.csv");
        std::fs::write(path, &actual).expect("errno.csv can be written");
    } else {
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert_eq!(
            golden.len(),
            actual.lines().count() - 1,
            "the table has rows that are not so"
        );
    }
}

/// No errno becomes a code that the pages of the operation's functions do not know, but for the reasoned exceptions.
#[test]
fn every_code_is_documented() {
    let table = include_str!("../../../../../tests/spec/errors.csv");
    let documented: BTreeSet<(&str, &str)> = table
        .lines()
        .filter_map(|line| {
            let mut cells = line.split(',');
            Some((cells.next()?, cells.next()?))
        })
        .collect();
    for (operation, functions) in FUNCTIONS {
        let excepted = UNDOCUMENTED
            .iter()
            .find(|(known, _)| *known == operation)
            .map_or(&[][..], |(_, codes)| codes);
        for (errno_name, errno) in ERRNO {
            let code = WsaError::from_errno(operation, Errno(*errno))
                .name()
                .unwrap_or_default();
            let known = functions
                .iter()
                .any(|function| documented.contains(&(function, code)));
            assert!(
                known || excepted.contains(&code),
                "{errno_name} in {operation:?} becomes {code}"
            );
        }
        for code in excepted {
            let known = functions
                .iter()
                .any(|function| documented.contains(&(function, code)));
            assert!(!known, "{code} of {operation:?} is documented: no exception");
        }
        // A code that no errno becomes is a slip.
        for code in operation.codes() {
            let meant = ERRNO
                .iter()
                .any(|(_, errno)| operation.code(*errno) == Some(*code));
            assert!(meant, "no errno of {operation:?} becomes {code}");
        }
    }
}

/// An errno that no table knows is WSAENETDOWN, and never a stale value.
#[test]
fn an_unknown_errno_is_the_network_being_down() {
    for errno in [-1, 0, 41, 58, 134, 191, 192, 512, 4095, i32::MAX, i32::MIN] {
        for operation in Operation::ALL {
            assert_eq!(
                WsaError::from_errno(operation, Errno(errno)),
                WsaError::WSAENETDOWN,
                "{errno} ({})",
                name(errno)
            );
        }
    }
}

/// The order of the variants is that of the table's rows.
#[test]
fn operations_stand_in_their_order() {
    for (row, operation) in Operation::ALL.into_iter().enumerate() {
        assert_eq!(operation as usize, row);
    }
}
