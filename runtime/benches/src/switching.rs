//! # The GIL, given away and taken
//!
//! | what | is |
//! |---|---|
//! | `pair` | the GIL is let go and taken again, and nobody wants it: what a short call that blocks pays |
//! | `hand-over` | from the moment in which the holder, who was asked, lets go, to the moment in which the other thread runs |
//! | `convoy` | how long a thread that answers letters waits beside threads that compute ([`convoy`]) |
//!
//! The first two are asked of two: *ours*, `Gil::allow_threads`, and *CPython, from C*, `PyEval_SaveThread` and
//! `PyEval_RestoreThread` of a libpython ([`capi`]), which are `Py_BEGIN_ALLOW_THREADS` and its end. A hand-over is asked of
//! a third one, too: two threads of which one wakes the other, and nothing else ([`baton`]).
//!
//! ```text
//!   hand-over    A: takes, computes 300 us ............ lets go | waits for the switch, wants it again ... asks ...
//!                B: wants it ....... asks after 100 us ........ | runs, computes 300 us ................. lets go |
//!                                                               <-> one hand-over
//! ```
//!
//! - **I1** Both run the same loops; what differs is behind one call of a closure.
//! - **I2** A hand-over is told by the clock that all threads of a process see; a pair by the processor's time.
//! - **I3** The thread that takes the GIL is asleep when it is let go, or on its way to sleep: it was for 300 us, but for
//!   the moments in which it asks again. So a hand-over has in it how long the system needs to wake a thread: on a busy
//!   machine, until there is a processor for it. A round tells its quickest tenth, where there was one.

pub mod baton;
pub mod capi;
pub mod convoy;

use crate::collect::ours::interpreter;
use crate::ours::Reference;
use crate::turns::now;
use runtime::objects::token::Interpreter;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Pairs of a round.
pub const PAIRS: u64 = 1_000_000;
/// Hand-overs of a round.
pub const HANDOVERS: usize = 300;

const INTERVAL: u64 = 100;
const COMPUTES: Duration = Duration::from_micros(300);

/// Whose GIL it is.
pub trait Contender: Sync {
    /// Runs `work` in this thread, with the GIL. Its argument lets the GIL go and takes it again.
    fn inside(&self, work: &mut dyn FnMut(&dyn Fn()));
    /// `sys.setswitchinterval`, in microseconds.
    fn set_interval(&self, micros: u64);
}

/// Ours.
#[derive(Debug)]
pub struct Ours(Interpreter<Reference>);

impl Default for Ours {
    fn default() -> Self {
        Ours(interpreter())
    }
}

impl Contender for Ours {
    fn inside(&self, work: &mut dyn FnMut(&dyn Fn())) {
        self.0.with_gil(|gil| work(&|| gil.allow_threads(|| ())));
    }

    fn set_interval(&self, micros: u64) {
        self.0.set_switch_interval(micros as f64 / 1e6).expect("no interval here is 0");
    }
}

/// What is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Question {
    /// Let go, taken again, and nobody wants it.
    Pair,
    /// From one thread to another.
    Handover,
}

impl Question {
    /// All.
    pub const ALL: [Question; 2] = [Question::Pair, Question::Handover];

    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Question::Pair => "pair",
            Question::Handover => "hand-over",
        }
    }

    /// The one that is called so.
    #[must_use]
    pub fn named(name: &str) -> Option<Question> {
        Question::ALL.into_iter().find(|question| question.name() == name)
    }

    /// One round: nanoseconds.
    pub fn ask(self, contender: &impl Contender) -> f64 {
        match self {
            Question::Pair => pair(contender),
            Question::Handover => handover(contender),
        }
    }
}

fn pair(contender: &impl Contender) -> f64 {
    let mut nanos = 0.0;
    contender.inside(&mut |give| {
        let begin = now();
        (0..PAIRS).for_each(|_| give());
        nanos = (now() - begin).as_nanos() as f64 / PAIRS as f64;
    });
    nanos
}

/// The quickest tenth of many (I3).
fn handover(contender: &impl Contender) -> f64 {
    contender.set_interval(INTERVAL);
    let (began, let_go, left) = (Instant::now(), AtomicU64::new(0), AtomicU64::new(HANDOVERS as u64));
    let took = std::sync::Mutex::new(Vec::with_capacity(HANDOVERS));
    let nanos = || began.elapsed().as_nanos() as u64;
    let compute = || {
        let begin = Instant::now();
        while begin.elapsed() < COMPUTES {}
    };
    // All this runs with the GIL, but for what is in `give`.
    let turns = || {
        contender.inside(&mut |give| {
            while left.load(Ordering::Relaxed) > 0 {
                compute();
                let mine = nanos();
                let_go.store(mine, Ordering::Relaxed);
                give();
                let (runs, before) = (nanos(), let_go.load(Ordering::Relaxed));
                // The other thread let go last, unless it has ended.
                if before != mine && left.load(Ordering::Relaxed) > 0 {
                    took.lock().expect("nobody panics here").push((runs - before) as f64);
                    left.fetch_sub(1, Ordering::Relaxed);
                }
            }
        });
    };
    thread::scope(|scope| {
        scope.spawn(turns);
        turns();
    });
    let mut took = took.into_inner().expect("nobody panics here");
    took.sort_by(f64::total_cmp);
    took[took.len() / 10]
}
