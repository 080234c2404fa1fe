//! # Instances

use crate::objects::{Objects, World};
use kit::graph::Cursor;
use kit::graph::Obj;

impl<W: World> Objects<W> {
    pub(crate) fn walk_attributes(&self, o: Obj, stage: u64) -> Cursor {
        let _ = (stage,);
        Cursor::over(o, o.0, 0)
    }

    pub(crate) fn release_instance(&self, o: Obj) {
        let _ = (o,);
    }

    pub(crate) fn clear_instance(&self, o: Obj) {
        let _ = (o,);
    }
}
