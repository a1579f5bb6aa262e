//! What a handle names, and the table that names it.

pub(crate) mod apc;
pub(crate) mod awaited;
pub(crate) mod event;
pub(crate) mod file;
pub(crate) mod layered;
pub(crate) mod line;
pub(crate) mod listener;
pub(crate) mod options;
pub(crate) mod port;
pub(crate) mod reactor;
pub(crate) mod request;
pub(crate) mod selection;
pub(crate) mod sleeper;
pub(crate) mod socket;
pub(crate) mod table;
pub(crate) mod thread;
pub(crate) mod urgent;
