//! The trace channel.
