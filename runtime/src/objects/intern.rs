//! # Interned strings: one for each name
//!
//! ```text
//!   INTERNED, a dict       "x" -> "x",  "append" -> "append" ...       neither reference counts
//! ```
//!
//! Two interned strings are the same characters exactly when they are the same object. That makes the look-up of an
//! attribute quick: the first comparison is of addresses, and it succeeds.
//!
//! - **I1** The table's two references to a string do not count. So it dies when the last one outside is dropped, and
//!   leaves the table then.
//!
//! Source: `PyUnicode_InternInPlace`, `unicode_dealloc` in `Objects/unicodeobject.c` of 3.11.

use super::layout::reference;
use super::machine::{Objects, World, the};
use super::state::INTERNED;
use kit::Memory;
use kit::free_lists::{FreeLists, Stock};
use kit::graph::Obj;
use kit::refcount::REFS;

impl<W: World> Objects<W> {
    /// The interned string with the same characters as `text`, which is stolen. Owned.
    pub fn intern_str(&self, text: Obj) -> Obj {
        the::<W::FreeLists>().intern(self, text)
    }

    /// The interned string with these characters. `None`: no memory. Owned.
    pub fn new_name(&self, text: &str) -> Option<Obj> {
        Some(self.intern_str(self.new_str(text)?))
    }

    /// I1: `text` dies.
    pub(crate) fn leave_interned(&self, text: Obj) {
        let Some(table) = self.interned_table() else { return };
        // Two for the table, which drops them, and one so that it does not die a second time.
        self.mem().set(text, REFS, 3);
        let left = self.dict_del(table, text);
        debug_assert!(matches!(left, Ok(true)), "an interned string is in the table");
    }

    fn interned_table(&self) -> Option<Obj> {
        reference(self.get(INTERNED))
    }
}

impl<W: World> Stock for Objects<W> {
    type Memory = W::Memory;

    #[inline]
    fn mem(&self) -> &W::Memory {
        self.heap.mem()
    }

    fn interned(&self, text: Obj) -> Option<Obj> {
        match self.str_is_interned(text) {
            true => Some(text),
            false => self.dict_get(self.interned_table()?, text),
        }
    }

    fn intern(&self, text: Obj) -> bool {
        let Some(table) = self.made_once(INTERNED, Self::new_dict) else { return false };
        let refs = self.refs(text);
        let done = self.dict_set(table, self.new_ref(text), self.new_ref(text)).is_ok();
        if done {
            self.mem().set(text, REFS, refs);
            self.set_str_interned(text);
        }
        done
    }

    fn incref(&self, o: Obj) {
        Objects::incref(self, o);
    }

    fn decref(&self, o: Obj) {
        Objects::decref(self, o);
    }
}
