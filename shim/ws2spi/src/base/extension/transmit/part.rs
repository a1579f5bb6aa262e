//! What is transmitted: memory, and bytes of files.

use crate::error::{Result, WsaError};
use crate::object::file::File;
use crate::object::socket::Socket;
use crate::object::table;
use crate::sys::errno::{self, Errno};
use crate::sys::file;
use crate::sys::guard::UserPointer;
use crate::sys::socket as kernel;
use std::ffi::c_void;
use std::sync::Arc;

/// How much is copied at once where sendfile cannot be used.
const COPIED: usize = 1 << 16;

/// The bytes of a file that are to be sent.
pub(super) struct Source {
    pub(super) file: Arc<File>,
    pub(super) offset: u64,
    pub(super) count: u64,
}

impl Source {
    /// `count` bytes from `offset` on (`None`: the current one), or up to the end of the file if that comes before, or
    /// `count` is 0. WSAEINVAL for an offset beyond the end, and for what is not a regular file.
    pub(super) fn new(handle: UserPointer<c_void>, offset: Option<u64>, count: u32) -> Result<Self> {
        let file = table::find::<File>(handle.address()).ok_or(WsaError::WSA_INVALID_HANDLE)?;
        let size = file::size(&file.descriptor).map_err(|_| WsaError::WSAEINVAL)?;
        let offset = match offset {
            Some(offset) => offset,
            None => file::position(&file.descriptor).map_err(|_| WsaError::WSAEINVAL)?,
        };
        let there = size.checked_sub(offset).ok_or(WsaError::WSAEINVAL)?;
        let count = match count {
            0 => there,
            count => there.min(count.into()),
        };
        Ok(Self {
            file: file.share(),
            offset,
            count,
        })
    }

    pub(super) fn part(&self) -> Part {
        Part::File {
            file: Arc::clone(&self.file),
            offset: self.offset,
            left: self.count,
        }
    }

    /// Makes what comes behind the first `sent` bytes the file's current byte offset.
    pub(super) fn move_on(&self, sent: u64) {
        let _ = file::set_position(&self.file.descriptor, self.offset + sent);
    }
}

/// What is still to be sent of a part.
pub(super) enum Part {
    Memory { at: UserPointer<u8>, left: u32 },
    File { file: Arc<File>, offset: u64, left: u64 },
}

impl Part {
    /// Some memory; nothing when there is none. WSAEFAULT for NULL with a length.
    pub(super) fn memory(at: UserPointer<u8>, length: u32) -> Result<Option<Self>> {
        match length {
            0 => Ok(None),
            _ if at.is_null() => Err(WsaError::WSAEFAULT),
            left => Ok(Some(Self::Memory { at, left })),
        }
    }

    pub(super) fn length(&self) -> u64 {
        match self {
            Self::Memory { left, .. } => (*left).into(),
            Self::File { left, .. } => *left,
        }
    }

    /// Leaves out the first `bytes`, which are at most all of it.
    pub(super) fn advance(&mut self, bytes: u64) {
        match self {
            Self::Memory { at, left } => {
                *at = at.add(bytes as usize);
                *left -= bytes as u32;
            }
            Self::File { offset, left, .. } => {
                *offset += bytes;
                *left -= bytes;
            }
        }
    }

    /// Splits off the first `length` bytes, fewer than there are.
    pub(super) fn split_off(&mut self, length: u64) -> Self {
        let first = match self {
            Self::Memory { at, .. } => Self::Memory {
                at: *at,
                left: length as u32,
            },
            Self::File { file, offset, .. } => Self::File {
                file: Arc::clone(file),
                offset: *offset,
                left: length,
            },
        };
        self.advance(length);
        first
    }

    /// Sends some of it over a stream: how many bytes, and whether sendfile takes the file. None are sent when the file
    /// has become shorter. `copies`: sendfile is not to be used.
    pub(super) fn send(&self, socket: &Socket, flags: i32, copies: bool) -> errno::Result<(usize, bool)> {
        match self {
            Self::Memory { at, left } => {
                Ok((kernel::send(&socket.descriptor, *at, *left, flags, &[])?, !copies))
            }
            Self::File { file, offset, left } => {
                let count = usize::try_from(*left).unwrap_or(usize::MAX);
                if !copies {
                    match file::send(&socket.descriptor, &file.descriptor, *offset, count) {
                        Err(Errno(libc::EINVAL | libc::ENOSYS | libc::EOPNOTSUPP)) => {}
                        outcome => return Ok((outcome?, true)),
                    }
                }
                let mut bytes = vec![0; count.min(COPIED)];
                let length = read(file, *offset, &mut bytes)?;
                if length == 0 {
                    return Ok((0, false));
                }
                let from = UserPointer::to_own(&mut bytes);
                Ok((
                    kernel::send(&socket.descriptor, from, length as u32, flags, &[])?,
                    false,
                ))
            }
        }
    }

    /// Appends all of it to `bytes`, or what there is of it in a file that has become shorter.
    pub(super) fn copy_to(&self, bytes: &mut Vec<u8>) -> errno::Result<()> {
        let start = bytes.len();
        bytes.resize(start + self.length() as usize, 0);
        match self {
            Self::Memory { at, .. } => at
                .read_slice(&mut bytes[start..])
                .map_err(|_| Errno(libc::EFAULT)),
            Self::File { file, offset, .. } => {
                let length = read(file, *offset, &mut bytes[start..])?;
                bytes.truncate(start + length);
                Ok(())
            }
        }
    }
}

/// As many bytes as there is room for, fewer at the end of the file.
fn read(file: &File, offset: u64, bytes: &mut [u8]) -> errno::Result<usize> {
    let mut length = 0;
    while length < bytes.len() {
        match file::read_at(&file.descriptor, offset + length as u64, &mut bytes[length..]) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(Errno(libc::EINTR)) => {}
            Err(errno) => return Err(errno),
        }
    }
    Ok(length)
}
