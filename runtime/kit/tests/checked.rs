//! Checked memory catches each kind of misuse, once, with a sentence and the caller's line.

use kit::checked::{CheckedMemory, Describe};
use kit::misuse::Watch;
use kit::owner::{Owner, Rights, State, States};
use kit::picture::{ListsPicture, Picture};
use kit::{Addr, Field, Memory};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

const ALL: States = States::of(&[State::Header, State::FreeLink, State::FreeBody, State::Untouched]);
const LINK: Field<Option<Addr>> = Field::at(0, "LINK");
const LOW: Field<u32> = Field::at(8, "LOW");
const HIGH: Field<u32> = Field::at(12, "HIGH");

fn rights(untouched_from: Addr) -> Rights {
    Rights { during: "alloc", read: ALL, write: ALL, untouched_from }
}

/// A stretch of 64 bytes: a header of 16, a held block of 16, a free one of 16, the rest untouched.
fn stretch() -> (CheckedMemory, Addr) {
    let mem = CheckedMemory::default();
    let at = mem.map(64, 64).unwrap();
    for word in 0..6 {
        mem.write(at.plus(word * 8), word);
    }
    mem.mark(at, 8, State::Header);
    mem.mark(at.plus(8), 8, State::Foreign);
    mem.mark(at.plus(16), 16, State::Held);
    mem.mark(at.plus(32), 16, State::FreeBody);
    (mem, at)
}

/// What a learner's function does.
type Part = fn(&CheckedMemory, Addr);

/// What `part` is told when it runs with full rights.
fn sentence_of(part: impl FnOnce(&CheckedMemory, Addr)) -> String {
    let (mem, at) = stretch();
    let caught = catch_unwind(AssertUnwindSafe(|| mem.call(rights(at.plus(56)), || part(&mem, at))));
    assert!(caught.is_err(), "nobody objected");
    let misuse = mem.misused().expect("a misuse is kept");
    assert!(misuse.place.contains("checked.rs:"), "{misuse}");
    misuse.sentence
}

#[test]
fn each_kind_of_misuse_has_its_sentence() {
    let cases: [(&str, Part); 14] = [
        ("read 0x100000010, but the program holds that block", |mem, at| _ = mem.read(at.plus(16))),
        ("wrote to 0x100000018, but the program holds that block", |mem, at| mem.write(at.plus(24), 1)),
        ("read 0x100000008, but that field belongs to another part", |mem, at| _ = mem.get(at, LOW)),
        ("wrote to 0x10000000c, but that field belongs to another part", |mem, at| mem.set(at, HIGH, 1)),
        ("read 0x100000030, but nobody ever wrote there", |mem, at| _ = mem.read(at.plus(48))),
        ("wrote to 0x100000038, but that block is not needed yet", |mem, at| mem.write(at.plus(56), 1)),
        ("read 0x100000040, but nobody asked the system", |mem, at| _ = mem.read(at.plus(64))),
        ("wrote to 0x0, but nothing lies there", |mem, _| mem.write(Addr(0), 1)),
        ("wrote to 0xfffffffffffffff8, but nobody asked", |mem, _| mem.write(Addr(u64::MAX - 7), 1)),
        ("read 0x100000001, but a word begins at a multiple of 8", |mem, at| _ = mem.read(at.plus(1))),
        ("wrote to 0x100000004, but a word begins at a multiple of 8", |mem, at| mem.write(at.plus(4), 1)),
        ("read 0x100000002, but half a word begins at a multiple of 4", |mem, at| _ = mem.read_half(at.plus(2))),
        ("released 0x100000008, but no stretch begins there", |mem, at| mem.release(at.plus(8), 64, 8)),
        ("read 0x100000000, but that memory went back", |mem, at| {
            mem.release(at, 64, 64);
            mem.read(at);
        }),
    ];
    for (expected, part) in cases {
        let sentence = sentence_of(part);
        assert!(sentence.starts_with(&format!("alloc {expected}")), "{sentence:?} instead of {expected:?}");
    }
}

#[test]
fn a_free_body_may_be_linked_but_not_read() {
    let only_links = Rights { read: States::of(&[State::FreeLink]), ..rights(Addr(0)) };
    let (mem, at) = stretch();
    let link = || mem.set(at.plus(32), LINK, Some(at));
    mem.call(only_links, link);
    assert_eq!(mem.call(only_links, || mem.get(at.plus(32), LINK)), Some(at));
    let body = catch_unwind(AssertUnwindSafe(|| mem.call(only_links, || mem.read(at.plus(40)))));
    assert!(body.is_err());
    assert!(mem.misused().unwrap().sentence.contains("what the program left behind"));
}

#[test]
fn rights_end_with_the_call_and_the_first_misuse_stays() {
    let watch = Rc::new(Watch::default());
    let mem = CheckedMemory::new(watch.clone());
    let at = mem.map(16, 8).unwrap();
    mem.mark(at, 16, State::Held);
    for _ in 0..2 {
        let _ = catch_unwind(AssertUnwindSafe(|| mem.call(rights(Addr(0)), || mem.write(at, 1))));
    }
    let first = watch.first();
    let _ = catch_unwind(AssertUnwindSafe(|| mem.read(at.plus(100))));
    assert_eq!(watch.first(), first, "a later misuse does not take its place");
}

#[test]
fn halves_and_words_are_the_same_memory() {
    let (mem, at) = stretch();
    mem.write(at, 0x1111_1111_2222_2222);
    assert_eq!((mem.read_half(at), mem.read_half(at.plus(4))), (0x2222_2222, 0x1111_1111));
    mem.set(at.plus(32), LOW, 7);
    mem.set(at.plus(32), HIGH, 8);
    assert_eq!((mem.get(at.plus(32), LOW), mem.get(at.plus(32), HIGH)), (7, 8));
    assert_eq!(mem.get(Addr(at.0), Field::<Option<Addr>>::at(8, "NOTHING")), Some(Addr(1)));
}

#[test]
fn stretches_never_touch_and_keep_their_alignment() {
    let mem = CheckedMemory::default();
    let stretches: Vec<Addr> = (0..8).map(|i| mem.map(1 << (4 + i), 1 << (3 + i)).unwrap()).collect();
    for (i, pair) in stretches.windows(2).enumerate() {
        assert!(pair[1].0 > pair[0].0 + (1 << (4 + i)), "{pair:?}");
        assert!(pair[1].0.is_multiple_of(1 << (4 + i)));
    }
}

struct Named;
impl Describe for Named {
    fn name(&self, _: &CheckedMemory, _: Addr) -> String {
        "the pool's LAST".into()
    }
    fn why(&self, _: Addr, state: State, wrote: bool) -> Option<String> {
        (state == State::Foreign && wrote).then(|| "it stays what it is".into())
    }
    fn picture(&self, _: &CheckedMemory) -> Picture {
        Picture::Lists(ListsPicture { young: vec!["a".into()], unreachable: vec![] })
    }
}

#[test]
fn a_description_names_and_draws() {
    let (mem, at) = stretch();
    mem.describe(Rc::new(Named));
    let _ = catch_unwind(AssertUnwindSafe(|| mem.call(rights(at), || mem.read(at.plus(16)))));
    assert_eq!(mem.misused().unwrap().sentence, "alloc read the pool's LAST, but the program holds that block");
    let sentence = |part: Part| {
        sentence_of(|mem, at| {
            mem.describe(Rc::new(Named));
            part(mem, at);
        })
    };
    assert_eq!(sentence(|mem, at| mem.set(at, HIGH, 1)), "alloc wrote to the pool's LAST, but it stays what it is");
    assert!(sentence(|mem, at| _ = mem.get(at, HIGH)).ends_with("but that field belongs to another part"));
    assert_eq!(format!("{mem:?}"), "young: a   unreachable: none");
}

#[test]
fn each_word_and_each_half_is_an_access() {
    let (mem, at) = stretch();
    let before = mem.accesses();
    mem.write(at, mem.read(at));
    mem.set(at, LOW, mem.get(at, HIGH));
    assert_eq!(mem.accesses() - before, 4);
    mem.peek(at);
    mem.mark(at, 8, State::Held);
    assert_eq!(mem.accesses() - before, 4, "looking from outside is none");
}

#[test]
fn what_is_refused_costs_nothing() {
    let mem = CheckedMemory::default();
    mem.limit(1 << 40);
    assert_eq!(mem.map(1 << 40, 8), None, "no machine serves that");
    assert!(mem.map(64, 8).is_some(), "and there is as much as before");
}
