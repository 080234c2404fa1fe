//! # CPython's objects from C, as an extension module sees them
//!
//! ```text
//!   PyObject      o -> | ob_refcnt | ob_type | ...
//!   PyTuple       o -> | ob_refcnt | ob_type | ob_size | item | item | ...
//! ```
//!
//! `Py_INCREF`, `Py_DECREF` and `PyTuple_SET_ITEM` are macros: compiled into whoever uses them, so they are written out
//! here. Everything else is a function of the library.
//!
//! - **I1** A version up to 3.11, built without `Py_DEBUG`: a count is a whole word, and nobody else counts.
//! - **I2** One thread, which started the interpreter and so holds the GIL.
//! - **I3** No function fails here but for want of memory; null is [`None`], and no error is looked at.
//!
//! Source: `Include/object.h`, `Include/cpython/tupleobject.h` of 3.11.

use super::Runtime;
use crate::pymalloc::Loaded;
use crate::python::Python;
use std::ffi::{c_char, c_double, c_int, c_long};

/// A `PyObject *` that a function of this file gave: not null, and alive as long as its reference is owned.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct Object(*mut Header);

/// A `PyObject`.
#[repr(C)]
#[derive(Debug)]
pub struct Header {
    count: isize,
    ty: *mut Header,
}

/// Where a tuple's items begin, in words.
const ITEMS: usize = 3;

/// Executed once, in `__main__`.
const PRELUDE: &std::ffi::CStr = c"
import gc
gc.disable()
class Node:
    __slots__ = ('a', 'b', 'c')
";

/// The functions.
pub struct Capi {
    dealloc: unsafe extern "C" fn(Object),
    int: unsafe extern "C" fn(c_long) -> Object,
    float: unsafe extern "C" fn(c_double) -> Object,
    list: unsafe extern "C" fn(isize) -> Object,
    append: unsafe extern "C" fn(Object, Object) -> c_int,
    tuple: unsafe extern "C" fn(isize) -> Object,
    instance: unsafe extern "C" fn(Object, isize) -> Object,
    dict: unsafe extern "C" fn() -> Object,
    insert: unsafe extern "C" fn(Object, Object, Object) -> c_int,
    class: Object,
}

impl Capi {
    /// The interpreter to ask: a 3.11 with a shared library, or else one before it.
    #[must_use]
    pub fn find() -> Option<Python> {
        Python::installed().into_iter().rfind(Python::allocates_at_once)
    }

    /// Loads the library of `python`, one that [`find`](Capi::find) gave, and starts the interpreter.
    ///
    /// # Errors
    /// What the loader says.
    pub fn load(python: &Python) -> Result<Capi, libloading::Error> {
        let library = Loaded::open(python)?;
        library.start(python)?;
        /// A function of the library; its type is that of the field.
        macro_rules! function {
            ($name:literal) => {
                // SAFETY: the function has the field's signature in every version (`Include/`).
                unsafe { library.get($name) }?
            };
        }
        let run: unsafe extern "C" fn(*const c_char) -> c_int = function!(c"PyRun_SimpleString");
        let module: unsafe extern "C" fn(*const c_char) -> Object = function!(c"PyImport_AddModule");
        let attribute: unsafe extern "C" fn(Object, *const c_char) -> Object = function!(c"PyObject_GetAttrString");
        // SAFETY: the interpreter runs, and the text ends in a 0.
        unsafe { run(PRELUDE.as_ptr()) };
        // SAFETY: as above; `__main__` is there.
        let main = unsafe { module(c"__main__".as_ptr()) };
        // SAFETY: the prelude made the class.
        let class = unsafe { attribute(main, c"Node".as_ptr()) };
        Ok(Capi {
            dealloc: function!(c"_Py_Dealloc"),
            int: function!(c"PyLong_FromLong"),
            float: function!(c"PyFloat_FromDouble"),
            list: function!(c"PyList_New"),
            append: function!(c"PyList_Append"),
            tuple: function!(c"PyTuple_New"),
            instance: function!(c"PyType_GenericAlloc"),
            dict: function!(c"PyDict_New"),
            insert: function!(c"PyDict_SetItem"),
            class,
        })
    }
}

fn some(object: Object) -> Option<Object> {
    (!object.0.is_null()).then_some(object)
}

impl Runtime for Capi {
    type Object = Object;

    #[inline]
    fn incref(&self, object: Object) {
        // SAFETY: a live object, whose first word is its count (I1, I2).
        unsafe { (*object.0).count += 1 };
    }
    #[inline]
    fn decref(&self, object: Object) {
        // SAFETY: as for `incref`.
        let count = unsafe { &mut (*object.0).count };
        *count -= 1;
        if *count == 0 {
            // SAFETY: the last reference is gone.
            unsafe { (self.dealloc)(object) };
        }
    }
    #[inline]
    fn int(&self, value: i64) -> Option<Object> {
        // SAFETY: takes any number (I2).
        some(unsafe { (self.int)(value as c_long) })
    }
    #[inline]
    fn float(&self, value: f64) -> Option<Object> {
        // SAFETY: takes any number (I2).
        some(unsafe { (self.float)(value) })
    }
    #[inline]
    fn list(&self) -> Option<Object> {
        // SAFETY: no items, so none has to be filled in.
        some(unsafe { (self.list)(0) })
    }
    #[inline]
    fn tuple(&self, items: [Object; 2]) -> Option<Object> {
        // SAFETY: both places are filled below, before anybody looks.
        let tuple = some(unsafe { (self.tuple)(2) })?;
        for (place, item) in items.into_iter().enumerate() {
            self.incref(item);
            // SAFETY: a tuple of two has this word.
            let word = unsafe { tuple.0.cast::<Object>().add(ITEMS + place) };
            // SAFETY: the word is the tuple's, and nothing is in it yet.
            unsafe { word.write(item) };
        }
        Some(tuple)
    }
    #[inline]
    fn instance(&self) -> Option<Object> {
        // SAFETY: the class is an ordinary one, made in Python.
        some(unsafe { (self.instance)(self.class, 0) })
    }
    #[inline]
    fn append(&self, list: Object, item: Object) -> Option<()> {
        // SAFETY: a list, and an object.
        (unsafe { (self.append)(list, item) } == 0).then_some(())
    }
    #[inline]
    fn dict(&self) -> Option<Object> {
        // SAFETY: asks for nothing (I2).
        some(unsafe { (self.dict)() })
    }
    #[inline]
    fn insert(&self, dict: Object, key: Object, value: Object) -> Option<()> {
        // SAFETY: a dict, and two objects.
        (unsafe { (self.insert)(dict, key, value) } == 0).then_some(())
    }
}
