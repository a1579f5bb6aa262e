//! Every interleaving of a few threads on one line, tried out.
//!
//! What a thread does under the lock is one step, and a system call is one: between any two steps another thread may
//! come. The descriptor is edge-triggered: an arrival is told once, to whichever thread waits for it.

use super::*;
use std::collections::HashSet;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Request(u8);

impl Tagged for Request {
    fn tag(&self) -> Tag {
        Tag {
            overlapped: self.0.into(),
            starter: 0,
        }
    }
}

/// Where a thread stands.
#[derive(Clone, Debug)]
enum Thread {
    /// Is about to post the request.
    Post(Request),
    /// Waits for the descriptor to become ready, and may do so this many times.
    Watch(u8),
    /// Is about to make the system call for the request.
    Attempt(Request, u8),
    /// The call has taken one arrival.
    Taken(Request, bool, u8),
    /// The call has found nothing.
    Nothing(Request, u8),
    /// The request it had was cancelled.
    Revoked(u8),
    /// Is about to cancel a request.
    Cancel(u8),
    /// Is about to close the line.
    Close,
    Idle,
}

#[derive(Clone, Debug)]
struct World {
    line: Line<Request>,
    threads: Vec<Thread>,
    /// Arrivals still to come, arrived and not taken, told and not heard.
    coming: u8,
    arrived: u8,
    told: bool,
    completed: Vec<u8>,
    aborted: Vec<u8>,
    /// Was being attempted when it was cancelled.
    revoked: Option<u8>,
}

/// What a thread goes back to when its turn is over.
fn rest(watches: u8) -> Thread {
    if watches > 0 {
        Thread::Watch(watches)
    } else {
        Thread::Idle
    }
}

impl World {
    fn new(threads: &[Thread], arrivals: u8) -> Self {
        Self {
            line: Line::new(),
            threads: threads.to_vec(),
            coming: arrivals,
            arrived: 0,
            told: false,
            completed: Vec::new(),
            aborted: Vec::new(),
            revoked: None,
        }
    }

    fn go_on(next: Option<Request>, watches: u8) -> Thread {
        next.map_or_else(|| rest(watches), |request| Thread::Attempt(request, watches))
    }

    /// One step of a thread; false when it has none to make.
    fn step(&mut self, index: usize) -> bool {
        let next = match self.threads[index].clone() {
            Thread::Idle => return false,
            Thread::Post(request) => {
                if self.line.is_closed() {
                    self.aborted.push(request.0);
                    Thread::Idle
                } else if self.line.is_free() {
                    self.line.begin(request.tag());
                    Thread::Attempt(request, 0)
                } else {
                    self.line.post(request);
                    Self::go_on(self.line.take_turn(), 0)
                }
            }
            Thread::Watch(times) => {
                if !std::mem::take(&mut self.told) {
                    return false;
                }
                Self::go_on(self.line.became_ready(), times - 1)
            }
            Thread::Attempt(request, watches) => match self.arrived.checked_sub(1) {
                Some(left) => {
                    self.arrived = left;
                    Thread::Taken(request, left == 0, watches)
                }
                None => Thread::Nothing(request, watches),
            },
            Thread::Taken(request, drained, watches) => {
                self.completed.push(request.0);
                Self::go_on(self.line.done(drained), watches)
            }
            Thread::Nothing(request, watches) => match self.line.later(request) {
                Next::Again(request) => Thread::Attempt(request, watches),
                Next::Waits => rest(watches),
                Next::Cancelled(request) => {
                    self.aborted.push(request.0);
                    Thread::Revoked(watches)
                }
            },
            Thread::Revoked(watches) => Self::go_on(self.line.done(true), watches),
            Thread::Cancel(which) => {
                let (taken, attempted) = self.line.cancel(|tag| tag.overlapped == usize::from(which));
                self.aborted.extend(taken.iter().map(|request| request.0));
                self.revoked = attempted.then_some(which);
                Thread::Idle
            }
            Thread::Close => {
                self.line.close();
                let (taken, _) = self.line.cancel(|_| true);
                self.aborted.extend(taken.iter().map(|request| request.0));
                Thread::Idle
            }
        };
        self.threads[index] = next;
        true
    }

    /// One arrival; false when there are no more.
    fn arrive(&mut self) -> bool {
        let Some(left) = self.coming.checked_sub(1) else {
            return false;
        };
        self.coming = left;
        self.arrived += 1;
        self.told = true;
        true
    }

    /// Goes through everything that can happen from here; how many ends there are.
    fn explore(&self, seen: &mut HashSet<String>, at_end: &impl Fn(&Self)) -> usize {
        if !seen.insert(format!("{self:?}")) {
            return 0;
        }
        let mut ends = 0;
        let mut moved = false;
        for index in 0..=self.threads.len() {
            let mut next = self.clone();
            let moves = if index == self.threads.len() {
                next.arrive()
            } else {
                next.step(index)
            };
            if moves {
                moved = true;
                ends += next.explore(seen, at_end);
            }
        }
        if !moved {
            at_end(self);
            ends += 1;
        }
        ends
    }

    fn waiting(&self) -> Vec<u8> {
        self.line.waiting.iter().map(|request| request.0).collect()
    }
}

fn explore(threads: &[Thread], arrivals: u8, at_end: impl Fn(&World)) {
    let ends = World::new(threads, arrivals).explore(&mut HashSet::new(), &at_end);
    assert!(ends > 0);
}

/// Each request has ended once, or waits; the turn was given back; nobody waits for what has arrived.
fn check(world: &World, requests: &[u8]) {
    let mut all = [world.completed.clone(), world.aborted.clone(), world.waiting()].concat();
    all.sort_unstable();
    assert_eq!(all, requests, "{world:?}");
    assert!(world.line.attempted.is_none(), "{world:?}");
    assert!(world.arrived == 0 || world.waiting().is_empty(), "{world:?}");
}

const A: Request = Request(1);
const B: Request = Request(2);
const C: Request = Request(3);

/// OV.17: whatever threads post, watch and attempt, nothing that arrives is left lying while a request waits.
#[test]
fn no_arrival_is_forgotten() {
    let threads = [
        Thread::Post(A),
        Thread::Post(B),
        Thread::Watch(3),
        Thread::Watch(3),
    ];
    explore(&threads, 3, |world| check(world, &[1, 2]));
    let threads = [
        Thread::Post(A),
        Thread::Post(B),
        Thread::Post(C),
        Thread::Watch(3),
    ];
    explore(&threads, 2, |world| check(world, &[1, 2, 3]));
}

/// OV.17: requests are carried out in the order in which they were posted.
#[test]
fn requests_end_in_posting_order() {
    let mut line = World::new(&[Thread::Post(A), Thread::Watch(4), Thread::Watch(4)], 3);
    line.line.begin(C.tag());
    for request in [A, B, C] {
        line.line.post(request);
    }
    line.threads[0] = Thread::Nothing(Request(0), 0);
    let ends = line.explore(&mut HashSet::new(), &|world| {
        // The first was being attempted when the others were posted.
        assert!([0, 1, 2, 3].starts_with(&world.completed), "{world:?}");
        check(world, &[0, 1, 2, 3]);
    });
    assert!(ends > 0);
}

/// OV.22: a cancelled request ends once, by the cancelling or because it was faster, and the others go on.
#[test]
fn a_cancelled_request_ends_once() {
    let threads = [
        Thread::Post(A),
        Thread::Post(B),
        Thread::Cancel(1),
        Thread::Watch(3),
    ];
    for arrivals in 0..3 {
        explore(&threads, arrivals, |world| {
            check(world, &[1, 2]);
            assert!(!world.aborted.contains(&2), "{world:?}");
            // Who cancelled it was told that it would not wait.
            let waits = |request| world.waiting().contains(&request);
            assert!(!world.revoked.is_some_and(waits), "{world:?}");
        });
    }
}

/// WSPCloseSocket.3: after closing nothing waits, and nothing was lost.
#[test]
fn closing_ends_every_request_once() {
    let threads = [Thread::Post(A), Thread::Post(B), Thread::Close, Thread::Watch(2)];
    explore(&threads, 1, |world| {
        check(world, &[1, 2]);
        assert!(world.waiting().is_empty(), "{world:?}");
    });
}

/// OV.4: the end of a stream comes once, also when the bytes before it are taken later.
#[test]
fn what_lasts_is_attempted_after_every_success() {
    let mut line = Line::new();
    line.begin(A.tag());
    line.post(B);
    line.post(C);
    line.lasts();
    assert_eq!(line.became_ready(), None);
    assert_eq!(line.done(true), Some(B));
    assert_eq!(line.done(true), Some(C));
    // Found to be nothing after all: it waits as always.
    assert_eq!(line.later(C), Next::Waits);
}
