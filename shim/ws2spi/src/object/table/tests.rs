use super::*;
use crate::catalog::base::PROTOCOLS;
use crate::object::options::Options;
use crate::object::socket::State;
use crate::sys::socket::Descriptor;
use std::sync::{Barrier, Mutex, MutexGuard, PoisonError, Weak};

/// The table is the process's; each test has it alone.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A socket that can be told from others by its number, and has no descriptor.
fn socket(number: u32) -> Arc<Socket> {
    Arc::new(Socket::new(
        Descriptor::from_raw(-1),
        &PROTOCOLS[0],
        0,
        number,
        State::empty(),
        Options::new(),
    ))
}

fn open(number: u32) -> SOCKET {
    reserve().unwrap().fill(socket(number))
}

fn close(handle: SOCKET) {
    assert!(look_up(handle).unwrap().close());
}

fn is_unknown(handle: SOCKET) -> bool {
    matches!(look_up(handle), Err(WsaError::WSAENOTSOCK))
}

/// Ported code keeps handles in an int, and takes 0 for none.
#[test]
fn handles_are_positive_multiples_of_four_that_fit_an_int() {
    let _alone = alone();
    let mut last = 0;
    for number in 0..2 * GENERATION_MASK as u32 {
        let handle = open(number);
        assert!(
            handle > 0 && handle < 1 << 31 && handle.is_multiple_of(4),
            "{handle:#x}"
        );
        assert_ne!(handle, last);
        assert_eq!(look_up(handle).unwrap().handle(), handle);
        assert_eq!(look_up(handle).unwrap().creation_flags, number);
        close(handle);
        last = handle;
    }
}

/// C.8: what was closed, and what was never opened, is no socket.
#[test]
fn stale_and_made_up_handles_are_unknown() {
    let _alone = alone();
    let handle = open(1);
    close(handle);
    assert!(is_unknown(handle));
    let again = open(2);
    assert_eq!(
        again & (INDEX_MASK << 2),
        handle & (INDEX_MASK << 2),
        "the same slot"
    );
    assert!(is_unknown(handle), "of an older generation");
    for other in 1..4 {
        assert!(is_unknown(again + other));
        assert!(is_unknown(again | other << 31), "above 2^31");
    }
    let generations = (0..=GENERATION_MASK as usize).map(|generation| generation << (INDEX_BITS + 2));
    let slot = again & (INDEX_MASK << 2);
    let known: Vec<SOCKET> = generations
        .map(|bits| bits | slot)
        .filter(|made_up| !is_unknown(*made_up))
        .collect();
    assert_eq!(known, [again]);
    for made_up in [
        0,
        1,
        4,
        usize::MAX,
        usize::MAX - 3,
        i32::MAX as usize,
        CAPACITY << 2,
        1 << 63,
    ] {
        assert!(is_unknown(made_up), "{made_up:#x}");
    }
    close(again);
}

/// A handle comes back after its slot was used as often as there are generations, not earlier.
#[test]
fn a_handle_comes_back_only_after_all_generations() {
    let _alone = alone();
    let first = open(0);
    close(first);
    for round in 1..GENERATION_MASK {
        let handle = open(0);
        assert_ne!(handle, first, "after {round} rounds");
        close(handle);
    }
    let back = open(0);
    assert_eq!(back, first);
    close(back);
}

/// C.8: the handle is gone at once, the socket with the last call that uses it.
#[test]
fn a_socket_lives_until_its_last_user_is_done() {
    let _alone = alone();
    let socket = socket(7);
    let life: Weak<Socket> = Arc::downgrade(&socket);
    let handle = reserve().unwrap().fill(socket);
    let (first, second) = (look_up(handle).unwrap(), look_up(handle).unwrap());
    assert!(!first.is_closed());
    assert!(first.close());
    assert!(!second.close(), "it is closed once");
    assert!(second.is_closed() && is_unknown(handle));
    assert!(first.has_other_users());
    drop(first);
    assert!(!second.has_other_users());
    assert_eq!(second.creation_flags, 7);
    assert!(life.upgrade().is_some());
    drop(second);
    assert!(life.upgrade().is_none());
}

/// Another handle of the same socket keeps it.
#[test]
fn a_shared_socket_outlives_one_of_its_handles() {
    let _alone = alone();
    let first = open(9);
    let second = reserve().unwrap().fill(look_up(first).unwrap().share());
    assert_ne!(first, second);
    close(first);
    assert!(is_unknown(first));
    assert_eq!(look_up(second).unwrap().creation_flags, 9);
    close(second);
}

/// The slot that was freed last is warm in the cache, and used next; what was reserved in vain goes back.
#[test]
fn the_latest_slot_is_used_first() {
    let _alone = alone();
    let slot_of = |handle: SOCKET| handle >> 2 & INDEX_MASK;
    let (first, second) = (open(1), open(2));
    close(first);
    close(second);
    drop(reserve().unwrap());
    let (third, fourth) = (open(3), open(4));
    assert_eq!(slot_of(third), slot_of(second));
    assert_eq!(slot_of(fourth), slot_of(first));
    close(third);
    close(fourth);
}

/// WSAEMFILE when no slot is left, until one is.
#[test]
fn a_full_table_is_out_of_descriptors() {
    let _alone = alone();
    let socket = socket(0);
    let mut handles = Vec::new();
    while let Ok(vacancy) = reserve() {
        handles.push(vacancy.fill(Arc::clone(&socket)));
    }
    assert_eq!(handles.len(), CAPACITY);
    assert!(matches!(reserve(), Err(WsaError::WSAEMFILE)));
    assert_eq!(all_sockets().count(), CAPACITY);
    close(handles[CAPACITY / 2]);
    let again = reserve().unwrap().fill(Arc::clone(&socket));
    assert!(matches!(reserve(), Err(WsaError::WSAEMFILE)));
    handles[CAPACITY / 2] = again;
    handles.into_iter().for_each(close);
    assert_eq!(all_sockets().count(), 0);
    assert_eq!(Arc::strong_count(&socket), 1);
}

/// After a fork the references of threads that are not there any more are given back.
#[test]
fn forgotten_threads_hold_nothing() {
    let _alone = alone();
    let handle = open(5);
    let elsewhere = look_up(handle).unwrap();
    std::mem::forget(elsewhere);
    assert!(look_up(handle).unwrap().slot.word.load(Ordering::Relaxed) & REFERENCES > 2);
    forget_other_threads();
    let here = look_up(handle).unwrap();
    assert!(here.close());
    assert!(!here.has_other_users());
    drop(here);
    assert!(is_unknown(handle));
}

/// Many threads open, use and close; some close what others are using. Nobody ever gets another's socket, and none is
/// left over.
#[test]
fn threads_do_not_disturb_each_other() {
    const THREADS: u32 = 8;
    const ROUNDS: u32 = if cfg!(miri) { 40 } else { 20_000 };
    let _alone = alone();
    let start = Barrier::new(THREADS as usize);
    // Handles that every thread may use and close.
    let common: Vec<AtomicU64> = (0..4).map(|_| AtomicU64::new(0)).collect();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (start, common) = (&start, &common);
            scope.spawn(move || {
                start.wait();
                let mut random = thread + 1;
                for round in 0..ROUNDS {
                    let number = thread << 24 | round;
                    let handle = open(number);
                    random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    let shown = &common[(random >> 16) as usize % common.len()];
                    // Another thread's socket, shared with it for a while: it may be closed at any time, by anybody.
                    if let Ok(other) = look_up(shown.swap(0, Ordering::AcqRel) as SOCKET) {
                        assert_ne!(other.creation_flags, number);
                        other.close();
                    }
                    let mine = look_up(handle).unwrap();
                    assert_eq!(mine.creation_flags, number);
                    if round % 3 == 0 {
                        let given = reserve().unwrap().fill(mine.share());
                        let before = shown.swap(given as u64, Ordering::AcqRel);
                        if let Ok(before) = look_up(before as SOCKET) {
                            before.close();
                        }
                    }
                    assert!(mine.close());
                    assert_eq!(mine.creation_flags, number);
                    drop(mine);
                    assert!(is_unknown(handle));
                }
            });
        }
    });
    for shown in &common {
        if let Ok(left) = look_up(shown.load(Ordering::Acquire) as SOCKET) {
            left.close();
        }
    }
    assert_eq!(all_sockets().count(), 0);
}

/// Of many threads that close one handle, one does.
#[test]
fn one_of_many_closes() {
    let _alone = alone();
    for round in 0..200 {
        let handle = open(round);
        let start = Barrier::new(4);
        let closed: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(|| {
                        start.wait();
                        look_up(handle).is_ok_and(|socket| socket.close())
                    })
                })
                .collect();
            threads
                .into_iter()
                .map(|thread| usize::from(thread.join().unwrap()))
                .sum()
        });
        assert_eq!(closed, 1);
        assert!(is_unknown(handle));
    }
}

/// Our own threads have no more stack, and take slots too.
#[test]
fn a_chunk_is_made_on_a_small_stack() {
    let small = std::thread::Builder::new().stack_size(64 << 10);
    let chunk = small.spawn(|| new_chunk(0)).unwrap().join().unwrap();
    assert_eq!(chunk[CHUNK - 1].index as usize, CHUNK - 1);
}
