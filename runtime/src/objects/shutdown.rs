//! # The end of the runtime, in order
//!
//! ```text
//!   at-exit callbacks, the last one first
//!   a full collection                        rings that were lost long ago
//!   sys.modules is emptied
//!   a full collection                        __main__ with all its globals, in the order in which they were made;
//!                                            finalizers still find the globals
//!   modules that somebody still keeps        their names become None
//!   the runtime's own lists and dicts
//! ```
//!
//! - **I1** Afterwards the heap holds nothing but what the host still has references to.
//! - **I2** Nothing stops the end: exceptions are reported, what there is no memory for is left out.
//!
//! Source: `Py_FinalizeEx`, `finalize_modules` in `Python/pylifecycle.c`, `atexit_callfuncs` in
//! `Modules/atexitmodule.c` of 3.11.

use super::layout::{reference, types::SUBCLASSES};
use super::machine::{Objects, World, the};
use super::state::{AT_EXIT, CALLBACKS, GARBAGE, HANDLED, INTERNED, Kept, MODULES};
use super::types::{ROWS, Type};
use kit::Field;
use kit::free_lists::FreeLists;
use kit::generations::OLDEST;
use kit::graph::Obj;

impl<W: World> Objects<W> {
    /// `atexit.register(function)`: stolen. `None`: no memory; it is dropped.
    pub fn at_exit(&self, function: Obj) -> Option<()> {
        let list = self.made_once(AT_EXIT, |objects| objects.new_list().inspect(|list| objects.untrack(*list)));
        let Some(list) = list else {
            self.decref(function);
            return None;
        };
        self.list_append(list, function)
    }

    /// The end. The runtime can be used no more.
    pub fn shut_down(&self) {
        self.run_at_exit();
        self.collect(OLDEST);
        let kept = self.empty_modules();
        self.collect(OLDEST);
        self.clear_kept_modules(kept);
        for own in [MODULES, AT_EXIT, CALLBACKS, GARBAGE, HANDLED] {
            self.let_go(own);
        }
        self.collect(OLDEST);
        self.forget_interned();
        for ty in 0..ROWS.len() as u64 {
            let ty = Obj(self.ty(Type::Object).0.plus(ty * super::layout::types::RECORD));
            self.set_field(ty, SUBCLASSES, None);
        }
        self.clear_free_lists();
        if let Some(block) = the::<W::FreeLists>().take(self, self.state.free_list(Kept::Slice)) {
            self.heap.free(block);
        }
    }

    fn run_at_exit(&self) {
        while let Some(function) = reference(self.get(AT_EXIT)).and_then(|list| self.list_pop(list)) {
            match self.call(function, &[]) {
                Ok(value) => self.decref(value),
                Err(exception) => {
                    self.unraisable_because(exception, function, Some("Exception ignored in atexit callback"))
                }
            }
            self.decref(function);
        }
    }

    /// Weak references to the modules that were there, in their order.
    fn empty_modules(&self) -> Vec<Obj> {
        let Some(modules) = reference(self.get(MODULES)) else { return Vec::new() };
        let (mut position, mut kept) = (0, Vec::new());
        while let Some((_, module)) = self.dict_next(modules, &mut position) {
            if self.is_a(module, Type::Module) {
                let module = self.owned(self.new_ref(module)); // making a weak reference may run a collection
                kept.extend(self.new_weakref(module.as_obj(), None));
            }
        }
        self.dict_clear(modules);
        kept
    }

    fn clear_kept_modules(&self, kept: Vec<Obj>) {
        for r in kept.into_iter().rev() {
            if let Some(module) = self.weakref_target(r) {
                self.incref(module);
                self.clear_module_names(module);
                self.decref(module);
            }
            self.decref(r);
        }
    }

    fn let_go(&self, own: Field<u64>) {
        let held = reference(self.get(own));
        self.set(own, 0);
        self.decref_some(held);
    }

    /// The table's own references to its strings do not count, so they are given back before it drops them.
    fn forget_interned(&self) {
        let Some(table) = reference(self.get(INTERNED)) else { return };
        self.set(INTERNED, 0);
        let mut position = 0;
        while let Some((text, _)) = self.dict_next(table, &mut position) {
            self.incref(text);
            self.incref(text);
        }
        self.decref(table);
    }
}
