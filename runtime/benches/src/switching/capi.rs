//! # CPython's GIL from C, as an extension module lets it go
//!
//! - **I1** The interpreter runs in this process, started once, and its main thread has let the GIL go: any thread may
//!   come in by `PyGILState_Ensure`.
//!
//! Source: `Include/ceval.h`, `Include/pystate.h`.

use super::Contender;
use crate::pymalloc::Loaded;
use crate::python::Python;
use std::ffi::{CString, c_char, c_int, c_void};

/// The functions.
#[derive(Debug)]
pub struct Capi {
    save: unsafe extern "C" fn() -> *mut c_void,
    restore: unsafe extern "C" fn(*mut c_void),
    ensure: unsafe extern "C" fn() -> c_int,
    release: unsafe extern "C" fn(c_int),
    run: unsafe extern "C" fn(*const c_char) -> c_int,
}

impl Capi {
    /// The interpreter to ask: a 3.11 with a shared library, or else one before it.
    #[must_use]
    pub fn find() -> Option<Python> {
        Python::installed().into_iter().rfind(Python::allocates_at_once)
    }

    /// Loads the library of `python` and starts the interpreter (I1).
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
        let capi = Capi {
            save: function!(c"PyEval_SaveThread"),
            restore: function!(c"PyEval_RestoreThread"),
            ensure: function!(c"PyGILState_Ensure"),
            release: function!(c"PyGILState_Release"),
            run: function!(c"PyRun_SimpleString"),
        };
        // SAFETY: this thread has the GIL, since it started the interpreter. What it would need to take it again is not
        // kept: it comes in by `PyGILState_Ensure`, like any other.
        let _ = unsafe { (capi.save)() };
        Ok(capi)
    }

    /// Comes in, runs `work`, goes out.
    fn with_gil(&self, work: impl FnOnce()) {
        // SAFETY: the interpreter runs (I1).
        let state = unsafe { (self.ensure)() };
        work();
        // SAFETY: `state` is of the call above, in the same thread.
        unsafe { (self.release)(state) };
    }
}

impl Contender for Capi {
    fn inside(&self, work: &mut dyn FnMut(&dyn Fn())) {
        self.with_gil(|| {
            work(&|| {
                // SAFETY: this is called by `work`, with the GIL.
                let thread = unsafe { (self.save)() };
                // SAFETY: of the call above, in the same thread.
                unsafe { (self.restore)(thread) };
            });
        });
    }

    fn set_interval(&self, micros: u64) {
        let text = format!("import sys; sys.setswitchinterval({micros}e-6)");
        let text = CString::new(text).expect("there is no 0 in it");
        // SAFETY: with the GIL, and the text ends in a 0.
        let run = || unsafe { (self.run)(text.as_ptr()) };
        self.with_gil(|| _ = run());
    }
}
