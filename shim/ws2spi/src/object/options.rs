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

/// The values; zero is each one's default.
#[derive(Debug)]
pub(crate) struct Options {
    switches: AtomicU32,
    /// `l_onoff != 0` above, `l_linger` below.
    linger: AtomicU32,
    /// Milliseconds, 0 for ever.
    pub(crate) receive_timeout: AtomicU32,
    pub(crate) send_timeout: AtomicU32,
    /// Bytes as they were set (OBS.34), 0 if they were not.
    pub(crate) receive_buffer: AtomicI32,
    pub(crate) send_buffer: AtomicI32,
}

impl Options {
    /// How many values there are.
    pub(crate) const COUNT: usize = 6;

    pub(crate) const fn new() -> Self {
        Self::from_numbers([0; Self::COUNT])
    }

    /// A copy, as an accepted socket takes it over from its listener (WSPAccept.6).
    pub(crate) fn inherited(&self) -> Self {
        Self::from_numbers(self.to_numbers())
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
        ] = numbers;
        Self {
            switches: AtomicU32::new(switches),
            linger: AtomicU32::new(linger),
            receive_timeout: AtomicU32::new(receive_timeout),
            send_timeout: AtomicU32::new(send_timeout),
            receive_buffer: AtomicI32::new(receive_buffer as i32),
            send_buffer: AtomicI32::new(send_buffer as i32),
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

    /// SO_LINGER as it was set.
    pub(crate) fn linger_option(&self) -> LINGER {
        let linger = self.linger.load(Ordering::Relaxed);
        LINGER {
            l_onoff: (linger >> 16) as u16,
            l_linger: linger as u16,
        }
    }

    pub(crate) fn set_linger_option(&self, linger: LINGER) {
        let on = u32::from(linger.l_onoff != 0);
        self.linger
            .store(on << 16 | u32::from(linger.l_linger), Ordering::Relaxed);
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
