//! # What is built, and how a collection of it is timed
//!
//! The table is in [`crate::collect`]. `collect.py` is this file for an interpreter: who changes one changes the other.

use crate::patterns::Random;
use crate::turns::now;
use std::time::Duration;

/// Objects of a ring.
const RING: usize = 10;

/// Old objects to one young, in the shapes that have both.
const OLD_TO_YOUNG: usize = 100;

/// Objects that refer to one another, and a collector for those that nobody else refers to.
pub trait Collector {
    /// Whether [`collect`](Collector::collect) tells how many unreachable objects it found. Those of the others are
    /// watched.
    const TELLS: bool;

    /// A reference that the program owns: one that is dropped is given up.
    type Object;

    /// A new object. One that is watched is counted by [`alive`](Collector::alive).
    fn object(&self, watched: bool) -> Self::Object;

    /// One more reference to an object.
    fn again(&self, object: &Self::Object) -> Self::Object;

    /// Lets `from` refer to `to`, in its `place`-th place, one after the other from 0 on.
    fn refer(&self, from: &Self::Object, place: usize, to: &Self::Object);

    /// Collects all objects or only the young ones, if it knows any. Tells what it found, if it does that.
    fn collect(&self, which: Which) -> Option<usize>;

    /// How many of the objects that are watched are there.
    fn alive(&self) -> usize {
        0
    }

    /// Gives up what the program holds, and has no object afterwards.
    fn tear_down(&self, held: Vec<Self::Object>);
}

/// Which objects a collection is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Which {
    /// The youngest generation.
    Young,
    /// All of them.
    All,
}

/// One line of the table in [`crate::collect`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// Rings that nobody holds.
    DeadRings,
    /// Rings that were held until they were old.
    OldDeadRings,
    /// Rings that are held by any of their objects.
    LiveRings,
    /// Rings that are held by their first object.
    LiveRingsFirst,
    /// Old rings that are held by any of their objects.
    OldLiveRings,
    /// Old rings that are held by their first object.
    OldLiveRingsFirst,
    /// A graph that nobody holds.
    DeadGraph,
    /// A graph that was held until it was old.
    OldDeadGraph,
    /// A graph that is held.
    LiveGraph,
    /// A few dead rings beside many old ones: the young are collected.
    Young,
    /// The same, all are collected.
    All,
    /// One ring of all objects, that nobody holds.
    DeadRing,
    /// A chain that is held.
    LiveChain,
    /// A chain that is let go.
    DeadChain,
}

impl Shape {
    /// Those for which the time of an object tells something.
    pub const USUAL: [Shape; 11] = [
        Shape::DeadRings,
        Shape::OldDeadRings,
        Shape::LiveRings,
        Shape::LiveRingsFirst,
        Shape::OldLiveRings,
        Shape::OldLiveRingsFirst,
        Shape::DeadGraph,
        Shape::OldDeadGraph,
        Shape::LiveGraph,
        Shape::Young,
        Shape::All,
    ];

    /// Those for which the question is who comes to the end of it.
    pub const LONG: [Shape; 3] = [Shape::DeadRing, Shape::DeadChain, Shape::LiveChain];

    /// As it is called on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Shape::DeadRings => "dead-rings",
            Shape::OldDeadRings => "old-dead-rings",
            Shape::LiveRings => "live-rings",
            Shape::LiveRingsFirst => "live-rings-first",
            Shape::OldLiveRings => "old-live-rings",
            Shape::OldLiveRingsFirst => "old-live-rings-first",
            Shape::DeadGraph => "dead-graph",
            Shape::OldDeadGraph => "old-dead-graph",
            Shape::LiveGraph => "live-graph",
            Shape::Young => "young",
            Shape::All => "all",
            Shape::DeadRing => "dead-ring",
            Shape::LiveChain => "live-chain",
            Shape::DeadChain => "dead-chain",
        }
    }

    /// The shape with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Shape> {
        Shape::USUAL.into_iter().chain(Shape::LONG).find(|shape| shape.name() == name)
    }

    /// For how many objects the time is: those that the collection is about.
    #[must_use]
    pub fn counted(self, objects: usize) -> usize {
        match self {
            Shape::Young => objects / OLD_TO_YOUNG,
            Shape::All => objects + objects / OLD_TO_YOUNG,
            _ => objects,
        }
    }

    /// How many objects die in the timed part.
    #[must_use]
    pub fn dead(self, objects: usize) -> usize {
        match self {
            Shape::LiveRings | Shape::LiveRingsFirst | Shape::OldLiveRings | Shape::OldLiveRingsFirst => 0,
            Shape::LiveGraph | Shape::LiveChain => 0,
            Shape::Young | Shape::All => objects / OLD_TO_YOUNG,
            Shape::DeadRings | Shape::OldDeadRings | Shape::DeadGraph | Shape::OldDeadGraph => objects,
            Shape::DeadRing | Shape::DeadChain => objects,
        }
    }

    /// How many of them the collector finds: of a chain that is let go, nothing is left for it.
    #[must_use]
    pub fn unreachable(self, objects: usize) -> usize {
        if self == Shape::DeadChain { 0 } else { self.dead(objects) }
    }

    /// Builds it, and gives what the program holds.
    pub fn build<C: Collector>(self, collector: &C, objects: usize, watched: bool) -> Vec<C::Object> {
        let build = Build { collector, watched };
        // What is there when a collection ends is old from then on.
        let old = |held: Vec<C::Object>| {
            collector.collect(Which::All);
            held
        };
        match self {
            Shape::DeadRings => build.rings(objects, None),
            Shape::OldDeadRings => let_go(old(build.held(objects, any))),
            Shape::LiveRings => build.held(objects, any),
            Shape::LiveRingsFirst => build.held(objects, first),
            Shape::OldLiveRings => old(build.held(objects, any)),
            Shape::OldLiveRingsFirst => old(build.held(objects, first)),
            Shape::DeadGraph => build.graph(objects, false),
            Shape::OldDeadGraph => let_go(old(build.graph(objects, true))),
            Shape::LiveGraph => build.graph(objects, true),
            Shape::Young | Shape::All => {
                let held = old(build.held(objects, any));
                build.rings(objects / OLD_TO_YOUNG, Some(&held));
                held
            }
            Shape::DeadRing => build.chain(objects, true),
            Shape::LiveChain | Shape::DeadChain => build.chain(objects, false),
        }
    }

    /// The timed collection: how long it took, how many objects died, and what the program holds now.
    pub fn collect<C: Collector>(self, collector: &C, mut held: Vec<C::Object>) -> (Duration, usize, Vec<C::Object>) {
        let which = if self == Shape::Young { Which::Young } else { Which::All };
        let before = collector.alive();
        let start = now();
        if self == Shape::DeadChain {
            held.clear();
        }
        let found = collector.collect(which);
        let time = now() - start;
        (time, found.unwrap_or_else(|| before - collector.alive()), held)
    }
}

/// Of which of its objects a ring is held: of another one each time, the first, the eighth, the fifth, ...
fn any(ring: usize) -> usize {
    ring * 7 % RING
}

/// The first of each.
fn first(_: usize) -> usize {
    0
}

fn let_go<T>(held: Vec<T>) -> Vec<T> {
    drop(held);
    vec![]
}

struct Build<'a, C> {
    collector: &'a C,
    watched: bool,
}

impl<C: Collector> Build<'_, C> {
    fn object(&self) -> C::Object {
        self.collector.object(self.watched)
    }

    /// Dead rings; the first object of each refers to one of `old`, too.
    fn rings(&self, objects: usize, old: Option<&[C::Object]>) -> Vec<C::Object> {
        (0..objects / RING).for_each(|ring| _ = self.ring(old.map(|old| &old[ring])));
        vec![]
    }

    /// Rings of which the program holds one object each.
    fn held(&self, objects: usize, which: fn(usize) -> usize) -> Vec<C::Object> {
        (0..objects / RING).map(|ring| self.ring(None).swap_remove(which(ring))).collect()
    }

    fn ring(&self, old: Option<&C::Object>) -> Vec<C::Object> {
        let ring: Vec<C::Object> = (0..RING).map(|_| self.object()).collect();
        for (from, to) in ring.iter().zip(ring.iter().cycle().skip(1)) {
            self.collector.refer(from, 0, to);
        }
        if let Some(old) = old {
            self.collector.refer(&ring[0], 1, old);
        }
        ring
    }

    fn graph(&self, objects: usize, held: bool) -> Vec<C::Object> {
        let all: Vec<C::Object> = (0..objects).map(|_| self.object()).collect();
        let mut random = Random::new(objects as u64);
        let mut trip: Vec<usize> = (0..objects).collect();
        for end in (1..objects).rev() {
            trip.swap(end, random.below(end + 1));
        }
        for place in 0..objects {
            let (from, to) = (&all[trip[place]], &all[trip[(place + 1) % objects]]);
            self.collector.refer(from, 0, to);
        }
        for from in &all {
            self.collector.refer(from, 1, &all[random.below(objects)]);
            self.collector.refer(from, 2, &all[random.below(objects)]);
        }
        if held { vec![self.collector.again(&all[0])] } else { vec![] }
    }

    /// A chain, and its first object; or a ring, and nothing.
    fn chain(&self, objects: usize, closed: bool) -> Vec<C::Object> {
        let first = self.object();
        let mut last = self.collector.again(&first);
        for _ in 1..objects {
            let next = self.object();
            self.collector.refer(&last, 0, &next);
            last = next;
        }
        if closed {
            self.collector.refer(&last, 0, &first);
            return vec![];
        }
        vec![first]
    }
}
