//! # Lines for a trace: long lists and strange characters
//!
//! A record of a trace is one line, and a line is for a person: a list of twenty thousand objects is told as its first
//! twelve names, how many there are, and a digest that differs when one of them does.

/// `text` on one line, its control characters escaped.
pub fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim_end().chars() {
        match c {
            '\n' => out.push_str(" / "),
            c if c.is_control() => out.extend(c.escape_default()),
            c => out.push(c),
        }
    }
    out
}

/// A list for a fact: as it is when short, else the first twelve names, the number of all and a digest of all.
///
/// ```
/// assert_eq!(kit::text::list(["a", "b"]), "a b");
/// assert_eq!(kit::text::list(Vec::<String>::new()), "none");
/// assert!(kit::text::list((0..20).map(|i| i.to_string())).starts_with("0 1 2 3 4 5 6 7 8 9 10 11 ... (20, digest "));
/// ```
pub fn list<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    const SHOWN: usize = 12;
    let (mut out, mut count, mut digest) = (String::new(), 0usize, FNV_START);
    for name in names {
        let name = name.as_ref();
        if count < SHOWN {
            if count > 0 {
                out.push(' ');
            }
            out.push_str(name);
        }
        digest = fnv(fnv(digest, name.as_bytes()), b" ");
        count += 1;
    }
    match count {
        0 => "none".into(),
        n if n <= SHOWN => out,
        n => format!("{out} ... ({n}, digest {:08x})", (digest ^ (digest >> 32)) as u32),
    }
}

const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a: a digest that is the same everywhere. It tells lists apart, it protects nothing.
fn fnv(start: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(start, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}
