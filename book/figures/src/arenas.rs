//! # Why a process does not shrink
//!
//! ```text
//!   arena 0   |##|##|  |  |~~~~~~~~~~~~~~~~~~~|   2 blocks in use
//!   arena 1   |##|~~~~~~~~~~~~~~~~~~~~~~~~~~~~|   1 block in use
//!   arena 2   |                               |   given back
//! ```
//!
//! One strip an arena. A single block keeps its pool, and a single pool its arena; only an arena whose pools are all
//! free can go back to the system. An arena that went back keeps its strip, so that it is seen to be gone.

use crate::figure::{Drawing, Step};
use crate::moment::Moment;
use crate::svg::{Anchor, Shape, rect, words};
use crate::{Fault, WIDTH};
use kit::picture::{ArenaPicture, HeapPicture, Picture, PoolCell};
use std::collections::BTreeSet;

/// The kind's name.
pub const KIND: &str = "arenas";

/// Arenas in one picture.
const MOST: usize = 8;
const NAMES: f64 = 66.0;
const POOLS: f64 = 448.0;
const STRIP: f64 = 24.0;
const PITCH: f64 = 38.0;

/// A drawing of these moments.
pub fn draw(moments: &[Moment]) -> Result<Drawing, Fault> {
    let mut steps: Vec<Step> = Vec::new();
    let mut seen = BTreeSet::new();
    for moment in moments {
        let now = moment.pictures.iter().rev().find_map(heap);
        let Some(now) = now else {
            moment.told(&mut steps);
            continue;
        };
        seen.extend(now.arenas.iter().map(|arena| arena.index));
        if seen.len() > MOST {
            let what = format!("there are {} arenas, and a picture has room for {MOST}", seen.len());
            let remedy = "Let the script need fewer: larger blocks fill an arena sooner.".into();
            return Err(Fault { line: Some(moment.line), what, remedy });
        }
        let gone: Vec<u32> =
            seen.iter().copied().filter(|index| now.arenas.iter().all(|a| a.index != *index)).collect();
        let shapes = shapes(now, &gone);
        let sentence = moment.with_facts(&sentence(now, &gone));
        steps.push(Step { op: moment.op.clone(), sentence, shapes, height: seen.len().max(1) as f64 * PITCH });
    }
    let legend = vec![
        ("map-pool", "a pool with blocks in use"),
        ("map-free", "pools that came back to their arena"),
        ("map-untouched", "pools that were never handed out"),
        ("map-gone", "an arena whose memory went back to the system"),
    ];
    Ok(Drawing { steps, width: WIDTH, legend })
}

fn heap(picture: &Picture) -> Option<&HeapPicture> {
    match picture {
        Picture::Heap(heap) => Some(heap),
        _ => None,
    }
}

/// Pools and blocks in use, and the bytes of those blocks.
pub(crate) fn in_use(arena: &ArenaPicture) -> (u64, u64, u64) {
    let used = arena.pools.iter().filter_map(|cell| match cell {
        PoolCell::Used { block_size, in_use, .. } => Some((u64::from(*in_use), u64::from(*block_size))),
        _ => None,
    });
    used.fold((0, 0, 0), |(pools, blocks, bytes), (in_use, size)| (pools + 1, blocks + in_use, bytes + in_use * size))
}

fn sentence(now: &HeapPicture, gone: &[u32]) -> String {
    let held: u64 = now.arenas.iter().map(size).sum();
    let (mut pools, mut blocks, mut bytes) = (0, 0, 0);
    for used in now.arenas.iter().map(in_use) {
        (pools, blocks, bytes) = (pools + used.0, blocks + used.1, bytes + used.2);
    }
    let mut sentence = format!(
        "{}, {} KiB, held for {} of {bytes} bytes in {}.",
        counted(now.arenas.len() as u64, "arena"),
        held >> 10,
        counted(blocks, "block"),
        counted(pools, "pool")
    );
    let names = |list: &[u32]| list.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    let spare: Vec<_> = now.arenas.iter().filter(|arena| in_use(arena).0 == 0).map(|arena| arena.index).collect();
    if !spare.is_empty() {
        sentence.push_str(&format!(" Wholly free, and kept: {}.", names(&spare)));
    }
    if !gone.is_empty() {
        sentence.push_str(&format!(" Back to the system: {}.", names(gone)));
    }
    sentence
}

/// Bytes of an arena, as far as the picture knows: its pools and what is lost at its ends.
fn size(arena: &ArenaPicture) -> u64 {
    let pools = arena.pools.len() as u64 * u64::from(arena.pool_size);
    // What does not fit at the ends is one pool, whatever part of it is in front.
    if arena.lost > 0 { pools + u64::from(arena.pool_size) } else { pools }
}

/// `1 block`, `2 blocks`.
pub(crate) fn counted(number: u64, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

fn shapes(now: &HeapPicture, gone: &[u32]) -> Vec<Shape> {
    let mut rows: Vec<(u32, Option<&ArenaPicture>)> =
        now.arenas.iter().map(|arena| (arena.index, Some(arena))).collect();
    rows.extend(gone.iter().map(|index| (*index, None)));
    rows.sort_by_key(|row| row.0);
    let mut shapes = Vec::new();
    for (row, (index, arena)) in rows.into_iter().enumerate() {
        let top = row as f64 * PITCH + 2.0;
        let (base, key) = (top + 17.0, format!("arena {index}"));
        shapes.push(words(key.clone(), "label", (NAMES - 8.0, base), Anchor::End, key.clone()));
        let says = match arena {
            None => {
                shapes.push(rect(format!("{key}/gone"), "map-gone", NAMES, top, POOLS, STRIP));
                "given back".to_string()
            }
            Some(arena) => {
                strip(&mut shapes, arena, top);
                match in_use(arena).1 {
                    0 => "wholly free".into(),
                    blocks => format!("{} in use", counted(blocks, "block")),
                }
            }
        };
        shapes.push(words(format!("{key}/says"), "label", (NAMES + POOLS + 10.0, base), Anchor::Start, says));
    }
    shapes
}

fn strip(shapes: &mut Vec<Shape>, arena: &ArenaPicture, top: f64) {
    let wide = POOLS / arena.pools.len().max(1) as f64;
    let mut number = 0;
    while let Some(cell) = arena.pools.get(number) {
        // What is free is one stretch; each pool with blocks in use is seen.
        let length = match cell {
            PoolCell::Used { .. } => 1,
            other => arena.pools[number..].iter().take_while(|next| *next == other).count(),
        };
        let left = NAMES + number as f64 * wide;
        let key = format!("arena {}/pool {number}", arena.index);
        shapes.push(rect(key, class(*cell), left + 0.5, top, length as f64 * wide - 1.0, STRIP));
        number += length;
    }
}

/// The class of a pool's box.
pub(crate) fn class(cell: PoolCell) -> &'static str {
    match cell {
        PoolCell::Used { .. } | PoolCell::Taken => "map-pool",
        PoolCell::Free => "map-free",
        PoolCell::Uncarved => "map-untouched",
        PoolCell::Lost => "pool-astray",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arena(index: u32, cells: &[PoolCell]) -> ArenaPicture {
        let mut pools = cells.to_vec();
        pools.resize(64, PoolCell::Uncarved);
        ArenaPicture { index, pool_size: 16384, lost: 0, pools, stack: Vec::new(), free_count: 0 }
    }

    fn moment(arenas: Vec<ArenaPicture>) -> Moment {
        let pictures = vec![Picture::Heap(HeapPicture { arenas, raw: 0 })];
        Moment { line: 1, op: "free x".into(), facts: vec!["back".into()], pictures, shown: None }
    }

    const ONE: PoolCell = PoolCell::Used { block_size: 512, in_use: 1, capacity: 31 };

    #[test]
    fn a_single_block_keeps_an_arena_and_what_went_back_is_seen() {
        let full = moment(vec![arena(0, &[PoolCell::Free, ONE]), arena(1, &[ONE, ONE]), arena(2, &[])]);
        let less = moment(vec![arena(0, &[PoolCell::Free, ONE]), arena(2, &[])]);
        let drawing = draw(&[full, less]).unwrap();
        let wanted = "Back. 3 arenas, 3072 KiB, held for 3 blocks of 1536 bytes in 3 pools. Wholly free, and kept: 2.";
        assert_eq!(drawing.steps[0].sentence, wanted);
        assert!(drawing.steps[1].sentence.ends_with("Wholly free, and kept: 2. Back to the system: 1."));
        let count = |step: usize, class: &str| drawing.steps[step].shapes.iter().filter(|s| s.class == class).count();
        assert_eq!((count(0, "map-pool"), count(0, "map-gone")), (3, 0));
        assert_eq!((count(1, "map-pool"), count(1, "map-gone")), (1, 1));
    }

    #[test]
    fn eight_busy_arenas_fit_and_nine_do_not() {
        let busy = |count: usize| moment((0..count as u32).map(|index| arena(index, &[ONE; 64])).collect());
        assert!(draw(&[busy(8)]).unwrap().steps[0].shapes.len() <= 600);
        assert!(draw(&[busy(9)]).unwrap_err().what.contains("there are 9 arenas"));
    }

    #[test]
    fn an_arena_that_begins_between_two_pools_has_lost_one() {
        let crooked = ArenaPicture { lost: 4096, ..arena(0, &[]) };
        assert_eq!(size(&ArenaPicture { pools: vec![ONE; 63], ..crooked }), 1 << 20);
    }
}
