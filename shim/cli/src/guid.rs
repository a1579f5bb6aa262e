//! GUIDs as people write them: `{E70F1AA0-AB8B-11CF-8CA3-00805F48A192}`, with or without the braces, in either case.

use uuid::Uuid;
use ws2spi::abi::GUID;

/// Reads what a GUID prints itself as, and what else people write.
pub(crate) fn parse(text: &str) -> Option<GUID> {
    Uuid::parse_str(text).ok().map(from)
}

/// One that nobody has.
pub(crate) fn random() -> GUID {
    from(Uuid::new_v4())
}

fn from(id: Uuid) -> GUID {
    let (first, second, third, rest) = id.as_fields();
    GUID {
        Data1: first,
        Data2: second,
        Data3: third,
        Data4: *rest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let tcp = GUID {
            Data1: 0xe70f_1aa0,
            Data2: 0xab8b,
            Data3: 0x11cf,
            Data4: [0x8c, 0xa3, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92],
        };
        assert_eq!(tcp.to_string(), "{E70F1AA0-AB8B-11CF-8CA3-00805F48A192}");
        for written in [&*tcp.to_string(), "e70f1aa0-ab8b-11cf-8ca3-00805f48a192"] {
            assert_eq!(parse(written), Some(tcp));
        }
        assert_eq!(parse("1001"), None);
        assert_ne!(random(), random());
    }
}
