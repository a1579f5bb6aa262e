//! What belongs to the calling thread.
//!
//! `thread_local!` in a shared library is a call to `__tls_get_addr`, which after a system call costs more than a
//! handle look-up, and may allocate, which a signal handler must not. So where it can be had the words lie at a
//! place fixed when the library is loaded (the initial-exec model), two instructions away. They are few: glibc keeps
//! little room for libraries that are loaded late.

use std::cell::Cell;

/// Zero in a new thread, and without a destructor, so that it can be read at any time, also while the thread ends.
#[repr(C)]
pub(crate) struct Own {
    /// The descriptor of the blocking call that the thread is in, + 1; 0 for none.
    pub(crate) blocking: Cell<i32>,
    /// How many of the program's callbacks the thread is inside of.
    pub(crate) callbacks: Cell<u32>,
    /// The blocking call was cancelled (WSPCancelBlockingCall).
    pub(crate) cancelled: Cell<bool>,
    /// The thread's last error.
    pub(crate) last_error: Cell<u32>,
    /// The address of the completion port whose requests the thread carries out, before it takes a packet there.
    pub(crate) port: Cell<usize>,
}

#[cfg(all(target_arch = "x86_64", target_env = "gnu", not(feature = "portable")))]
mod machine {
    use super::Own;

    std::arch::global_asm!(
        ".pushsection .tbss, \"awT\", @nobits",
        ".p2align 3",
        ".hidden ws2spi_own",
        ".globl ws2spi_own",
        ".type ws2spi_own, @object",
        "ws2spi_own:",
        ".zero {size}",
        ".size ws2spi_own, {size}",
        ".popsection",
        size = const size_of::<Own>(),
    );

    #[inline(always)]
    pub(super) fn with<T>(body: impl FnOnce(&Own) -> T) -> T {
        let own: *const Own;
        // SAFETY: the offset of ws2spi_own is added to the thread's own address, which lies at fs:0 (the x86-64 ABI).
        unsafe {
            std::arch::asm!(
                "mov {own}, qword ptr [rip + ws2spi_own@GOTTPOFF]",
                "add {own}, qword ptr fs:[0]",
                own = out(reg) own,
                options(pure, nomem, nostack),
            );
        }
        // SAFETY: it was reserved above with the size of an Own, which zeros are, and lives as long as the thread; an
        // Own is not Sync, so `body` keeps it in the thread.
        body(unsafe { &*own })
    }
}

#[cfg(not(all(target_arch = "x86_64", target_env = "gnu", not(feature = "portable"))))]
mod machine {
    use super::Own;
    use std::cell::Cell;

    thread_local! {
        static OWN: Own = const {
            Own {
                blocking: Cell::new(0),
                callbacks: Cell::new(0),
                cancelled: Cell::new(false),
                last_error: Cell::new(0),
                port: Cell::new(0),
            }
        };
    }

    #[inline]
    pub(super) fn with<T>(body: impl FnOnce(&Own) -> T) -> T {
        OWN.with(body)
    }
}

/// Shows `body` what belongs to the calling thread.
#[inline(always)]
pub(crate) fn with<T>(body: impl FnOnce(&Own) -> T) -> T {
    machine::with(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_thread_has_its_own_and_finds_it_zero() {
        with(|own| own.callbacks.set(7));
        let other = std::thread::spawn(|| {
            let found = with(|own| {
                let words = (own.blocking.get(), own.callbacks.get(), own.cancelled.get());
                (words, own.last_error.get())
            });
            with(|own| own.callbacks.set(9));
            found
        });
        assert_eq!(other.join().unwrap(), ((0, 0, false), 0));
        assert_eq!(with(|own| own.callbacks.replace(0)), 7);
    }
}
