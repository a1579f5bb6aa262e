//! Every header compiles alone and in every order with libc's headers, in every language, without a warning
//! (NEED-H9, NEED-H15, NEED-H17).

use crate::table::HEADERS;
use libtest_mimic::{Failed, Trial};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::sync::LazyLock;
use ws2spi_tests::compiler::{C, STRICT};
use ws2spi_tests::place;

/// libc's headers that share names with ours, and those that every program has.
const LIBC: [&str; 10] = [
    "sys/types.h",
    "sys/time.h",
    "sys/socket.h",
    "netinet/in.h",
    "netdb.h",
    "unistd.h",
    "poll.h",
    "stdlib.h",
    "time.h",
    "arpa/inet.h",
];

/// A language: the compiler's name for it, the suffix of its sources.
#[derive(Clone, Copy)]
pub(crate) struct Language {
    pub(crate) compiler: &'static str,
    pub(crate) standard: &'static str,
    pub(crate) suffix: &'static str,
}

pub(crate) const LANGUAGES: [Language; 8] = [
    Language {
        compiler: "gcc",
        standard: "c99",
        suffix: "c",
    },
    Language {
        compiler: "gcc",
        standard: "c11",
        suffix: "c",
    },
    Language {
        compiler: "gcc",
        standard: "c17",
        suffix: "c",
    },
    Language {
        compiler: "g++",
        standard: "c++17",
        suffix: "cpp",
    },
    Language {
        compiler: "clang",
        standard: "c99",
        suffix: "c",
    },
    Language {
        compiler: "clang",
        standard: "c11",
        suffix: "c",
    },
    Language {
        compiler: "clang",
        standard: "c17",
        suffix: "c",
    },
    Language {
        compiler: "clang++",
        standard: "c++17",
        suffix: "cpp",
    },
];

/// What a program may ask of the compiler and of us.
pub(crate) const OPTIONS: [&[&str]; 4] = [
    &[],
    &["-fshort-wchar"],
    &["-DWS2SPI_USE_WS_PREFIX"],
    &["-fshort-wchar", "-DWS2SPI_USE_WS_PREFIX"],
];

impl Language {
    /// The strict compiler of this language with our headers.
    pub(crate) fn strict(self, options: &[&str]) -> C {
        C::new(self.compiler)
            .std(self.standard)
            .args(STRICT)
            .args(options)
            .ws2spi()
    }

    fn installed(self) -> bool {
        static FOUND: LazyLock<Vec<&str>> = LazyLock::new(|| {
            let compilers = LANGUAGES.iter().map(|language| language.compiler);
            compilers
                .filter(|compiler| C::new(*compiler).installed())
                .collect()
        });
        FOUND.contains(&self.compiler)
    }

    /// The trial of `check` in this language. A compiler that is not installed shows as an ignored trial,
    /// which fails where nothing may be missing (CI).
    pub(crate) fn trial(
        self,
        name: String,
        check: impl FnOnce() -> Result<(), Failed> + Send + 'static,
    ) -> Trial {
        let missing = !self.installed() && std::env::var_os("CI").is_none_or(|ci| ci != "true");
        let name = format!("{name} {} {}", self.compiler, self.standard);
        let note = if missing {
            format!("{name} ({} is not installed)", self.compiler)
        } else {
            name
        };
        Trial::test(note, check).with_ignored_flag(missing)
    }
}

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = vec![Trial::test("matrix: each file alone", each_alone)];
    for (turn, language) in LANGUAGES.into_iter().enumerate() {
        for header in HEADERS {
            let name = format!("matrix: {header}");
            trials.push(language.trial(name, move || with_libc(language, turn, header)));
        }
        trials.push(
            language.trial(String::from("matrix: two sources of one program"), move || {
                two(language)
            }),
        );
        trials.push(language.trial(String::from("matrix: all headers"), move || {
            permutations(language)
        }));
    }
    trials
}

/// Every file of the folder stands on its own, the parts too that programs do not include themselves.
fn each_alone() -> Result<(), Failed> {
    let entries = fs::read_dir(place::include())?;
    let files = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect::<Vec<_>>();
    for language in LANGUAGES.into_iter().filter(|language| language.installed()) {
        let sources: Vec<PathBuf> = files.iter().map(|file| source(language, &[file])).collect();
        check(language, &[], &sources)?;
    }
    Ok(())
}

/// The header alone with every option; after each of libc's headers; and before all of them, of which each comes
/// first in some language. The options take turns, so that every order meets every option in two languages.
fn with_libc(language: Language, turn: usize, header: &'static str) -> Result<(), Failed> {
    let mut orders = LIBC.map(|libc| vec![libc, header]).to_vec();
    for backwards in [false, true] {
        let mut after = LIBC;
        if backwards {
            after.reverse();
        }
        after.rotate_left(turn);
        orders.push([&[header], &after[..]].concat());
    }
    for (place, options) in OPTIONS.into_iter().enumerate() {
        let ours = orders
            .iter()
            .skip((place + turn) % OPTIONS.len())
            .step_by(OPTIONS.len());
        let mut sources: Vec<PathBuf> = ours.map(|order| source(language, order)).collect();
        sources.push(source(language, &[header]));
        check(language, options, &sources)?;
    }
    Ok(())
}

/// All headers of both kinds in one source: as listed, backwards, and dealt out from both lists in turn.
fn permutations(language: Language) -> Result<(), Failed> {
    let backwards = |list: &[&'static str]| list.iter().rev().copied().collect::<Vec<_>>();
    let dealt = HEADERS
        .iter()
        .zip(LIBC.iter().cycle().step_by(3))
        .flat_map(|(ours, libc)| [*ours, *libc]);
    let dealt = dealt.collect::<Vec<_>>();
    let orders = [
        [&HEADERS[..], &LIBC].concat(),
        [&LIBC[..], &HEADERS].concat(),
        [backwards(&HEADERS), backwards(&LIBC)].concat(),
        [backwards(&LIBC), backwards(&HEADERS)].concat(),
        backwards(&dealt),
        dealt,
    ];
    let sources = orders.map(|order| source(language, &order));
    for options in OPTIONS {
        check(language, options, &sources)?;
    }
    Ok(())
}

/// Compiles all `sources` in one command: many small ones are checked here, and starting a compiler takes long.
fn check(language: Language, options: &[&str], sources: &[PathBuf]) -> Result<(), String> {
    let (first, others) = sources.split_first().expect("a source");
    language.strict(options).args(others).check(first)
}

/// What headers define may be defined in every source of a program (NEED-H17), GUIDs included.
fn two(language: Language) -> Result<(), Failed> {
    let one = source(language, &HEADERS);
    let other = one.with_file_name(format!("other.{}", language.suffix));
    fs::write(&other, fs::read_to_string(&one)?.replace("main", "other"))?;
    let program = one.with_file_name("two");
    Ok(language
        .strict(&["-DINITGUID"])
        .args([&other])
        .compile(&one, &program)?)
}

/// A program that includes `headers` in this order.
fn source(language: Language, headers: &[&str]) -> PathBuf {
    let lines: String = headers
        .iter()
        .map(|header| format!("#include <{header}>\n"))
        .collect();
    let mut hash = DefaultHasher::new();
    headers.hash(&mut hash);
    let name = format!(
        "{}_{:016x}.{}",
        headers[0].replace(['/', '.'], "_"),
        hash.finish(),
        language.suffix
    );
    let folder = format!("headers/matrix/{}_{}", language.compiler, language.standard);
    let path = place::scratch(&folder).join(name);
    fs::write(&path, format!("{lines}int main(void) {{ return 0; }}\n")).unwrap();
    path
}
