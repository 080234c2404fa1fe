//! # Collectors side by side: what they collect, and who takes part
//!
//! ```text
//!   rings   o -> o -> ... -> o      ten objects; a list has one item, an instance one attribute
//!           ^________________|
//!   graph   one round trip through all objects in random order, and two random references from each
//!   chain   o -> o -> o -> ...      as long as there are objects
//! ```
//!
//! | shape | what there is | the program holds | timed |
//! |---|---|---|---|
//! | `dead-rings` | rings | nothing | a full collection |
//! | `live-rings` | rings | one object of each, another one each time | a full collection |
//! | `live-rings-first` | rings | the first object of each | a full collection |
//! | `dead-graph` | a graph | nothing | a full collection |
//! | `live-graph` | a graph | its first object | a full collection |
//! | `old-...` | the same, after a full collection during which they were held | as without `old-` | a full collection |
//! | `young` | live rings that are old, and dead rings, young, of a hundredth as many objects; each refers to an old object | one object of each old ring | a collection of the young |
//! | `all` | the same | the same | a full collection |
//! | `dead-ring` | one ring of all objects | nothing | a full collection |
//! | `live-chain` | a chain | its first object | a full collection |
//! | `dead-chain` | a chain | its first object | letting go of it, and a full collection |
//!
//! - **I1** Everybody builds the same objects with the same references in the same order ([`shapes`], and
//!   `collect.py` for an interpreter), and collects nothing before it is told to.
//! - **I2** The program had a reference to every object and gave it up, but for those that it holds: whoever looks at
//!   such candidates only has them all.
//! - **I3** What the program holds is not looked at: it holds from outside of what is collected.
//! - **I4** A collection that finds something else than what is dead is no result. It is looked at in each process'
//!   first round, whose time does not count.
//! - **I5** A round runs on a stack of [`STACK`] bytes. Whoever overflows it, or takes longer than [`PATIENCE`], ends
//!   a process of its own.
//! - **I6** Building and tearing down are not timed; whoever recurses in tearing down is helped not to.

pub mod crates;
pub mod ours;
pub mod shapes;

use crate::python::Interpreter;
use crate::turns;
use shapes::{Collector, Shape};
use std::path::Path;
use std::process::Command;

/// Bytes of stack that a round has.
pub const STACK: usize = 8 << 20;

/// Seconds that a round may take.
pub const PATIENCE: u32 = 100;

/// What an object is: contenders of one kind are compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A list that grows, its items in a block of their own; a `Vec` in the Rust crates.
    Lists,
    /// An instance of a class with `__slots__`.
    Slots,
    /// An instance with attributes of its own.
    Attributes,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 3] = [Kind::Lists, Kind::Slots, Kind::Attributes];

    /// As it is called in tables and in `collect.py`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Lists => "lists",
            Kind::Slots => "slots",
            Kind::Attributes => "attributes",
        }
    }
}

/// One who takes part.
#[derive(Clone, Debug)]
pub struct Contender {
    /// Who it is: `CPython 3.11.7`, or the name of a crate.
    pub name: String,
    /// What its objects are.
    pub kind: Kind,
    /// The interpreter, if it is one.
    pub python: Option<Interpreter>,
}

impl Contender {
    /// All that take part: those of this program, then what these interpreters do.
    #[must_use]
    pub fn all(pythons: &[Interpreter]) -> Vec<Contender> {
        let ours = Kind::ALL.map(|kind| (ours::NAME, kind));
        let here = ours.into_iter().chain(crates::NAMES.map(|name| (name, Kind::Lists)));
        let here = here.map(|(name, kind)| Contender { name: name.into(), kind, python: None });
        let there = |python: &Interpreter| {
            let (name, python) = (format!("CPython {python}"), Some(python.clone()));
            Kind::ALL.map(move |kind| Contender { name: name.clone(), kind, python: python.clone() })
        };
        here.chain(pythons.iter().flat_map(there)).collect()
    }

    /// The process that runs rounds of `shape` with so many objects.
    ///
    /// # Errors
    /// When this program cannot find itself.
    pub fn command(&self, shape: Shape, objects: usize) -> Result<Command, String> {
        let what = [self.kind.name(), shape.name(), &objects.to_string()].map(str::to_owned);
        let (limits, patience) = (STACK.to_string(), PATIENCE.to_string());
        if let Some(python) = &self.python {
            let mut command = Command::new(&python.program);
            let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/collect/collect.py");
            command.args(["-I", "-S"]).arg(program).args(what).args([limits, patience]);
            return Ok(command);
        }
        let mut command = Command::new(std::env::current_exe().map_err(|error| format!("where am I? {error}"))?);
        command.args(["--child", &self.name]).args(what);
        Ok(command)
    }
}

/// The other side of [`Contender::command`], for those of this program: a round for each line of standard input.
///
/// # Errors
/// A sentence: there is no such contender, or it found something else than what is dead.
pub fn child(name: &str, kind: &str, shape: &str, objects: usize) -> Result<(), String> {
    let shape = Shape::named(shape).ok_or_else(|| format!("there is no shape `{shape}`"))?;
    let name = format!("{name} {kind}");
    let rounds = move || enter(&name, Rounds { shape, objects }).ok_or(format!("nobody is called `{name}`"));
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(move || rounds()?);
    let thread = thread.map_err(|error| format!("no thread with {STACK} bytes of stack: {error}"))?;
    thread.join().map_err(|_| "it panics")?
}

/// Something to do with a collector.
pub trait Job {
    /// What comes out.
    type Result;
    /// Does it, with a collector that has no objects yet.
    fn run<C: Collector>(self, collector: &C) -> Self::Result;
}

/// Gives `job` the collector with this name and kind of objects.
pub fn enter<J: Job>(name: &str, job: J) -> Option<J::Result> {
    let (name, kind) = name.rsplit_once(' ')?;
    let kind = Kind::ALL.into_iter().find(|known| known.name() == kind)?;
    match (name, kind) {
        (ours::NAME, kind) => Some(ours::enter(kind, job)),
        (name, Kind::Lists) => crates::enter(name, job),
        _ => None,
    }
}

struct Rounds {
    shape: Shape,
    objects: usize,
}

impl Job for Rounds {
    type Result = Result<(), String>;
    fn run<C: Collector>(self, collector: &C) -> Result<(), String> {
        let dead = if C::TELLS { self.shape.unreachable(self.objects) } else { self.shape.dead(self.objects) };
        for (round, _) in std::io::stdin().lines().enumerate() {
            turns::end_after(PATIENCE);
            let held = self.shape.build(collector, self.objects, round == 0);
            let (time, found, held) = self.shape.collect(collector, held);
            if round == 0 && found != dead {
                return Err(format!("finds {found} of {dead} dead objects"));
            }
            println!("{}", time.as_nanos());
            turns::end_after(0);
            collector.tear_down(held);
        }
        Ok(())
    }
}
