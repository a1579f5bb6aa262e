//! System calls without libc: a few nanoseconds cheaper in a threaded process, no cancellation point, and no way
//! back into the hooks of a preload object.
//!
//! x86-64 and AArch64 have the instruction inline; every other processor, and the `portable` feature, goes through
//! `libc::syscall`.

use super::errno::{Errno, Result};

/// Issues system call `number` with six arguments; the kernel ignores those it does not use.
///
/// # Safety
/// The arguments must be what that system call takes; memory it writes must be the caller's to give.
#[cfg(all(target_arch = "x86_64", not(feature = "portable")))]
#[inline(always)]
pub(crate) unsafe fn call(number: libc::c_long, arguments: [usize; 6]) -> Result<usize> {
    let [a, b, c, d, e, f] = arguments;
    let answer: isize;
    // SAFETY: the kernel keeps every register but rax, rcx and r11; what it does to memory is the caller's promise.
    unsafe {
        std::arch::asm!(
            "syscall",
            inlateout("rax") number as isize => answer,
            in("rdi") a, in("rsi") b, in("rdx") c, in("r10") d, in("r8") e, in("r9") f,
            lateout("rcx") _, lateout("r11") _,
            options(nostack, preserves_flags),
        );
    }
    outcome(answer)
}

/// Issues system call `number` with six arguments; the kernel ignores those it does not use.
///
/// # Safety
/// The arguments must be what that system call takes; memory it writes must be the caller's to give.
#[cfg(all(target_arch = "aarch64", not(feature = "portable")))]
#[inline(always)]
pub(crate) unsafe fn call(number: libc::c_long, arguments: [usize; 6]) -> Result<usize> {
    let [a, b, c, d, e, f] = arguments;
    let answer: isize;
    // SAFETY: the kernel keeps every register but x0; what it does to memory is the caller's promise.
    unsafe {
        std::arch::asm!(
            "svc 0",
            in("x8") number,
            inlateout("x0") a => answer,
            in("x1") b, in("x2") c, in("x3") d, in("x4") e, in("x5") f,
            options(nostack, preserves_flags),
        );
    }
    outcome(answer)
}

#[cfg(all(
    any(target_arch = "x86_64", target_arch = "aarch64"),
    not(feature = "portable")
))]
#[inline(always)]
fn outcome(answer: isize) -> Result<usize> {
    // The kernel answers with -4095..=-1 for an errno.
    if answer < 0 {
        Err(Errno(-answer as i32))
    } else {
        Ok(answer as usize)
    }
}

/// Issues system call `number` with six arguments; the kernel ignores those it does not use.
///
/// # Safety
/// The arguments must be what that system call takes; memory it writes must be the caller's to give.
#[cfg(any(
    not(any(target_arch = "x86_64", target_arch = "aarch64")),
    feature = "portable"
))]
#[inline]
pub(crate) unsafe fn call(number: libc::c_long, arguments: [usize; 6]) -> Result<usize> {
    let [a, b, c, d, e, f] = arguments;
    // SAFETY: the arguments are the caller's promise.
    let answer = unsafe { libc::syscall(number, a, b, c, d, e, f) };
    if answer == -1 {
        Err(Errno::last())
    } else {
        Ok(answer as usize)
    }
}

/// [`call`] with the arguments written as for the C function.
macro_rules! syscall {
    ($name:ident $(, $argument:expr)* $(,)?) => {{
        let given = [$($argument as usize),*];
        let mut all = [0usize; 6];
        all[..given.len()].copy_from_slice(&given);
        $crate::sys::raw::call(libc::$name, all)
    }};
}
pub(crate) use syscall;
