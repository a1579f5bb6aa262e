//! Commands that cannot hang.

use std::os::unix::process::CommandExt;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Runs `command` to its end, with nothing to read, and returns what it printed. The command is a process
/// group of its own; when the group still holds its output open after `limit`, all of it is killed, and the
/// error shows what it had printed.
pub fn output(command: &mut Command, limit: Duration) -> Result<Output, String> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    let child = command.spawn().map_err(|error| format!("{command:?}: {error}"))?;
    let group = child.id() as libc::pid_t;
    let (ended, end) = mpsc::channel();
    thread::spawn(move || ended.send(child.wait_with_output()));
    if let Ok(result) = end.recv_timeout(limit) {
        return result.map_err(|error| format!("{command:?}: {error}"));
    }
    // SAFETY: kill takes no memory; the group is the child's own.
    unsafe { libc::kill(-group, libc::SIGKILL) };
    let printed = match end.recv_timeout(Duration::from_secs(5)) {
        Ok(Ok(output)) => text(&output),
        _ => String::from("(its output is lost: something outside its process group holds it)"),
    };
    Err(format!("{command:?} did not end within {limit:?}\n{printed}"))
}

/// As [`output`]; an exit other than 0 is an error that shows what the command printed.
pub fn success(command: &mut Command, limit: Duration) -> Result<Output, String> {
    let output = output(command, limit)?;
    match output.status.success() {
        true => Ok(output),
        false => Err(format!("{command:?}: {}\n{}", output.status, text(&output))),
    }
}

fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_command_prints_comes_back() {
        let output = success(
            Command::new("sh").args(["-c", "echo out; echo err >&2"]),
            Duration::from_secs(30),
        );
        let output = output.unwrap();
        assert_eq!(
            (&output.stdout[..], &output.stderr[..]),
            (&b"out\n"[..], &b"err\n"[..])
        );
    }

    #[test]
    fn a_failing_command_is_an_error_with_its_words() {
        let error = success(
            Command::new("sh").args(["-c", "echo why; exit 3"]),
            Duration::from_secs(30),
        );
        let error = error.unwrap_err();
        assert!(
            error.contains("exit status: 3") && error.contains("why"),
            "{error}"
        );
    }

    #[test]
    fn a_command_that_hangs_is_killed_with_its_children() {
        let error = output(
            Command::new("sh").args(["-c", "echo begun; sleep 600 & wait"]),
            Duration::from_millis(300),
        );
        let error = error.unwrap_err();
        assert!(
            error.contains("did not end") && error.contains("begun"),
            "{error}"
        );
    }
}
