//! The files of `runtime/src/gil`, beside loom's `sync`.

#[expect(clippy::module_inception, reason = "the part is named after its exercise")]
#[path = "../../src/gil/gil.rs"]
pub mod gil;
#[path = "../../src/gil/keys.rs"]
pub mod keys;
#[path = "../../src/gil/os.rs"]
pub mod os;
#[path = "../../src/gil/seat.rs"]
pub mod seat;
#[path = "sync.rs"]
pub mod sync;
