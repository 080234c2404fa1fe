//! Random programs of objects, in the language of `runtime::lab::world`.
//!
//! A program first draws its classes and functions, with what they do when an instance dies or a weak reference is
//! called; then what it does with their instances. Each name has a kind that is known here, so that most programs never
//! do what a kind cannot do. What a finalizer may change is told apart: the names `keep` and `saved` only.
//!
//! - **I1** Nothing that is told depends on an address: a set has one object that is no number, at most.
//! - **I2** Names stay bound and keep their kind, whatever finalizers and callbacks do.

mod bodies;
mod draft;
mod making;

use super::{Program, swarm};
use arbitrary::{Result, Unstructured};
use draft::Draft;

/// Lines of one program, at most, without the head.
const LINES: usize = 44;

/// A program, one line each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorldProgram {
    /// Classes, functions, then what is done.
    pub lines: Vec<String>,
}

/// What a program may use: the swarm.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Feature {
    Sequences,
    Mappings,
    Sets,
    Functions,
    Calls,
    Generators,
    Exceptions,
    Atoms,
    WeakRefs,
    Proxies,
    Finalizers,
    Resurrection,
    BusyFinalizers,
    Slots,
    Loops,
    Shrinking,
    Deletions,
    Rings,
    Generations,
    Counters,
    Automatic,
    Freezing,
    SaveAll,
    Told,
    Questions,
    Order,
    Raising,
    Modules,
}

/// What it drew.
struct Swarm(Box<dyn Fn(Feature) -> bool>);

impl Swarm {
    fn draw(u: &mut Unstructured<'_>) -> Result<Self> {
        let (low, high) = (swarm(u, 0)?, swarm(u, 0)?);
        // What disturbs the rest is rare.
        let (raising, freezing, saving) = (u.ratio(1, 12)?, u.ratio(1, 8)?, u.ratio(1, 8)?);
        Ok(Swarm(Box::new(move |feature| match feature {
            Feature::Raising => raising,
            Feature::Freezing => freezing,
            Feature::SaveAll => saving,
            feature if (feature as u16) < 16 => low(1 << feature as u16),
            feature => high(1 << (feature as u16 - 16)),
        })))
    }

    fn has(&self, feature: Feature) -> bool {
        (self.0)(feature)
    }
}

impl Program for WorldProgram {
    const PARTS: &'static [&'static str] = &["world"];

    fn draw(u: &mut Unstructured<'_>) -> Result<Self> {
        let swarm = Swarm::draw(u)?;
        let mut draft = Draft::new(swarm);
        draft.head(u)?;
        draft.begin(u)?;
        for _ in 0..u.int_in_range(8..=LINES)? {
            draft.step(u)?;
        }
        draft.end(u)?;
        Ok(WorldProgram { lines: draft.lines })
    }

    fn text(&self) -> (String, String) {
        (String::new(), self.lines.iter().map(|line| format!("{line}\n")).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::seeded;

    /// What there is to get wrong is there often.
    #[test]
    fn programs_differ() {
        let programs: Vec<String> = (0..400).map(|seed| seeded::<WorldProgram>(seed).to_ops()).collect();
        let with = |word: &str| programs.iter().filter(|program| program.contains(word)).count();
        for word in
            ["__del__", "keep = self", "collect 0", "ref ", "closure", "enable", "order", "count", "loop", "dict"]
        {
            assert!(with(word) > 20, "{word}: {}", with(word));
        }
    }
}
