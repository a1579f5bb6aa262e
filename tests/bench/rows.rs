//! The rows of the table, each with its budget.

/// What a row's figures are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Nanoseconds per pass; the ratio counts.
    Time,
    /// The same, of which only the difference means something.
    Difference,
    /// Two threads' time in units of one's.
    Times,
    Bytes,
}

impl Unit {
    pub(crate) fn show(self, value: f64) -> String {
        match self {
            Self::Times => format!("{value:.2} ×"),
            Self::Bytes => format!("{value:.0} bytes"),
            Self::Difference => format!("{value:.1} ns"),
            Self::Time if value < 10_000.0 => format!("{value:.0} ns"),
            Self::Time if value < 10_000_000.0 => format!("{:.1} µs", value / 1000.0),
            Self::Time => format!("{:.1} ms", value / 1_000_000.0),
        }
    }
}

/// A row: what to measure (see bench.c), and what it may cost.
pub(crate) struct Row {
    /// What `--row` takes.
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) measure: &'static str,
    pub(crate) work: &'static str,
    pub(crate) threads: usize,
    pub(crate) processors: usize,
    /// A process can do it only once.
    pub(crate) once: bool,
    pub(crate) unit: Unit,
    pub(crate) budget: Option<f64>,
}

/// A row that compares the two sides on one processor.
const fn pair(name: &'static str, title: &'static str, budget: f64) -> Row {
    Row {
        name,
        title,
        measure: "pair",
        work: name,
        threads: 1,
        processors: 1,
        once: false,
        unit: Unit::Time,
        budget: Some(budget),
    }
}

/// The same where nothing is promised.
const fn unjudged(name: &'static str, title: &'static str) -> Row {
    Row {
        budget: None,
        ..pair(name, title, 0.0)
    }
}

/// A row of [`pair`] with each thread where the scheduler puts it.
const fn unpinned(name: &'static str, title: &'static str, work: &'static str, budget: f64) -> Row {
    Row {
        work,
        processors: 2,
        ..pair(name, title, budget)
    }
}

/// A server in one thread; each side in a process of its own.
const fn server(name: &'static str, title: &'static str) -> Row {
    Row {
        measure: "apart",
        ..pair(name, title, 1.10)
    }
}

/// A server written by hand on io_uring, in the place of ours.
const fn ring(name: &'static str, title: &'static str) -> Row {
    Row {
        measure: "ring",
        ..unjudged(name, title)
    }
}

/// A look-up by itself.
const fn look_up(name: &'static str, title: &'static str, work: &'static str, threads: usize) -> Row {
    Row {
        measure: "difference",
        threads,
        unit: Unit::Difference,
        budget: None,
        ..unpinned(name, title, work, 0.0)
    }
}

/// The same work through the Winsock API.
const fn winsock(name: &'static str, title: &'static str, work: &'static str, budget: f64) -> Row {
    Row {
        measure: "winsock",
        work,
        ..pair(name, title, budget)
    }
}

/// What layers that change nothing cost above the base provider, which stands in the first column.
const fn chain(name: &'static str, title: &'static str, measure: &'static str, work: &'static str) -> Row {
    Row {
        measure,
        ..winsock(name, title, work, 1.10)
    }
}

/// What it costs to find a socket's entry, above the SPI, which looks for none and stands in the first column.
const fn catalog(name: &'static str, title: &'static str, measure: &'static str) -> Row {
    Row {
        measure,
        budget: None,
        ..winsock(name, title, "socket", 0.0)
    }
}

/// All of them.
pub(crate) static ROWS: &[Row] = &[
    pair("recv-empty", "recv on an empty non-blocking socket", 1.0),
    pair("getsockopt", "getsockopt SO_KEEPALIVE", 1.0),
    pair("listen-again", "listen again, SOMAXCONN", 1.0),
    pair("tcp-alone", "TCP, 64 bytes there and back, one thread", 1.01),
    pair("tcp-echo", "… two threads on one processor", 1.01),
    unpinned(
        "tcp-echo-2",
        "… two threads where the scheduler puts them",
        "tcp-echo",
        1.01,
    ),
    pair(
        "stream",
        "TCP, 64 KiB in one send, two threads on one processor",
        1.01,
    ),
    unpinned(
        "stream-2",
        "… two threads where the scheduler puts them",
        "stream",
        1.01,
    ),
    pair("udp-alone", "UDP, 64 bytes there and back, one thread", 1.01),
    pair("udp-echo", "… two threads on one processor", 1.01),
    unpinned(
        "udp-echo-2",
        "… two threads where the scheduler puts them",
        "udp-echo",
        1.01,
    ),
    pair("select-1", "select, 1 socket, ready", 0.7),
    pair("select-16", "select, 16 sockets, one ready", 0.9),
    pair("select-64", "select, 64 sockets, one ready", 1.02),
    pair("select-512", "select, 512 sockets, one ready", 1.02),
    unjudged(
        "select-wait",
        "TCP, 64 bytes there, select that waits, 64 bytes back",
    ),
    server(
        "echo-port-1",
        "server on a completion port against epoll: 64 bytes there and back, 1 connection",
    ),
    server("echo-port-64", "… on each of 64 connections"),
    server("echo-port-1000", "… on each of 1000 connections"),
    server(
        "echo-skip-1",
        "… FILE_SKIP_COMPLETION_PORT_ON_SUCCESS, 1 connection",
    ),
    server("echo-skip-64", "… on each of 64 connections"),
    server("echo-skip-1000", "… on each of 1000 connections"),
    server("echo-events-1", "… with events, 1 connection"),
    server(
        "echo-events-64",
        "… on each of 64 connections, the most that a thread can wait for",
    ),
    server("echo-routines-1", "… with completion routines, 1 connection"),
    server("echo-routines-64", "… on each of 64 connections"),
    server("echo-routines-1000", "… on each of 1000 connections"),
    Row {
        budget: None,
        ..server(
            "accept",
            "connect, AcceptEx on a completion port against accept4 on epoll, close both",
        )
    },
    ring(
        "ring-1",
        "server by hand on io_uring, in our place, against epoll: 64 bytes there and back, 1 connection",
    ),
    ring("ring-64", "… on each of 64 connections"),
    ring("ring-1000", "… on each of 1000 connections"),
    ring(
        "ring-at-once-1",
        "… each request submitted when it is made, as Winsock's are, 1 connection",
    ),
    ring("ring-at-once-64", "… on each of 64 connections"),
    ring("ring-at-once-1000", "… on each of 1000 connections"),
    ring(
        "ring-deferred-1",
        "… a ring of one thread's, which works when that waits, 1 connection",
    ),
    ring("ring-deferred-64", "… on each of 64 connections"),
    ring("ring-deferred-1000", "… on each of 1000 connections"),
    ring(
        "ring-multishot-1",
        "… multishot receives there, and plain send, 1 connection",
    ),
    ring("ring-multishot-64", "… on each of 64 connections"),
    ring("ring-multishot-1000", "… on each of 1000 connections"),
    unjudged(
        "event-eventfd",
        "two threads that set events for each other, against eventfd: there and back",
    ),
    unjudged("event-futex", "… against a word and futex"),
    unjudged(
        "event-alone-eventfd",
        "an event set and reset that nobody waits for, against eventfd",
    ),
    unjudged("event-alone-futex", "… against a word and futex"),
    pair("socket", "socket, close", 1.05),
    pair("listen", "socket, bind, listen SOMAXCONN, close", 1.05),
    pair("listen-strict", "… backlog 5, kept exactly", 1.05),
    pair("connect", "socket, connect, accept, close both; SOMAXCONN", 1.05),
    pair("connect-strict", "… backlog 128, kept exactly", 1.05),
    winsock(
        "winsock-recv-empty",
        "Winsock API: recv on an empty non-blocking socket",
        "recv-empty",
        1.0,
    ),
    winsock(
        "winsock-tcp",
        "… TCP, 64 bytes there and back, one thread",
        "tcp-alone",
        1.01,
    ),
    winsock(
        "winsock-udp",
        "… UDP, 64 bytes there and back, one thread",
        "udp-alone",
        1.01,
    ),
    winsock("winsock-select-1", "… select, 1 socket, ready", "select-1", 0.7),
    winsock(
        "winsock-select-64",
        "… select, 64 sockets, one ready",
        "select-64",
        1.02,
    ),
    winsock(
        "winsock-connect",
        "… socket, connect, accept, close both; SOMAXCONN",
        "connect",
        1.05,
    ),
    chain(
        "pass-1-tcp",
        "a layer that hands on the functions below it, against the base provider alone: TCP, 64 bytes there and back, one thread",
        "pass-1",
        "tcp-alone",
    ),
    chain("pass-3-tcp", "… three layers", "pass-3", "tcp-alone"),
    chain(
        "pass-1-connect",
        "… one layer: socket, connect, accept, close both",
        "pass-1",
        "connect",
    ),
    chain("pass-3-connect", "… three layers", "pass-3", "connect"),
    chain(
        "count-1-tcp",
        "a layer that passes on and counts each send and receive: TCP, 64 bytes there and back, one thread",
        "count-1",
        "tcp-alone",
    ),
    chain("count-3-tcp", "… three layers", "count-3", "tcp-alone"),
    chain("count-1-udp", "… one layer: UDP", "count-1", "udp-alone"),
    chain("count-3-udp", "… three layers", "count-3", "udp-alone"),
    catalog(
        "catalog-1",
        "Winsock API, 1 entry before the one that fits, against the SPI: socket, close",
        "catalog-1",
    ),
    catalog("catalog-10", "… 10 entries", "catalog-10"),
    catalog("catalog-100", "… 100 entries", "catalog-100"),
    Row {
        measure: "scaling",
        threads: 2,
        unit: Unit::Times,
        ..unpinned(
            "scaling",
            "recv on two empty sockets by two threads at once: time of each, in units of one alone",
            "recv-empty",
            1.0,
        )
    },
    look_up("look-up", "handle look-up alone", "look-up", 1),
    look_up("look-up-2", "… two threads, two sockets", "look-up", 2),
    look_up("look-up-shared", "… two threads, one socket", "look-up-shared", 2),
    Row {
        measure: "memory",
        unit: Unit::Bytes,
        ..pair("idle", "resident memory of an idle socket, of 10,000", 256.0)
    },
    Row {
        measure: "first",
        work: "startup",
        once: true,
        budget: None,
        ..pair("startup", "WSPStartup and WSPCleanup, first in the process", 0.0)
    },
    Row {
        measure: "alone",
        work: "startup",
        budget: None,
        ..pair("startup-again", "… again", 0.0)
    },
];
