//! # Clearing: an object of a dead cycle drops what it holds
//!
//! To break a cycle somebody has to let go. Most types can be told to; some never are, because the others are enough: a
//! cycle cannot consist of tuples alone, for a tuple is made after what it holds.
//!
//! | kind | what is dropped |
//! |---|---|
//! | list, dict, set | everything; it is empty before the first item dies |
//! | record, frame | its fields, one after the other, unless its type [keeps](types::KEEPS) them |
//! | instance | its attributes and slots |
//! | class | its dict, its bases |
//! | weak reference | what it refers to, and its callback |
//! | tuple | nothing |
//!
//! Source: the `tp_clear` of each type.

use crate::objects::kind::Kind;
use crate::objects::layout::{reference, types};
use crate::objects::types::Type;
use crate::objects::{Objects, World};
use kit::Memory;
use kit::graph::Obj;

impl<W: World> Objects<W> {
    /// `o` drops what it holds: `tp_clear`. The caller holds a reference to it.
    pub(crate) fn clear_references(&self, o: Obj) {
        match self.kind(o) {
            Kind::List => self.list_clear(o),
            Kind::Dict => self.dict_clear(o),
            Kind::Set => self.set_clear(o),
            Kind::Record if self.is_a(o, Type::Function) => self.clear_function(o),
            Kind::Record if self.is_a(o, Type::Property) => self.clear_property(o),
            Kind::Frame if self.is_a(o, Type::Frame) => self.clear_frame_object(o),
            Kind::Record | Kind::Frame => self.clear_fields(o),
            Kind::Instance => self.clear_instance(o),
            Kind::Class => self.clear_class(o),
            Kind::Weakref => self.clear_weakref(o),
            Kind::Tuple => {}
            Kind::Plain | Kind::Int | Kind::Float | Kind::Str | Kind::Bytes | Kind::StaticType => {}
        }
    }

    fn clear_fields(&self, o: Obj) {
        let flags = self.mem().get(self.type_of(o), types::FLAGS);
        if flags & types::KEEPS != 0 {
            return;
        }
        let mut places = self.walk(o);
        while let Some(at) = self.next_place(&mut places) {
            let old = reference(self.mem().read(at));
            self.mem().write(at, 0);
            self.decref_some(old);
        }
    }
}
