//! A real program on this runtime's heap, which serves every byte of it:
//!
//! ```console
//! $ cargo run --release -p runtime --example heap_map -- FILE...
//! ```

mod program;

use kit::geometry::Modern;
use runtime::config::Fast;
use runtime::heap::global::Global;
use std::process::ExitCode;

#[global_allocator]
static HEAP: Global<Fast<Modern>> = Global::of_reference();

fn main() -> ExitCode {
    program::main(|| HEAP.draw(), || HEAP.stats())
}
