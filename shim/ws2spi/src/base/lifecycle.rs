//! WSPStartup and WSPCleanup: versions, counting, and the host's table of upcalls.

use super::{close, duplicate, events, listen};
use crate::abi::{WSAPROTOCOL_INFOW, WSPDATA, WSPPROC_TABLE, WSPUPCALLTABLE};
use crate::error::{Result, WsaError};
use crate::object::socket::State;
use crate::object::{table, thread};
use crate::overlapped;
use crate::sys::fork;
use crate::sys::guard::{self, UserPointer};
use crate::sys::info;
use crate::upcall;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A version of the interface; major decides before minor, which the raw word gets wrong (WSPStartup.1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Version {
    major: u8,
    minor: u8,
}

impl Version {
    const LOWEST: Self = Self { major: 2, minor: 2 };
    const HIGHEST: Self = Self { major: 2, minor: 2 };

    /// Takes the version out of its word: major in the low byte.
    const fn from_word(word: u16) -> Self {
        Self {
            major: word as u8,
            minor: (word >> 8) as u8,
        }
    }

    const fn to_word(self) -> u16 {
        (self.minor as u16) << 8 | self.major as u16
    }
}

/// The version to use with a client that asked for `requested`, of a provider that offers `lowest` to `highest`.
fn negotiate(requested: Version, lowest: Version, highest: Version) -> Result<Version> {
    if requested < lowest {
        Err(WsaError::WSAVERNOTSUPPORTED)
    } else {
        Ok(requested.min(highest))
    }
}

/// How often WSPStartup has succeeded without its WSPCleanup.
static STARTED: AtomicU32 = AtomicU32::new(0);

/// Held while a WSPStartup or a WSPCleanup takes effect, so that a last cleanup does not close the sockets of who
/// starts meanwhile (WSPCleanup.9).
static TURN: Mutex<()> = Mutex::new(());

fn turn() -> MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// WSANOTINITIALISED outside of a started period (C.4).
#[inline]
pub(crate) fn check_started() -> Result<()> {
    if STARTED.load(Ordering::Acquire) == 0 {
        Err(WsaError::WSANOTINITIALISED)
    } else {
        Ok(())
    }
}

const DESCRIPTION: &str = "ws2spi base provider over POSIX";

/// WSPStartup.
pub(crate) fn start(
    requested: u16,
    data: UserPointer<WSPDATA>,
    _protocol: UserPointer<WSAPROTOCOL_INFOW>,
    upcalls: &WSPUPCALLTABLE,
    procs: UserPointer<WSPPROC_TABLE>,
    ours: &WSPPROC_TABLE,
) -> Result<()> {
    thread::check_not_in_progress()?;
    install();
    let version = negotiate(Version::from_word(requested), Version::LOWEST, Version::HIGHEST);
    let mut description = [0; 256];
    for (unit, letter) in description.iter_mut().zip(DESCRIPTION.encode_utf16()) {
        *unit = letter;
    }
    // A provider that offers 2.2 alone says so also when it refuses (WSPStartup.5).
    data.write(WSPDATA {
        wVersion: version.unwrap_or(Version::HIGHEST).to_word(),
        wHighVersion: Version::HIGHEST.to_word(),
        szDescription: description,
    })?;
    version?;
    procs.write(*ours)?;
    let _turn = turn();
    upcall::set_table(upcalls);
    STARTED.fetch_add(1, Ordering::AcqRel);
    Ok(())
}

/// Starts the provider for the Winsock library itself, which leaves the host's table as it is.
pub(crate) fn begin() {
    let _turn = turn();
    STARTED.fetch_add(1, Ordering::AcqRel);
}

/// Readies the process for the library's objects; once, however often it is called. Kernel objects need no WSPStartup.
pub(crate) fn install() {
    static INSTALLED: AtomicBool = AtomicBool::new(false);
    if INSTALLED.load(Ordering::Acquire) {
        return;
    }
    guard::install();
    overlapped::install(events::look);
    INSTALLED.store(true, Ordering::Release);
}

/// WSPCleanup.
pub(crate) fn cleanup() -> Result<()> {
    check_started()?;
    thread::check_not_in_progress()?;
    let _turn = turn();
    let before = STARTED
        .fetch_update(Ordering::AcqRel, Ordering::Acquire, |count| count.checked_sub(1))
        .map_err(|_| WsaError::WSANOTINITIALISED)?;
    if before == 1 {
        duplicate::withdraw_all();
        // First all of them, since a request may use two.
        table::all_sockets().for_each(|socket| {
            socket.state.set(State::SILENCED);
        });
        // Open sockets are reset and deallocated as if closed (WSPCleanup.5).
        table::all_sockets().for_each(|socket| close::abort(&socket));
        overlapped::stop();
    }
    Ok(())
}

/// What the provider has to do around a fork.
pub(crate) const FORK: fork::Handlers = fork::Handlers {
    before: before_fork,
    in_child: in_forked_child,
};

/// Before a fork: every lock of the library is held by who forks. The turn comes first, since those that have it take
/// others.
fn before_fork() {
    fork::hold(turn());
    listen::before_fork();
    duplicate::before_fork();
    overlapped::before_fork();
    upcall::before_fork();
    info::before_fork();
}

fn in_forked_child() {
    duplicate::in_forked_child();
    listen::in_forked_child();
    overlapped::in_forked_child();
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn version(major: u8, minor: u8) -> Version {
        Version { major, minor }
    }

    /// WSPStartup.4: the documented examples: client's request, provider's range, wVersion (none: refused).
    #[test]
    fn negotiation_follows_the_documented_examples() {
        let examples = [
            (version(1, 1), (version(1, 1), version(1, 1)), Some(version(1, 1))),
            (version(1, 1), (version(1, 0), version(1, 0)), Some(version(1, 0))),
            (version(1, 0), (version(1, 0), version(1, 1)), Some(version(1, 0))),
            (version(1, 1), (version(1, 0), version(1, 1)), Some(version(1, 1))),
            (version(1, 0), (version(1, 1), version(1, 1)), None),
            (version(2, 0), (version(1, 1), version(1, 1)), Some(version(1, 1))),
            (version(2, 0), (version(2, 0), version(2, 0)), Some(version(2, 0))),
            (version(2, 2), (version(2, 2), version(2, 2)), Some(version(2, 2))),
        ];
        for (requested, (lowest, highest), expected) in examples {
            assert_eq!(
                negotiate(requested, lowest, highest).ok(),
                expected,
                "{requested:?}"
            );
        }
    }

    /// WSPStartup.1: comparing the raw words would take 1.1 for newer than 2.0.
    #[test]
    fn major_decides_before_minor() {
        assert!(version(1, 1) < version(2, 0));
        assert!(version(1, 1).to_word() > version(2, 0).to_word());
        assert_eq!(Version::from_word(0x0202), version(2, 2));
    }
}
