//! # Collectors of cycles for Rust
//!
//! | crate | looks at | how |
//! |---|---|---|
//! | `gcmodule` | all objects | as CPython does, without generations |
//! | `jrsonnet-gcmodule` | all objects | the same, as its users continued it |
//! | `bacon_rajan_cc` | objects that lost a reference, and what they reach | trial deletion |
//! | `rust-cc` | objects that lost a reference, and what they reach | counting references twice |
//! | `dumpster` (`unsync`) | objects that lost a reference, and what they reach | a graph of all in hash tables |
//!
//! An object is a `Vec` of references that grows, as a list is. None of them knows generations, so a collection of the
//! young is one of all. Those that would collect by themselves are told not to.
//!
//! *Tearing down.* Dropping a long chain recurses in all of them; `tear_down` takes it apart link by link.

use super::Job;
use super::shapes::{Collector, Which};
use std::cell::{Cell, RefCell};
use std::marker::PhantomData;

/// Their names.
pub const NAMES: [&str; 5] = ["gcmodule", "jrsonnet-gcmodule", "bacon_rajan_cc", "rust-cc", "dumpster"];

/// Gives `job` the collector that is called `name`.
pub fn enter<J: Job>(name: &str, job: J) -> Option<J::Result> {
    Some(match name {
        "gcmodule" => job.run(&Crate::<gcmodule_node::Reference>::new()),
        "jrsonnet-gcmodule" => job.run(&Crate::<jrsonnet_node::Reference>::new()),
        "bacon_rajan_cc" => job.run(&Crate::<bacon_rajan_node::Reference>::new()),
        "rust-cc" => job.run(&Crate::<rust_cc_node::Reference>::new()),
        "dumpster" => job.run(&Crate::<dumpster_node::Reference>::new()),
        _ => return None,
    })
}

thread_local! {
    /// Objects that are watched and there.
    static ALIVE: Cell<usize> = const { Cell::new(0) };
}

/// A word in each object that tells when it is dropped, if it is watched.
#[derive(dumpster::Trace)]
struct Witness(bool);

impl Witness {
    fn new(watched: bool) -> Witness {
        ALIVE.set(ALIVE.get() + usize::from(watched));
        Witness(watched)
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        if self.0 {
            ALIVE.set(ALIVE.get() - 1);
        }
    }
}

/// What the crates have in common.
trait Node: Clone {
    /// Tells the crate not to collect before it is told to.
    fn wait() {}
    fn new(witness: Witness) -> Self;
    fn references(&self) -> &RefCell<Vec<Self>>;
    fn collect();
}

/// The collector of a crate, by its references.
struct Crate<N>(PhantomData<N>);

impl<N: Node> Crate<N> {
    fn new() -> Self {
        N::wait();
        Crate(PhantomData)
    }
}

impl<N: Node> Collector for Crate<N> {
    const TELLS: bool = false;
    type Object = N;

    fn object(&self, watched: bool) -> N {
        N::new(Witness::new(watched))
    }

    fn again(&self, object: &N) -> N {
        object.clone()
    }

    fn refer(&self, from: &N, _: usize, to: &N) {
        from.references().borrow_mut().push(to.clone());
    }

    fn collect(&self, _: Which) -> Option<usize> {
        N::collect();
        None
    }

    fn alive(&self) -> usize {
        ALIVE.get()
    }

    fn tear_down(&self, mut held: Vec<N>) {
        while let Some(object) = held.pop() {
            // An object in which nothing is left drops nothing when it is dropped.
            held.append(&mut object.references().take());
        }
        N::collect();
    }
}

/// Both `gcmodule`s: the same interface in two crates.
macro_rules! gcmodule {
    ($module:ident, $crate_name:ident) => {
        mod $module {
            use super::{Node, RefCell, Witness};
            use $crate_name::{Cc, Trace, Tracer};

            #[derive(Clone)]
            pub(super) struct Reference(Cc<Object>);

            struct Object {
                references: RefCell<Vec<Reference>>,
                _witness: Witness,
            }

            // Derived, they would ask each other whether they can be part of a cycle, and never come to an end.
            impl Trace for Reference {
                fn trace(&self, tracer: &mut Tracer) {
                    self.0.trace(tracer);
                }
                fn is_type_tracked() -> bool {
                    true
                }
            }

            impl Trace for Object {
                fn trace(&self, tracer: &mut Tracer) {
                    self.references.trace(tracer);
                }
                fn is_type_tracked() -> bool {
                    true
                }
            }

            impl Node for Reference {
                fn new(witness: Witness) -> Reference {
                    Reference(Cc::new(Object { references: RefCell::default(), _witness: witness }))
                }
                fn references(&self) -> &RefCell<Vec<Reference>> {
                    &self.0.references
                }
                fn collect() {
                    let _ = $crate_name::collect_thread_cycles();
                }
            }
        }
    };
}

gcmodule!(gcmodule_node, gcmodule);
gcmodule!(jrsonnet_node, jrsonnet_gcmodule);

mod bacon_rajan_node {
    use super::{Node, RefCell, Witness};
    use bacon_rajan_cc::{Cc, Trace, Tracer};

    #[derive(Clone)]
    pub(super) struct Reference(Cc<Object>);

    struct Object {
        references: RefCell<Vec<Reference>>,
        _witness: Witness,
    }

    impl Trace for Reference {
        fn trace(&self, tracer: &mut Tracer) {
            self.0.trace(tracer);
        }
    }

    impl Trace for Object {
        fn trace(&self, tracer: &mut Tracer) {
            self.references.trace(tracer);
        }
    }

    impl Node for Reference {
        fn new(witness: Witness) -> Reference {
            Reference(Cc::new(Object { references: RefCell::default(), _witness: witness }))
        }
        fn references(&self) -> &RefCell<Vec<Reference>> {
            &self.0.references
        }
        fn collect() {
            bacon_rajan_cc::collect_cycles();
        }
    }
}

mod rust_cc_node {
    use super::{Node, RefCell, Witness};
    use rust_cc::{Cc, Finalize, Trace};

    #[derive(Clone, Trace, Finalize)]
    pub(super) struct Reference(Cc<Object>);

    #[derive(Trace, Finalize)]
    struct Object {
        references: RefCell<Vec<Reference>>,
        #[rust_cc(ignore)]
        _witness: Witness,
    }

    impl Node for Reference {
        fn wait() {
            rust_cc::config::config(|config| config.set_auto_collect(false)).expect("nobody else is at it");
        }
        fn new(witness: Witness) -> Reference {
            Reference(Cc::new(Object { references: RefCell::default(), _witness: witness }))
        }
        fn references(&self) -> &RefCell<Vec<Reference>> {
            &self.0.references
        }
        fn collect() {
            rust_cc::collect_cycles();
        }
    }
}

mod dumpster_node {
    use super::{Node, RefCell, Witness};
    use dumpster::Trace;
    use dumpster::unsync::{Gc, collect, set_collect_condition};

    #[derive(Clone, Trace)]
    pub(super) struct Reference(Gc<Object>);

    #[derive(Trace)]
    struct Object {
        references: RefCell<Vec<Reference>>,
        witness: Witness,
    }

    impl Node for Reference {
        fn wait() {
            set_collect_condition(|_| false);
        }
        fn new(witness: Witness) -> Reference {
            Reference(Gc::new(Object { references: RefCell::default(), witness }))
        }
        fn references(&self) -> &RefCell<Vec<Reference>> {
            &self.0.references
        }
        fn collect() {
            collect();
        }
    }
}
