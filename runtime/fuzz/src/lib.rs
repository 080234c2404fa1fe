//! # Random programs, on the heap and on models of it
//!
//! ```text
//!   bytes --arbitrary--> a program --+--> the heap, its memory rationed and its books kept --+
//!                                    |                                                      +--> the same?
//!                                    +--> a model of a few lines ---------------------------+
//! ```
//!
//! Where the bytes come from is somebody else's business: from seeds in `tests/`, from a fuzzer in `targets/`. A runner
//! panics when the heap does what the model does not.
//!
//! ```console
//! $ cargo install cargo-fuzz      # once; and a nightly toolchain, and a C++ compiler
//! $ RUSTFLAGS="--cfg asan" cargo +nightly fuzz run --fuzz-dir runtime/fuzz --features libfuzzer requests
//! ```
//!
//! Without `cargo fuzz`, the targets are programs of this package:
//! `cargo +nightly run -p fuzz --features libfuzzer --bin requests` fuzzes without looking at coverage.

pub mod address_map;
pub mod memory;
pub mod requests;
pub mod unlucky;
pub mod usable_arenas;
pub mod world;
