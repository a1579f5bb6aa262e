//! The library under test.

use crate::{place, sanitizer};
use std::env;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Once;

/// Where the library is built: apart from the tests, which cargo builds with another panic strategy into files of the
/// same names.
pub fn folder() -> PathBuf {
    let profile = if is_release() { "release" } else { "debug" };
    match sanitizer::chosen() {
        None => target().join(profile),
        Some(sanitizer) => target().join(sanitizer.profile(profile)),
    }
}

fn target() -> PathBuf {
    let folder = sanitizer::chosen().map_or(String::from("library"), |sanitizer| sanitizer.folder());
    place::root().join("target").join(folder)
}

fn is_release() -> bool {
    place::built().ends_with("release")
}

/// Builds libws2spi.so and libws2spi.a in the profile of the running program, once.
///
/// # Panics
/// If it does not build: there is nothing to test then.
pub fn build() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let sanitizer = sanitizer::chosen();
        let mut command =
            sanitizer.map_or_else(|| Command::new(env!("CARGO")), |sanitizer| sanitizer.cargo());
        command
            .current_dir(place::root())
            .args(["build", "--quiet", "--package", "ws2spi", "--target-dir"]);
        command.arg(target()).args(is_release().then_some("--release"));
        command.args(sanitizer.iter().flat_map(|sanitizer| sanitizer.arguments()));
        // Such as the feature that leaves out what knows a processor.
        command.args(
            env::var("WS2SPI_TEST_FEATURES")
                .iter()
                .flat_map(|features| ["--features", features]),
        );
        let status = command.status().expect("cargo runs");
        assert!(status.success(), "libws2spi does not build");
        // Programs look for the soname, which an installation provides as a link.
        let soname = folder().join("libws2spi.so.0");
        if !soname.is_symlink() {
            let linked = std::os::unix::fs::symlink("libws2spi.so", &soname);
            assert!(
                linked.is_ok() || soname.is_symlink(),
                "{}: {linked:?}",
                soname.display()
            );
        }
    });
}

/// Builds the command `ws2spi`, once, and gives its path. The library lies beside it, as a link, so that it uses that.
///
/// It is built apart from the library: what other crates it needs would have the library built anew at every turn.
///
/// # Panics
/// If it does not build.
pub fn command() -> PathBuf {
    static ONCE: Once = Once::new();
    let target = place::root().join("target/command");
    let folder = target.join(if is_release() { "release" } else { "debug" });
    ONCE.call_once(|| {
        build();
        let mut command = Command::new(env!("CARGO"));
        command.current_dir(place::root()).args([
            "build",
            "--quiet",
            "--package",
            "ws2spi-cli",
            "--target-dir",
        ]);
        command.arg(&target).args(is_release().then_some("--release"));
        let status = command.status().expect("cargo runs");
        assert!(status.success(), "the command ws2spi does not build");
        let beside = folder.join("libws2spi.so.0");
        let library = self::folder().join("libws2spi.so");
        let linked = std::os::unix::fs::symlink(library, &beside);
        assert!(
            linked.is_ok() || beside.is_symlink(),
            "{}: {linked:?}",
            beside.display()
        );
    });
    folder.join("ws2spi")
}

/// What links a program to the shared library, and lets it find it at run time.
pub fn link() -> Vec<String> {
    let mut link = link_layer();
    link.extend(sanitizer::chosen().iter().flat_map(|sanitizer| sanitizer.link()));
    link
}

/// The same for a layer: a program that loads it brings the sanitizer's run-time library.
pub fn link_layer() -> Vec<String> {
    let folder = folder();
    let folder = folder.display();
    vec![
        format!("-L{folder}"),
        // Before LD_LIBRARY_PATH, which cargo sets to folders where an older library may lie.
        String::from("-Wl,--disable-new-dtags"),
        format!("-Wl,-rpath,{folder}"),
        String::from("-lws2spi"),
    ]
}
