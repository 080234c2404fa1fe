//! A heap as this program's allocator: every `String`, every `Vec`, every thread of this binary lives on it.

use kit::geometry::Modern;
use runtime::config::Fast;
use runtime::heap::global::Global;
use std::alloc::{GlobalAlloc, Layout};
use std::collections::BTreeMap;
use std::sync::mpsc;
use std::thread;

#[global_allocator]
static HEAP: Global<Fast<Modern>> = Global::of_reference();

/// Numbers that look random.
fn numbers(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) % below
    }
}

/// A vector that can be told from every other one.
fn marked(number: u64, len: u64) -> Vec<u64> {
    (0..len).map(|at| number * 1000 + at).collect()
}

fn assert_marked(vector: &[u64]) {
    let first = vector.first().copied().unwrap_or(0);
    assert!((first..).zip(vector).all(|(expected, found)| expected == *found), "{vector:?}");
}

#[test]
fn threads_hand_blocks_to_each_other_and_free_them_elsewhere() {
    let (senders, receivers): (Vec<_>, Vec<_>) = (0..4).map(|_| mpsc::channel::<Vec<u64>>()).unzip();
    thread::scope(|scope| {
        for (me, receiver) in (0..).zip(receivers) {
            let senders = senders.clone();
            scope.spawn(move || {
                let (mut number, mut kept) = (numbers(me + 1), vec![]);
                for round in 0..3000 {
                    let mut vector = marked(me * 10_000 + round, number(70));
                    vector.shrink_to_fit();
                    match number(3) {
                        0 => _ = senders[number(4) as usize].send(vector),
                        1 => kept.push(vector),
                        _ if !kept.is_empty() => drop(kept.swap_remove(number(kept.len() as u64) as usize)),
                        _ => {}
                    }
                    receiver.try_iter().for_each(|vector| assert_marked(&vector));
                }
                drop(senders);
                kept.iter().for_each(|vector| assert_marked(vector));
                receiver.try_iter().for_each(|vector| assert_marked(&vector));
            });
        }
    });
}

#[test]
fn what_grows_keeps_its_content() {
    let threads = (0..4).map(|me| {
        thread::spawn(move || {
            let (mut texts, mut number) = (BTreeMap::<u64, String>::new(), numbers(me + 77));
            for _ in 0..3000 {
                texts.entry(number(50)).or_default().push_str(&format!("{me},"));
            }
            assert!(texts.values().all(|text| text.split_terminator(',').all(|word| word == me.to_string())));
            texts.values().map(|text| text.len() / 2).sum::<usize>()
        })
    });
    assert!(threads.collect::<Vec<_>>().into_iter().all(|thread| thread.join().unwrap() == 3000));
}

/// Asks the allocator itself, as no `Vec` does.
#[test]
fn layouts_of_any_alignment_are_served_as_they_say() {
    for align in (0..=13).map(|bits| 1usize << bits) {
        for size in [1, 8, 100, 512, 513, 5000] {
            let layout = Layout::from_size_align(size, align).unwrap();
            // SAFETY: the size is not 0.
            let block = unsafe { HEAP.alloc_zeroed(layout) };
            assert!(!block.is_null() && block.addr().is_multiple_of(align), "{layout:?}");
            // SAFETY: the block has `size` bytes, and is ours.
            let bytes = unsafe { std::slice::from_raw_parts_mut(block, size) };
            assert!(bytes.iter().all(|byte| *byte == 0), "{layout:?}");
            bytes.fill(0x5A);
            // SAFETY: the block came from this allocator with this layout, and the new size is not 0.
            let block = unsafe { HEAP.realloc(block, layout, size * 2) };
            assert!(!block.is_null() && block.addr().is_multiple_of(align), "{layout:?}");
            // SAFETY: it has `2 * size` bytes now, of which `size` are written.
            let bytes = unsafe { std::slice::from_raw_parts(block, size) };
            assert!(bytes.iter().all(|byte| *byte == 0x5A), "{layout:?}");
            // SAFETY: what `realloc` gave has the layout of its new size.
            unsafe { HEAP.dealloc(block, Layout::from_size_align(size * 2, align).unwrap()) };
        }
    }
}

#[test]
fn what_nobody_can_serve_is_an_error_and_not_the_end() {
    let mut vector = vec![1u8; 100];
    assert!(vector.try_reserve_exact(1 << 47).is_err());
    assert_eq!(vector, [1; 100]);
}

#[test]
fn a_thread_that_panics_leaves_the_heap_usable() {
    for round in 0..20 {
        let panics = thread::spawn(move || {
            let _held = marked(round, 60);
            std::panic::resume_unwind(Box::new(format!("round {round}")));
        });
        let payload = panics.join().unwrap_err();
        assert_eq!(payload.downcast_ref::<String>(), Some(&format!("round {round}")));
        assert_marked(&marked(round, 60));
    }
}

#[test]
fn a_picture_is_drawn_while_others_allocate() {
    let (stop, stopped) = mpsc::channel::<()>();
    let busy = thread::spawn(move || {
        let (mut kept, mut number) = (vec![], numbers(5));
        while stopped.try_recv().is_err() {
            kept.push(marked(1, number(60)));
            if kept.len() > 200 {
                kept.clear();
            }
        }
    });
    for _ in 0..50 {
        let picture = HEAP.draw();
        assert!(picture.blocks() > 0 && !picture.arenas.is_empty());
        assert!(picture.to_string().starts_with("arena 0 ["));
        let stats = HEAP.stats().unwrap();
        assert_eq!(stats.total(), stats.arena_bytes());
    }
    stop.send(()).unwrap();
    busy.join().unwrap();
}

/// Whoever looks at the heap asks it for memory meanwhile, and gives all of that back.
#[test]
fn a_look_costs_nothing_that_stays() {
    let mut blocks: Vec<Box<[u8; 500]>> = (0..31 * 12).map(|_| Box::new([1; 500])).collect();
    blocks.truncate(1);
    let raw = || HEAP.stats().expect("it served already").raw;
    let before = raw();
    (0..2000).for_each(|_| assert!(!HEAP.draw().arenas.is_empty()));
    assert!(raw() < before + 500, "{before} blocks of the raw domain before, {} now", raw());
}

/// A heap of its own, beside the one that serves the program.
static OTHER: Global<Fast<Modern>> = Global::of_reference();

/// Whoever is inside one heap asks another one as everybody does: behind its lock.
#[test]
fn two_heaps_are_two() {
    let layout = Layout::from_size_align(40, 8).expect("a layout");
    // SAFETY: the layout's size is not 0.
    let block = unsafe { OTHER.alloc(layout) };
    let raw = || HEAP.stats().expect("it served already").raw;
    let before = raw();
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| (0..20_000).for_each(|_| assert_eq!(OTHER.allocated_blocks(), 1)));
            scope.spawn(|| (0..100_000).for_each(|len| drop(vec![0u8; 600 + len % 100])));
        }
    });
    // Two that count at the same time, without a lock, lose count.
    assert!(raw().abs_diff(before) < 500, "{before} blocks of the raw domain before, {} now", raw());
    // SAFETY: it came from there, with this layout.
    unsafe { OTHER.dealloc(block, layout) };
    assert_eq!(OTHER.allocated_blocks(), 0);
}
