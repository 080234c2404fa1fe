//! # Driving `generations`
//!
//! ```text
//! use generations
//! thresholds 700 10 10      from now on, and until it is said
//! new 700                   so many objects, which the program keeps
//! lost 50                   so many that only a collection finds: cycles that nobody holds
//! brief 1000                so many, one after the other; each is gone before the next one is made
//! free 20                   so many of those that are kept go by count, the youngest first
//! free 20 oldest            the same, the oldest first
//! collect 1                 gc.collect(1)
//! disable, enable           gc.disable(), gc.enable()
//! callback 30               whoever hears of a collection's end makes so many objects, which are kept; 0 until said
//! ```
//!
//! Objects are numbers here: how many live in each generation, how many are lost there. A collection that begins by
//! itself runs before the object that caused it is there, as in CPython up to 3.11.

use super::super::scenario::{Op, Scenario};
use super::{Stop, unknown};
use crate::gc::tally::{Event, Tally};
use kit::generations::{Counters, Generations, OLDEST};
use kit::misuse::Watch;
use kit::observe::{Observer, Recorder};
use kit::picture::Picture;
use kit::text::list;
use std::rc::Rc;

/// Objects in one line of a scenario, at most.
const OBJECTS: u64 = 1_000_000;

struct Program<'a, P: ?Sized, O> {
    tally: Tally,
    part: &'a P,
    observer: O,
    recorder: &'a Recorder,
    living: [u64; OLDEST + 1],
    lost: [u64; OLDEST + 1],
    callback: u64,
    /// The collections of this operation: the object that caused it, and the generation.
    begun: Vec<(u64, usize)>,
}

/// Runs the scenario with `part`.
pub(in super::super) fn drive<P: Generations<Tally> + ?Sized, O: Observer>(
    scenario: &Scenario,
    part: &P,
    observer: O,
    recorder: &Recorder,
    watch: &Rc<Watch>,
) -> Result<(), Stop> {
    recorder.op(scenario.setup.line, scenario.setup.text());
    let tally = Tally::new(watch.clone(), [700, 10, 10]);
    let (living, lost) = ([0; OLDEST + 1], [0; OLDEST + 1]);
    let mut program = Program { tally, part, observer, recorder, living, lost, callback: 0, begun: vec![] };
    scenario.ops.iter().try_for_each(|op| {
        recorder.op(op.line, op.text());
        program.op(op)?;
        program.tell(op);
        program.observer.scene(|| Picture::Generations(program.tally.draw(program.living)));
        Ok(())
    })
}

impl<P: Generations<Tally> + ?Sized, O: Observer> Program<'_, P, O> {
    fn op(&mut self, op: &Op) -> Result<(), Stop> {
        match (op.verb.as_str(), op.args.as_slice()) {
            _ if !op.names.is_empty() => Ok(op.bad("nothing here has a name on the left: `new 700`")?),
            ("thresholds", [zero, one, two]) => {
                self.tally.set_thresholds([op.number(zero)?, op.number(one)?, op.number(two)?]);
                Ok(())
            }
            ("new", [count]) => self.each(op, count, |program| program.living[0] += 1),
            ("lost", [count]) => self.each(op, count, |program| program.lost[0] += 1),
            ("brief", [count]) => self.each(op, count, Program::on_free),
            ("free", [count]) => self.free(op, count, [0, 1, 2]),
            ("free", [count, which]) if which == "oldest" => self.free(op, count, [2, 1, 0]),
            ("collect", [generation]) => match op.number(generation)? as usize {
                generation @ 0..=OLDEST => self.collect(generation),
                other => Ok(op.bad(format!("generation {other}: there are 0, 1 and 2"))?),
            },
            ("enable", []) => {
                self.tally.set_enabled(true);
                Ok(())
            }
            ("disable", []) => {
                self.tally.set_enabled(false);
                Ok(())
            }
            ("callback", [count]) => {
                self.callback = limited(op, count)?;
                Ok(())
            }
            _ => unknown(
                op,
                "generations",
                "`thresholds 700 10 10`, `new 700`, `lost 50`, `brief 1000`, `free 20`, `free 20 oldest`, `collect 1`, \
                 `disable`, `enable`, `callback 30`",
            ),
        }
    }

    /// So many objects are made, and `then` says what becomes of each.
    fn each(&mut self, op: &Op, count: &str, then: impl Fn(&mut Self)) -> Result<(), Stop> {
        for number in 1..=limited(op, count)? {
            if let Some(generation) = self.on_new()? {
                self.observer.step(|| format!("object {number}: generation {generation} is to be collected"));
                self.observer.scene(|| Picture::Generations(self.tally.draw(self.living)));
                self.begun.push((number, generation));
                self.collect(generation)?;
            }
            then(self);
            self.kept_rules()?;
        }
        Ok(())
    }

    /// Asks the part, and refuses answers that make no sense.
    fn on_new(&mut self) -> Result<Option<usize>, Stop> {
        let due = self.tally.event(Event::New, || self.part.on_new(&self.tally));
        self.kept_rules()?;
        let why = match due {
            None => return Ok(None),
            Some(generation) if generation > OLDEST => "there are only the generations 0, 1 and 2",
            Some(_) if self.tally.collecting() => "a collection runs at this moment (I3)",
            Some(_) if !self.tally.enabled() => "collections are disabled (I3)",
            Some(_) => return Ok(due),
        };
        let generation = due.unwrap_or_default();
        Err(Stop::Broken(format!("broken: on_new asked for a collection of generation {generation}, but {why}")))
    }

    fn on_free(&mut self) {
        self.tally.event(Event::Free, || self.part.on_free(&self.tally));
    }

    fn free(&mut self, op: &Op, count: &str, order: [usize; OLDEST + 1]) -> Result<(), Stop> {
        let count = limited(op, count)?;
        let mut left = count;
        for generation in order {
            let here = left.min(self.living[generation]);
            self.living[generation] -= here;
            left -= here;
        }
        if left > 0 {
            return Ok(op.bad(format!("there are only {} objects to free", count - left))?);
        }
        (0..count).for_each(|_| self.on_free());
        self.kept_rules()
    }

    /// A collection from its beginning to its end.
    fn collect(&mut self, generation: usize) -> Result<(), Stop> {
        self.tally.set_collecting(true);
        self.tally.event(Event::Collect(generation), || self.part.on_collect(&self.tally, generation));
        self.kept_rules()?;
        let older = (generation + 1).min(OLDEST);
        let (mut survivors, mut found) = (0, 0);
        for examined in 0..=generation {
            survivors += std::mem::take(&mut self.living[examined]);
            found += std::mem::take(&mut self.lost[examined]);
        }
        self.living[older] += survivors;
        self.tally.event(Event::Survivors, || self.part.on_survivors(&self.tally, generation, survivors));
        (0..found).for_each(|_| self.on_free());
        self.observer.step(|| match found {
            0 => format!("{survivors} live on in generation {older}"),
            _ => {
                format!("{survivors} live on in generation {older}; {found} are found dead, and their memory goes back")
            }
        });
        for _ in 0..self.callback {
            self.on_new()?;
            self.living[0] += 1;
        }
        self.tally.set_collecting(false);
        self.observer.picture(|| Picture::Generations(self.tally.draw(self.living)));
        self.observer.scene(|| Picture::Generations(self.tally.draw(self.living)));
        self.kept_rules()
    }

    /// A misuse that the part caught ends the scenario all the same.
    fn kept_rules(&self) -> Result<(), Stop> {
        self.tally.misused().map_or(Ok(()), |misuse| Err(Stop::Broken(misuse.to_string())))
    }

    fn tell(&mut self, op: &Op) {
        let begun = std::mem::take(&mut self.begun);
        if matches!(op.verb.as_str(), "new" | "lost" | "brief") {
            let each =
                list(begun.iter().map(|(object, generation)| format!("{generation} at {object}")).map(|s| s + ","));
            let of = |wanted| begun.iter().filter(|(_, generation)| *generation == wanted).count();
            self.recorder.fact(match begun.len() {
                0 => "no collection".into(),
                n if n <= 12 => format!("collected: {}", each.trim_end_matches(',')),
                _ => format!("collected: {each}: {} times 0, {} times 1, {} times 2", of(0), of(1), of(2)),
            });
        }
        if !matches!(op.verb.as_str(), "thresholds" | "enable" | "disable" | "callback") {
            self.recorder.shown(Picture::Generations(self.tally.draw(self.living)));
        }
    }
}

fn limited(op: &Op, count: &str) -> Result<u64, Stop> {
    match op.number(count)? {
        count if count <= OBJECTS => Ok(count),
        count => Ok(op.bad(format!("{count} objects: at most {OBJECTS} in a line"))?),
    }
}
