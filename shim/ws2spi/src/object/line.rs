//! The requests of one direction of a socket, in posting order, and whose turn it is to attempt the first.
//!
//! Attempts are system calls, and no lock is held during them; instead one thread at a time has the turn. Who posts or
//! hears of readiness meanwhile leaves a note, which the thread that has the turn finds when its attempt is over. So
//! requests are attempted one by one, in posting order (OV.17), and none is forgotten.
//!
//! A pure state machine: `R` is the request. [`Line::begin`], and every method that hands out a request to attempt, give
//! the caller the turn; it must then say how the attempt went, with [`Line::done`] or [`Line::later`].

use std::collections::VecDeque;

/// By what a request is told from others when it is to be cancelled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Tag {
    /// Address of the OVERLAPPED.
    pub(crate) overlapped: usize,
    /// The number of the thread that started it.
    pub(crate) starter: u64,
}

/// A request that can be told from others.
pub(crate) trait Tagged {
    fn tag(&self) -> Tag;
}

/// See the module.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub(crate) struct Line<R> {
    waiting: VecDeque<R>,
    /// The request that is being attempted: somebody has the turn.
    attempted: Option<Tag>,
    /// An attempt may succeed: the descriptor has become ready since the last attempt that found it was not.
    ready: bool,
    /// What an attempt leaves behind may not be told anew: the end of the stream, or what follows an urgent byte.
    lasting: bool,
    /// The request that is being attempted is not to wait: it was cancelled meanwhile.
    cancelled: bool,
    /// Nothing is posted any more.
    closed: bool,
}

/// What becomes of a request that could not be carried out yet.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next<R> {
    /// It is to be attempted again: the descriptor has become ready meanwhile.
    Again(R),
    /// It waits in the line; the turn is over.
    Waits,
    /// It was cancelled meanwhile. The turn goes on until [`Line::done`].
    Cancelled(R),
}

impl<R: Tagged> Line<R> {
    /// An empty line of a descriptor that nothing is known of.
    pub(crate) const fn new() -> Self {
        Self {
            waiting: VecDeque::new(),
            attempted: None,
            ready: true,
            lasting: false,
            cancelled: false,
            closed: false,
        }
    }

    /// Whether a request posted now would be attempted at once.
    #[inline]
    pub(crate) fn is_free(&self) -> bool {
        self.ready && self.is_idle()
    }

    /// Nothing waits and nobody has the turn.
    #[inline]
    pub(crate) fn is_idle(&self) -> bool {
        self.attempted.is_none() && self.waiting.is_empty()
    }

    /// How many requests there are, with the one that is being attempted.
    pub(crate) fn len(&self) -> usize {
        self.waiting.len() + usize::from(self.attempted.is_some())
    }

    pub(crate) const fn is_closed(&self) -> bool {
        self.closed
    }

    /// Takes the turn for a request that need not stand in the line, because the line [`Line::is_free`].
    #[inline]
    pub(crate) fn begin(&mut self, tag: Tag) {
        self.attempted = Some(tag);
        // Before the attempt: what becomes ready during it counts.
        self.ready = false;
        self.cancelled = false;
    }

    /// Puts a request at the end of the line.
    pub(crate) fn post(&mut self, request: R) {
        self.waiting.push_back(request);
    }

    /// The descriptor has become ready: the request to attempt.
    #[inline]
    pub(crate) fn became_ready(&mut self) -> Option<R> {
        self.ready = true;
        self.take_turn()
    }

    /// What has just been told is told only once, and may outlast any number of attempts.
    pub(crate) fn lasts(&mut self) {
        self.lasting = true;
    }

    /// The first request, if nobody has the turn and an attempt may succeed.
    pub(crate) fn take_turn(&mut self) -> Option<R> {
        if self.attempted.is_some() || !self.ready {
            return None;
        }
        let first = self.waiting.pop_front()?;
        self.begin(first.tag());
        Some(first)
    }

    /// The attempt has ended the request. Unless `drained`, the next may succeed as well: it is handed out.
    #[inline]
    pub(crate) fn done(&mut self, drained: bool) -> Option<R> {
        self.attempted = None;
        self.ready |= !drained || self.lasting;
        self.take_turn()
    }

    /// The request that is being attempted is not to wait.
    pub(crate) const fn is_cancelled(&self) -> bool {
        self.cancelled || self.closed
    }

    /// The attempt has found that the request must wait.
    pub(crate) fn later(&mut self, request: R) -> Next<R> {
        if self.is_cancelled() {
            return Next::Cancelled(request);
        }
        if self.ready {
            self.begin(request.tag());
            return Next::Again(request);
        }
        self.waiting.push_front(request);
        self.attempted = None;
        Next::Waits
    }

    /// Takes the requests that `which` picks out of the line. One that is being attempted now is not to wait any more;
    /// whether there was one is the second answer.
    pub(crate) fn cancel(&mut self, which: impl Fn(Tag) -> bool) -> (Vec<R>, bool) {
        let (taken, left) = std::mem::take(&mut self.waiting)
            .into_iter()
            .partition::<VecDeque<R>, _>(|request| which(request.tag()));
        self.waiting = left;
        let attempted = self.attempted.is_some_and(which);
        self.cancelled |= attempted;
        (taken.into(), attempted)
    }

    /// Lets nothing be posted any more.
    pub(crate) fn close(&mut self) {
        self.closed = true;
    }
}

#[cfg(test)]
mod tests;
