//! Part 5's milestone: an update that is lost, and one that is not, on threads that the learner's GIL lets run.
//!
//! What it prints, and why:
//!
//! 1. *Everything that can happen* to two threads that add 1 to the same number with a call between load and store: how
//!    many histories there are, in how many of them an update is lost, and the simplest of these, line by line. The GIL
//!    (a learner's) lets the threads run on a virtual clock, its eval breaker says where they may switch.
//! 2. The same with a lock, and without the call: nothing is lost in any history. (Up to Python 3.9 a thread could switch
//!    after every instruction; with that rule the version without a call loses updates, too.)
//! 3. A thread that computes and one that answers requests, with the scheduler and without: how long the second one waits.
//! 4. *The same on threads of the system*, on real memory: four threads count the words of the files into one total.
//!    Without a lock words are lost, differently each time; with a lock the total is right, every time.
//!
//! A feature for each exercise decides whose part is used; `cargo xtask milestone 5` turns on those that passed. With a
//! part that lets two threads run at once, or none, it says so and fails.

mod histories;
mod system;

use kit::geometry::Modern;
use kit::observe::Silent;
use kit::raw::RawMemory;
use runtime::config::Config;
use runtime::objects::World;
use std::process::ExitCode;

#[cfg(feature = "eval-breaker")]
use ::eval_breaker;
#[cfg(feature = "gil")]
use ::gil;
#[cfg(feature = "scheduler")]
use ::scheduler;
#[cfg(not(feature = "eval-breaker"))]
use runtime::gil::eval_breaker;
#[cfg(not(feature = "gil"))]
use runtime::gil::gil;
#[cfg(not(feature = "scheduler"))]
use runtime::gil::scheduler;

/// Who lets threads run is the learner's, everything else is the reference's.
pub struct Mine;

impl Config for Mine {
    type Memory = RawMemory;
    type Geometry = Modern;
    type Observer = Silent;
    runtime::reference_heap!();
}

impl World for Mine {
    runtime::reference_objects!(objects);
    runtime::reference_objects!(cycles);
    runtime::reference_objects!(weak);
    type Turns = gil::Part;
    type Breaker = eval_breaker::Part;
}

fn main() -> ExitCode {
    let files: Vec<String> = std::env::args().skip(1).collect();
    match histories::tell().and_then(|()| system::tell(&files)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}
