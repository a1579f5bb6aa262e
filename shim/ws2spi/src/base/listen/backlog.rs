//! What a backlog asks for.

/// How many connections may wait.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Backlog {
    /// Exactly so many, the next one is refused (WSPListen.5).
    Exact(u32),
    /// About so many: the kernel's own queue, which lets further ones wait for room.
    Kernel(u32),
}

/// The largest backlog that Windows takes literally, and the range of its hints.
const LITERAL: u32 = 200;
const LARGEST_HINT: u32 = 65535;

/// How `WS2SPI_BACKLOG` changes the choice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Policy {
    /// Exact for 1 to 200, the kernel's for SOMAXCONN and hints.
    Default,
    /// `strict`: exact whatever is asked.
    Strict,
    /// `kernel`: the kernel's whatever is asked.
    Kernel,
}

impl Policy {
    pub(crate) fn from_setting(setting: Option<&str>) -> Self {
        match setting {
            Some("strict") => Self::Strict,
            Some("kernel") => Self::Kernel,
            _ => Self::Default,
        }
    }
}

impl Backlog {
    /// The nearest legal value to `asked` (WSPListen.4). Negative values are SOMAXCONN_HINT's; `most` is what this
    /// host gives (WSPListen.2).
    pub(crate) fn new(asked: i32, policy: Policy, most: u32) -> Self {
        let wish = match asked {
            crate::abi::SOMAXCONN => Self::Kernel(most),
            ..=-1 => Self::Kernel(asked.unsigned_abs().clamp(LITERAL, LARGEST_HINT).min(most)),
            0.. => Self::Exact(asked.unsigned_abs().clamp(1, LITERAL).min(most.max(1))),
        };
        match policy {
            Policy::Default => wish,
            Policy::Strict => Self::Exact(wish.count()),
            Policy::Kernel => Self::Kernel(wish.count()),
        }
    }

    pub(crate) const fn count(self) -> u32 {
        match self {
            Self::Exact(count) | Self::Kernel(count) => count,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Backlog::{Exact, Kernel};

    /// WSPListen.2, WSPListen.4: every value is some legal one.
    #[test]
    fn values_become_the_nearest_legal_one() {
        let cases = [
            (i32::MAX, Kernel(4096)),
            (0, Exact(1)),
            (1, Exact(1)),
            (5, Exact(5)),
            (200, Exact(200)),
            (201, Exact(200)),
            (i32::MAX - 1, Exact(200)),
            (-1, Kernel(200)),
            (-300, Kernel(300)),
            (-5000, Kernel(4096)),
            (i32::MIN, Kernel(4096)),
        ];
        for (asked, expected) in cases {
            assert_eq!(Backlog::new(asked, Policy::Default, 4096), expected, "{asked}");
        }
        assert_eq!(Backlog::new(5, Policy::Default, 3), Exact(3));
    }

    #[test]
    fn the_policy_overrides_who_keeps_the_queue() {
        assert_eq!(
            Backlog::new(5, Policy::from_setting(Some("kernel")), 4096),
            Kernel(5)
        );
        assert_eq!(
            Backlog::new(-300, Policy::from_setting(Some("strict")), 4096),
            Exact(300)
        );
        assert_eq!(
            Backlog::new(5, Policy::from_setting(Some("other")), 4096),
            Exact(5)
        );
    }
}
