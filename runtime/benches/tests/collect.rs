//! A collector that is compared must collect: everything that is dead, and nothing else, in every shape.

use benches::collect::shapes::{Collector, Shape};
use benches::collect::{self, Contender, Job};
use std::collections::HashSet;

const OBJECTS: usize = 2000;

struct Finds(Shape);

impl Job for Finds {
    type Result = usize;
    fn run<C: Collector>(self, collector: &C) -> usize {
        let held = self.0.build(collector, OBJECTS, true);
        let (_, found, held) = self.0.collect(collector, held);
        collector.tear_down(held);
        assert_eq!(collector.alive(), 0, "{:?}: nothing is left", self.0);
        assert_eq!(found, if C::TELLS { self.0.unreachable(OBJECTS) } else { self.0.dead(OBJECTS) }, "{:?}", self.0);
        found
    }
}

#[test]
fn each_contender_finds_what_is_dead() {
    for contender in Contender::all(&[]) {
        let name = format!("{} {}", contender.name, contender.kind.name());
        for shape in Shape::USUAL.into_iter().chain(Shape::LONG) {
            collect::enter(&name, Finds(shape)).unwrap_or_else(|| panic!("nobody is called `{name}`"));
        }
    }
}

#[test]
fn names_are_told_apart() {
    let names = Shape::USUAL.into_iter().chain(Shape::LONG).map(Shape::name);
    assert!(names.clone().all(|name| Shape::named(name).is_some_and(|shape| shape.name() == name)));
    assert_eq!(names.collect::<HashSet<&str>>().len(), Shape::USUAL.len() + Shape::LONG.len());
    assert!(collect::enter("gcmodule slots", Finds(Shape::DeadRings)).is_none(), "the crates have lists only");
}
