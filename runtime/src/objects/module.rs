//! # Modules, and the table of them
//!
//! ```text
//!   sys.modules, a dict --> module --> its dict: the globals of every function in it
//!                                          ^                     |
//!                                          +---------------------+    so a module is nearly always part of a ring
//! ```
//!
//! - **I1** A new module's dict has five names: `__name__`, `__doc__`, `__package__`, `__loader__`, `__spec__`.
//! - **I2** A frame's globals are a module's dict: frames and functions do not hold the module.
//!
//! Source: `new_module_notrack`, `module_init_dict`, `_PyModule_ClearDict` in `Objects/moduleobject.c` of 3.11.

use super::layout::word;
use super::machine::{Objects, World};
use super::names::Known;
use super::state::MODULES;
use super::types::Type;
use kit::graph::Obj;
use kit::{Field, Memory};

const MODULE_DICT: Field<u64> = word(16);
const MODULE_NAME: Field<u64> = word(24);

impl<W: World> Objects<W> {
    /// A module of this name, a string, which is borrowed. Tracked. `None`: no memory. Owned.
    pub fn new_module(&self, name: Obj) -> Option<Obj> {
        let module = self.new_record_untracked(Type::Module, Type::Module.row().basic, &[])?;
        let dict = self.new_dict();
        self.mem().set(module, MODULE_DICT, super::layout::stored(dict));
        self.mem().set(module, MODULE_NAME, self.new_ref(name).0.0);
        self.track(module);
        let filled = dict.and_then(|dict| {
            let none = self.none();
            let names = [Known::Name, Known::Doc, Known::Package, Known::Loader, Known::Spec];
            names.into_iter().zip([name, none, none, none, none]).try_for_each(|(key, value)| {
                let done = self.dict_set(dict, self.new_ref(self.known(key)), self.new_ref(value));
                done.map_err(|refused| self.forget(refused)).ok()
            })
        });
        if filled.is_none() {
            self.decref(module);
        }
        filled.map(|()| module)
    }

    /// The globals of a module. Borrowed; none once it was cleared.
    pub fn module_dict(&self, module: Obj) -> Option<Obj> {
        self.field(module, MODULE_DICT)
    }

    /// `sys.modules`: a dict. `None`: no memory. Borrowed.
    pub fn modules(&self) -> Option<Obj> {
        self.made_once(MODULES, Self::new_dict)
    }

    /// `sys.modules[name] = module`: the module is stolen. `None`: no memory; it is dropped.
    pub fn add_module(&self, name: Obj, module: Obj) -> Option<()> {
        let Some(modules) = self.modules() else {
            self.decref(module);
            return None;
        };
        self.dict_set(modules, self.new_ref(name), module).map_err(|refused| self.forget(refused)).ok()
    }

    /// The names of a module that outlives the last collections become `None`: those with one leading underscore first.
    pub(crate) fn clear_module_names(&self, module: Obj) {
        let Some(dict) = self.module_dict(module) else { return };
        for hidden in [true, false] {
            let mut position = 0;
            while let Some((key, value)) = self.dict_next(dict, &mut position) {
                if self.kind(key) != super::kind::Kind::Str || value == self.none() {
                    continue;
                }
                let text = self.str_text(key);
                let underscore = text.starts_with('_') && !text.starts_with("__");
                if underscore != hidden && (hidden || text == "__builtins__") {
                    continue;
                }
                let done = self.dict_set(dict, self.new_ref(key), self.new_ref(self.none()));
                done.unwrap_or_else(|refused| self.forget(refused));
            }
        }
    }
}
