//! The comparison of places must be able to tell two heaps apart, and find two equal ones equal. No interpreter is
//! needed for that: ours is compared with itself, with other arenas under it, and with the rules of another version.

use benches::ordinals::{self, Book};
use benches::ours::Watched;
use benches::requests::{self, Request};
use kit::geometry::{Classic, Geometry, Modern};
use std::collections::HashSet;
use std::rc::Rc;

const LENGTH: usize = 30_000;

fn places<G: Geometry>(program: u64, arenas: u64, spare: bool) -> Vec<String> {
    let book = Rc::new(Book::new(arenas, G::ARENA as usize, G::POOL as usize));
    ordinals::run(&Watched::<G>::new(&book, spare), &book, &requests::program(program, LENGTH))
}

// Not `assert_eq!`: nobody wants to read thirty thousand lines twice.

#[test]
fn the_same_program_gives_the_same_places() {
    assert!(places::<Modern>(1, 1, true) == places::<Modern>(1, 1, true));
}

#[test]
fn another_program_or_other_arenas_give_others() {
    let first = places::<Classic>(1, 1, true);
    assert!(first != places::<Classic>(2, 1, true));
    // Where an arena begins matters to pools of 16 KiB only: those of 4 KiB begin at any page.
    assert!(first == places::<Classic>(1, 2, true));
    let modern = |program, arenas| places::<Modern>(program, arenas, true);
    let differs = |program| (2..6).any(|arenas| modern(program, 1) != modern(program, arenas));
    assert!((1..6).any(differs), "an arena of 63 pools is full before one of 64");
}

#[test]
fn the_rule_for_the_spare_arena_shows() {
    let count = |lines: &[String], sign| lines.iter().filter(|line| line.starts_with(sign)).count();
    let mut differ = 0;
    for program in 1..8 {
        let (kept, none_kept) = (places::<Classic>(program, 1, true), places::<Classic>(program, 1, false));
        assert_eq!(count(&none_kept, '-'), count(&none_kept, '+'), "every arena goes back");
        assert_eq!(count(&kept, '-') + 1, count(&kept, '+'), "one stays");
        // But for the end, where all goes back, most programs never free a whole arena.
        differ += usize::from(count(&kept, '+') != count(&none_kept, '+'));
    }
    assert!(differ > 0, "no program needs an arena again that it gave back");
}

#[test]
fn what_a_program_put_into_a_block_stays_there() {
    for program in 1..5 {
        let lines = places::<Modern>(program, program, true);
        assert_eq!(lines.iter().find(|line| line.contains("content")), None);
    }
}

#[test]
fn programs_free_what_they_have_and_nothing_else() {
    for seed in 1..20 {
        let mut alive = HashSet::new();
        for request in requests::program(seed, LENGTH) {
            match request {
                Request::Malloc { slot, .. } | Request::Calloc { slot, .. } => assert!(alive.insert(slot)),
                Request::Realloc { slot, .. } => assert!(alive.contains(&slot)),
                Request::Free { slot } => assert!(alive.remove(&slot)),
            }
        }
    }
}
