//! # Attributes: `o.name`
//!
//! ```text
//!   o.name        1. the class has a property, a slot or the like of that name: it decides
//!                 2. o itself has it
//!                 3. the class has it: a function becomes a bound method
//!                 4. __getattr__
//! ```
//!
//! - **I1** Store first, drop afterwards: when the old value dies, the attribute is the new one already.
//! - **I2** A bound method is a new object at each access.
//! - **I3** Names are interned when they are stored.
//!
//! A native in a class is a method, as a function is. (In CPython builtin functions do not bind.)
//!
//! Source: `_PyObject_GenericGetAttrWithDict`, `_PyObject_GenericSetAttrWithDict` in `Objects/object.c`;
//! `_PyObject_StoreInstanceAttribute` in `Objects/dictobject.c` of 3.11.

use super::equal::Refused;
use super::kind::Kind;
use super::layout::{MANAGED_DICT, VALUES, reference, types, word};
use super::machine::{Objects, World};
use super::names::Known;
use super::types::Type;
use kit::Memory;
use kit::graph::Obj;

/// Of a member descriptor: where in an instance its slot is.
pub(crate) const MEMBER_OFFSET: u64 = 40;
const DESCRIPTOR_NAME: u64 = 24;

impl<W: World> Objects<W> {
    /// `o.name`: owned.
    ///
    /// # Errors
    /// `AttributeError`, or what a property raised.
    pub fn get_attribute(&self, o: Obj, name: Obj) -> Result<Obj, Obj> {
        if let Some(found) = self.find_attribute(o, name)? {
            return Ok(found);
        }
        match self.class_attribute(self.type_of(o), self.known(Known::Getattr)) {
            Some(function) if self.kind(o) == Kind::Instance => self.call_with(function, o, &[name]),
            _ => Err(self.no_attribute(o, name)),
        }
    }

    /// The same; what is not there is no error.
    ///
    /// # Errors
    /// What a property raised; no memory.
    pub fn find_attribute(&self, o: Obj, name: Obj) -> Result<Option<Obj>, Obj> {
        if matches!(self.kind(o), Kind::Class | Kind::StaticType) {
            return Ok(self.class_attribute(o, name).map(|found| self.new_ref(found)));
        }
        let of_class = self.class_attribute(self.type_of(o), name);
        if let Some(descriptor) = of_class.filter(|found| self.is_data_descriptor(*found)) {
            return self.ask_descriptor(descriptor, o);
        }
        // What is in the way of `name` in a dict may be compared with it by a program.
        let _held = of_class.map(|found| self.owned(self.new_ref(found)));
        if let Some(found) = self.find_own(o, name) {
            return Ok(Some(found));
        }
        match of_class {
            Some(function) if self.binds(function) => {
                let method = self.new_method(self.new_ref(function), self.new_ref(o));
                method.map(Some).ok_or_else(|| self.memory_error())
            }
            found => Ok(found.map(|found| self.new_ref(found))),
        }
    }

    /// What `o` itself has by this name. Borrowed.
    pub fn own_attribute(&self, o: Obj, name: Obj) -> Option<Obj> {
        self.find_own(o, name).inspect(|found| self.decref(*found))
    }

    /// The same, owned.
    fn find_own(&self, o: Obj, name: Obj) -> Option<Obj> {
        if self.has_attributes(o)
            && let Some(values) = self.instance_values(o)
        {
            let at = self.shared_name(self.shared_keys_of(self.type_of(o))?, name)?;
            return values.get(self.mem(), at).map(|value| self.new_ref(value));
        }
        let dict = self.owned(self.new_ref(reference(self.mem().read(self.dict_place(o)?))?));
        self.dict_get(dict.as_obj(), name).map(|value| self.new_ref(value))
    }

    /// `o.name = value`, stolen (I1, I3).
    ///
    /// # Errors
    /// An exception; nothing changed.
    pub fn set_attribute(&self, o: Obj, name: Obj, value: Obj) -> Result<(), Obj> {
        self.change_attribute(o, name, Some(value))
    }

    /// `del o.name`
    ///
    /// # Errors
    /// An exception; nothing changed.
    pub fn delete_attribute(&self, o: Obj, name: Obj) -> Result<(), Obj> {
        self.change_attribute(o, name, None)
    }

    fn change_attribute(&self, o: Obj, name: Obj, value: Option<Obj>) -> Result<(), Obj> {
        if matches!(self.kind(o), Kind::Class | Kind::StaticType) {
            return self.set_class_attribute(o, name, value);
        }
        let of_class = self.class_attribute(self.type_of(o), name);
        if let Some(descriptor) = of_class.filter(|found| self.is_data_descriptor(*found)) {
            return self.tell_descriptor(descriptor, o, name, value);
        }
        if self.dict_place(o).is_none() {
            self.decref_some(value);
            return Err(self.no_attribute(o, name));
        }
        let name = self.intern_str(self.new_ref(name));
        let outcome = self.change_own(o, name, value);
        self.decref(name);
        outcome
    }

    fn change_own(&self, o: Obj, name: Obj, value: Option<Obj>) -> Result<(), Obj> {
        if self.has_attributes(o)
            && let Some(values) = self.instance_values(o)
            && let Some(keys) = self.shared_keys_of(self.type_of(o))
            && let Some(at) = self.share_name(keys, name)
        {
            return match self.set_value(values, at, value) {
                true => Ok(()),
                false => Err(self.no_attribute(o, name)),
            };
        }
        // To delete something no dict is made, unless the attributes are in need of one.
        let nothing = value.is_none() && self.mem().read(self.dict_place(o).expect("asked before")) == 0;
        let dict = if nothing { None } else { self.instance_dict(o) };
        let Some(dict) = dict else {
            self.decref_some(value);
            return Err(if nothing { self.no_attribute(o, name) } else { self.memory_error() });
        };
        let held = self.owned(self.new_ref(dict));
        let dict = held.as_obj();
        match value {
            Some(value) => self.dict_set(dict, self.new_ref(name), value).map_err(|refused| self.refused(refused)),
            None => match self.dict_del(dict, name) {
                Ok(true) => Ok(()),
                Ok(false) => Err(self.no_attribute(o, name)),
                Err(refused) => Err(self.refused(refused)),
            },
        }
    }

    fn is_data_descriptor(&self, o: Obj) -> bool {
        self.is_a(o, Type::Member) || self.is_a(o, Type::GetSet) || self.is_property(o)
    }

    fn is_property(&self, o: Obj) -> bool {
        self.extends(self.type_of(o), self.ty(Type::Property))
    }

    fn binds(&self, o: Obj) -> bool {
        self.is_a(o, Type::Function) || self.is_a(o, Type::Builtin)
    }

    fn ask_descriptor(&self, descriptor: Obj, o: Obj) -> Result<Option<Obj>, Obj> {
        if self.is_a(descriptor, Type::Member) {
            let at = self.number(descriptor, MEMBER_OFFSET);
            return Ok(self.field(o, word(at)).map(|value| self.new_ref(value)));
        }
        if self.is_a(descriptor, Type::GetSet) {
            let name = self.field(descriptor, word(DESCRIPTOR_NAME)).expect("a descriptor has a name");
            if self.same_text(name, self.known(Known::Dict)) {
                let dict = self.instance_dict(o).ok_or_else(|| self.memory_error())?;
                return Ok(Some(self.new_ref(dict)));
            }
            let first = self.weakrefs(o).find(|r| self.refs(*r) > 0).unwrap_or(self.none());
            return Ok(Some(self.new_ref(first)));
        }
        match self.field(descriptor, word(16)) {
            Some(getter) => self.call_with(getter, o, &[]).map(Some),
            None => Err(self.raised(Type::AttributeError, "property has no getter")),
        }
    }

    fn tell_descriptor(&self, descriptor: Obj, o: Obj, name: Obj, value: Option<Obj>) -> Result<(), Obj> {
        if self.is_a(descriptor, Type::Member) {
            let at = word(self.number(descriptor, MEMBER_OFFSET));
            if value.is_none() && self.field(o, at).is_none() {
                return Err(self.no_attribute(o, name));
            }
            self.set_field(o, at, value);
            return Ok(());
        }
        if self.is_a(descriptor, Type::GetSet) {
            return self.replace_dict(o, name, value);
        }
        let function = self.field(descriptor, word(if value.is_some() { 24 } else { 32 }));
        let Some(function) = function else {
            self.decref_some(value);
            return Err(self.raised(Type::AttributeError, "property has no setter"));
        };
        let outcome = self.call_with(function, o, value.as_slice());
        self.decref_some(value);
        outcome.map(|value| self.decref(value))
    }

    fn replace_dict(&self, o: Obj, name: Obj, value: Option<Obj>) -> Result<(), Obj> {
        let is_dict = value.is_none_or(|value| self.extends(self.type_of(value), self.ty(Type::Dict)));
        if !is_dict || !self.same_text(name, self.known(Known::Dict)) {
            self.decref_some(value);
            return Err(self.raised(Type::TypeError, "__dict__ must be set to a dictionary"));
        }
        self.set_instance_dict(o, value).ok_or_else(|| {
            self.decref_some(value);
            self.memory_error()
        })
    }

    /// `AttributeError`. Owned.
    pub(crate) fn no_attribute(&self, o: Obj, name: Obj) -> Obj {
        let (ty, name) = (self.type_name(self.type_of(o)), self.str_text(name));
        self.raised(Type::AttributeError, &format!("'{ty}' object has no attribute '{name}'"))
    }

    /// Why a dict refused, as an exception. Owned.
    pub fn refused(&self, refused: Refused) -> Obj {
        match refused {
            Refused::NoMemory => self.memory_error(),
            Refused::Unhashable => self.raised(Type::TypeError, "unhashable type"),
            Refused::Raised(exception) => exception,
        }
    }

    /// `callable(*arguments)`, of a class: a new instance, and `__init__`.
    pub(crate) fn instantiate(&self, class: Obj, arguments: &[Obj]) -> Result<Obj, Obj> {
        let made = if self.mem().get(class, types::FLAGS) & types::EXCEPTION != 0 {
            arguments.iter().for_each(|argument| self.incref(*argument));
            self.new_exception(class, arguments)
        } else if self.mem().get(class, types::FLAGS) & types::WEAKREF != 0 {
            Some(self.weakref_of_class(class, arguments)?)
        } else if let (true, Some(made)) = (arguments.is_empty(), self.new_empty(class)) {
            made
        } else if self.kind(class) == Kind::Class {
            self.new_instance(class)
        } else {
            let name = self.type_name(class);
            return Err(self.raised(Type::TypeError, &format!("cannot create '{name}' instances like this")));
        };
        let o = made.ok_or_else(|| self.memory_error())?;
        if let Some(init) = self.class_attribute(class, self.known(Known::Init)) {
            match self.call_with(init, o, arguments) {
                Ok(value) => self.decref(value),
                Err(exception) => {
                    self.decref(o);
                    return Err(exception);
                }
            }
        }
        Ok(o)
    }

    /// An empty one of a type of the runtime, which can be called without arguments. `None`: it cannot, not like this.
    fn new_empty(&self, ty: Obj) -> Option<Option<Obj>> {
        let types = [Type::Object, Type::List, Type::Dict, Type::Tuple];
        Some(match types.into_iter().find(|of| self.ty(*of) == ty)? {
            Type::List => self.new_list(),
            Type::Dict => self.new_dict(),
            Type::Tuple => self.new_tuple(&[]),
            _ => self.new_plain(Type::Object, super::layout::HEADER),
        })
    }

    /// Whether `o` has its attributes in an array: nobody asked for its `__dict__` yet.
    pub fn has_inline_values(&self, o: Obj) -> bool {
        self.has_attributes(o) && self.mem().get(o, VALUES) != 0 && self.mem().get(o, MANAGED_DICT) == 0
    }
}
