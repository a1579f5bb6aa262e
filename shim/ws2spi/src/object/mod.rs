//! What a handle names, and the table that names it.

pub(crate) mod listener;
pub(crate) mod options;
pub(crate) mod socket;
pub(crate) mod table;
pub(crate) mod thread;
pub(crate) mod urgent;
