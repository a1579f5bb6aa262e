//! The kernel, and memory that is not ours: the only place that calls the one and touches the other.
//! A port to another Unix is this folder.

pub(crate) mod errno;
pub(crate) mod file;
pub(crate) mod fork;
pub(crate) mod futex;
pub(crate) mod guard;
pub(crate) mod info;
pub(crate) mod interface;
pub(crate) mod library;
pub(crate) mod lock;
pub(crate) mod log;
pub(crate) mod message;
pub(crate) mod own;
pub(crate) mod pass;
pub(crate) mod port;
pub(crate) mod process;
pub(crate) mod published;
pub(crate) mod raw;
pub(crate) mod route;
pub(crate) mod socket;
pub(crate) mod tcp;
pub(crate) mod time;
pub(crate) mod trust;
pub(crate) mod wait;
pub(crate) mod watch;
