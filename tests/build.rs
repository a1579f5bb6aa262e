//! Lists what `ws2spi::abi` declares, so that the header tests compare all of it with the C headers:
//! `$OUT_DIR/abi.rs` holds one `layouts!` and one `constants!` over every type and constant there is.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shim/ws2spi/src/abi");
    println!("cargo::rerun-if-changed={}", folder.display());
    let (mut layouts, mut constants) = (String::new(), String::new());
    let entries = fs::read_dir(&folder).expect("the folder of ws2spi::abi");
    for entry in entries {
        let text = fs::read_to_string(entry.expect("a file").path()).expect("a source file");
        list(&text, &mut layouts, &mut constants);
    }
    let abi = format!("(crate::layout::layouts![{layouts}], crate::layout::constants![{constants}])");
    let out = env::var_os("OUT_DIR").expect("cargo sets it");
    fs::write(Path::new(&out).join("abi.rs"), abi).expect("writing to OUT_DIR");
}

/// Reads a formatted source that holds declarations and no logic: structures, tables of functions, aliases,
/// constants.
fn list(text: &str, layouts: &mut String, constants: &mut String) {
    let mut inside = false;
    for line in text.lines() {
        let code = line.trim();
        if inside {
            if code == "}" {
                layouts.push_str("},\n");
                inside = false;
            } else if let Some(member) = before(code.strip_prefix("pub ").unwrap_or(code), ":") {
                // What C leaves between and after the members has no name there.
                if member.starts_with("padding") {
                    continue;
                }
                write!(layouts, "{member}, ").expect("writing to a string");
            }
        } else if let Some(name) =
            before(code.strip_prefix("pub struct ").unwrap_or(code), " {").filter(|name| *name != "Self")
        {
            // The one structure without a typedef.
            let name = match name {
                "tcp_keepalive" => r#"tcp_keepalive as "struct tcp_keepalive""#,
                name => name,
            };
            write!(layouts, "{name} {{ ").expect("writing to a string");
            inside = true;
        } else if let Some(name) = line
            .strip_prefix("pub struct ")
            .and_then(|rest| before(rest, "("))
        {
            writeln!(layouts, "{name} {{}},").expect("writing to a string");
        } else if let Some(name) = line.strip_prefix("pub type ").and_then(|rest| before(rest, " =")) {
            writeln!(layouts, "{name} {{}},").expect("writing to a string");
        } else if let Some(name) = line.strip_prefix("pub const ").and_then(|rest| before(rest, ":")) {
            // Identifiers are compared where they are used: the control codes that take them.
            if line.contains(": GUID") {
                continue;
            }
            writeln!(constants, "{name},").expect("writing to a string");
        }
    }
}

/// The name that stands right before `mark`.
fn before<'a>(code: &'a str, mark: &str) -> Option<&'a str> {
    let (name, _) = code.split_once(mark)?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    is_name.then_some(name)
}
