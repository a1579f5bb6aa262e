//! Completion ports: a queue of packets, and a set of watched descriptors in which any number of threads wait.

use super::reactor::Reactor;
use super::table::{Kind, Named};
use crate::error::WsaError;
use crate::sys::errno::Result;
use crate::sys::lock::Lock;
use crate::sys::own;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// What tells of one completed request, or was posted by the program.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Packet {
    /// The completion key of the socket, or the program's.
    pub(crate) key: usize,
    /// Address of the OVERLAPPED.
    pub(crate) overlapped: usize,
    pub(crate) bytes: u32,
    pub(crate) error: Option<WsaError>,
}

/// What a port handle names.
#[derive(Debug)]
pub(crate) struct Port {
    pub(crate) reactor: Arc<Reactor>,
    packets: Lock<VecDeque<Packet>>,
    /// How many packets there are.
    queued: AtomicU32,
    closed: AtomicBool,
    /// Somebody was woken, and has not looked yet.
    rung: AtomicBool,
}

impl Named for Port {
    const KIND: Kind = Kind::Port;
}

/// A socket's place at a port.
#[derive(Debug)]
pub(crate) struct Association {
    pub(crate) port: Arc<Port>,
    pub(crate) key: usize,
}

impl Port {
    pub(crate) fn new() -> Result<Self> {
        Ok(Self {
            reactor: Arc::new(Reactor::new()?),
            packets: Lock::default(),
            queued: AtomicU32::new(0),
            closed: AtomicBool::new(false),
            rung: AtomicBool::new(false),
        })
    }

    /// Queues a packet, and wakes a thread for it if one waits.
    pub(crate) fn post(&self, packet: Packet) {
        self.queue(packet);
        self.wake_if_awaited();
    }

    /// [`Port::post`] for a request that has ended. A thread that carries requests out before it takes a packet keeps the
    /// first for itself, and wakes nobody for that.
    #[inline]
    pub(crate) fn report(&self, packet: Packet) {
        let count = self.queue(packet);
        if count > 1 || own::with(|own| own.port.get()) != self.address() {
            self.wake_if_awaited();
        }
    }

    /// How many packets there are then. At a port that was closed there is nobody to take them.
    #[inline]
    fn queue(&self, packet: Packet) -> usize {
        let mut packets = self.packets.lock();
        if !self.closed.load(Ordering::Relaxed) {
            packets.push_back(packet);
            self.queued.store(packets.len() as u32, Ordering::SeqCst);
        }
        packets.len()
    }

    /// Runs `carry_out`, after which the calling thread takes a packet.
    #[inline]
    pub(crate) fn before_taking(&self, carry_out: impl FnOnce()) {
        let outer = own::with(|own| own.port.replace(self.address()));
        carry_out();
        own::with(|own| own.port.set(outer));
    }

    fn address(&self) -> usize {
        std::ptr::from_ref(self) as usize
    }

    /// The calling thread is about to wait, and looks whether it must, or has waited, and looks what there is: who
    /// changes something from now on must wake somebody again.
    #[inline]
    pub(crate) fn is_heard(&self) {
        self.rung.store(false, Ordering::SeqCst);
    }

    /// Puts back what a thread has taken and could not use.
    pub(crate) fn put_back(&self, taken: &[Packet]) {
        {
            let mut packets = self.packets.lock();
            for packet in taken.iter().rev() {
                packets.push_front(*packet);
            }
            self.queued.store(packets.len() as u32, Ordering::SeqCst);
        }
        self.wake_if_awaited();
    }

    /// Takes up to `most` packets, first come, first served, and gives them to `each`.
    #[inline]
    pub(crate) fn take(&self, most: usize, mut each: impl FnMut(Packet)) -> usize {
        if self.queued.load(Ordering::SeqCst) == 0 {
            return 0;
        }
        let mut packets = self.packets.lock();
        let count = packets.len().min(most);
        packets.drain(..count).for_each(&mut each);
        self.queued.store(packets.len() as u32, Ordering::SeqCst);
        let left = !packets.is_empty();
        drop(packets);
        // One ring may have stood for several packets.
        if left {
            self.wake_if_awaited();
        }
        count
    }

    pub(crate) fn has_packets(&self) -> bool {
        self.queued.load(Ordering::SeqCst) != 0
    }

    /// Until the bell is heard it is not rung again: who hears it wakes the next if there is more than one packet to
    /// take.
    fn wake_if_awaited(&self) {
        if self.reactor.waiting() != 0 && !self.rung.swap(true, Ordering::SeqCst) {
            self.reactor.set.ring();
        }
    }

    /// The handle was closed: who waits is told, and the packets go nowhere. Sockets that are associated keep the rest.
    pub(crate) fn abandon(&self) {
        let packets = {
            let mut packets = self.packets.lock();
            self.closed.store(true, Ordering::SeqCst);
            self.queued.store(0, Ordering::SeqCst);
            std::mem::take(&mut *packets)
        };
        drop(packets);
        self.wake_if_awaited();
    }

    /// Whether the handle was closed.
    pub(crate) fn is_abandoned(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    /// Wakes the next of the threads that still wait at a closed port: one ring wakes one.
    pub(crate) fn pass_on(&self) {
        self.wake_if_awaited();
    }

    /// In the child of a fork: the packets are the parent's, and so is the set.
    pub(crate) fn in_forked_child(&self) {
        self.reactor.in_forked_child();
        self.packets.renew(VecDeque::new);
        self.packets.lock().clear();
        self.queued.store(0, Ordering::SeqCst);
        self.rung.store(false, Ordering::SeqCst);
    }
}
