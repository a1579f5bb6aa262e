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
    let mut wrong = Vec::new();
    for entry in fs::read_dir(place::include())? {
        let header = entry?.file_name().into_string().unwrap();
        for language in LANGUAGES.into_iter().filter(|language| language.installed()) {
            wrong.extend(language.strict(&[]).check(&source(language, &[&header])).err());
        }
    }
    verdict(wrong)
}

/// The header alone with every option; after each of libc's headers; and before all of them, of which each
/// comes first in some language. The options take turns, so that every order meets every option in two
/// languages.
fn with_libc(language: Language, turn: usize, header: &'static str) -> Result<(), Failed> {
    let mut wrong = Vec::new();
    let alone = source(language, &[header]);
    for options in OPTIONS {
        wrong.extend(language.strict(options).check(&alone).err());
    }
    for (place, libc) in LIBC.into_iter().enumerate() {
        let options = OPTIONS[(turn + place) % OPTIONS.len()];
        wrong.extend(
            language
                .strict(options)
                .check(&source(language, &[libc, header]))
                .err(),
        );
    }
    for (place, backwards) in [false, true].into_iter().enumerate() {
        let mut after = LIBC;
        if backwards {
            after.reverse();
        }
        after.rotate_left(turn);
        let options = OPTIONS[(turn + place) % OPTIONS.len()];
        let order = [&[header], &after[..]].concat();
        wrong.extend(language.strict(options).check(&source(language, &order)).err());
    }
    verdict(wrong)
}

/// All headers of both kinds in one source: as listed, backwards, and dealt out from both lists in turn.
fn permutations(language: Language) -> Result<(), Failed> {
    let ours = HEADERS.to_vec();
    let libc = LIBC.to_vec();
    let backwards = |list: &[&'static str]| list.iter().rev().copied().collect::<Vec<_>>();
    let dealt = ours
        .iter()
        .enumerate()
        .flat_map(|(i, header)| [*header, libc[(i * 3) % libc.len()]])
        .collect::<Vec<_>>();
    let orders = [
        [&ours[..], &libc].concat(),
        [&libc[..], &ours].concat(),
        [backwards(&ours), backwards(&libc)].concat(),
        [backwards(&libc), backwards(&ours)].concat(),
        backwards(&dealt),
        dealt,
    ];
    let mut wrong = Vec::new();
    for order in orders {
        let source = source(language, &order);
        for options in OPTIONS {
            wrong.extend(language.strict(options).check(&source).err());
        }
    }
    verdict(wrong)
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

fn verdict(wrong: Vec<String>) -> Result<(), Failed> {
    match wrong.len() {
        0 => Ok(()),
        n => Err(format!("{n} times, first:\n{}", wrong[0]).into()),
    }
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
