//! Questions that another process answers: a provider's code may crash, or never come back.

use crate::failure::{Failure, Result};
use crate::library::{Library, foreign};
use std::io::{Read as _, Write};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Longer than a provider needs to start.
const LIMIT: Duration = Duration::from_secs(20);

/// Begins the lines that are the doctor's own; the others are the provider's and the library's.
const MARK: &str = "ws2spi-doctor:";

/// How the last word begins.
const DONE: &str = "done: ";
const FAILED: &str = "failed: ";

/// Why a question was not answered well.
#[derive(Debug)]
pub(super) struct Trouble {
    pub(super) said: String,
    has_ended_badly: bool,
}

impl Trouble {
    pub(super) const fn advice(&self) -> &'static str {
        if self.has_ended_badly {
            "mend the provider (its constructors, WSPStartup), or remove it: it takes every program along that loads it"
        } else {
            "mend the provider, or remove it: no socket can be made of its chains"
        }
    }
}

/// Asks a doctor in a process of its own; gives its last word.
pub(super) fn ask(question: &[&str]) -> std::result::Result<String, Trouble> {
    let failed = |error: std::io::Error| Trouble {
        said: format!("cannot be tried: {error}"),
        has_ended_badly: false,
    };
    let (mut reader, writer) = std::io::pipe().map_err(failed)?;
    let mut child = Command::new(std::env::current_exe().map_err(failed)?)
        .args(question)
        // The library's words are wanted here, and those alone.
        .env("WS2SPI_LOG", "error")
        .env_remove("WS2SPI_LOG_FILE")
        .stdin(Stdio::null())
        .stdout(writer.try_clone().map_err(failed)?)
        .stderr(writer)
        .spawn()
        .map_err(failed)?;
    let (sender, words) = mpsc::channel();
    thread::spawn(move || {
        let mut said = Vec::new();
        let _ = reader.read_to_end(&mut said);
        let _ = sender.send(String::from_utf8_lossy(&said).into_owned());
    });
    let in_time = words.recv_timeout(LIMIT).ok();
    let ended = match &in_time {
        Some(_) => child.wait().ok(),
        None => stop(&mut child),
    };
    // What was said before the end, if nobody else holds the pipe open.
    let said = in_time.or_else(|| words.recv_timeout(Duration::from_secs(1)).ok());
    judge(&said.unwrap_or_default(), ended)
}

/// Ends a process that takes too long.
fn stop(child: &mut Child) -> Option<ExitStatus> {
    let _ = child.kill();
    let _ = child.wait();
    None
}

fn judge(said: &str, ended: Option<ExitStatus>) -> std::result::Result<String, Trouble> {
    let mut own = said
        .lines()
        .filter_map(|line| line.split_once(MARK))
        .map(|(_, rest)| rest.trim());
    let step = own.next_back().unwrap_or("began");
    // The last of them tell most.
    let others = said.lines().filter(|line| !line.contains(MARK)).map(words_of);
    let others: Vec<&str> = others.collect();
    let last = others.get(others.len().saturating_sub(3)..).unwrap_or_default();
    let others = match last {
        [] => String::new(),
        last => format!(" ({})", last.join("; ")),
    };
    match ended {
        Some(status) if status.success() && step.starts_with(DONE) => {
            Ok(step.trim_start_matches(DONE).into())
        }
        Some(status) => Err(match status.signal() {
            Some(signal) => Trouble {
                said: format!("crashed (signal {signal}) when it {step}{others}"),
                has_ended_badly: true,
            },
            None if step.starts_with(FAILED) => Trouble {
                said: format!("{}{others}", step.trim_start_matches(FAILED)),
                has_ended_badly: false,
            },
            None => Trouble {
                said: format!("ended the process when it {step}{others}"),
                has_ended_badly: true,
            },
        }),
        None => Err(Trouble {
            said: format!(
                "did not come back within {} s when it {step}{others}",
                LIMIT.as_secs()
            ),
            has_ended_badly: true,
        }),
    }
}

/// A line without the process and thread that the library's log puts before it.
fn words_of(line: &str) -> &str {
    let logged = line.strip_prefix("ws2spi:").and_then(|line| line.split_once(' '));
    logged.map_or(line, |(_, words)| words).trim()
}

fn say(what: &str, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "{MARK} {what}")?;
    out.flush()?;
    Ok(())
}

fn refuse(why: &str, out: &mut dyn Write) -> Result<ExitCode> {
    say(&format!("{FAILED}{why}"), out)?;
    Ok(ExitCode::FAILURE)
}

/// Reads the whole catalog.
pub(crate) fn read_catalog(out: &mut dyn Write) -> Result<ExitCode> {
    let library = Library::load()?;
    let read = library.protocols().and_then(|_| library.name_spaces());
    match read {
        Ok(_) => say(&format!("{DONE}it was read"), out).map(|()| ExitCode::SUCCESS),
        Err(failure) => refuse(failure.what(), out),
    }
}

/// Loads a provider, then makes a socket of each of these chains.
pub(crate) fn start_provider(file: &Path, chains: &[u32], out: &mut dyn Write) -> Result<ExitCode> {
    let library = Library::load()?;
    say("was loaded", out)?;
    if let Err(why) = foreign::load(file) {
        return refuse(&format!("cannot be loaded: {why}"), out);
    }
    let entries = library.protocols()?;
    for id in chains {
        say(&format!("was started for chain {id}"), out)?;
        let entry = entries.iter().find(|entry| entry.dwCatalogEntryId == *id);
        let entry = entry.ok_or_else(|| Failure::problem(format!("there is no entry {id}")))?;
        let tried = library
            .start_winsock()
            .and_then(|started| started.try_chain(entry));
        if let Err(failure) = tried {
            return refuse(&format!("chain {id}: {}", failure.what()), out);
        }
    }
    say(&format!("{DONE}loads, starts, and has a full table"), out)?;
    Ok(ExitCode::SUCCESS)
}
