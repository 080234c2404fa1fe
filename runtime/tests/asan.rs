//! AddressSanitizer sees what nobody may touch: a pool's free blocks are poisoned.
//!
//! Built with `--cfg asan` only. The test starts itself again, and the child does what a bad program does.
#![cfg(asan)]

use kit::geometry::Classic;
use kit::memory::Memory;
use kit::observe::Silent;
use kit::raw::RawMemory;
use runtime::config::{Config, Fast};
use runtime::heap::single::SinglePool;
use std::process::Command;

const CHILD: &str = "READS_A_FREE_BLOCK";

#[test]
fn a_freed_block_is_poisoned() {
    if std::env::var_os(CHILD).is_some() {
        read_a_free_block();
    }
    let me = std::env::current_exe().unwrap();
    let run = Command::new(me).args(["--exact", "a_freed_block_is_poisoned"]).env(CHILD, "1").output().unwrap();
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(!run.status.success() && said.contains("use-after-poison"), "{said}");
}

fn read_a_free_block() {
    // SAFETY: not kept, on purpose: the block is read after it went back, and the sanitizer must see it.
    let mem = unsafe { RawMemory::new() };
    let pool = SinglePool::<Fast<Classic>>::new(mem, Silent, Fast::reference()).unwrap();
    pool.init(64);
    let (block, _) = pool.alloc();
    pool.mem().write(block.0.plus(8), 7);
    pool.free(block);
    println!("{}", pool.mem().read(block.0.plus(8)));
}
