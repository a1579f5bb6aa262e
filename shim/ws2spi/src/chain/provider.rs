//! Providers that are started: each once in the process, by the thread that needs it first, while others wait for that.

use super::startup::{self, Host};
use crate::abi::{GUID, WSAPROTOCOL_INFOW, WSPDATA, WSPPROC_TABLE};
use crate::catalog::path;
use crate::error::{Result, WsaError};
use crate::sys::fork;
use crate::sys::library::{self, ProviderLibrary, Unusable};
use crate::sys::trust;
use crate::trace;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

/// The version of the interface that is spoken with providers.
const VERSION: u16 = 0x0202;

/// A provider that starts, has started, or ends.
struct Provider {
    id: GUID,
    stage: Stage,
}

enum Stage {
    /// By this thread.
    Starting(ThreadId),
    Started(Running),
    /// It has cleaned up as soon as the last of its users has gone, or this thread has had it do so.
    Ending(Running),
}

struct Running {
    procs: &'static WSPPROC_TABLE,
    /// The threads in calls for which it stays started.
    users: Vec<ThreadId>,
}

struct Providers {
    /// In the order in which they have started: one that another has started on its way is before that.
    list: Vec<Provider>,
    /// Which threads wait for which provider.
    waiting: Vec<(ThreadId, GUID)>,
    /// Tables outlive everything that may hold on to them; the same one is kept once.
    tables: Vec<&'static WSPPROC_TABLE>,
}

static PROVIDERS: Mutex<Providers> = Mutex::new(Providers {
    list: Vec::new(),
    waiting: Vec::new(),
    tables: Vec::new(),
});

/// A provider has started, could not, or has ended.
static CHANGED: Condvar = Condvar::new();

fn providers() -> MutexGuard<'static, Providers> {
    PROVIDERS.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Providers {
    fn place(&self, id: &GUID) -> Option<usize> {
        self.list.iter().position(|provider| provider.id == *id)
    }

    /// The threads that must go on before something becomes of the provider.
    fn holders(&self, id: &GUID) -> Vec<ThreadId> {
        match self.place(id).map(|place| &self.list[place].stage) {
            Some(Stage::Starting(by)) => vec![*by],
            Some(Stage::Ending(running)) => running.users.clone(),
            Some(Stage::Started(_)) | None => Vec::new(),
        }
    }

    /// Whether `thread` would wait for itself if it waited for the provider: by way of others, which wait in their turn.
    fn is_circle(&self, thread: ThreadId, id: &GUID) -> bool {
        let mut to_see = self.holders(id);
        let mut seen = Vec::new();
        while let Some(holder) = to_see.pop() {
            if holder == thread {
                return true;
            }
            if !seen.contains(&holder) {
                seen.push(holder);
                let awaited = self.waiting.iter().filter(|(waiter, _)| *waiter == holder);
                to_see.extend(awaited.flat_map(|(_, id)| self.holders(id)));
            }
        }
        false
    }
}

/// A provider that stays started until this is dropped: calls that make something with it are counted in, so that the
/// last WSACleanup does not end it under them. Calls on handles are not, since that has to end them (WSPCleanup.3).
pub(crate) struct Lease {
    id: GUID,
    pub(crate) procs: &'static WSPPROC_TABLE,
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut all = providers();
        let Some(place) = all.place(&self.id) else { return };
        let (Stage::Started(running) | Stage::Ending(running)) = &mut all.list[place].stage else {
            return;
        };
        let own = thread::current().id();
        if let Some(user) = running.users.iter().position(|user| *user == own) {
            running.users.swap_remove(user);
        }
        let is_last = running.users.is_empty() && matches!(all.list[place].stage, Stage::Ending(_));
        drop(all);
        if is_last {
            end(&self.id, self.procs);
        }
    }
}

/// The provider `id`, which is started on behalf of `entry` if it has not been yet (NEED-S3). A thread that would wait for
/// itself, because it is starting the provider or others wait for it, hears WSAEINPROGRESS.
pub(super) fn start(id: &GUID, path: &str, entry: &WSAPROTOCOL_INFOW) -> Result<Lease> {
    match claim(id)? {
        Some(lease) => Ok(lease),
        None => settle(
            id,
            load(path).and_then(|path| start_library(startup::host()?, &path, entry)),
        ),
    }
}

/// The functions of the provider `id` if the library has started it.
pub(super) fn started(id: &GUID) -> Option<&'static WSPPROC_TABLE> {
    let all = providers();
    match &all.list[all.place(id)?].stage {
        Stage::Started(running) => Some(running.procs),
        Stage::Starting(_) | Stage::Ending(_) => None,
    }
}

/// Waits while the provider is starting or ending. `None`: the caller is to start it, and then to [`settle`].
fn claim(id: &GUID) -> Result<Option<Lease>> {
    let own = thread::current().id();
    let mut all = providers();
    while let Some(place) = all.place(id) {
        if let Stage::Started(running) = &mut all.list[place].stage {
            running.users.push(own);
            let procs = running.procs;
            return Ok(Some(Lease { id: *id, procs }));
        }
        if all.is_circle(own, id) {
            return Err(WsaError::WSAEINPROGRESS);
        }
        all.waiting.push((own, *id));
        all = CHANGED.wait(all).unwrap_or_else(PoisonError::into_inner);
        all.waiting.retain(|(waiter, _)| *waiter != own);
    }
    all.list.push(Provider {
        id: *id,
        stage: Stage::Starting(own),
    });
    Ok(None)
}

/// Tells the others what has become of a provider that this thread was starting.
fn settle(id: &GUID, outcome: Result<WSPPROC_TABLE>) -> Result<Lease> {
    let mut all = providers();
    all.list.retain(|provider| provider.id != *id);
    let outcome = outcome.map(|procs| all.for_ever(procs));
    let still = startup::check_started();
    if let Ok(procs) = outcome {
        let running = Running {
            procs,
            users: vec![thread::current().id()],
        };
        // The last WSACleanup may have come meanwhile, and has not found it.
        let stage = if still.is_ok() {
            Stage::Started
        } else {
            Stage::Ending
        };
        all.list.push(Provider {
            id: *id,
            stage: stage(running),
        });
    }
    drop(all);
    CHANGED.notify_all();
    let lease = Lease {
        id: *id,
        procs: outcome?,
    };
    still.map(|()| lease)
}

/// Has every provider clean up, the latest first (NEED-S16), or leaves that to the last call that it stays started for;
/// whether none is left. They stay loaded, since their threads may still run.
pub(super) fn stop_all() -> bool {
    let mut to_end = Vec::new();
    let mut all = providers();
    for provider in all.list.iter_mut().rev() {
        provider.stage = match std::mem::replace(&mut provider.stage, Stage::Starting(thread::current().id()))
        {
            Stage::Started(mut running) => {
                if running.users.is_empty() {
                    to_end.push((provider.id, running.procs));
                    running.users.push(thread::current().id());
                }
                Stage::Ending(running)
            }
            other => other,
        };
    }
    drop(all);
    for (id, procs) in to_end {
        end(&id, procs);
    }
    providers().list.is_empty()
}

/// Has a provider clean up that nobody uses any more.
fn end(id: &GUID, procs: &WSPPROC_TABLE) {
    cleanup(procs);
    providers().list.retain(|provider| provider.id != *id);
    CHANGED.notify_all();
}

/// The library at `path`, whose references to the environment are resolved only now (W.4): an absolute path that nobody
/// but root and the user can change. WSAEPROVIDERFAILEDINIT and a line in the log otherwise.
fn load(path: &str) -> Result<PathBuf> {
    let path = PathBuf::from(path::expand(path));
    match trust::check(&path) {
        Ok(()) => Ok(path),
        Err(reason) => Err(refuse(&path, &reason, WsaError::WSAEPROVIDERFAILEDINIT)),
    }
}

fn refuse(path: &Path, reason: &str, code: WsaError) -> WsaError {
    trace::message(format_args!("provider {}: {reason}: {code}", path.display()));
    code
}

/// Loads a library, starts the provider in it, and judges what it gives.
fn start_library(host: &Host, path: &Path, entry: &WSAPROTOCOL_INFOW) -> Result<WSPPROC_TABLE> {
    let library = match library::load_provider(path) {
        // A library without a WSPStartup of its own shows that of the one it is linked to.
        Ok(library) if library.startup as usize != host.startup as usize => library,
        Ok(_) | Err(Unusable::NoStartup) => {
            return Err(refuse(
                path,
                "it has no WSPStartup",
                WsaError::WSAEPROVIDERFAILEDINIT,
            ));
        }
        Err(Unusable::NotLoaded(reason)) => {
            return Err(refuse(path, &reason, WsaError::WSAEPROVIDERFAILEDINIT));
        }
    };
    let mut data = WSPDATA::EMPTY;
    let mut procs = WSPPROC_TABLE::EMPTY;
    let mut entry = *entry;
    // SAFETY: a provider's WSPStartup, with structures that live until it returns.
    let code = unsafe { (library.startup)(VERSION, &mut data, &mut entry, *host.upcalls, &mut procs) };
    if code != 0 {
        let reason = format!("its WSPStartup answers {}", WsaError::from_code(code));
        return Err(refuse(path, &reason, WsaError::WSAEPROVIDERFAILEDINIT));
    }
    match fault(host, &library, &data, &procs) {
        None => Ok(procs),
        Some((reason, code)) => {
            cleanup(&procs);
            Err(refuse(path, &reason, code))
        }
    }
}

/// What is wrong with a provider that says it has started.
fn fault(
    host: &Host,
    library: &ProviderLibrary,
    data: &WSPDATA,
    procs: &WSPPROC_TABLE,
) -> Option<(String, WsaError)> {
    if data.wVersion != VERSION {
        let reason = String::from("it does not speak version 2.2 of the interface");
        return Some((reason, WsaError::WSAEINVALIDPROVIDER));
    }
    if let Some(missing) = procs.missing().next() {
        return Some((
            format!("its table lacks {missing}"),
            WsaError::WSAEINVALIDPROCTABLE,
        ));
    }
    // The dynamic linker looks for WSPSend among the program's libraries before it looks into the provider. A layer may
    // well hand on the base provider's function, but hardly where it exports one of its own under that name.
    let hidden = procs.shared_with(host.procs).find(|&(member, address)| {
        let own = library.function(member.trim_start_matches("lp"));
        own.is_some_and(|own| own != address)
    });
    hidden.map(|(member, _)| {
        let name = member.trim_start_matches("lp");
        let reason = format!("its own {name} is hidden behind the library's; link it with -Wl,-Bsymbolic");
        (reason, WsaError::WSAEINVALIDPROCTABLE)
    })
}

impl Providers {
    fn for_ever(&mut self, procs: WSPPROC_TABLE) -> &'static WSPPROC_TABLE {
        let known = self
            .tables
            .iter()
            .copied()
            .find(|known| known.addresses() == procs.addresses());
        known.unwrap_or_else(|| {
            let new: &'static WSPPROC_TABLE = Box::leak(Box::new(procs));
            self.tables.push(new);
            new
        })
    }
}

fn cleanup(procs: &WSPPROC_TABLE) {
    if let Some(cleanup) = procs.lpWSPCleanup {
        // SAFETY: the provider gave this function for this call; the output lives until it returns.
        unsafe { cleanup(&mut 0) };
    }
}

/// Before a fork.
pub(super) fn before_fork() {
    fork::hold(providers());
}

/// In the child of a fork: the other threads are not here, to end what they had begun.
pub(super) fn in_forked_child() {
    let own = thread::current().id();
    let mut all = providers();
    all.waiting.clear();
    all.list.retain_mut(|provider| match &mut provider.stage {
        Stage::Starting(by) => *by == own,
        Stage::Started(running) => {
            running.users.retain(|user| *user == own);
            true
        }
        Stage::Ending(running) => {
            running.users.retain(|user| *user == own);
            !running.users.is_empty()
        }
    });
}
