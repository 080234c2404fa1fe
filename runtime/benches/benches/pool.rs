//! Nanoseconds for blocks of one pool, and of the system's allocator in the same run.

use benches::one_pool::{BLOCK, FastPool, in_machine};
use criterion::{Criterion, criterion_group, criterion_main};
use kit::pool::Block;
use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;

/// Blocks that the longer patterns hold.
const HELD: usize = 200;

fn pool_blocks(pool: &FastPool) -> Vec<Block> {
    (0..HELD).map(|_| pool.alloc().0).collect()
}

fn layout() -> Layout {
    Layout::from_size_align(BLOCK as usize, 16).expect("a small layout")
}

fn system_alloc() -> *mut u8 {
    // SAFETY: the layout's size is not 0.
    unsafe { System.alloc(layout()) }
}

fn system_free(block: *mut u8) {
    // SAFETY: `system_alloc` gave the block, with this layout.
    unsafe { System.dealloc(block, layout()) }
}

/// One block, and back: the head of the free list each time.
fn pairs(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("pair");
    let pool = in_machine(8);
    group.bench_function("pool", |bench| bench.iter(|| pool.free(black_box(pool.alloc().0))));
    group.bench_function("system", |bench| bench.iter(|| system_free(black_box(system_alloc()))));
    group.finish();
}

/// Two hundred blocks, and back in the same order or in the other.
fn batches(criterion: &mut Criterion) {
    for (name, backwards) in [("first in, first out", false), ("last in, first out", true)] {
        let mut group = criterion.benchmark_group(name);
        let pool = in_machine(8);
        group.bench_function("pool", |bench| {
            bench.iter(|| {
                let mut blocks = pool_blocks(&pool);
                if backwards {
                    blocks.reverse();
                }
                blocks.into_iter().for_each(|block| _ = black_box(pool.free(block)));
            });
        });
        group.bench_function("system", |bench| {
            bench.iter(|| {
                let mut blocks: Vec<*mut u8> = (0..HELD).map(|_| system_alloc()).collect();
                if backwards {
                    blocks.reverse();
                }
                blocks.into_iter().for_each(|block| system_free(black_box(block)));
            });
        });
        group.finish();
    }
}

/// A pool's first blocks: each one carved from the untouched tail.
fn carving(criterion: &mut Criterion) {
    let pool = in_machine(0);
    criterion.bench_function("init and carve a whole pool", |bench| {
        bench.iter(|| {
            pool.init(BLOCK);
            (0..HELD).for_each(|_| _ = black_box(pool.alloc()));
        });
    });
}

criterion_group!(benches, pairs, batches, carving);
criterion_main!(benches);
