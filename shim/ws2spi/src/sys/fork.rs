//! What a fork leaves behind.

use std::any::Any;
use std::cell::RefCell;
use std::sync::atomic::{AtomicI32, AtomicU32, Ordering};

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

static HANDLERS: once_cell::race::OnceBox<&'static [Handlers]> = once_cell::race::OnceBox::new();

/// Has `handlers` run at every fork, whose locks are taken in this order; once per process, before another thread could
/// take one of them. (`vfork` and `posix_spawn` run no handlers, and need none: the child makes no calls before it becomes
/// another program.)
pub(crate) fn install(handlers: &'static [Handlers]) {
    let _ = HANDLERS.set(Box::new(handlers));
    PROCESS.store(super::log::process(), Ordering::Relaxed);
    // SAFETY: the handlers are functions of this library, which is not unloaded while the process lives.
    unsafe { libc::pthread_atfork(Some(before), Some(in_parent), Some(in_child)) };
}

fn handlers() -> impl DoubleEndedIterator<Item = &'static Handlers> {
    HANDLERS.get().into_iter().flat_map(|handlers| handlers.iter())
}

extern "C" fn before() {
    GENERATION.fetch_add(1, Ordering::Relaxed);
    handlers().for_each(|handlers| (handlers.before)());
}

extern "C" fn in_parent() {
    release();
}

extern "C" fn in_child() {
    PROCESS.store(super::log::process(), Ordering::Relaxed);
    release();
    handlers().rev().for_each(|handlers| (handlers.in_child)());
}
