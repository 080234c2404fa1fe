//! # The lab: scenarios in, traces out
//!
//! ```text
//!   scenario text --scenario--> operations --drive--> the machine around a part, on checked memory
//!                                                        |
//!   trace  <--------------- records <--------------------+ recorder
//! ```
//!
//! A [`Socket`] holds somebody's part: the reference's, or a learner's. [`record`] runs one scenario on a small stack,
//! catches panics, and hands every record on at once. [`probe_main`] does that for a grader, over a pipe.
//!
//! - **I1** Whatever a part does (short of ending the process), the trace says how the scenario ended.
//! - **I2** The same scenario and the same part give the same records on every machine.
//! - **I3** A part that catches a misuse gains nothing: the first one ends the scenario.

mod counting;
mod drive;
pub mod glass;
mod limit;
mod lists;
mod pools;
mod probe;
mod run;
mod scenario;
mod shelves;
mod socket;
mod weak_cache;
mod weak_list;
pub mod world;

pub use counting::Counting;
pub use limit::Limited;
pub use lists::Lists;
pub use pools::LabPools;
pub use probe::{probe_in_test, probe_main};
pub use run::{facts_on_raw_memory, record, record_scenes, trace_of};
pub use scenario::{BadScenario, Op, Scenario};
pub use shelves::Shelves;
pub use socket::Socket;
pub use weak_cache::LabCache;
pub use weak_list::LabWeakList;
