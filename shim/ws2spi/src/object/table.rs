//! The handle table: from handles to sockets, events and whatever else a handle can name, without a lock.
//!
//! A handle is a multiple of 4, never 0 and below 2^31, because ported code keeps SOCKETs in an `int`:
//!
//! ```text
//! bit 30      22 21              2 1 0
//!     generation       index       0 0
//! ```
//!
//! Each slot has a word that holds the slot's generation, what kind of thing it names, whether it is open, and how many
//! calls use it now. A look-up adds one to that count if the rest agrees, in one compare-and-swap; so a stale or
//! made-up handle is WSAENOTSOCK, an event is no socket, and a descriptor is closed only after the last call that uses
//! it has returned, however many threads close it meanwhile (C.8). A handle value comes back after its slot was reused
//! 511 times.

use super::layered::Layered;
use super::socket::Socket;
use crate::abi::{SOCKET, WSPPROC_TABLE};
use crate::error::{Result, WsaError};
use once_cell::race::OnceBox;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicPtr, AtomicU32, AtomicU64, Ordering};

/// A small table shows as well what happens when it is full.
const INDEX_BITS: u32 = if cfg!(test) { 12 } else { 20 };
const GENERATION_BITS: u32 = 9;
const GENERATION_MASK: u64 = (1 << GENERATION_BITS) - 1;
const INDEX_MASK: usize = (1 << INDEX_BITS) - 1;
const _: () = assert!(GENERATION_BITS + INDEX_BITS + 2 <= 31, "a handle fits an int");

/// How many handles there can be.
const CAPACITY: usize = 1 << INDEX_BITS;
const CHUNK: usize = 1 << 10;

/// The slot's word: references below, then the generation, the kind, and the open bit.
const ONE_REFERENCE: u64 = 1;
const REFERENCES: u64 = u32::MAX as u64;
const GENERATION_SHIFT: u32 = 32;
const KIND_SHIFT: u32 = 48;
const OPEN: u64 = 1 << 63;

/// What a handle can name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Socket,
    Event,
    Port,
    Thread,
    File,
    /// A socket of a layered provider (WPUCreateSocketHandle).
    Layered,
    /// A socket as the engine knows it: no program has such a handle.
    Watched,
}

/// What can stand in the table.
pub(crate) trait Named: Send + Sync {
    const KIND: Kind;
}

impl Named for Socket {
    const KIND: Kind = Kind::Socket;
}

/// One entry, alone in its cache line, so that threads on different sockets do not disturb each other.
#[repr(align(64))]
struct Slot {
    word: AtomicU64,
    /// `Arc::into_raw` of what it names, while the word counts references (the table's own is one of them).
    named: AtomicPtr<()>,
    /// The functions of the layered provider that serves the handle; NULL while that is not started, and for the base
    /// provider.
    procs: AtomicPtr<WSPPROC_TABLE>,
    /// The catalog entry that it was registered for by a layered provider; 0 for none.
    entry: AtomicU32,
    /// While free: index + 1 of the next free slot.
    next: AtomicU32,
    /// Its place in the table.
    index: u32,
}

impl Slot {
    const fn new(index: u32) -> Self {
        // Generation 1, so that no handle is 0.
        Self {
            word: AtomicU64::new(1 << GENERATION_SHIFT),
            named: AtomicPtr::new(std::ptr::null_mut()),
            procs: AtomicPtr::new(std::ptr::null_mut()),
            entry: AtomicU32::new(0),
            next: AtomicU32::new(0),
            index,
        }
    }
}

type Chunk = [Slot; CHUNK];

/// Slots come in chunks, made when first needed and kept for the process's life, so that a look-up can never meet
/// memory that is gone.
static CHUNKS: [OnceBox<Chunk>; CAPACITY / CHUNK] = [const { OnceBox::new() }; CAPACITY / CHUNK];

/// How many slots were ever handed out.
static FRESH: AtomicU32 = AtomicU32::new(0);

/// The stack of free slots: index + 1 of the top, and above it a count of changes against A-B-A.
static FREE: AtomicU64 = AtomicU64::new(0);

fn slot(index: usize) -> Option<&'static Slot> {
    CHUNKS[(index & INDEX_MASK) / CHUNK]
        .get()
        .map(|chunk| &chunk[index % CHUNK])
}

/// The slot of an index that was never used, in a chunk that may have to be made.
fn fresh_slot(index: u32) -> &'static Slot {
    let place = index as usize % CHUNK;
    let chunk = &CHUNKS[(index as usize & INDEX_MASK) / CHUNK];
    &chunk.get_or_init(|| new_chunk(index - place as u32))[place]
}

/// Put together where it is to stay: the calling thread may have a small stack.
fn new_chunk(first: u32) -> Box<Chunk> {
    let slots: Box<[Slot]> = (first..first + CHUNK as u32).map(Slot::new).collect();
    // SAFETY: so many slots are a chunk.
    unsafe { Box::from_raw(Box::into_raw(slots).cast()) }
}

fn handle(index: usize, word: u64) -> SOCKET {
    let generation = (word >> GENERATION_SHIFT) & GENERATION_MASK;
    (generation as usize) << (INDEX_BITS + 2) | index << 2
}

/// A free slot with nothing in it, to be filled with [`Vacancy::fill`]; goes back if dropped.
pub(crate) struct Vacancy {
    slot: &'static Slot,
}

/// Takes a slot; WSAEMFILE when all are in use.
pub(crate) fn reserve() -> Result<Vacancy> {
    let mut top = FREE.load(Ordering::Acquire);
    while let Some(free) = (top as u32).checked_sub(1).and_then(|index| slot(index as usize)) {
        let below = u64::from(free.next.load(Ordering::Relaxed));
        let changed = ((top >> 32) + 1) << 32 | below;
        match FREE.compare_exchange_weak(top, changed, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => return Ok(Vacancy { slot: free }),
            Err(now) => top = now,
        }
    }
    FRESH
        .fetch_update(Ordering::AcqRel, Ordering::Relaxed, |fresh| {
            (fresh < CAPACITY as u32).then_some(fresh + 1)
        })
        .map(|index| Vacancy {
            slot: fresh_slot(index),
        })
        .map_err(|_| WsaError::WSAEMFILE)
}

fn release(free: &'static Slot) {
    let mut top = FREE.load(Ordering::Relaxed);
    loop {
        free.next.store(top as u32, Ordering::Relaxed);
        let changed = ((top >> 32) + 1) << 32 | (u64::from(free.index) + 1);
        match FREE.compare_exchange_weak(top, changed, Ordering::AcqRel, Ordering::Relaxed) {
            Ok(_) => return,
            Err(now) => top = now,
        }
    }
}

impl Vacancy {
    /// Puts `named` into the slot and opens it; its handle.
    pub(crate) fn fill<T: Named>(self, named: Arc<T>) -> usize {
        let slot = self.slot;
        std::mem::forget(self);
        slot.named
            .store(Arc::into_raw(named).cast_mut().cast(), Ordering::Relaxed);
        slot.procs.store(std::ptr::null_mut(), Ordering::Relaxed);
        slot.entry.store(0, Ordering::Relaxed);
        // Nobody changes the word of a closed slot without references.
        let word = slot.word.load(Ordering::Relaxed) | OPEN | kind_bits::<T>() | ONE_REFERENCE;
        slot.word.store(word, Ordering::Release);
        handle(slot.index as usize, word)
    }
}

impl Drop for Vacancy {
    fn drop(&mut self) {
        release(self.slot);
    }
}

/// Something in use by a call: a socket stays as it is, and its descriptor open, until this is dropped.
pub(crate) struct Reference<T: Named = Socket> {
    slot: &'static Slot,
    generation: u64,
    named: PhantomData<T>,
}

const fn kind_bits<T: Named>() -> u64 {
    (T::KIND as u64) << KIND_SHIFT
}

/// The upper half of the word while a handle of `generation` names a `T`.
const fn open_word<T: Named>(generation: u64) -> u64 {
    generation | (OPEN | kind_bits::<T>()) >> GENERATION_SHIFT
}

/// Finds the socket a handle names; WSAENOTSOCK for everything else.
#[inline]
pub(crate) fn look_up(handle: SOCKET) -> Result<Reference> {
    find(handle).ok_or(WsaError::WSAENOTSOCK)
}

/// Who serves the calls of the Winsock API on a handle.
#[derive(Clone, Copy)]
pub(crate) enum Server {
    /// The base provider; it also answers for what is no handle.
    Base,
    Layered(&'static WSPPROC_TABLE),
    /// The provider of this catalog entry, which the library has not started.
    Entry(u32),
}

/// Who serves a handle. Counts no reference: what the server does with the handle is between the two.
#[inline]
pub(crate) fn server(handle: usize) -> Server {
    let index = (handle >> 2) & INDEX_MASK;
    let generation = (handle >> (INDEX_BITS + 2)) as u64;
    let Some(slot) = slot(index).filter(|_| handle & 3 == 0) else {
        return Server::Base;
    };
    let word = slot.word.load(Ordering::Acquire) >> GENERATION_SHIFT;
    if word != open_word::<Socket>(generation) && word != open_word::<Layered>(generation) {
        return Server::Base;
    }
    // SAFETY: what is stored there came from a reference for ever.
    match unsafe { slot.procs.load(Ordering::Acquire).as_ref() } {
        Some(procs) => Server::Layered(procs),
        None => match slot.entry.load(Ordering::Acquire) {
            0 => Server::Base,
            entry => Server::Entry(entry),
        },
    }
}

/// Has `server` serve a socket from now on, of the base provider's or of a layered one; false for every other handle.
pub(crate) fn serve(handle: usize, server: Server) -> bool {
    if let Some(socket) = find::<Socket>(handle) {
        socket.serve(server);
    } else if let Some(layered) = find::<Layered>(handle) {
        layered.serve(server);
    } else {
        return false;
    }
    true
}

/// Finds the `T` that a handle names.
#[inline]
pub(crate) fn find<T: Named>(handle: usize) -> Option<Reference<T>> {
    let index = (handle >> 2) & INDEX_MASK;
    let generation = (handle >> (INDEX_BITS + 2)) as u64;
    if handle & 3 != 0 || generation > GENERATION_MASK {
        return None;
    }
    let slot = slot(index)?;
    let mut word = slot.word.load(Ordering::Relaxed);
    loop {
        if word >> GENERATION_SHIFT != open_word::<T>(generation) {
            return None;
        }
        match slot.word.compare_exchange_weak(
            word,
            word + ONE_REFERENCE,
            Ordering::Acquire,
            Ordering::Relaxed,
        ) {
            Ok(_) => {
                return Some(Reference {
                    slot,
                    generation,
                    named: PhantomData,
                });
            }
            Err(now) => word = now,
        }
    }
}

impl<T: Named> Reference<T> {
    /// The handle this was looked up by.
    pub(crate) fn handle(&self) -> usize {
        handle(self.slot.index as usize, self.generation << GENERATION_SHIFT)
    }

    /// Somebody has closed the handle since.
    pub(crate) fn is_closed(&self) -> bool {
        self.slot.word.load(Ordering::Acquire) >> GENERATION_SHIFT != open_word::<T>(self.generation)
    }

    /// Whether other calls use the same handle, which this call has closed.
    pub(crate) fn has_other_users(&self) -> bool {
        self.slot.word.load(Ordering::Acquire) & REFERENCES > 1
    }

    /// Has `server` serve the handle from now on.
    fn serve(&self, server: Server) {
        let (procs, entry) = match server {
            Server::Base => (std::ptr::null(), 0),
            Server::Layered(procs) => (std::ptr::from_ref(procs), 0),
            Server::Entry(entry) => (std::ptr::null(), entry),
        };
        self.slot.entry.store(entry, Ordering::Release);
        self.slot.procs.store(procs.cast_mut(), Ordering::Release);
    }

    /// The thing itself, to share it with another handle.
    pub(crate) fn share(&self) -> Arc<T> {
        let named: *const T = self.slot.named.load(Ordering::Relaxed).cast();
        // SAFETY: the pointer came from Arc::into_raw of a T, and counts for as long as this reference does.
        unsafe {
            Arc::increment_strong_count(named);
            Arc::from_raw(named)
        }
    }

    /// Closes the handle: from now on it names nothing. False if another thread was first.
    /// What it named goes with its last user.
    pub(crate) fn close(&self) -> bool {
        let next = (self.generation & GENERATION_MASK) % GENERATION_MASK + 1;
        let mut word = self.slot.word.load(Ordering::Relaxed);
        loop {
            if word >> GENERATION_SHIFT != open_word::<T>(self.generation) {
                return false;
            }
            // The table's reference goes with the open bit; this one remains, so the count stays above zero.
            let closed = next << GENERATION_SHIFT | ((word & REFERENCES) - ONE_REFERENCE);
            match self
                .slot
                .word
                .compare_exchange_weak(word, closed, Ordering::AcqRel, Ordering::Relaxed)
            {
                Ok(_) => return true,
                Err(now) => word = now,
            }
        }
    }
}

impl<T: Named> Deref for Reference<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: the pointer came from an Arc of a T, which is not let go while the slot counts this reference.
        unsafe { &*self.slot.named.load(Ordering::Relaxed).cast::<T>() }
    }
}

impl<T: Named> Drop for Reference<T> {
    #[inline]
    fn drop(&mut self) {
        let before = self.slot.word.fetch_sub(ONE_REFERENCE, Ordering::Release);
        if before & REFERENCES == ONE_REFERENCE {
            self.let_go();
        }
    }
}

impl<T: Named> Reference<T> {
    /// The last reference to a closed slot has gone.
    #[cold]
    fn let_go(&self) {
        // After everything that others did with it. A load and not a fence, which ThreadSanitizer does not know.
        self.slot.word.load(Ordering::Acquire);
        let named: *const T = self
            .slot
            .named
            .swap(std::ptr::null_mut(), Ordering::Relaxed)
            .cast();
        // SAFETY: the pointer came from Arc::into_raw of a T, and nobody can look the slot up before it is refilled.
        drop(unsafe { Arc::from_raw(named) });
        release(self.slot);
    }
}

/// Every open handle of a kind, one after the other; those opened meanwhile may be missed.
pub(crate) fn all<T: Named>() -> impl Iterator<Item = Reference<T>> {
    (0..FRESH.load(Ordering::Acquire) as usize).filter_map(|index| {
        let word = slot(index)?.word.load(Ordering::Relaxed);
        find(handle(index, word))
    })
}

/// Every open socket.
pub(crate) fn all_sockets() -> impl Iterator<Item = Reference> {
    all()
}

/// In the child of a fork: the threads whose calls held references are not here to give them back.
/// Nothing is forgotten when the fork came out of a callback, inside which this thread holds references itself.
pub(crate) fn forget_other_threads() {
    if super::thread::is_in_callback() {
        return;
    }
    for index in 0..FRESH.load(Ordering::Acquire) as usize {
        let Some(slot) = slot(index) else { continue };
        let word = slot.word.load(Ordering::Relaxed);
        if word & OPEN != 0 {
            slot.word
                .store(word & !REFERENCES | ONE_REFERENCE, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests;
