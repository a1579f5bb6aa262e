//! Port numbers for whoever does not care which.

use once_cell::race::OnceBox;
use std::hash::{BuildHasher, RandomState};
use std::ops::RangeInclusive;

/// The host's ephemeral ports (for IPv6 too), as it says under /proc.
struct Ephemeral {
    range: RangeInclusive<u16>,
    reserved: Vec<RangeInclusive<u16>>,
}

impl Ephemeral {
    fn of_host() -> &'static Self {
        static HOST: OnceBox<Ephemeral> = OnceBox::new();
        HOST.get_or_init(|| {
            let read =
                |name| std::fs::read_to_string(format!("/proc/sys/net/ipv4/{name}")).unwrap_or_default();
            Box::new(Self {
                range: parse_range(&read("ip_local_port_range"), char::is_whitespace)
                    .unwrap_or(32768..=60999),
                reserved: read("ip_local_reserved_ports")
                    .split(',')
                    .filter_map(|range| parse_range(range, |c| c == '-'))
                    .collect(),
            })
        })
    }
}

/// `first` and `last` with something between them, or one number alone.
fn parse_range(text: &str, between: fn(char) -> bool) -> Option<RangeInclusive<u16>> {
    let text = text.trim();
    let (first, last) = text.split_once(between).unwrap_or((text, text));
    let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (0 < first && first <= last).then_some(first..=last)
}

/// An ephemeral port that nobody can predict; `None` when the dice fell on one that the host reserves.
pub(crate) fn random() -> Option<u16> {
    let Ephemeral { range, reserved } = Ephemeral::of_host();
    let choices = u64::from(range.end() - range.start()) + 1;
    let port = range.start() + (random_number() % choices) as u16;
    reserved
        .iter()
        .all(|range| !range.contains(&port))
        .then_some(port)
}

/// Every `RandomState` has keys of its own.
fn random_number() -> u64 {
    RandomState::new().hash_one(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_kernel_writes_them() {
        let reserved = |text| parse_range(text, |c| c == '-');
        assert_eq!(
            parse_range("32768\t60999\n", char::is_whitespace),
            Some(32768..=60999)
        );
        assert_eq!(reserved("8080"), Some(8080..=8080));
        assert_eq!(reserved("9000-9010\n"), Some(9000..=9010));
        assert_eq!(reserved("\n"), None);
        assert_eq!(reserved("9-1"), None);
    }

    #[test]
    fn ports_are_ephemeral_and_differ() {
        let range = &Ephemeral::of_host().range;
        let ports: std::collections::HashSet<u16> = (0..100).filter_map(|_| random()).collect();
        assert!(ports.iter().all(|port| range.contains(port)));
        assert!(ports.len() > 1);
    }
}
