//! Why a command failed, in the words that the user reads.

use crate::codes;
use std::fmt;
use std::io;
use std::process::ExitCode;
use ws2spi::error::WsaError;

/// What every command gives.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

/// Something that could not be done: `ws2spi: WHAT; ADVICE`.
#[derive(Debug)]
pub(crate) struct Failure {
    what: String,
    advice: Option<String>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Problem,
    Usage,
    /// Whoever reads our output has gone, as `head` does: nothing to report.
    NoReader,
}

impl Failure {
    /// Something is not as it must be.
    pub(crate) fn problem(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            advice: None,
            kind: Kind::Problem,
        }
    }

    /// The user asks for something that cannot be.
    pub(crate) fn usage(what: impl Into<String>) -> Self {
        Self {
            kind: Kind::Usage,
            ..Self::problem(what)
        }
    }

    /// One of the library's functions failed: what its page says of the code, and what helps against it.
    pub(crate) fn call(function: &str, code: WsaError) -> Self {
        if code == WsaError::WSANO_RECOVERY && codes::condition(function, code).is_none() {
            // What the library says of a catalog that it cannot read: no page knows of one.
            return Self::problem(format!("{function}: {code}: the catalog cannot be used"))
                .advise("correct what the line above names, or begin again with `ws2spi catalog reset`");
        }
        let meaning = codes::condition(function, code)
            .or_else(|| code.meaning().map(String::from))
            .map_or_else(String::new, |meaning| format!(": {meaning}"));
        Self {
            what: format!("{function}: {code}{meaning}"),
            advice: codes::advice(code).map(String::from),
            kind: Kind::Problem,
        }
    }

    /// Says what to do, in place of what was said.
    pub(crate) fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// Without the advice.
    pub(crate) fn what(&self) -> &str {
        &self.what
    }

    /// Tells the user; gives the command's exit code.
    pub(crate) fn report(&self) -> ExitCode {
        match self.kind {
            Kind::NoReader => ExitCode::SUCCESS,
            Kind::Problem => {
                eprintln!("ws2spi: {self}");
                ExitCode::from(1)
            }
            Kind::Usage => {
                eprintln!("ws2spi: {self}");
                ExitCode::from(2)
            }
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        match &self.advice {
            Some(advice) => write!(f, "; {advice}"),
            None => Ok(()),
        }
    }
}

/// Of what is printed: other files have names to tell.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        let failure = Self::problem(format!("the output cannot be written: {error}"));
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self {
                kind: Kind::NoReader,
                ..failure
            },
            _ => failure,
        }
    }
}
