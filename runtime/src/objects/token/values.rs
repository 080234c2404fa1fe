//! # Handles of the builtin types
//!
//! ```text
//!   gil.int(1000)?   gil.str("x")?   gil.dict()?           makes one
//!   value.to_i64()   value.to_text()                       what it is
//!   dict.put(key, value)?   dict.at(&key)?   set.add(key)? what is in it
//! ```
//!
//! A handle knows only at run time what it refers to. To ask it for something that its type does not have is a mistake
//! of the host, and panics; a program's mistakes are [`Trouble`].
//!
//! - **I1** A handle that is given away is dropped by whoever got it, also when it fails.

use super::{Gil, Owned};
use crate::objects::equal::Refused;
use crate::objects::kind::Kind;
use crate::objects::machine::World;
use crate::objects::number::Number;
use std::fmt;

/// Why something could not be done.
pub enum Trouble<'g, W: World> {
    /// No memory.
    NoMemory,
    /// What is to be a key has no hash.
    Unhashable,
    /// A program's own code raised this.
    Raised(Owned<'g, W>),
}

// Derived, it would ask for `W: Debug`.
impl<W: World> fmt::Debug for Trouble<'_, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::NoMemory => f.write_str("no memory"),
            Trouble::Unhashable => f.write_str("unhashable"),
            Trouble::Raised(exception) => write!(f, "raised {exception:?}"),
        }
    }
}

impl<'g, W: World> Gil<'g, W> {
    /// The integer `value`. `None`: no memory.
    pub fn int(self, value: i64) -> Option<Owned<'g, W>> {
        Some(self.owned(self.objects().new_int(value)?))
    }

    /// An integer of any size. `None`: no memory.
    pub fn number(self, value: &Number) -> Option<Owned<'g, W>> {
        Some(self.owned(self.objects().new_int_of(value)?))
    }

    /// `True` or `False`
    pub fn bool(self, value: bool) -> Owned<'g, W> {
        self.borrowed(self.objects().bool(value))
    }

    /// The float `value`. `None`: no memory.
    pub fn float(self, value: f64) -> Option<Owned<'g, W>> {
        Some(self.owned(self.objects().new_float(value)?))
    }

    /// A string. `None`: no memory.
    pub fn str(self, text: &str) -> Option<Owned<'g, W>> {
        Some(self.owned(self.objects().new_str(text)?))
    }

    /// The interned string with these characters. `None`: no memory.
    pub fn name(self, text: &str) -> Option<Owned<'g, W>> {
        Some(self.owned(self.objects().new_name(text)?))
    }

    /// A bytes object. `None`: no memory.
    pub fn bytes(self, bytes: &[u8]) -> Option<Owned<'g, W>> {
        Some(self.owned(self.objects().new_bytes(bytes)?))
    }

    /// A tuple of these. `None`: no memory.
    pub fn tuple(self, items: Vec<Owned<'g, W>>) -> Option<Owned<'g, W>> {
        let items: Vec<_> = items.into_iter().map(Owned::into_obj).collect();
        Some(self.owned(self.objects().new_tuple(&items)?))
    }

    /// `{}`. `None`: no memory.
    pub fn dict(self) -> Option<Owned<'g, W>> {
        Some(self.owned(self.objects().new_dict()?))
    }

    /// `set()`. `None`: no memory.
    pub fn set(self) -> Option<Owned<'g, W>> {
        Some(self.owned(self.objects().new_set()?))
    }

    fn trouble(self, refused: Refused) -> Trouble<'g, W> {
        match refused {
            Refused::NoMemory => Trouble::NoMemory,
            Refused::Unhashable => Trouble::Unhashable,
            Refused::Raised(exception) => Trouble::Raised(self.owned(exception)),
        }
    }
}

impl<'g, W: World> Owned<'g, W> {
    #[track_caller]
    fn expect_kind(&self, kind: Kind) {
        let found = self.gil.objects().kind(self.o);
        assert!(found == kind, "a handle of a {found:?} is asked for what only a {kind:?} has");
    }

    /// `sys.getsizeof(self)`
    pub fn getsizeof(&self) -> u64 {
        self.gil.objects().getsizeof(self.o)
    }

    /// The integer, if it fits.
    ///
    /// # Panics
    /// When it is no integer.
    #[track_caller]
    pub fn to_i64(&self) -> Option<i64> {
        self.expect_kind(Kind::Int);
        self.gil.objects().int_value(self.o)
    }

    /// The integer.
    ///
    /// # Panics
    /// When it is none.
    #[track_caller]
    pub fn to_number(&self) -> Number {
        self.expect_kind(Kind::Int);
        self.gil.objects().int_number(self.o)
    }

    /// The float.
    ///
    /// # Panics
    /// When it is none.
    #[track_caller]
    pub fn to_f64(&self) -> f64 {
        self.expect_kind(Kind::Float);
        self.gil.objects().float_value(self.o)
    }

    /// The characters of a string.
    ///
    /// # Panics
    /// When it is none.
    #[track_caller]
    pub fn to_text(&self) -> String {
        self.expect_kind(Kind::Str);
        self.gil.objects().str_text(self.o)
    }

    /// The bytes of a bytes object.
    ///
    /// # Panics
    /// When it is none.
    #[track_caller]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.expect_kind(Kind::Bytes);
        let objects = self.gil.objects();
        (0..objects.bytes_len(self.o)).map(|at| objects.bytes_get(self.o, at)).collect()
    }

    /// `hash(self)`
    ///
    /// # Errors
    /// It has none.
    pub fn hash(&self) -> Result<i64, Trouble<'g, W>> {
        self.gil.objects().hash(self.o).map_err(|refused| self.gil.trouble(refused))
    }

    /// `self == other`, as containers ask: what is identical is equal.
    ///
    /// # Errors
    /// A program's own comparison raised.
    pub fn equals(&self, other: &Owned<'g, W>) -> Result<bool, Trouble<'g, W>> {
        self.gil.objects().equal(self.o, other.o).map_err(|refused| self.gil.trouble(refused))
    }

    /// `self[key] = value`, of a dict (I1).
    ///
    /// # Errors
    /// The dict is what it was.
    ///
    /// # Panics
    /// When it is no dict; as all of these.
    #[track_caller]
    pub fn put(&self, key: Owned<'g, W>, value: Owned<'g, W>) -> Result<(), Trouble<'g, W>> {
        self.expect_kind(Kind::Dict);
        let done = self.gil.objects().dict_set(self.o, key.into_obj(), value.into_obj());
        done.map_err(|refused| self.gil.trouble(refused))
    }

    /// `self[key]`, of a dict. `None`: it is not there.
    ///
    /// # Errors
    /// The key has no hash, or comparing it raised.
    ///
    /// # Panics
    /// When it is no dict.
    #[track_caller]
    pub fn at(&self, key: &Owned<'g, W>) -> Result<Option<Owned<'g, W>>, Trouble<'g, W>> {
        self.expect_kind(Kind::Dict);
        let found = self.gil.objects().dict_lookup(self.o, key.o).map_err(|refused| self.gil.trouble(refused))?;
        Ok(found.map(|value| self.gil.borrowed(value)))
    }

    /// `self.pop(key, None)`, of a dict.
    ///
    /// # Errors
    /// The key has no hash, or comparing it raised.
    ///
    /// # Panics
    /// When it is no dict.
    #[track_caller]
    pub fn take(&self, key: &Owned<'g, W>) -> Result<Option<Owned<'g, W>>, Trouble<'g, W>> {
        self.expect_kind(Kind::Dict);
        let taken = self.gil.objects().dict_pop(self.o, key.o).map_err(|refused| self.gil.trouble(refused))?;
        Ok(taken.map(|value| self.gil.owned(value)))
    }

    /// `self.add(key)`, of a set. `false`: an equal one is there (I1).
    ///
    /// # Errors
    /// The set is what it was.
    ///
    /// # Panics
    /// When it is no set.
    #[track_caller]
    pub fn add(&self, key: Owned<'g, W>) -> Result<bool, Trouble<'g, W>> {
        self.expect_kind(Kind::Set);
        self.gil.objects().set_add(self.o, key.into_obj()).map_err(|refused| self.gil.trouble(refused))
    }

    /// `key in self`, of a set.
    ///
    /// # Errors
    /// The key has no hash, or comparing it raised.
    ///
    /// # Panics
    /// When it is no set.
    #[track_caller]
    pub fn contains(&self, key: &Owned<'g, W>) -> Result<bool, Trouble<'g, W>> {
        self.expect_kind(Kind::Set);
        self.gil.objects().set_contains(self.o, key.o).map_err(|refused| self.gil.trouble(refused))
    }
}
