//! # Memory for a new object
//!
//! ```text
//!   new_collected --> heap (pools up to 512 bytes, raw beyond) --> count it --> perhaps collect --> header
//! ```
//!
//! - **I1** An object that the collector knows is counted when its memory comes from the heap and when it goes back
//!   there. What free lists do in between nobody counts.
//! - **I2** A collection runs here, before the new object has a header: it is in no list yet, and cannot be found.
//! - **I3** A new object has count 1, owned by the caller, and is not tracked: [`Objects::track`] follows when it is
//!   whole.
//!
//! Source: `gc_alloc`, `_PyObject_GC_Link`, `PyObject_GC_Del` in `Modules/gcmodule.c`, `PyType_GenericAlloc` in `typeobject.c`.

use super::layout::{MANAGED_DICT, PRE_HEADER, VALUES, types::*};
use super::machine::{Objects, World, the};
use super::state::{ENABLED, Kept, State};
use super::types::Type;
use crate::gc::head::{HEAD, Head};
use crate::gc::list::List;
use kit::free_lists::FreeLists;
use kit::generations::Generations;
use kit::graph::Obj;
use kit::refcount::{REFS, TYPE};
use kit::{Addr, Memory};

impl<W: World> Objects<W> {
    /// A new object of `ty`, which the collector does not know, of `bytes` bytes. Owned.
    pub fn new_plain(&self, ty: Type, bytes: u64) -> Option<Obj> {
        let o = Obj(self.heap.malloc(bytes)?);
        self.begin(o, ty, 1);
        Some(o)
    }

    /// A new object of `ty`, which the collector knows, of `bytes` bytes. Owned, not tracked; behind its header nothing
    /// is written yet.
    pub fn new_collected(&self, ty: Type, bytes: u64) -> Option<Obj> {
        let o = self.room_for(HEAD, bytes)?;
        self.begin(o, ty, 1);
        Some(o)
    }

    /// A new instance of a class: its fields, slots, VALUES and MANAGED_DICT are 0. Owned, not tracked. The class gets
    /// one more reference.
    pub fn new_of_class(&self, class: Obj) -> Option<Obj> {
        let mem = self.mem();
        let (bytes, front) = (mem.get(class, BASIC), self.front(class));
        let o = self.room_for(front, bytes)?;
        (16..bytes).step_by(8).for_each(|offset| mem.write(o.0.plus(offset), 0));
        if front > HEAD {
            mem.set(o, VALUES, 0);
            mem.set(o, MANAGED_DICT, 0);
        }
        mem.set(o, REFS, 1);
        mem.set(o, TYPE, mem.get(class, WORD));
        self.incref(class);
        Some(o)
    }

    /// Bytes in front of an instance of `ty`.
    #[inline]
    pub fn front(&self, ty: Obj) -> u64 {
        if self.mem().get(ty, FLAGS) & ATTRIBUTES != 0 { HEAD + PRE_HEADER } else { HEAD }
    }

    /// I1, I2.
    #[inline]
    fn room_for(&self, front: u64, bytes: u64) -> Option<Obj> {
        let at = self.heap.malloc(front + bytes)?;
        if let Some(generation) = the::<W::Generations>().on_new(self) {
            self.collect_by_itself(generation);
        }
        let o = Obj(at.plus(front));
        Head::of(o).clear(self.mem());
        Some(o)
    }

    /// The memory of an object with `front` bytes in front of it goes back (I1). It is not tracked.
    #[inline]
    pub(crate) fn free_collected(&self, o: Obj, front: u64) {
        the::<W::Generations>().on_free(self);
        self.heap.free(Addr(o.0.0 - front));
    }

    /// The collector finds `o` from now on: it is the last of generation 0.
    #[inline]
    pub fn track(&self, o: Obj) {
        debug_assert!(!self.is_tracked(o), "{o:?} is tracked already");
        self.state.generation(0).append(self.mem(), Head::of(o));
    }

    /// The collector does not find it any more.
    #[inline]
    pub fn untrack(&self, o: Obj) {
        let head = Head::of(o);
        if head.is_tracked(self.mem()) {
            List::remove_keeping_tags(self.mem(), head);
        }
    }

    /// Whether the collector finds it: `gc.is_tracked`.
    #[inline]
    pub fn is_tracked(&self, o: Obj) -> bool {
        self.is_collected(o) && Head::of(o).is_tracked(self.mem())
    }

    /// The memory of a dead one of this kind, if there is one. Its header is begun, its GC head is clear. Nobody counts
    /// it (I1).
    #[inline]
    pub(crate) fn take_kept(&self, kept: Kept, ty: Type) -> Option<Obj> {
        let at = the::<W::FreeLists>().take(self, self.state.free_list(kept))?;
        let front = if ty.row().kind.is_collected() { HEAD } else { 0 };
        let o = Obj(at.plus(front));
        if front != 0 {
            Head::of(o).clear(self.mem());
        }
        self.begin(o, ty, 1);
        Some(o)
    }

    /// Offers the memory of `o` to its free list; else it goes back to the heap.
    #[inline]
    pub(crate) fn give_kept(&self, kept: Kept, o: Obj, collected: bool) {
        let at = if collected { Addr(o.0.0 - HEAD) } else { o.0 };
        if the::<W::FreeLists>().put(self, self.state.free_list(kept), at) {
            return;
        }
        match collected {
            true => self.free_collected(o, HEAD),
            false => self.heap.free(at),
        }
    }

    /// Empties all free lists, as a full collection does.
    pub fn clear_free_lists(&self) {
        for kept in Kept::all().filter(|kept| *kept != Kept::Slice) {
            while let Some(at) = the::<W::FreeLists>().take(self, self.state.free_list(kept)) {
                let collected = !matches!(kept, Kept::Float | Kept::Keys);
                if collected {
                    the::<W::Generations>().on_free(self);
                }
                self.heap.free(at);
            }
        }
    }

    /// `gc.enable()` and `gc.disable()`
    pub fn set_enabled(&self, enabled: bool) {
        self.set(ENABLED, u64::from(enabled));
    }

    /// `gc.set_threshold`, of one generation.
    pub fn set_threshold(&self, generation: usize, threshold: u64) {
        self.set(State::threshold(generation), threshold);
    }

    /// Objects that were made less objects that were freed since the last collection, and the other two counters.
    pub fn get_count(&self) -> [u64; 3] {
        [0, 1, 2].map(|generation| self.get(State::count(generation)))
    }
}
