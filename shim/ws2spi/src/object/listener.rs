//! What a listening socket keeps for itself: connections that the kernel has accepted and the program has not.

use crate::sys::fork;
use crate::sys::socket::{Descriptor, reset_on_close};
use crate::sys::watch::Watched;
use socket2::SockAddr;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A connection that waits to be accepted.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) descriptor: Descriptor,
    pub(crate) peer: SockAddr,
}

/// An exact backlog, and the watch that keeps to it.
#[derive(Debug)]
pub(crate) struct Exact {
    pub(crate) limit: usize,
    pub(crate) watched: Watched,
}

/// Whether the kernel takes connections for the socket.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Door {
    Open,
    /// A thread is opening or shutting it.
    Moving,
    /// The queue is full: the kernel answers with a reset.
    Shut,
}

/// The pending connections that have left the kernel's queue, oldest first; those in the kernel's come after them.
#[derive(Debug)]
pub(crate) struct Queue {
    pub(crate) connections: VecDeque<Connection>,
    /// How many a condition function is deciding about: they may come back, so their places stay taken.
    pub(crate) deciding: usize,
    /// How many may wait here and in the kernel together; `None` leaves that to the kernel.
    pub(crate) exact: Option<Exact>,
    /// The kernel is told to drop requests: the door is about to be shut.
    pub(crate) requests_stopped: bool,
    /// How many the kernel was told to admit when it was last left the whole queue.
    pub(crate) left_to_kernel: Option<usize>,
    door: Door,
    /// How many threads wait for the door.
    waiting: usize,
}

impl Queue {
    pub(crate) fn limit(&self) -> Option<usize> {
        self.exact.as_ref().map(|exact| exact.limit)
    }

    /// How many places are taken here.
    pub(crate) fn taken(&self) -> usize {
        self.connections.len() + self.deciding
    }

    pub(crate) fn is_shut(&self) -> bool {
        self.door == Door::Shut
    }
}

/// The queue and those who wait for its door.
#[derive(Debug)]
pub(crate) struct Listener {
    queue: Mutex<Queue>,
    moved: Condvar,
    process: i32,
}

impl Listener {
    pub(crate) fn new() -> Self {
        let queue = Queue {
            connections: VecDeque::new(),
            deciding: 0,
            exact: None,
            requests_stopped: false,
            left_to_kernel: None,
            door: Door::Open,
            waiting: 0,
        };
        Self {
            queue: Mutex::new(queue),
            moved: Condvar::new(),
            process: fork::process(),
        }
    }

    /// Whether the queue is this process's: after a fork the connections in it belong to the parent, and its lock may
    /// be held by a thread that is not here.
    pub(crate) fn is_ours(&self) -> bool {
        self.process == fork::process()
    }

    /// The queue as it is. The lock is for a few instructions, never while the kernel or the program runs.
    pub(crate) fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The queue, once no thread moves the door.
    pub(crate) fn settled(&self) -> MutexGuard<'_, Queue> {
        let mut queue = self.queue();
        while queue.door == Door::Moving {
            queue.waiting += 1;
            queue = self.moved.wait(queue).unwrap_or_else(PoisonError::into_inner);
            queue.waiting -= 1;
        }
        queue
    }

    /// Takes hold of the door: until what this returns is dropped, no other thread takes from the queue or changes
    /// what the kernel admits.
    pub(crate) fn move_door(&self) -> MovingDoor<'_> {
        let mut queue = self.settled();
        let is_open = queue.door == Door::Open;
        queue.door = Door::Moving;
        MovingDoor {
            listener: self,
            is_open,
        }
    }
}

impl Drop for Listener {
    /// Who still waited is reset, as the kernel does with those in its own queue.
    fn drop(&mut self) {
        if self.is_ours() {
            for connection in &self.queue().connections {
                reset_on_close(&connection.descriptor);
            }
        }
    }
}

/// The right to open and shut the door.
#[derive(Debug)]
pub(crate) struct MovingDoor<'a> {
    listener: &'a Listener,
    /// Whether the kernel takes connections now.
    pub(crate) is_open: bool,
}

impl MovingDoor<'_> {
    pub(crate) fn queue(&self) -> MutexGuard<'_, Queue> {
        self.listener.queue()
    }
}

impl Drop for MovingDoor<'_> {
    fn drop(&mut self) {
        let mut queue = self.queue();
        queue.door = if self.is_open { Door::Open } else { Door::Shut };
        let awaited = queue.waiting > 0;
        drop(queue);
        // A system call, though nobody waits.
        if awaited {
            self.listener.moved.notify_all();
        }
    }
}
