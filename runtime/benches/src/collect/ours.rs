//! # Our objects, as a contender
//!
//! The runtime as programs use it, with handles under its token. Automatic collections are off.

use super::shapes::{Collector, Which};
use super::{Job, Kind};
use crate::ours::Reference;
use kit::graph::Obj;
use kit::observe::Silent;
use kit::raw::RawMemory;
use runtime::config::Config;
use runtime::heap::machine::Heap;
use runtime::objects::Objects;
use runtime::objects::class::NewClass;
use runtime::objects::machine::Profile;
use runtime::objects::token::{Gil, Interpreter, Owned};

/// What it is called.
pub const NAME: &str = "ours";

/// An interpreter that never collects by itself.
#[must_use]
pub fn interpreter() -> Interpreter<Reference> {
    // SAFETY: only the reference's parts run on it, which stay inside what they mapped (I1 of kit::raw).
    let mem = unsafe { RawMemory::new() };
    let heap = Heap::new(mem, Silent, Reference::reference()).expect("memory for a heap");
    let profile = Profile { thresholds: [0, 10, 10], ..Profile::V3_11 };
    Interpreter::new(heap, profile).expect("memory for an interpreter")
}

/// A class whose instances have attributes `a`, `b` and `c`: as slots, or as attributes of their own. Owned.
///
/// # Panics
/// Without memory.
#[must_use]
pub fn class(objects: &Objects<Reference>, names: &[Obj; 3], slots: bool) -> Obj {
    let name = objects.new_name("Node").expect("memory for its name");
    let namespace = objects.new_dict().expect("memory for its dict");
    let slots = slots.then_some(&names[..]);
    let class = objects.new_class(NewClass { name, bases: &[], namespace, slots }).expect("memory for a class");
    objects.decref(namespace);
    objects.decref(name);
    class
}

/// `"a"`, `"b"` and `"c"`. Owned.
///
/// # Panics
/// Without memory.
#[must_use]
pub fn names(objects: &Objects<Reference>) -> [Obj; 3] {
    ["a", "b", "c"].map(|name| objects.new_name(name).expect("memory for a name"))
}

/// Gives `job` our collector of objects of this kind.
pub fn enter<J: Job>(kind: Kind, job: J) -> J::Result {
    interpreter().with_gil(|gil| match kind {
        Kind::Lists => job.run(&Lists(gil)),
        Kind::Slots | Kind::Attributes => job.run(&Instances::new(gil, kind == Kind::Slots)),
    })
}

fn collect(gil: Gil<'_, Reference>, which: Which) -> usize {
    let generation = match which {
        Which::Young => 0,
        Which::All => 2,
    };
    gil.objects().collect(generation) as usize
}

/// Objects are lists.
struct Lists<'g>(Gil<'g, Reference>);

impl<'g> Collector for Lists<'g> {
    const TELLS: bool = true;
    type Object = Owned<'g, Reference>;

    fn object(&self, _: bool) -> Self::Object {
        self.0.list().expect("memory for a list")
    }

    fn again(&self, object: &Self::Object) -> Self::Object {
        object.clone()
    }

    fn refer(&self, from: &Self::Object, _: usize, to: &Self::Object) {
        from.append(to.clone()).expect("memory for its items");
    }

    fn collect(&self, which: Which) -> Option<usize> {
        Some(collect(self.0, which))
    }

    fn tear_down(&self, held: Vec<Self::Object>) {
        drop(held);
        collect(self.0, Which::All);
    }
}

/// Objects are instances of a class.
struct Instances<'g> {
    gil: Gil<'g, Reference>,
    class: Obj,
    names: [Obj; 3],
}

impl<'g> Instances<'g> {
    fn new(gil: Gil<'g, Reference>, slots: bool) -> Self {
        let names = names(gil.objects());
        let class = class(gil.objects(), &names, slots);
        let instances = Instances { gil, class, names };
        // As if __init__ had set them: an instance has room for the attributes that others before it had.
        let example = instances.object(false);
        (0..3).for_each(|place| instances.refer(&example, place, &gil.none()));
        drop(example);
        instances
    }
}

impl<'g> Collector for Instances<'g> {
    const TELLS: bool = true;
    type Object = Owned<'g, Reference>;

    fn object(&self, _: bool) -> Self::Object {
        self.gil.owned(self.gil.objects().new_instance(self.class).expect("memory for an instance"))
    }

    fn again(&self, object: &Self::Object) -> Self::Object {
        object.clone()
    }

    fn refer(&self, from: &Self::Object, place: usize, to: &Self::Object) {
        let set = self.gil.objects().set_attribute(from.as_obj(), self.names[place], to.clone().into_obj());
        set.expect("memory for its attributes");
    }

    fn collect(&self, which: Which) -> Option<usize> {
        Some(collect(self.gil, which))
    }

    fn tear_down(&self, held: Vec<Self::Object>) {
        drop(held);
        collect(self.gil, Which::All);
    }
}

impl Drop for Instances<'_> {
    fn drop(&mut self) {
        let objects = self.gil.objects();
        objects.decref(self.class);
        self.names.into_iter().for_each(|name| objects.decref(name));
    }
}
