//! The handle table: from SOCKET values to sockets, without a lock.
//!
//! A handle is a multiple of 4, never 0 and below 2^31, because ported code keeps SOCKETs in an `int`:
//!
//! ```text
//! bit 30      22 21              2 1 0
//!     generation       index       0 0
//! ```
//!
//! Each slot has a word that holds the slot's generation, whether it is open, and how many calls use it now. A
//! look-up adds one to that count if generation and openness agree, in one compare-and-swap; so a stale or made-up
//! handle is WSAENOTSOCK, and a descriptor is closed only after the last call that uses it has returned, however
//! many threads close it meanwhile (C.8). A handle value comes back after its slot was reused 511 times.

use super::socket::Socket;
use crate::abi::SOCKET;
use crate::error::{Result, WsaError};
use once_cell::race::OnceBox;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicPtr, AtomicU32, AtomicU64, Ordering};

/// A small table shows as well what happens when it is full.
const INDEX_BITS: u32 = if cfg!(test) { 12 } else { 20 };
const GENERATION_BITS: u32 = 9;
const GENERATION_MASK: u64 = (1 << GENERATION_BITS) - 1;
const INDEX_MASK: usize = (1 << INDEX_BITS) - 1;
const _: () = assert!(GENERATION_BITS + INDEX_BITS + 2 <= 31, "a handle fits an int");

/// How many sockets there can be.
const CAPACITY: usize = 1 << INDEX_BITS;
const CHUNK: usize = 1 << 10;

/// The slot's word: references below, then the generation, then the open bit.
const ONE_REFERENCE: u64 = 1;
const REFERENCES: u64 = u32::MAX as u64;
const GENERATION_SHIFT: u32 = 32;
const OPEN: u64 = 1 << 63;

/// One entry, alone in its cache line, so that threads on different sockets do not disturb each other.
#[repr(align(64))]
struct Slot {
    word: AtomicU64,
    /// `Arc::into_raw` of the socket while the word counts references (the table's own is one of them).
    socket: AtomicPtr<Socket>,
    /// While free: index + 1 of the next free slot.
    next: AtomicU32,
}

impl Slot {
    const fn new() -> Self {
        // Generation 1, so that no handle is 0.
        Self {
            word: AtomicU64::new(1 << GENERATION_SHIFT),
            socket: AtomicPtr::new(std::ptr::null_mut()),
            next: AtomicU32::new(0),
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

fn chunk_of(index: usize) -> &'static Chunk {
    CHUNKS[(index & INDEX_MASK) / CHUNK].get_or_init(|| Box::new([const { Slot::new() }; CHUNK]))
}

fn handle(index: usize, word: u64) -> SOCKET {
    let generation = (word >> GENERATION_SHIFT) & GENERATION_MASK;
    (generation as usize) << (INDEX_BITS + 2) | index << 2
}

/// A free slot with nobody's socket in it, to be filled with [`Vacancy::fill`]; goes back if dropped.
pub(crate) struct Vacancy {
    index: usize,
}

/// Takes a slot; WSAEMFILE when all are in use.
pub(crate) fn reserve() -> Result<Vacancy> {
    let mut top = FREE.load(Ordering::Acquire);
    while let Some((index, free)) = (top as u32)
        .checked_sub(1)
        .and_then(|index| Some((index, slot(index as usize)?)))
    {
        let below = u64::from(free.next.load(Ordering::Relaxed));
        let changed = ((top >> 32) + 1) << 32 | below;
        match FREE.compare_exchange_weak(top, changed, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => {
                return Ok(Vacancy {
                    index: index as usize,
                });
            }
            Err(now) => top = now,
        }
    }
    FRESH
        .fetch_update(Ordering::AcqRel, Ordering::Relaxed, |fresh| {
            (fresh < CAPACITY as u32).then_some(fresh + 1)
        })
        .map(|index| Vacancy {
            index: index as usize,
        })
        .map_err(|_| WsaError::WSAEMFILE)
}

fn release_slot(index: usize) {
    let Some(free) = slot(index) else { return };
    let mut top = FREE.load(Ordering::Relaxed);
    loop {
        free.next.store(top as u32, Ordering::Relaxed);
        let changed = ((top >> 32) + 1) << 32 | (index as u64 + 1);
        match FREE.compare_exchange_weak(top, changed, Ordering::AcqRel, Ordering::Relaxed) {
            Ok(_) => return,
            Err(now) => top = now,
        }
    }
}

impl Vacancy {
    /// Puts `socket` into the slot and opens it.
    pub(crate) fn fill(self, socket: Arc<Socket>) -> SOCKET {
        let index = self.index;
        std::mem::forget(self);
        let slot = &chunk_of(index)[index % CHUNK];
        slot.socket
            .store(Arc::into_raw(socket).cast_mut(), Ordering::Relaxed);
        // Nobody changes the word of a closed slot without references.
        let word = slot.word.load(Ordering::Relaxed) | OPEN | ONE_REFERENCE;
        slot.word.store(word, Ordering::Release);
        handle(index, word)
    }
}

impl Drop for Vacancy {
    fn drop(&mut self) {
        let _ = chunk_of(self.index);
        release_slot(self.index);
    }
}

/// A socket in use by a call: it stays as it is, and its descriptor open, until this is dropped.
pub(crate) struct Reference {
    slot: &'static Slot,
    index: usize,
    generation: u64,
}

/// Finds the socket a handle names; WSAENOTSOCK for everything else.
#[inline]
pub(crate) fn look_up(handle: SOCKET) -> Result<Reference> {
    let index = (handle >> 2) & INDEX_MASK;
    let generation = (handle >> (INDEX_BITS + 2)) as u64;
    if handle & 3 != 0 || generation > GENERATION_MASK {
        return Err(WsaError::WSAENOTSOCK);
    }
    let slot = slot(index).ok_or(WsaError::WSAENOTSOCK)?;
    let mut word = slot.word.load(Ordering::Relaxed);
    loop {
        if word >> GENERATION_SHIFT != generation | (OPEN >> GENERATION_SHIFT) {
            return Err(WsaError::WSAENOTSOCK);
        }
        match slot.word.compare_exchange_weak(
            word,
            word + ONE_REFERENCE,
            Ordering::Acquire,
            Ordering::Relaxed,
        ) {
            Ok(_) => {
                return Ok(Reference {
                    slot,
                    index,
                    generation,
                });
            }
            Err(now) => word = now,
        }
    }
}

impl Reference {
    /// The handle this was looked up by.
    pub(crate) fn handle(&self) -> SOCKET {
        handle(self.index, self.generation << GENERATION_SHIFT)
    }

    /// Somebody has closed the handle since.
    pub(crate) fn is_closed(&self) -> bool {
        self.slot.word.load(Ordering::Acquire) >> GENERATION_SHIFT
            != self.generation | (OPEN >> GENERATION_SHIFT)
    }

    /// Whether other calls use the same handle, which this call has closed.
    pub(crate) fn has_other_users(&self) -> bool {
        self.slot.word.load(Ordering::Acquire) & REFERENCES > 1
    }

    /// The socket itself, to share it with another handle.
    pub(crate) fn share(&self) -> Arc<Socket> {
        let socket = self.slot.socket.load(Ordering::Relaxed);
        // SAFETY: the pointer came from Arc::into_raw and counts for as long as this reference does.
        unsafe {
            Arc::increment_strong_count(socket);
            Arc::from_raw(socket)
        }
    }

    /// Closes the handle: from now on it is WSAENOTSOCK. False if another thread was first.
    /// The socket goes with its last user.
    pub(crate) fn close(&self) -> bool {
        let next = (self.generation & GENERATION_MASK) % GENERATION_MASK + 1;
        let mut word = self.slot.word.load(Ordering::Relaxed);
        loop {
            if word >> GENERATION_SHIFT != self.generation | (OPEN >> GENERATION_SHIFT) {
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

impl Deref for Reference {
    type Target = Socket;

    fn deref(&self) -> &Socket {
        // SAFETY: the socket is not let go while the slot counts this reference.
        unsafe { &*self.slot.socket.load(Ordering::Relaxed) }
    }
}

impl Drop for Reference {
    #[inline]
    fn drop(&mut self) {
        let before = self.slot.word.fetch_sub(ONE_REFERENCE, Ordering::Release);
        if before & REFERENCES == ONE_REFERENCE {
            self.let_go();
        }
    }
}

impl Reference {
    /// The last reference to a closed slot has gone.
    #[cold]
    fn let_go(&self) {
        std::sync::atomic::fence(Ordering::Acquire);
        let socket = self.slot.socket.swap(std::ptr::null_mut(), Ordering::Relaxed);
        // SAFETY: the pointer came from Arc::into_raw, and nobody can look the slot up again before it is refilled.
        drop(unsafe { Arc::from_raw(socket) });
        release_slot(self.index);
    }
}

/// Every open socket, one after the other; those opened meanwhile may be missed.
pub(crate) fn all() -> impl Iterator<Item = Reference> {
    (0..FRESH.load(Ordering::Acquire) as usize).filter_map(|index| {
        let word = slot(index)?.word.load(Ordering::Relaxed);
        look_up(handle(index, word)).ok()
    })
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
