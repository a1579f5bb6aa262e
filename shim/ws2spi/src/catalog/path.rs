//! Paths of providers' libraries, as the catalog has them.
#![forbid(unsafe_code)]

use crate::sys::log::setting;

/// The path with what the environment says for each `%NAME%`, as Windows does (W.4); what names no variable stays as it
/// is. The environment says nothing in set-id processes.
pub fn expand(path: &str) -> String {
    replace(path, setting)
}

fn replace(path: &str, variable: impl Fn(&str) -> Option<String>) -> String {
    let mut expanded = String::new();
    let mut rest = path;
    while let Some((before, from)) = rest.split_once('%') {
        expanded.push_str(before);
        match from
            .split_once('%')
            .and_then(|(name, after)| Some((variable(name)?, after)))
        {
            Some((value, after)) => {
                expanded.push_str(&value);
                rest = after;
            }
            None => {
                expanded.push('%');
                rest = from;
            }
        }
    }
    expanded + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// W.4, WPUGetProviderPath.1.
    #[test]
    fn variables_are_replaced_by_their_values() {
        let variable = |name: &str| (name == "LIB").then(|| String::from("/usr/lib"));
        for (path, expanded) in [
            ("/a/b.so", "/a/b.so"),
            ("%LIB%/b.so", "/usr/lib/b.so"),
            ("/a%LIB%%LIB%", "/a/usr/lib/usr/lib"),
            ("%NO%/b.so", "%NO%/b.so"),
            ("%NO%LIB%/b", "%NO/usr/lib/b"),
            ("100%", "100%"),
            ("%%", "%%"),
            ("", ""),
        ] {
            assert_eq!(replace(path, variable), expanded, "{path}");
        }
    }
}
