//! The library under test.

use crate::place;
use std::process::Command;
use std::sync::Once;

/// Builds libws2spi.so and libws2spi.a in the profile of the running test, once.
///
/// # Panics
/// If it does not build: there is nothing to test then.
pub fn build() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let built = place::built();
        let mut command = Command::new(env!("CARGO"));
        command
            .current_dir(place::root())
            .args(["build", "--quiet", "--package", "ws2spi"]);
        if built.ends_with("release") {
            command.arg("--release");
        }
        let status = command.status().expect("cargo runs");
        assert!(status.success(), "libws2spi does not build");
        // Programs look for the soname, which an installation provides as a link.
        let soname = built.join("libws2spi.so.0");
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

/// What links a program to the shared library, and lets it find it at run time.
pub fn link() -> Vec<String> {
    let built = place::built();
    let built = built.display();
    vec![
        format!("-L{built}"),
        format!("-Wl,-rpath,{built}"),
        String::from("-lws2spi"),
    ]
}
