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

struct Provider {
    id: GUID,
    stage: Stage,
}

enum Stage {
    Starting(ThreadId),
    Started(&'static WSPPROC_TABLE),
}

/// In the order in which they have started: one that another has started on its way is before that.
static PROVIDERS: Mutex<Vec<Provider>> = Mutex::new(Vec::new());

/// A provider has started, or could not.
static CHANGED: Condvar = Condvar::new();

fn providers() -> MutexGuard<'static, Vec<Provider>> {
    PROVIDERS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The functions of the provider `id`, which is started on behalf of `entry` if it has not been yet (NEED-S3). One that
/// asks for itself while it starts hears WSAEINPROGRESS.
pub(super) fn start(id: &GUID, path: &str, entry: &WSAPROTOCOL_INFOW) -> Result<&'static WSPPROC_TABLE> {
    match claim(id)? {
        Some(procs) => Ok(procs),
        None => settle(
            id,
            load(path).and_then(|path| start_library(startup::host()?, &path, entry)),
        ),
    }
}

/// The functions of the provider `id` if the library has started it.
pub(super) fn started(id: &GUID) -> Option<&'static WSPPROC_TABLE> {
    providers().iter().find_map(|provider| match provider.stage {
        Stage::Started(procs) if provider.id == *id => Some(procs),
        _ => None,
    })
}

/// Waits for who is starting the provider now. `None`: the caller is to start it, and then to [`settle`].
fn claim(id: &GUID) -> Result<Option<&'static WSPPROC_TABLE>> {
    let mut list = providers();
    let own = thread::current().id();
    loop {
        match list
            .iter()
            .find(|provider| provider.id == *id)
            .map(|provider| &provider.stage)
        {
            Some(Stage::Started(procs)) => return Ok(Some(procs)),
            Some(Stage::Starting(by)) if *by == own => return Err(WsaError::WSAEINPROGRESS),
            Some(Stage::Starting(_)) => list = CHANGED.wait(list).unwrap_or_else(PoisonError::into_inner),
            None => break,
        }
    }
    list.push(Provider {
        id: *id,
        stage: Stage::Starting(own),
    });
    Ok(None)
}

/// Tells the others what has become of a provider that this thread was starting.
fn settle(id: &GUID, outcome: Result<&'static WSPPROC_TABLE>) -> Result<&'static WSPPROC_TABLE> {
    let mut list = providers();
    list.retain(|provider| provider.id != *id);
    let still = startup::check_started();
    if let (Ok(procs), Ok(())) = (&outcome, &still) {
        list.push(Provider {
            id: *id,
            stage: Stage::Started(procs),
        });
    }
    drop(list);
    CHANGED.notify_all();
    let procs = outcome?;
    // The last WSACleanup has come meanwhile, and has not found it.
    still.inspect_err(|_| cleanup(procs))?;
    Ok(procs)
}

/// Has every provider clean up, the latest first (NEED-S16). They stay loaded, since their threads may still run.
pub(super) fn stop_all() {
    let mut list = providers();
    let (started, starting) = std::mem::take(&mut *list)
        .into_iter()
        .partition(|provider| matches!(provider.stage, Stage::Started(_)));
    *list = starting;
    drop(list);
    let started: Vec<Provider> = started;
    for provider in started.iter().rev() {
        if let Stage::Started(procs) = provider.stage {
            cleanup(procs);
        }
    }
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
fn start_library(host: &Host, path: &Path, entry: &WSAPROTOCOL_INFOW) -> Result<&'static WSPPROC_TABLE> {
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
        None => Ok(for_ever(procs)),
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

/// Tables outlive everything that may hold on to them; the same one is kept once.
fn for_ever(procs: WSPPROC_TABLE) -> &'static WSPPROC_TABLE {
    static TABLES: Mutex<Vec<&'static WSPPROC_TABLE>> = Mutex::new(Vec::new());
    let mut tables = TABLES.lock().unwrap_or_else(PoisonError::into_inner);
    let known = tables
        .iter()
        .copied()
        .find(|known| known.addresses() == procs.addresses());
    known.unwrap_or_else(|| {
        let new: &'static WSPPROC_TABLE = Box::leak(Box::new(procs));
        tables.push(new);
        new
    })
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

/// In the child of a fork: who was starting a provider is not here to end that.
pub(super) fn in_forked_child() {
    let own = thread::current().id();
    providers().retain(|provider| !matches!(provider.stage, Stage::Starting(by) if by != own));
}
