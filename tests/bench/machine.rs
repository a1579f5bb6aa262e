//! What the figures were measured on.

use std::fs;
use std::process::Command;

/// One line: date, processor, kernel, libc, compilers.
pub(crate) fn description() -> String {
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!(
        "{}: {}, {processors} processors, Linux {}, {}, {}, {}",
        first_line("date", &["-u", "+%F"]),
        processor(),
        kernel.trim(),
        first_line("getconf", &["GNU_LIBC_VERSION"]),
        first_line("cc", &["--version"]),
        first_line("rustc", &["--version"]),
    )
}

/// As the kernel names it; not every architecture has a name to give.
fn processor() -> String {
    let described = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        described
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(key, _)| key.trim() == name)
            .map(|(_, value)| value.trim().to_owned())
    };
    let name = field("model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    match field("flags") {
        Some(flags) if flags.split(' ').any(|flag| flag == "hypervisor") => {
            format!("{name} (virtual machine)")
        }
        _ => name,
    }
}

fn first_line(program: &str, arguments: &[&str]) -> String {
    Command::new(program)
        .args(arguments)
        .output()
        .ok()
        .and_then(|output| Some(String::from_utf8_lossy(&output.stdout).lines().next()?.to_owned()))
        .unwrap_or_else(|| format!("{program} unknown"))
}
