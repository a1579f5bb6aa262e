//! Structures of Rust against those of the headers: as wide, as aligned, with each member in its place.

use crate::probe::{self, Probe};
use crate::table::HEADERS;
use libtest_mimic::Trial;

/// How a structure lies in memory.
pub(crate) struct Layout {
    pub(crate) name: &'static str,
    pub(crate) size: usize,
    pub(crate) align: usize,
    /// Each member's name, offset and size.
    pub(crate) members: Vec<(&'static str, usize, usize)>,
}

/// `Type { member, … }`: the layouts of Rust structures. Where C has another name, `as "name"` follows
/// Rust's.
macro_rules! layouts {
    [$($type:ident $(as $c:literal)? { $($member:ident $(as $field:literal)?),* $(,)? }),* $(,)?] => {
        vec![$($crate::layout::Layout {
            name: [$($c,)? stringify!($type)][0],
            size: size_of::<$type>(),
            align: align_of::<$type>(),
            members: vec![$((
                [$($field,)? stringify!($member)][0],
                std::mem::offset_of!($type, $member),
                $crate::layout::size_of_member(|it: &$type| &it.$member),
            )),*],
        }),*]
    };
}
pub(crate) use layouts;

/// Constants of Rust: each one's name, value and width in bytes.
macro_rules! constants {
    [$($name:ident),* $(,)?] => { [$((stringify!($name), $name as i128, size_of_val(&$name))),*] };
}
pub(crate) use constants;

/// The size of the member that `member` names.
pub(crate) fn size_of_member<T, M>(_: fn(&T) -> &M) -> usize {
    size_of::<M>()
}

/// A trial that compares `layouts`, which `source` declares, with the headers.
pub(crate) fn trial(source: &'static str, layouts: &[Layout]) -> Trial {
    let headers = HEADERS.map(|header| format!("#include <{header}>\n")).concat();
    let mut probe = Probe::new(
        source,
        format!("layouts: {source}"),
        &format!("#include <stddef.h>\n{headers}"),
    );
    for (
        line,
        Layout {
            name,
            size,
            align,
            members,
        },
    ) in (1..).zip(layouts)
    {
        let mut c = probe::demand(
            &format!("{name} has {size} bytes"),
            &format!("sizeof({name}) == {size}"),
        );
        c += &probe::demand(
            &format!("{name} is aligned to {align}"),
            &format!("_Alignof({name}) == {align}"),
        );
        for (member, offset, size) in members {
            let there = format!("offsetof({name}, {member}) == {offset}");
            c += &probe::demand(&format!("{name}.{member} is at {offset}"), &there);
            let wide = format!("sizeof((({name} *)0)->{member}) == {size}");
            c += &probe::demand(&format!("{name}.{member} has {size} bytes"), &wide);
        }
        probe.row(line, name, &c);
    }
    probe.trial(&[])
}
