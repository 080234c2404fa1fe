//! # `WeakMethod`: a weak reference to what is made anew each time
//!
//! ```text
//!   ref(a.m)              dead at once: a.m is a new object, and nobody keeps it
//!   WeakMethod(a.m)       a weak reference to a, one to the function m, and from both a method again when it is called
//! ```
//!
//! - **I1** It is alive as long as instance and function are. Whichever dies first brings about the one callback.
//! - **I2** Its own callback knows it by a weak reference: otherwise the two would be a ring.
//!
//! Source: `WeakMethod` in `Lib/weakref.py` of 3.11. There each one is an instance with a closure for its callback: a
//! function, a tuple of cells and two cells more than here.

use crate::objects::layout::word;
use crate::objects::types::Type;
use crate::objects::weak_list::KEY as FUNCTION;
use crate::objects::{Objects, World};
use kit::graph::Obj;
use kit::{Field, Memory};

/// 1 until something dies.
const ALIVE: u64 = 72;
/// Weak references to itself.
const WEAK: Field<u64> = word(80);

impl<W: World> Objects<W> {
    /// `WeakMethod(method, callback)`: both are borrowed. Owned.
    ///
    /// # Errors
    /// An exception, owned: it is no method, its instance has no weak references, no memory.
    pub fn new_weak_method(&self, method: Obj, callback: Option<Obj>) -> Result<Obj, Obj> {
        let Some((function, of)) = self.method_parts(method) else {
            return Err(self.raised(Type::TypeError, "argument should be a bound method"));
        };
        self.demand_weakrefs(of)?;
        self.demand_weakrefs(function)?;
        self.weak_method(function, of, callback).ok_or_else(|| self.memory_error())
    }

    fn weak_method(&self, function: Obj, of: Obj, callback: Option<Obj>) -> Option<Obj> {
        let ty = Type::WeakMethod;
        let r = self.new_collected(ty, ty.row().basic)?;
        (16..ty.row().basic).step_by(8).for_each(|offset| self.mem().write(r.0.plus(offset), 0));
        self.set_number(r, ALIVE, 1);
        self.mem().set(r, WEAK, 0);
        self.init_weakref(r, of, None);
        let made = self.weak_method_callback(r, callback).and_then(|died| {
            self.set_weakref_callback(r, Some(self.new_ref(died)));
            self.new_weakref(function, Some(died))
        });
        self.set_field(r, FUNCTION, made);
        if made.is_none() {
            self.decref(r);
        }
        made.map(|_| r)
    }

    /// I2. Owned.
    fn weak_method_callback(&self, r: Obj, callback: Option<Obj>) -> Option<Obj> {
        let itself = self.new_weakref(r, None)?;
        let callback = self.new_ref(callback.unwrap_or(self.none()));
        let known = self.new_tuple(&[itself, callback])?;
        self.new_native(Some(known), part_died)
    }

    /// `r()`: the method, or `None`. Owned.
    ///
    /// # Errors
    /// An exception, owned: no memory.
    pub fn weak_method_call(&self, r: Obj) -> Result<Obj, Obj> {
        let function = self.field(r, FUNCTION).and_then(|function| self.weakref_target(function));
        match (function, self.weakref_target(r)) {
            (Some(function), Some(of)) => {
                let (function, of) = (self.new_ref(function), self.new_ref(of));
                self.new_method(function, of).ok_or_else(|| self.memory_error())
            }
            _ => Ok(self.new_ref(self.none())),
        }
    }
}

/// Instance or function are dead (I1).
fn part_died<W: World>(objects: &Objects<W>, arguments: &[Obj]) -> Result<Obj, Obj> {
    let known = arguments[0];
    if let Some(r) = objects.weakref_target(objects.tuple_get(known, 0))
        && objects.number(r, ALIVE) != 0
    {
        let r = objects.owned(objects.new_ref(r));
        objects.set_number(r.as_obj(), ALIVE, 0);
        let callback = objects.tuple_get(known, 1);
        if callback != objects.none() {
            return objects.call(callback, &[r.as_obj()]);
        }
    }
    Ok(objects.new_ref(objects.none()))
}
