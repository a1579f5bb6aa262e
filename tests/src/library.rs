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
