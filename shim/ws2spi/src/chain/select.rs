//! `select` (NEED-S13). Sockets of the base provider alone go to it without detour. Otherwise each handle that a layered
//! provider has made itself stands for the one that the provider names (SIO_BSP_HANDLE_SELECT), which normally is a
//! socket of the base provider, so that layers are left out of the wait. Where a handle remains that only its provider
//! knows, that provider's WSPSelect serves all of them, which passes strangers on; so does one whose sockets are the only
//! layered ones there are.
#![forbid(unsafe_code)]

use super::{call, layered, serving, startup};
use crate::abi::{SIO_BSP_HANDLE_SELECT, SOCKET, WSPPROC_TABLE, fd_set};
use crate::base;
use crate::base::select::{for_each_member, members_of};
use crate::error::Result;
use crate::object::table::{self, Server};
use crate::object::thread::check_not_in_progress;
use crate::sys::guard::UserPointer;
use libc::timeval;
use std::collections::{HashMap, HashSet};

/// `select`.
pub(crate) fn select(
    count: i32,
    sets: [UserPointer<fd_set>; 3],
    timeout: UserPointer<timeval>,
    base: &'static WSPPROC_TABLE,
) -> Result<i32> {
    startup::check_started()?;
    check_not_in_progress()?;
    if !involve_layers(&sets)? {
        let [read, write, except] = sets;
        return base::select::select(read, write, except, timeout);
    }
    let mut targets = Targets {
        known: HashMap::new(),
        base,
    };
    let mut own = Vec::with_capacity(sets.len());
    for at in sets {
        own.push(Set::read(at, &mut targets)?);
    }
    let server = server(&own, base)?;
    if own.iter().all(Set::is_unchanged) {
        return wait(server, base, count, sets, timeout);
    }
    let mut rooms: Vec<Vec<SOCKET>> = own.iter().map(Set::room).collect();
    let mut at = sets;
    for ((at, room), set) in at.iter_mut().zip(&mut rooms).zip(&own) {
        if !set.at.is_null() {
            *at = UserPointer::to_own_slice(room).cast();
            at.cast::<u32>().write(set.targets.len() as u32)?;
        }
    }
    let any = wait(server, base, count, at, timeout)? != 0;
    let mut kept = Vec::with_capacity(own.len());
    for (set, at) in own.iter().zip(at) {
        kept.push(if any { set.ready(at)? } else { Vec::new() });
    }
    let mut ready = 0;
    for (set, kept) in own.iter().zip(kept).filter(|(set, _)| !set.at.is_null()) {
        members_of(set.at).write_slice(&kept)?;
        set.at.cast::<u32>().write(kept.len() as u32)?;
        ready += kept.len() as i32;
    }
    Ok(ready)
}

/// Whether any member is served by a layered provider.
fn involve_layers(sets: &[UserPointer<fd_set>]) -> Result<bool> {
    let mut found = false;
    for set in sets.iter().filter(|set| !set.is_null()) {
        for_each_member(*set, |some| {
            found = found
                || some
                    .iter()
                    .any(|&handle| !matches!(table::server(handle), Server::Base));
            Ok(())
        })?;
    }
    Ok(found)
}

/// Who is to wait. A socket that stands for a handle is for the base provider, whoever serves it: the layers on the way to
/// it were asked.
fn server(sets: &[Set], base: &'static WSPPROC_TABLE) -> Result<&'static WSPPROC_TABLE> {
    let mut server: Option<&'static WSPPROC_TABLE> = None;
    let mut is_shared = true;
    for (&handle, &target) in sets.iter().flat_map(|set| set.handles.iter().zip(&set.targets)) {
        let is_layered = layered::is_one(target);
        if !is_layered && handle != target {
            continue;
        }
        let procs = serving(target, base)?;
        if std::ptr::eq(procs, base) {
            continue;
        }
        if is_layered {
            return Ok(procs);
        }
        is_shared &= server.is_none_or(|known| std::ptr::eq(known, procs));
        server = Some(procs);
    }
    Ok(server.filter(|_| is_shared).unwrap_or(base))
}

fn wait(
    server: &'static WSPPROC_TABLE,
    base: &'static WSPPROC_TABLE,
    count: i32,
    sets: [UserPointer<fd_set>; 3],
    timeout: UserPointer<timeval>,
) -> Result<i32> {
    if std::ptr::eq(server, base) {
        let [read, write, except] = sets;
        base::select::select(read, write, except, timeout)
    } else {
        call::select(server, count, sets, timeout)
    }
}

/// What stands for each handle, asked once.
struct Targets {
    known: HashMap<SOCKET, SOCKET>,
    base: &'static WSPPROC_TABLE,
}

impl Targets {
    fn of(&mut self, handle: SOCKET) -> Result<SOCKET> {
        if let Some(&target) = self.known.get(&handle) {
            return Ok(target);
        }
        let target = layered::target(handle, SIO_BSP_HANDLE_SELECT, self.base)?;
        self.known.insert(handle, target);
        Ok(target)
    }
}

/// One of the caller's sets.
struct Set {
    at: UserPointer<fd_set>,
    handles: Vec<SOCKET>,
    /// What stands for each handle.
    targets: Vec<SOCKET>,
}

impl Set {
    fn read(at: UserPointer<fd_set>, targets: &mut Targets) -> Result<Self> {
        let mut handles = Vec::new();
        if !at.is_null() {
            for_each_member(at, |some| {
                handles.extend_from_slice(some);
                Ok(())
            })?;
        }
        let targets = handles
            .iter()
            .map(|&handle| targets.of(handle))
            .collect::<Result<_>>()?;
        Ok(Self { at, handles, targets })
    }

    fn is_unchanged(&self) -> bool {
        self.handles == self.targets
    }

    /// The set as it is handed on, but for its count, which takes up as much as a member.
    fn room(&self) -> Vec<SOCKET> {
        std::iter::once(0).chain(self.targets.iter().copied()).collect()
    }

    /// The members whose targets are in the set at `answered`.
    fn ready(&self, answered: UserPointer<fd_set>) -> Result<Vec<SOCKET>> {
        let mut ready = HashSet::new();
        if !answered.is_null() {
            for_each_member(answered, |some| {
                ready.extend(some.iter().copied());
                Ok(())
            })?;
        }
        let pairs = self.handles.iter().zip(&self.targets);
        Ok(pairs
            .filter(|(_, target)| ready.contains(target))
            .map(|(&handle, _)| handle)
            .collect())
    }
}
