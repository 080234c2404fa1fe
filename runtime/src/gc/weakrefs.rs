//! # Weak references to garbage

use super::list::List;
use crate::objects::{Objects, World};

impl<W: World> Objects<W> {
    pub(crate) fn handle_weakrefs(&self, unreachable: List) -> u64 {
        let _ = (unreachable,);
        0
    }
}
