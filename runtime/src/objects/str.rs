//! # Strings

use crate::objects::{Objects, World};
use kit::graph::Obj;

impl<W: World> Objects<W> {
    pub(crate) fn release_str(&self, o: Obj) {
        let _ = (o,);
    }
}
