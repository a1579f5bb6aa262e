//! What a fork leaves behind.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU32, Ordering};

/// Counts forks: what was made under an older number has copies in another process.
static GENERATION: AtomicU32 = AtomicU32::new(0);

/// This process; cheaper than asking the kernel, and changed in a fork's child before it runs on.
static PROCESS: AtomicI32 = AtomicI32::new(0);

/// How many forks there were.
pub(crate) fn generation() -> u32 {
    GENERATION.load(Ordering::Relaxed)
}

/// The number of this process.
pub(crate) fn process() -> i32 {
    match PROCESS.load(Ordering::Relaxed) {
        0 => super::log::process(),
        known => known,
    }
}

thread_local! {
    /// The locks that the forking thread holds meanwhile.
    static HELD: RefCell<Vec<Box<dyn Any>>> = const { RefCell::new(Vec::new()) };

    /// It forks: the handlers have run before, but not yet after.
    static FORKS: Cell<bool> = const { Cell::new(false) };
}

/// Notes that the thread forks, or no longer does; whether it did.
fn set_forks(forks: bool) -> bool {
    FORKS.try_with(|own| own.replace(forks)).unwrap_or(!forks)
}

/// Before a fork: holds a lock until it is over, so that the child does not find it taken by a thread that is not there.
pub(crate) fn hold(guard: impl Any) {
    let _ = HELD.try_with(|held| held.borrow_mut().push(Box::new(guard)));
}

fn release() {
    let _ = HELD.try_with(|held| drop(held.take()));
}

/// What to do around a fork, in the thread that forks.
pub(crate) struct Handlers {
    pub(crate) before: fn(),
    pub(crate) in_child: fn(),
}

static HANDLERS: once_cell::race::OnceBox<Handlers> = once_cell::race::OnceBox::new();

/// Those of what stands above the base provider, whose locks are taken before its own.
static ABOVE: once_cell::race::OnceBox<Handlers> = once_cell::race::OnceBox::new();

/// Has `handlers` run at every fork, around those of [`install`]; once per process.
pub(crate) fn install_above(handlers: Handlers) {
    let _ = ABOVE.set(Box::new(handlers));
}

/// Has `handlers` run at every fork that begins after this has returned. Of threads that come first at once each sees to it
/// itself: none may take a lock before, and none may wait for another, which a forked child would not have. So the handlers
/// may be registered more than once; they run once all the same. (`vfork` and `posix_spawn` run no handlers, and need none:
/// the child makes no calls before it becomes another program.)
pub(crate) fn install(handlers: Handlers) {
    static INSTALLED: AtomicBool = AtomicBool::new(false);
    if INSTALLED.load(Ordering::Acquire) {
        return;
    }
    let _ = HANDLERS.set(Box::new(handlers));
    PROCESS.store(super::log::process(), Ordering::Relaxed);
    // SAFETY: the handlers are functions of this library, which is not unloaded while the process lives.
    unsafe { libc::pthread_atfork(Some(before), Some(in_parent), Some(in_child)) };
    INSTALLED.store(true, Ordering::Release);
}

extern "C" fn before() {
    if set_forks(true) {
        return;
    }
    GENERATION.fetch_add(1, Ordering::Relaxed);
    for handlers in [ABOVE.get(), HANDLERS.get()].into_iter().flatten() {
        (handlers.before)();
    }
}

extern "C" fn in_parent() {
    if set_forks(false) {
        release();
    }
}

extern "C" fn in_child() {
    if !set_forks(false) {
        return;
    }
    PROCESS.store(super::log::process(), Ordering::Relaxed);
    release();
    for handlers in [HANDLERS.get(), ABOVE.get()].into_iter().flatten() {
        (handlers.in_child)();
    }
}
