//! The C programs of this folder, compiled with the real headers, linked to the real library, and run: each `TEST` in
//! a process of its own.

use libtest_mimic::{Arguments, Failed, Trial};
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use ws2spi_tests::compiler::C;
use ws2spi_tests::{library, lsp, place, run, sanitizer};

/// A test that takes longer hangs.
fn limit() -> Duration {
    let slow = sanitizer::chosen().is_some() || std::env::var_os("WS2SPI_TEST_RUNNER").is_some();
    Duration::from_secs(if slow { 300 } else { 60 })
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    library::build();
    let scratch =
        place::scratch(&sanitizer::chosen().map_or(String::from("c"), |sanitizer| sanitizer.folder()));
    let helpers = scratch.join("posix.o");
    let folder = place::root().join("tests/c");
    let prepared = C::tests()
        .compile(&folder.join("posix.c"), &helpers)
        .and_then(|()| lsp::build());
    let layers = match prepared {
        Ok(layers) => layers,
        Err(said) => {
            eprintln!("{said}");
            return ExitCode::FAILURE;
        }
    };
    let trials = programs(&folder)
        .iter()
        .flat_map(|source| trials(source, &scratch, &helpers, layers))
        .collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// The sources with tests in them.
fn programs(folder: &Path) -> Vec<PathBuf> {
    let mut sources: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("tests/c")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension().is_some_and(|extension| extension == "c") && !path.ends_with("posix.c")
        })
        .collect();
    sources.sort();
    sources
}

/// The tests of one program; one that fails if it does not compile.
fn trials(source: &Path, scratch: &Path, helpers: &Path, layers: &Path) -> Vec<Trial> {
    let stem = source
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default();
    let program = scratch.join(&stem);
    let compiled = C::tests()
        .args(["-g", "-pthread"])
        .args([format!("-DLSP_FOLDER=\"{}\"", layers.display())])
        .args([helpers])
        .ws2spi()
        .args(library::link())
        .compile(source, &program)
        .and_then(|()| run::success(Command::new(&program).arg("--list"), limit()));
    let listed = match compiled {
        Ok(listed) => String::from_utf8_lossy(&listed.stdout).into_owned(),
        Err(said) => return vec![Trial::test(stem, || Err(Failed::from(said)))],
    };
    listed
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(name, rules)| {
            let (program, test) = (program.clone(), name.to_owned());
            Trial::test(format!("{stem}::{name} [{rules}]"), move || {
                run_one(&program, &test)
            })
        })
        .collect()
}

/// The program, or a command before it that `WS2SPI_TEST_RUNNER` names, such as valgrind.
fn command(program: &Path) -> Command {
    let runner = std::env::var("WS2SPI_TEST_RUNNER").unwrap_or_default();
    let mut words = runner.split_whitespace().map(Path::new).chain([program]);
    let mut command = Command::new(words.next().unwrap_or(program));
    command.args(words);
    command.envs(sanitizer::chosen().map(|sanitizer| sanitizer.settings()));
    command
}

/// A folder for temporary files, which goes with all that a test leaves there, however it ends. Everybody can use it, as
/// those that the host has: a test may give its privileges up.
struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    fn new() -> std::io::Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("ws2spi-test-{}-{number}", std::process::id());
        let folder = Self(std::env::temp_dir().join(name));
        std::fs::create_dir(&folder.0)?;
        std::fs::set_permissions(&folder.0, Permissions::from_mode(0o1777))?;
        Ok(folder)
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn run_one(program: &Path, test: &str) -> Result<(), Failed> {
    let folder = TemporaryFolder::new().map_err(|error| format!("a temporary folder: {error}"))?;
    let output = run::output(command(program).arg(test).env("TMPDIR", &folder.0), limit())?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match output.status.code() {
        Some(0) => Ok(()),
        // The test has said why this host cannot run it.
        Some(77) => {
            println!("{test}: {}", text(&output.stdout).trim());
            Ok(())
        }
        _ => Err(Failed::from(format!(
            "{}\n{}{}",
            output.status,
            text(&output.stdout),
            text(&output.stderr)
        ))),
    }
}
