//! The thread that drives reactors while nobody waits in them, so that requests go on also when the program is busy
//! elsewhere.
//!
//! A thread that waits drives its reactor itself, at no cost but its own. So the helper keeps out of the way: it looks
//! now and then whether anybody has come by (`Duty::Look`), sleeps altogether when somebody waits and nothing happens
//! (`Duty::Quiet`), and waits in a reactor itself only when for a while nobody has (`Duty::Drive`). It ends when
//! nothing has been pending for a second, and at the last WSPCleanup.

use super::reactor::{BATCH, handle, has_pending};
use crate::error::{Result, WsaError};
use crate::object::reactor::{Duty, Reactor};
use crate::sys::fork;
use crate::sys::lock::Lock;
use crate::sys::time;
use crate::sys::watch::{Ready, Set, start_thread};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long a reactor may be without anybody before the helper stands in.
const GRACE: Duration = Duration::from_millis(10);

/// How long the helper stays when there is nothing to do.
const LINGER: Duration = Duration::from_secs(1);

/// What others tell the helper.
struct Helper {
    /// The sets of the reactors that it drives are in here.
    set: Arc<Set>,
    enlisted: Lock<Vec<Arc<Reactor>>>,
    stop: AtomicBool,
}

struct Running {
    helper: Arc<Helper>,
    thread: JoinHandle<()>,
}

static RUNNING: Mutex<Option<Running>> = Mutex::new(None);

fn running() -> MutexGuard<'static, Option<Running>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts the thread if it does not run. WSAENOBUFS when there can be none.
pub(super) fn start() -> Result<()> {
    started(&mut running()).map(drop)
}

/// The helper, which runs for as long as the lock is held.
fn started(running: &mut Option<Running>) -> Result<Arc<Helper>> {
    if let Some(running) = running {
        return Ok(Arc::clone(&running.helper));
    }
    let helper = Arc::new(Helper {
        set: Arc::new(Set::new().map_err(|_| WsaError::WSAENOBUFS)?),
        enlisted: Lock::default(),
        stop: AtomicBool::new(false),
    });
    let own = Arc::clone(&helper);
    let thread = start_thread("ws2spi-helper", move || run(&own)).map_err(|_| WsaError::WSAENOBUFS)?;
    *running = Some(Running {
        helper: Arc::clone(&helper),
        thread,
    });
    Ok(helper)
}

/// Has the helper look after `reactor`, whose duty was just changed from [`Duty::Off`].
#[cold]
pub(super) fn enlist(reactor: Arc<Reactor>) {
    let mut running = running();
    let Ok(helper) = started(&mut running) else {
        // The next request tries again; until then who waits does it all.
        reactor.change_duty(Duty::Look, Duty::Off);
        return;
    };
    // Under the lock the helper does not retire, and finds what is pushed before it would.
    helper.enlisted.lock().push(reactor);
    drop(running);
    helper.set.ring();
}

fn current() -> Option<Arc<Helper>> {
    running().as_ref().map(|running| Arc::clone(&running.helper))
}

/// A reactor's duty was changed: the helper looks.
#[cold]
pub(super) fn ring() {
    if let Some(helper) = current() {
        helper.set.ring();
    }
}

/// Ends the thread, and waits until it has ended.
pub(super) fn stop() {
    loop {
        let Some(Running { helper, thread }) = running().take() else {
            return;
        };
        helper.stop.store(true, Ordering::SeqCst);
        helper.set.ring();
        // A host's upcall may have led back to here from the helper itself.
        if thread.thread().id() != std::thread::current().id() {
            let _ = thread.join();
        }
        // What it was just doing may have asked for another one.
    }
}

/// Before a fork.
pub(super) fn before_fork() {
    fork::hold(running());
}

/// In the child of a fork: the thread has stayed with the parent.
pub(super) fn in_forked_child() {
    // Joining or detaching a thread that is not there would touch what is left of it.
    std::mem::forget(running().take());
}

/// A reactor in the helper's care.
struct Charge {
    reactor: Arc<Reactor>,
    /// How often threads had come back from it when the helper last looked.
    visits: u32,
}

fn run(helper: &Helper) {
    let mut charges: Vec<Charge> = Vec::new();
    let mut room = [Ready::NOTHING; 16];
    let mut next_look = Duration::ZERO;
    let mut idle_since = None;
    loop {
        let now = time::monotonic();
        let looks = charges.iter().any(|charge| charge.reactor.duty() == Duty::Look);
        let timeout = if looks {
            Some(next_look.saturating_sub(now))
        } else {
            charges.is_empty().then_some(LINGER)
        };
        helper.set.wait(&mut room, timeout);
        charges.extend(helper.enlisted.lock().drain(..).map(|reactor| Charge {
            visits: reactor.visits(),
            reactor,
        }));
        if helper.stop.load(Ordering::SeqCst) {
            // A port's reactor outlives the helper, and may need another one.
            charges.iter().for_each(|charge| charge.reactor.dismiss());
            return;
        }
        let now = time::monotonic();
        let due = looks && now >= next_look;
        for charge in &mut charges {
            charge.attend(helper, due);
        }
        if due || !looks {
            next_look = now + GRACE;
        }
        charges.retain(|charge| charge.reactor.duty() != Duty::Off);
        if !charges.is_empty() {
            idle_since = None;
        } else if now - *idle_since.get_or_insert(now) >= LINGER && retire(helper) {
            return;
        }
    }
}

/// The helper ends for want of work, unless some has just come.
fn retire(helper: &Helper) -> bool {
    let mut running = running();
    let mine = running
        .as_ref()
        .is_some_and(|running| std::ptr::eq(&raw const *running.helper, helper));
    let idle = helper.enlisted.lock().is_empty();
    if mine && idle {
        *running = None;
    }
    idle
}

impl Charge {
    fn attend(&mut self, helper: &Helper, due: bool) {
        let reactor = &self.reactor;
        let before = std::mem::replace(&mut self.visits, reactor.visits());
        let is_visited = before != self.visits;
        match reactor.duty() {
            Duty::Look if due && !is_visited => {
                if reactor.waiting() > 0 {
                    self.rest();
                } else if has_pending(reactor) {
                    self.take_over(helper);
                } else {
                    self.give_up();
                }
            }
            // What was seen between two looks must not be forgotten.
            Duty::Look if !due => self.visits = before,
            Duty::Drive if is_visited || reactor.waiting() > 0 => {
                helper.set.remove(reactor.set.descriptor());
                reactor.change_duty(Duty::Drive, Duty::Look);
            }
            Duty::Drive => {
                drive(reactor);
                if !has_pending(reactor) {
                    helper.set.remove(reactor.set.descriptor());
                    reactor.change_duty(Duty::Drive, Duty::Look);
                    self.give_up();
                }
            }
            _ => {}
        }
    }

    /// Somebody waits there, and nothing happens.
    fn rest(&self) {
        self.reactor.change_duty(Duty::Look, Duty::Quiet);
        // Who went before it could see the change has told nobody.
        if self.reactor.waiting() == 0 || self.reactor.visits() != self.visits {
            self.reactor.change_duty(Duty::Quiet, Duty::Look);
        }
    }

    fn take_over(&self, helper: &Helper) {
        let added = helper.set.add(self.reactor.set.descriptor(), 0, libc::EPOLLIN);
        if added.is_ok() {
            self.reactor.change_duty(Duty::Look, Duty::Drive);
        }
        drive(&self.reactor);
    }

    /// Nothing is pending.
    fn give_up(&self) {
        self.reactor.change_duty(Duty::Look, Duty::Off);
        // Who posted a request before it could see the change has told nobody.
        if has_pending(&self.reactor) {
            self.reactor.change_duty(Duty::Off, Duty::Look);
        }
    }
}

/// Carries out all that has become possible.
fn drive(reactor: &Reactor) {
    let mut room = [Ready::NOTHING; BATCH];
    let mut rung = false;
    loop {
        let found = reactor.wait(&mut room, Some(Duration::ZERO));
        if found.is_empty() {
            break;
        }
        rung |= found.iter().any(Ready::is_bell);
        handle(found);
    }
    // It rang for a thread that has come meanwhile, and that attends to the reactor now.
    if rung && reactor.waiting() > 0 {
        reactor.set.ring();
    }
}
