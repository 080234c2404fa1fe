//! # Weak references

use crate::objects::{Objects, World};
use kit::graph::Obj;

impl<W: World> Objects<W> {
    pub(crate) fn clear_weak_references(&self, o: Obj) {
        let _ = (o,);
    }

    pub(crate) fn clear_weakref(&self, o: Obj) {
        let _ = (o,);
    }
}
