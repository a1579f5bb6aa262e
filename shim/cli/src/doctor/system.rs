//! The system's limits that servers meet.

use super::Report;
use std::fs;

pub(super) fn limits(report: &mut Report) {
    backlog(report);
    descriptors(report);
    ports(report);
}

fn number(file: &str) -> Option<u64> {
    fs::read_to_string(file).ok()?.trim().parse().ok()
}

/// The longest queue of a listener.
fn backlog(report: &mut Report) {
    /// Backlogs up to this are kept exactly.
    const EXACT: u64 = 200;
    const ABOUT: &str = "net.core.somaxconn";
    match number("/proc/sys/net/core/somaxconn") {
        None => report.warning(ABOUT, "cannot be read", "see whether /proc is mounted"),
        Some(longest) if longest < EXACT => report.warning(
            ABOUT,
            format!("{longest}: no listener has more waiting connections, whatever it asks for"),
            "sysctl -w net.core.somaxconn=4096",
        ),
        Some(longest) => report.ok(
            ABOUT,
            format!("{longest}, the longest queue that SOMAXCONN gives"),
        ),
    }
}

/// Open files: each socket is one.
fn descriptors(report: &mut Report) {
    const ABOUT: &str = "open files";
    const FEW: u64 = 1024;
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"));
    let mut words = line.unwrap_or_default().split_whitespace();
    let (Some(soft), Some(hard)) = (words.next(), words.next()) else {
        report.warning(ABOUT, "the limit cannot be read", "see whether /proc is mounted");
        return;
    };
    let found = format!("{soft} at a time, and a program may raise that to {hard} (RLIMIT_NOFILE)");
    match soft.parse::<u64>() {
        Ok(limit) if limit < FEW => report.warning(
            ABOUT,
            found,
            "each socket is an open file, and one too many is WSAEMFILE: ulimit -n 4096",
        ),
        _ => report.ok(ABOUT, found),
    }
}

fn ports(report: &mut Report) {
    const ABOUT: &str = "net.ipv4.ip_unprivileged_port_start";
    match number("/proc/sys/net/ipv4/ip_unprivileged_port_start") {
        None => report.warning(ABOUT, "cannot be read", "see whether /proc is mounted"),
        Some(0) => report.ok(ABOUT, "0: any program may bind to any port"),
        Some(first) => report.ok(
            ABOUT,
            format!("{first}: binding below is WSAEACCES without privileges"),
        ),
    }
}
