//! What the tests say they prove, read from their sources.
//!
//! - A C test `TEST(name, "WSPListen.1 OBS.2")` proves the rules of its second argument, and those cited in its body and
//!   in the comment right before it.
//! - A C test produces a documented failure where one of its statements holds both names: `FAILS(WSPListen(s, 5,
//!   &error), WSAEINVAL)`; or the call's name and, in the next statement, `error` and the code; or a row of a table. The
//!   functions and tables of its file that it uses count as its own, and a helper that returns what a function answers
//!   stands for that function. What cannot be seen so is cited in a comment or string: `WSPRecv:WSAEINTR`.
//! - A Rust test proves what the `///` comment above its `#[test]` cites.
//! - A file of `tests/headers` or `tests/library` proves what it cites: `NEED-H7`.

use crate::place;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Which tests cite what: rule or failure -> `folder/file::test`.
#[derive(Clone, Default, Debug)]
pub struct Citations(BTreeMap<String, BTreeSet<String>>);

impl Citations {
    /// Reads the workspace's tests.
    ///
    /// # Panics
    /// If a source cannot be read.
    pub fn read() -> Self {
        let mut all = Self::default();
        let folder = place::root().join("tests/c");
        let shared = Source::parse(&place::text(&folder.join("check.h")));
        for path in files(&folder, &["c"]) {
            all.add_programs(
                &named(&path, &folder, "c"),
                &Source::parse(&place::text(&path)),
                &shared,
            );
        }
        for (folder, name) in [("tests/headers", "headers"), ("tests/library", "library")] {
            let folder = place::root().join(folder);
            for path in files(&folder, &["rs", "c", "cpp", "h"]) {
                for id in ids(&place::text(&path)) {
                    all.add(id, named(&path, &folder, name));
                }
            }
        }
        let folder = place::root().join("shim/ws2spi/src");
        for path in files(&folder, &["rs"]) {
            all.add_units(&named(&path, &folder, "src"), &place::text(&path));
        }
        all
    }

    /// The tests that cite `id`.
    pub fn of(&self, id: &str) -> Vec<&str> {
        self.0
            .get(id)
            .map(|tests| tests.iter().map(String::as_str).collect())
            .unwrap_or_default()
    }

    /// Everything cited, with its tests.
    pub fn all(&self) -> impl Iterator<Item = (&String, &BTreeSet<String>)> {
        self.0.iter()
    }

    fn add(&mut self, id: String, test: String) {
        self.0.entry(id).or_default().insert(test);
    }

    /// The tests of one C program.
    fn add_programs(&mut self, file: &str, source: &Source, shared: &Source) {
        let answering = answering(&[source, shared]);
        for definition in source.definitions.iter().filter(|definition| definition.is_test) {
            let test = format!("{file}::{}", definition.name);
            for id in ids(&definition.said) {
                self.add(id, test.clone());
            }
            for reached in source.reached(definition) {
                for id in ids(&reached.said) {
                    if id.contains(':') {
                        self.add(id, test.clone());
                    }
                }
                for (function, code) in failures(&reached.statements, &answering) {
                    self.add(format!("{function}:{code}"), test.clone());
                }
            }
        }
    }

    /// The unit tests of one Rust file.
    fn add_units(&mut self, file: &str, text: &str) {
        let (mut said, mut is_test) = (String::new(), false);
        for line in text.lines().map(str::trim) {
            if let Some(comment) = line.strip_prefix("///") {
                said.push_str(comment);
                said.push('\n');
            } else if line == "#[test]" {
                is_test = true;
            } else if !line.starts_with("#[") {
                if let (true, Some(rest)) = (is_test, line.strip_prefix("fn ")) {
                    let name = rest.split('(').next().unwrap_or_default();
                    for id in ids(&said) {
                        self.add(id, format!("{file}::{name}"));
                    }
                }
                said.clear();
                is_test = false;
            }
        }
    }
}

/// The files under `folder` with one of these extensions.
fn files(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .flat_map(|path| match path.is_dir() {
            true => files(&path, extensions),
            false => vec![path],
        })
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extensions.iter().any(|known| extension == *known))
        })
        .collect();
    found.sort();
    found
}

/// `c/listen`, `headers/c/need_h07.c`, `src/base/bind`: without the extension where tests have names of their own.
fn named(path: &Path, folder: &Path, name: &str) -> String {
    let inside = path.strip_prefix(folder).unwrap_or(path);
    let inside = match name {
        "c" | "src" => inside.with_extension(""),
        _ => inside.to_owned(),
    };
    format!("{name}/{}", inside.display())
}

/// The rules and failures that a text cites. A range ("NEED-H1 to NEED-H19") cites none.
pub fn ids(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut range = false;
    let words: Vec<&str> = text
        .split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '_' | '-')))
        .map(|word| word.trim_matches(['.', ':', '-']))
        .filter(|word| !word.is_empty())
        .collect();
    for (position, word) in words.iter().enumerate() {
        let begins = words.get(position + 1) == Some(&"to");
        if !range && !begins && (is_rule(word) || is_failure(word)) {
            found.push(String::from(*word));
        }
        range = *word == "to";
    }
    found
}

/// Whether the word has the form of a rule: `WSPListen.3`, `OBS.2`, `NEED-H7`.
fn is_rule(word: &str) -> bool {
    if let Some(need) = word.strip_prefix("NEED-") {
        return matches!(need.as_bytes().first(), Some(b'H' | b'S' | b'C' | b'K')) && is_number(&need[1..]);
    }
    word.split_once('.').is_some_and(|(subject, number)| {
        is_number(number)
            && (is_function(subject) || matches!(subject, "C" | "OV" | "EV" | "LP" | "OBS" | "U" | "W"))
    })
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_failure(word: &str) -> bool {
    word.rsplit_once(':').is_some_and(|(function, code)| {
        is_function(function.split(':').next().unwrap_or_default()) && is_code(code)
    })
}

fn is_function(word: &str) -> bool {
    let rest = ["WSP", "WPU", "WSC"]
        .iter()
        .find_map(|family| word.strip_prefix(family));
    rest.is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_uppercase()) && rest.contains(|c: char| c.is_ascii_lowercase())
    })
}

fn is_code(word: &str) -> bool {
    (word.starts_with("WSA") || word.starts_with("ERROR_"))
        && word
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte == b'_' || byte.is_ascii_digit())
}

/// A piece of C: a word, a mark, or what is said in a string or comment.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Token {
    Word(String),
    Mark(char),
    Text(String),
    Comment(String),
}

/// A function, table or test of a C file.
#[derive(Clone, Default, Debug)]
struct Definition {
    name: String,
    is_test: bool,
    /// Its strings and comments, with the comment right before it.
    said: String,
    /// The words between two ends of a statement, rows of tables included; strings as words.
    statements: Vec<Vec<String>>,
    /// The functions whose answers it returns.
    returned: BTreeSet<String>,
}

/// A C file.
#[derive(Clone, Default, Debug)]
struct Source {
    definitions: Vec<Definition>,
}

impl Source {
    /// Cuts a file into its definitions: what stands outside of all parentheses up to the `}` or `;` that ends it.
    fn parse(text: &str) -> Self {
        let mut source = Self::default();
        let mut collected: Vec<Token> = Vec::new();
        let (mut braces, mut parentheses) = (0_usize, 0_usize);
        for token in tokens(text) {
            let mark = match token {
                Token::Mark(mark) => mark,
                _ => ' ',
            };
            collected.push(token);
            match mark {
                '(' => parentheses += 1,
                ')' => parentheses = parentheses.saturating_sub(1),
                '{' => braces += 1,
                '}' => braces = braces.saturating_sub(1),
                _ => {}
            }
            if braces == 0 && parentheses == 0 && matches!(mark, '}' | ';') {
                source.definitions.push(Definition::new(&collected));
                collected.clear();
            }
        }
        source
    }

    /// `from` and what it uses, directly or not.
    fn reached<'a>(&'a self, from: &'a Definition) -> Vec<&'a Definition> {
        let mut reached = vec![from];
        let mut next = 0;
        while let Some(definition) = reached.get(next) {
            next += 1;
            let words: BTreeSet<&String> = definition.statements.iter().flatten().collect();
            for other in self.definitions.iter().filter(|other| !other.is_test) {
                if words.contains(&other.name) && !reached.iter().any(|known| known.name == other.name) {
                    reached.push(other);
                }
            }
        }
        reached
    }
}

impl Definition {
    fn new(tokens: &[Token]) -> Self {
        let mut new = Self::default();
        let words: Vec<&str> = tokens
            .iter()
            .filter_map(|token| match token {
                Token::Word(word) => Some(word.as_str()),
                _ => None,
            })
            .collect();
        let opens = tokens
            .iter()
            .position(|token| matches!(token, Token::Mark('(' | '[' | '=' | '{')));
        let before = opens
            .and_then(|opens| opens.checked_sub(1))
            .and_then(|at| tokens.get(at));
        new.is_test = before == Some(&Token::Word(String::from("TEST")));
        new.name = match (new.is_test, before) {
            (true, _) => words
                .iter()
                .skip_while(|word| **word != "TEST")
                .nth(1)
                .map(|name| String::from(*name)),
            (false, Some(Token::Word(word))) => Some(word.clone()),
            _ => None,
        }
        .unwrap_or_default();
        let mut statement: Vec<String> = Vec::new();
        let mut parentheses = 0_usize;
        for token in tokens {
            match token {
                Token::Comment(said) => {
                    new.said.push_str(said);
                    new.said.push('\n');
                }
                Token::Text(said) => {
                    new.said.push_str(said);
                    new.said.push('\n');
                    statement.push(said.clone());
                }
                Token::Word(word) => statement.push(word.clone()),
                Token::Mark(mark) => {
                    match mark {
                        '(' => parentheses += 1,
                        ')' => parentheses = parentheses.saturating_sub(1),
                        _ => {}
                    }
                    if parentheses == 0 && matches!(mark, ';' | '{' | '}') && !statement.is_empty() {
                        new.statements.push(std::mem::take(&mut statement));
                    }
                }
            }
        }
        new.statements.push(statement);
        new.returned = new
            .statements
            .iter()
            .filter_map(|words| {
                let at = words.iter().position(|word| word == "return")?;
                words.get(at + 1).cloned()
            })
            .collect();
        new
    }
}

/// The tokens of a C file. Preprocessor lines are left out.
fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut line_begins = true;
    while let Some(first) = rest.chars().next() {
        let taken = if let Some(comment) = rest.strip_prefix("/*") {
            let end = comment.find("*/").map_or(rest.len(), |end| end + 4);
            found.push(Token::Comment(String::from(&rest[..end])));
            end
        } else if rest.starts_with("//") {
            let end = rest.find('\n').unwrap_or(rest.len());
            found.push(Token::Comment(String::from(&rest[..end])));
            end
        } else if first == '#' && line_begins {
            let mut end = 0;
            for line in rest.split_inclusive('\n') {
                end += line.len();
                if !line.trim_end().ends_with('\\') {
                    break;
                }
            }
            end
        } else if first == '"' || first == '\'' {
            let end = quoted(rest, first);
            if first == '"' {
                found.push(Token::Text(String::from(rest[1..end].trim_end_matches('"'))));
            }
            end
        } else if first.is_ascii_alphanumeric() || first == '_' {
            let end = rest
                .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                .unwrap_or(rest.len());
            found.push(Token::Word(String::from(&rest[..end])));
            end
        } else {
            if !first.is_whitespace() {
                found.push(Token::Mark(first));
            }
            first.len_utf8()
        };
        line_begins = first == '\n' || line_begins && first.is_whitespace() || rest[..taken].ends_with('\n');
        rest = &rest[taken..];
    }
    found
}

/// Where a string or character ends, its quotes included.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The functions of the interface that each helper answers for, being what it returns.
fn answering(sources: &[&Source]) -> BTreeMap<String, BTreeSet<String>> {
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    loop {
        let before = known.values().map(BTreeSet::len).sum::<usize>();
        for definition in sources.iter().flat_map(|source| &source.definitions) {
            for returned in &definition.returned {
                let functions = match is_function(returned) {
                    true => BTreeSet::from([returned.clone()]),
                    false => known.get(returned).cloned().unwrap_or_default(),
                };
                if !functions.is_empty() {
                    known
                        .entry(definition.name.clone())
                        .or_default()
                        .extend(functions);
                }
            }
        }
        if known.values().map(BTreeSet::len).sum::<usize>() == before {
            return known;
        }
    }
}

/// The failures that statements produce.
fn failures(
    statements: &[Vec<String>],
    answering: &BTreeMap<String, BTreeSet<String>>,
) -> Vec<(String, String)> {
    let called = |words: &[String]| -> BTreeSet<String> {
        let named = words.iter().filter(|word| is_function(word)).cloned();
        let helped = words
            .iter()
            .filter_map(|word| answering.get(word))
            .flatten()
            .cloned();
        named.chain(helped).collect()
    };
    let mut found = Vec::new();
    for (position, words) in statements.iter().enumerate() {
        let codes: Vec<&String> = words.iter().filter(|word| is_code(word)).collect();
        if codes.is_empty() {
            continue;
        }
        let mut functions = called(words);
        // EQUAL(WSPRecv(...), SOCKET_ERROR); EQUAL(error, WSAEINTR);
        if functions.is_empty() && words.iter().any(|word| word == "error") {
            functions = position
                .checked_sub(1)
                .map(|before| called(&statements[before]))
                .unwrap_or_default();
        }
        for function in functions {
            found.extend(codes.iter().map(|code| (function.clone(), String::from(*code))));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cites_rules_and_failures() {
        assert_eq!(
            ids("WSPListen.3, (OBS.2) NEED-H7. C.5: WSPRecv:WSAEINTR"),
            ["WSPListen.3", "OBS.2", "NEED-H7", "C.5", "WSPRecv:WSAEINTR"]
        );
        assert!(ids("NEED-H1 to NEED-H19, main.C, v2.2, WSPListen, XC.5, WSP.1").is_empty());
    }

    const PROGRAM: &str = r#"
        #include "check.h"
        #define BOTH(a) \
            FAILS(WSPSend(a), WSAENOTCONN)
        struct row { const char *function; int code; };
        static const struct row rows[] = {
            {"WSPBind", WSAENETDOWN},
            {"WSPSocket", WSAENOBUFS},
        };
        /* Helps. */
        static int attempt(SOCKET s) { return WSPConnect(s, &error); }
        static void deep(void) { FAILS(attempt(1), WSAEALREADY); }
        /* OBS.19 too */
        TEST(first, "WSPListen.1 WSPListen.2")
        {
            SUCCEEDS(WSPSocket(1));
            FAILS(WSPListen(tcp(), 5, &error), WSAEINVAL); /* C.7 */
            EQUAL(WSPRecv(1, "a } brace"), SOCKET_ERROR);
            EQUAL(error, WSAEINTR);
            deep();
        }
        TEST(second, "OBS.3") { run(rows, '"'); }
    "#;

    #[test]
    fn a_program_is_read_test_by_test() {
        let mut found = Citations::default();
        found.add_programs("c/p", &Source::parse(PROGRAM), &Source::default());
        let first = ["c/p::first"];
        for id in [
            "WSPListen.1",
            "WSPListen.2",
            "OBS.19",
            "C.7",
            "WSPListen:WSAEINVAL",
            "WSPRecv:WSAEINTR",
            "WSPConnect:WSAEALREADY",
        ] {
            assert_eq!(found.of(id), first, "{id}");
        }
        for id in ["OBS.3", "WSPBind:WSAENETDOWN", "WSPSocket:WSAENOBUFS"] {
            assert_eq!(found.of(id), ["c/p::second"], "{id}");
        }
        for id in [
            "WSPSocket:WSAEINVAL",
            "WSPBind:WSAENOBUFS",
            "WSPSend:WSAENOTCONN",
            "WSPSocket:WSAEINTR",
        ] {
            assert!(found.of(id).is_empty(), "{id}");
        }
    }

    #[test]
    fn a_unit_test_cites_in_its_comment() {
        let mut found = Citations::default();
        let text =
            "/// WSPBind.1\nfn f() {}\n/// WSPStartup.4: the\n/// examples\n#[test]\nfn examples() {\n";
        found.add_units("src/x", text);
        assert_eq!(found.of("WSPStartup.4"), ["src/x::examples"]);
        assert!(found.of("WSPBind.1").is_empty());
    }
}
