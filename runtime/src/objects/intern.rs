//! # Interned strings

use crate::objects::{Objects, World};
use kit::free_lists::Stock;
use kit::graph::Obj;

impl<W: World> Stock for Objects<W> {
    type Memory = W::Memory;

    #[inline]
    fn mem(&self) -> &W::Memory {
        self.heap.mem()
    }

    fn interned(&self, text: Obj) -> Option<Obj> {
        let _ = text;
        None
    }

    fn intern(&self, text: Obj) -> bool {
        let _ = text;
        false
    }

    fn incref(&self, o: Obj) {
        Objects::incref(self, o);
    }

    fn decref(&self, o: Obj) {
        Objects::decref(self, o);
    }
}
