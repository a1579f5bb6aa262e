//! The caller's array of buffers.

use crate::abi::WSABUF;
use crate::error::{Result, WsaError};
use crate::sys::guard::UserPointer;
use crate::sys::socket::Piece;
use smallvec::SmallVec;

/// How many buffers one system call is given; longer arrays go in batches.
pub(super) const BATCH: usize = 32;

/// How many buffers the kernel takes at once.
pub(super) const MOST_PIECES: usize = 1024;

/// The buffers of a request that may outlive the call.
pub(super) type Pieces = SmallVec<[Piece; 2]>;

/// No datagram is longer.
const LONGEST_DATAGRAM: usize = 1 << 16;

/// One buffer of the array: where, and how long.
#[inline]
pub(super) fn one(array: UserPointer<WSABUF>) -> Result<(UserPointer<u8>, u32)> {
    // The length, and the pointer behind its padding, in one copy.
    let [length, address] = array.cast::<[u64; 2]>().read()?;
    Ok((UserPointer::from_address(address as usize), low_half(length)))
}

/// The first four bytes in memory of eight.
#[inline]
const fn low_half(word: u64) -> u32 {
    if cfg!(target_endian = "little") {
        word as u32
    } else {
        (word >> 32) as u32
    }
}

/// The array as the caller gave it.
#[derive(Clone, Copy)]
pub(super) struct Array {
    pub(super) first: UserPointer<WSABUF>,
    pub(super) count: u32,
}

impl Array {
    fn buffers(self) -> impl Iterator<Item = Result<(UserPointer<u8>, u32)>> {
        (0..self.count as usize).map(move |index| one(self.first.add(index)))
    }

    /// How many bytes all buffers hold; WSAEFAULT when part of the array cannot be read.
    pub(super) fn total(self) -> Result<u64> {
        self.buffers()
            .try_fold(0, |sum, buffer| Ok(sum + u64::from(buffer?.1)))
    }

    /// A copy of the array (OV.7), without buffers that hold nothing.
    pub(super) fn pieces(self) -> Result<Pieces> {
        self.buffers()
            .filter(|buffer| !matches!(buffer, Ok((_, 0))))
            .map(|buffer| buffer.map(|(at, length)| Piece::new(at, length as usize)))
            .collect()
    }

    /// More buffers than fit into one system call.
    pub(super) const fn is_long(self) -> bool {
        self.count as usize > BATCH
    }

    /// What all buffers hold, in one piece: for a message that must go in one system call.
    pub(super) fn gather(self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        for buffer in self.buffers() {
            let (from, length) = buffer?;
            let start = bytes.len();
            if start + length as usize > LONGEST_DATAGRAM {
                return Err(WsaError::WSAEMSGSIZE);
            }
            bytes.resize(start + length as usize, 0);
            from.read_slice(&mut bytes[start..])?;
        }
        Ok(bytes)
    }

    /// Room for a message that must come in one system call.
    pub(super) fn room(self) -> Result<Vec<u8>> {
        let total = usize::try_from(self.total()?).unwrap_or(usize::MAX);
        Ok(vec![0; total.min(LONGEST_DATAGRAM)])
    }

    /// Fills the buffers in their order, without gaps (WSPRecv.3).
    pub(super) fn scatter(self, mut bytes: &[u8]) -> Result<()> {
        for buffer in self.buffers() {
            let (to, length) = buffer?;
            let (here, rest) = bytes.split_at(bytes.len().min(length as usize));
            to.write_slice(here)?;
            bytes = rest;
            if bytes.is_empty() {
                break;
            }
        }
        Ok(())
    }
}

/// The buffers of a message, which comes or goes in one system call.
pub(super) struct Message {
    /// The caller's.
    pieces: Pieces,
    /// Stands in for them when they are more than the kernel takes at once.
    whole: Vec<u8>,
}

impl Message {
    /// Room for a message that comes.
    pub(super) fn to_receive(pieces: Pieces) -> Self {
        let whole = if pieces.len() > MOST_PIECES {
            vec![0; length(&pieces).min(LONGEST_DATAGRAM)]
        } else {
            Vec::new()
        };
        Self { pieces, whole }
    }

    /// What `array` holds, to be sent.
    pub(super) fn to_send(array: Array) -> Result<Self> {
        let pieces = array.pieces()?;
        let whole = if pieces.len() > MOST_PIECES {
            array.gather()?
        } else {
            Vec::new()
        };
        Ok(Self { pieces, whole })
    }

    /// Makes the system call.
    #[inline]
    pub(super) fn transfer<T>(&mut self, call: impl FnOnce(&[Piece]) -> T) -> T {
        if self.whole.is_empty() {
            return call(&self.pieces);
        }
        let length = self.whole.len();
        call(&[Piece::new(UserPointer::to_own(&mut self.whole), length)])
    }

    /// How long a message there is room for.
    #[inline]
    pub(super) fn room(&self) -> usize {
        if self.whole.is_empty() {
            length(&self.pieces)
        } else {
            self.whole.len()
        }
    }

    /// A message of `length` bytes has come: what there is room for reaches the caller's buffers.
    #[inline]
    pub(super) fn deliver(&self, length: usize) -> Result<()> {
        let mut bytes = &self.whole[..length.min(self.whole.len())];
        for piece in &self.pieces {
            if bytes.is_empty() {
                break;
            }
            let (here, rest) = bytes.split_at(bytes.len().min(piece.length()));
            piece.pointer().write_slice(here)?;
            bytes = rest;
        }
        Ok(())
    }
}

fn length(pieces: &[Piece]) -> usize {
    pieces.iter().map(Piece::length).sum()
}

/// The array as the kernel takes it, up to [`BATCH`] buffers at a time.
pub(super) struct Batches {
    array: Array,
    /// Buffers of the array that have been read.
    read: u32,
    pieces: [Piece; BATCH],
    /// Which of the pieces are still to be transferred.
    start: usize,
    end: usize,
}

impl Batches {
    /// Reads the first batch.
    pub(super) fn new(array: Array) -> Result<Self> {
        let mut batches = Self {
            array,
            read: 0,
            pieces: [Piece::EMPTY; BATCH],
            start: 0,
            end: 0,
        };
        batches.refill()?;
        Ok(batches)
    }

    fn refill(&mut self) -> Result<()> {
        (self.start, self.end) = (0, 0);
        while self.end < BATCH && self.read < self.array.count {
            let (at, length) = one(self.array.first.add(self.read as usize))?;
            self.read += 1;
            if length > 0 {
                self.pieces[self.end] = Piece::new(at, length as usize);
                self.end += 1;
            }
        }
        Ok(())
    }

    /// What is left of the batch.
    pub(super) fn batch(&self) -> &[Piece] {
        &self.pieces[self.start..self.end]
    }

    /// How many bytes are left of the batch.
    pub(super) fn length(&self) -> usize {
        self.batch().iter().map(Piece::length).sum()
    }

    /// No other batch follows.
    pub(super) const fn is_last(&self) -> bool {
        self.read == self.array.count
    }

    /// Nothing is left.
    pub(super) const fn is_done(&self) -> bool {
        self.start == self.end && self.is_last()
    }

    /// Takes `bytes` transferred bytes, at most the batch's length, off the front.
    pub(super) fn advance(&mut self, mut bytes: usize) -> Result<()> {
        while self.start < self.end {
            let piece = &mut self.pieces[self.start];
            if bytes < piece.length() {
                piece.advance(bytes);
                return Ok(());
            }
            bytes -= piece.length();
            self.start += 1;
        }
        while self.start == self.end && !self.is_last() {
            self.refill()?;
        }
        Ok(())
    }
}
