//! # The recorded trace
//!
//! `traces/README.md` says what it is and how it is written.

use crate::program::Program;
use std::collections::HashMap;

/// The file, in the program itself: a bench finds it wherever it is started.
const FILE: &[u8] = include_bytes!("../traces/cpython-3.11.trace.xz");

/// What the trace's integers say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Event {
    Alloc(u32),
    /// Of the allocation with this number.
    Free(u64),
}

/// The recorded program.
///
/// # Panics
/// When the file is damaged.
#[must_use]
pub fn program() -> Program {
    let (mut program, mut slots, mut number) = (Program::default(), HashMap::new(), 0);
    for event in events() {
        match event {
            Event::Alloc(bytes) => {
                slots.insert(number, program.alloc(bytes));
                number += 1;
            }
            Event::Free(number) => program.free(slots.remove(&number).expect("a block that is alive")),
        }
    }
    program.finished()
}

/// The sizes that it asks for and that a pool serves, in its order.
#[must_use]
pub fn small_sizes() -> Vec<u32> {
    let small = |event| match event {
        Event::Alloc(bytes @ 1..=512) => Some(bytes),
        _ => None,
    };
    events().into_iter().filter_map(small).collect()
}

fn events() -> Vec<Event> {
    let mut bytes = Vec::new();
    lzma_rs::xz_decompress(&mut &FILE[..], &mut bytes).expect("the trace is an xz file");
    let mut allocated = 0;
    let mut event = |word: u64| {
        if word & 1 == 1 {
            return Event::Free(allocated - (word >> 1));
        }
        allocated += 1;
        Event::Alloc(u32::try_from(word >> 1).expect("a request below 4 GiB"))
    };
    integers(&bytes).into_iter().map(&mut event).collect()
}

/// LEB128: seven bits a byte, the lowest first; the eighth says that more follow.
fn integers(bytes: &[u8]) -> Vec<u64> {
    let (mut all, mut word, mut shift) = (vec![], 0, 0);
    for byte in bytes {
        word |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            all.push(word);
            (word, shift) = (0, 0);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_little_endian_in_sevens() {
        assert_eq!(integers(&[0x05, 0x80, 0x01, 0xff, 0x7f]), [5, 128, 16383]);
    }

    #[test]
    fn the_trace_is_what_its_readme_says() {
        let events = events();
        let allocs: Vec<u32> = events
            .iter()
            .filter_map(|event| match event {
                Event::Alloc(bytes) => Some(*bytes),
                Event::Free(_) => None,
            })
            .collect();
        assert_eq!((allocs.len(), events.len() - allocs.len()), (713_108, 633_489));
        assert_eq!(allocs.iter().filter(|bytes| **bytes > 512).count(), 1_169);
        assert_eq!(allocs.iter().filter(|bytes| **bytes == 0).count(), 8);
        assert_eq!(program().pairs(), 713_108);
        assert_eq!(program().table().len(), 79_620);
    }
}
