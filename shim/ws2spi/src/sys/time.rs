//! The clock.

use std::time::Duration;

/// Time since an arbitrary start that never goes back; never zero.
pub(crate) fn monotonic() -> Duration {
    let mut now = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: `now` is written; the clock exists on every kernel.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut now) };
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32).max(Duration::from_nanos(1))
}
