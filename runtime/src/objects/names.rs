//! # Names that the runtime itself looks for
//!
//! `__del__`, `__dict__` and the like are strings in the runtime's own words, as CPython 3.11 has them in static memory:
//! looking for a finalizer must not need memory.

use super::machine::{Objects, World};
use super::types::Type;
use kit::graph::Obj;

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// A name that the runtime itself looks for.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Known {
            $($(#[$doc])* $name,)*
        }

        /// Their characters, in the same order: ASCII, at most fifteen.
        pub const NAMES: &[&str] = &[$($text),*];
    };
}

names! {
    /// The finalizer of a class.
    Del = "__del__";
    /// Attributes.
    Dict = "__dict__";
    /// Weak references.
    Weakref = "__weakref__";
    /// What it is for.
    Doc = "__doc__";
    /// What a class's module is called.
    Module = "__module__";
    /// The name of a class, and where it stands.
    Qualname = "__qualname__";
    /// A name.
    Name = "__name__";
    /// What begins an instance.
    Init = "__init__";
    /// What makes an instance callable.
    Call = "__call__";
    /// What answers when an attribute is not there.
    Getattr = "__getattr__";
    /// What compares.
    Eq = "__eq__";
    /// What hashes.
    Hash = "__hash__";
    /// The class of an instance.
    Class = "__class__";
    /// The package of a module.
    Package = "__package__";
    /// What loaded a module.
    Loader = "__loader__";
    /// How a module was found.
    Spec = "__spec__";
    /// Which generation.
    Generation = "generation";
    /// How many died.
    Collected = "collected";
    /// How many could not.
    Uncollectable = "uncollectable";
}

impl<W: World> Objects<W> {
    /// A name that the runtime itself looks for. Borrowed; it lives as long as the runtime.
    #[inline]
    pub fn known(&self, name: Known) -> Obj {
        self.state.known(name as u64)
    }

    pub(crate) fn init_names(&self, refs: u64) {
        for (number, text) in (0..).zip(NAMES) {
            let o = self.state.known(number);
            self.begin(o, Type::Str, refs);
            let codes = text.bytes().map(u32::from);
            self.write_text(o, text.len() as u64, codes.clone().fold(0, |all, code| all | code), codes);
        }
    }
}
