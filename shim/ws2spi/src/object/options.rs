//! The options of a socket that the kernel does not keep, or keeps in other units.

use crate::abi::LINGER;
use crate::sys::socket::{self as kernel, Descriptor};
use bitflags::bitflags;
use std::sync::atomic::{AtomicI32, AtomicU32, Ordering};
use std::time::Duration;

bitflags! {
    /// Options that are on or off.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub(crate) struct Switch: u32 {
        const REUSE_ADDRESS = 1;
        const EXCLUSIVE_ADDRESS = 1 << 1;
        const CONDITIONAL_ACCEPT = 1 << 2;
        const OOB_INLINE = 1 << 3;
        /// ICMP port-unreachable is not reported (SIO_UDP_CONNRESET set to FALSE).
        const NO_UDP_RESET = 1 << 4;
        const DONT_ROUTE = 1 << 5;
        const DEBUG = 1 << 6;
        const RANDOMIZE_PORT = 1 << 7;
        /// The kernel knows how many keep-alive probes to send, and how often.
        const KEEP_ALIVE_TUNED = 1 << 8;
        /// What WSARecvMsg is to tell of a datagram's arrival.
        const PACKET_INFO = 1 << 9;
        const PACKET_INFO6 = 1 << 10;
        const TOS = 1 << 11;
        const TRAFFIC_CLASS = 1 << 12;
        const ECN = 1 << 13;
        const ECN6 = 1 << 14;
        /// WSARecvMsg is used: whether a datagram was sent to many is asked of the kernel.
        const CASTS_TOLD = 1 << 15;
    }
}

/// What closing does with data that has not been sent (WSPCloseSocket.5 to .8).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Linger {
    /// SO_DONTLINGER, the default: return at once, send in the background.
    Background,
    /// SO_LINGER with time 0: reset the connection.
    Abort,
    /// SO_LINGER: wait that long.
    Wait(Duration),
}

const LINGER_ON: u32 = 1 << 16;
/// The time is the program's, be it 0.
const LINGER_TIME_SET: u32 = 1 << 17;
/// How long SO_DONTLINGER waits, turned off without a time.
const LINGER_SECONDS: u32 = 30;

/// The values; zero is each one's default.
#[derive(Debug)]
pub(crate) struct Options {
    switches: AtomicU32,
    /// `l_linger` below, LINGER_* above.
    linger: AtomicU32,
    /// Milliseconds, 0 for ever.
    pub(crate) receive_timeout: AtomicU32,
    pub(crate) send_timeout: AtomicU32,
    /// Bytes as they were set (OBS.34), in ones' complement, so that 0 is "not set" here too.
    receive_buffer: AtomicI32,
    send_buffer: AtomicI32,
    /// IP_MULTICAST_IF as it was set.
    pub(crate) multicast_interface: AtomicU32,
}

impl Options {
    /// How many values there are.
    pub(crate) const COUNT: usize = 7;

    pub(crate) const fn new() -> Self {
        Self::from_numbers([0; Self::COUNT])
    }

    /// A copy, as an accepted socket takes it over from its listener (WSPAccept.6).
    pub(crate) fn inherited(&self) -> Self {
        Self::from_numbers(self.to_numbers())
    }

    /// Takes over the values of another socket.
    pub(crate) fn take_over(&self, other: &Self) {
        let copy =
            |to: &AtomicU32, from: &AtomicU32| to.store(from.load(Ordering::Relaxed), Ordering::Relaxed);
        let copy_signed =
            |to: &AtomicI32, from: &AtomicI32| to.store(from.load(Ordering::Relaxed), Ordering::Relaxed);
        copy(&self.switches, &other.switches);
        copy(&self.linger, &other.linger);
        copy(&self.receive_timeout, &other.receive_timeout);
        copy(&self.send_timeout, &other.send_timeout);
        copy_signed(&self.receive_buffer, &other.receive_buffer);
        copy_signed(&self.send_buffer, &other.send_buffer);
        copy(&self.multicast_interface, &other.multicast_interface);
    }

    /// The values as plain numbers, to be handed to another process.
    pub(crate) fn to_numbers(&self) -> [u32; Self::COUNT] {
        let number = |value: &AtomicU32| value.load(Ordering::Relaxed);
        let signed = |value: &AtomicI32| value.load(Ordering::Relaxed) as u32;
        [
            number(&self.switches),
            number(&self.linger),
            number(&self.receive_timeout),
            number(&self.send_timeout),
            signed(&self.receive_buffer),
            signed(&self.send_buffer),
            number(&self.multicast_interface),
        ]
    }

    /// What [`Options::to_numbers`] gave.
    pub(crate) const fn from_numbers(numbers: [u32; Self::COUNT]) -> Self {
        let [
            switches,
            linger,
            receive_timeout,
            send_timeout,
            receive_buffer,
            send_buffer,
            multicast_interface,
        ] = numbers;
        Self {
            switches: AtomicU32::new(switches),
            linger: AtomicU32::new(linger),
            receive_timeout: AtomicU32::new(receive_timeout),
            send_timeout: AtomicU32::new(send_timeout),
            receive_buffer: AtomicI32::new(receive_buffer as i32),
            send_buffer: AtomicI32::new(send_buffer as i32),
            multicast_interface: AtomicU32::new(multicast_interface),
        }
    }

    /// Has the kernel keep to the two timeouts.
    pub(crate) fn apply_timeouts(&self, descriptor: &Descriptor) {
        let receive = self.receive_timeout.load(Ordering::Relaxed);
        let send = self.send_timeout.load(Ordering::Relaxed);
        let _ = kernel::set_timeout(descriptor, libc::SO_RCVTIMEO, receive);
        let _ = kernel::set_timeout(descriptor, libc::SO_SNDTIMEO, send);
    }

    #[inline]
    pub(crate) fn is_on(&self, switch: Switch) -> bool {
        self.switches.load(Ordering::Relaxed) & switch.bits() != 0
    }

    pub(crate) fn assign(&self, switch: Switch, on: bool) {
        if on {
            self.switches.fetch_or(switch.bits(), Ordering::Relaxed);
        } else {
            self.switches.fetch_and(!switch.bits(), Ordering::Relaxed);
        }
    }

    /// SO_RCVBUF as it was set; `None` where the kernel's default holds, and for -1, the most there is.
    pub(crate) fn receive_buffer(&self) -> Option<i32> {
        as_set(&self.receive_buffer)
    }

    pub(crate) fn set_receive_buffer(&self, bytes: i32) {
        self.receive_buffer.store(!bytes, Ordering::Relaxed);
    }

    /// SO_SNDBUF, likewise.
    pub(crate) fn send_buffer(&self) -> Option<i32> {
        as_set(&self.send_buffer)
    }

    pub(crate) fn set_send_buffer(&self, bytes: i32) {
        self.send_buffer.store(!bytes, Ordering::Relaxed);
    }

    /// SO_LINGER as it was set.
    pub(crate) fn linger_option(&self) -> LINGER {
        let linger = self.linger.load(Ordering::Relaxed);
        LINGER {
            l_onoff: u16::from(linger & LINGER_ON != 0),
            l_linger: linger as u16,
        }
    }

    pub(crate) fn set_linger_option(&self, linger: LINGER) {
        let on = if linger.l_onoff != 0 { LINGER_ON } else { 0 };
        self.linger.store(
            LINGER_TIME_SET | on | u32::from(linger.l_linger),
            Ordering::Relaxed,
        );
    }

    /// Turns lingering on or off and keeps the time. One that was never set is chosen here when it is first needed
    /// (WSPSetSockOpt.5): not 0, since nobody has asked for a reset.
    pub(crate) fn set_linger_on(&self, on: bool) {
        let turned = |linger: u32| match (on, linger & LINGER_TIME_SET != 0) {
            (false, _) => linger & !LINGER_ON,
            (true, true) => linger | LINGER_ON,
            (true, false) => LINGER_TIME_SET | LINGER_ON | LINGER_SECONDS,
        };
        let _ = self
            .linger
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |linger| {
                Some(turned(linger))
            });
    }

    /// What closing is to do.
    pub(crate) fn linger(&self) -> Linger {
        match self.linger_option() {
            LINGER { l_onoff: 0, .. } => Linger::Background,
            LINGER { l_linger: 0, .. } => Linger::Abort,
            LINGER { l_linger, .. } => Linger::Wait(Duration::from_secs(l_linger.into())),
        }
    }
}

fn as_set(buffer: &AtomicI32) -> Option<i32> {
    match buffer.load(Ordering::Relaxed) {
        0 => None,
        bytes => Some(!bytes),
    }
}
