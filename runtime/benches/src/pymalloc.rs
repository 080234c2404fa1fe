//! # CPython's own allocator
//!
//! The shared library of an interpreter is loaded and two things are made of it:
//!
//! - [`Pymalloc`], a contender: `PyObject_Malloc` and `PyObject_Free`, as extension modules call them.
//! - [`Domain`], the functions of the object domain, taken *before* an interpreter starts (`PyMem_GetAllocator`) and
//!   so on a heap that nobody used: for the comparison of addresses.
//!
//! Up to 3.11 the allocator works in a process that never starts an interpreter. From 3.12 on its state belongs to
//! the interpreter, which must be started; with `PYTHONMALLOC=malloc` it leaves pymalloc alone.
//!
//! - **I1** A library is never unloaded: an interpreter that was started has no way back.
//! - **I2** One thread. Nothing here takes the GIL; the thread that started the interpreter has it.

use crate::contender::Contender;
use crate::python::Python;
use libloading::Library;
use std::ffi::{c_int, c_void};
use std::path::Path;
use std::sync::OnceLock;

type Malloc = unsafe extern "C" fn(usize) -> *mut u8;
type Free = unsafe extern "C" fn(*mut u8);

/// The python whose allocator takes part in races: `python3` of the path, or else the newest one up to 3.11.
pub fn find() -> Option<Python> {
    static FOUND: OnceLock<Option<Python>> = OnceLock::new();
    let search = || {
        let installed = || Python::installed().into_iter().rfind(Python::allocates_at_once);
        Python::ask(Path::new("python3")).ok().or_else(installed)
    };
    FOUND.get_or_init(search).clone()
}

/// The contender.
pub struct Pymalloc {
    malloc: Malloc,
    free: Free,
}

impl Pymalloc {
    /// Loads the library of `python`, and starts the interpreter where it must be.
    ///
    /// # Errors
    /// What the loader says.
    pub fn load(python: &Python) -> Result<Pymalloc, libloading::Error> {
        let library = Loaded::open(python)?;
        // SAFETY: the function has this signature in every version (`Include/objimpl.h`).
        let malloc = unsafe { library.get::<Malloc>(c"PyObject_Malloc") }?;
        // SAFETY: as above.
        let free = unsafe { library.get::<Free>(c"PyObject_Free") }?;
        if !python.allocates_at_once() {
            library.start(python)?;
        }
        Ok(Pymalloc { malloc, free })
    }
}

impl Contender for Pymalloc {
    #[inline]
    fn alloc(&self, bytes: usize) -> *mut u8 {
        // SAFETY: takes any size; the allocator works (I2, and `load` started what must be started).
        unsafe { (self.malloc)(bytes) }
    }
    #[inline]
    unsafe fn free(&self, block: *mut u8) {
        // SAFETY: the caller's promise.
        unsafe { (self.free)(block) }
    }
}

/// `PyMemAllocatorEx`: the functions of a domain.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Domain {
    context: *mut c_void,
    malloc: unsafe extern "C" fn(*mut c_void, usize) -> *mut u8,
    calloc: unsafe extern "C" fn(*mut c_void, usize, usize) -> *mut u8,
    realloc: unsafe extern "C" fn(*mut c_void, *mut u8, usize) -> *mut u8,
    free: unsafe extern "C" fn(*mut c_void, *mut u8),
}

/// `PyObjectArenaAllocator`: who gives arenas, and takes them back.
#[repr(C)]
#[derive(Debug)]
pub struct Arenas {
    /// Handed to both functions.
    pub context: *mut c_void,
    /// Gives that many bytes.
    pub alloc: unsafe extern "C" fn(*mut c_void, usize) -> *mut u8,
    /// Takes them back.
    pub free: unsafe extern "C" fn(*mut c_void, *mut u8, usize),
}

/// The object domain, in the enumeration `PyMemAllocatorDomain`.
const OBJECTS: c_int = 2;

impl Domain {
    /// The fresh object domain of `python`, which gets its arenas from `arenas`.
    ///
    /// # Errors
    /// What the loader says.
    ///
    /// # Safety
    /// The functions of `arenas` give and take what `Include/objimpl.h` asks of them, for as long as the process lives.
    pub unsafe fn of(python: &Python, mut arenas: Arenas) -> Result<Domain, libloading::Error> {
        let library = Loaded::open(python)?;
        type Get = unsafe extern "C" fn(c_int, *mut Domain);
        // SAFETY: the function has this signature in every version from 3.5 on.
        let get = unsafe { library.get::<Get>(c"PyMem_GetAllocator") }?;
        let mut domain = std::mem::MaybeUninit::uninit();
        // SAFETY: it writes the whole of a `PyMemAllocatorEx`, for a domain that exists.
        unsafe { get(OBJECTS, domain.as_mut_ptr()) };
        if !python.allocates_at_once() {
            // SAFETY: no other thread reads the environment now (I2).
            unsafe { std::env::set_var("PYTHONMALLOC", "malloc") };
            library.start(python)?;
        }
        type Set = unsafe extern "C" fn(*mut Arenas);
        // SAFETY: as for `Get`.
        let set = unsafe { library.get::<Set>(c"PyObject_SetArenaAllocator") }?;
        // SAFETY: it copies the three words; they are good by the caller's promise.
        unsafe { set(&mut arenas) };
        // SAFETY: `get` wrote it.
        Ok(unsafe { domain.assume_init() })
    }

    /// `PyObject_Malloc`, without the table in between.
    pub fn malloc(&self, bytes: usize) -> *mut u8 {
        // SAFETY: takes any size.
        unsafe { (self.malloc)(self.context, bytes) }
    }

    /// `PyObject_Calloc`.
    pub fn calloc(&self, count: usize, bytes: usize) -> *mut u8 {
        // SAFETY: takes any sizes.
        unsafe { (self.calloc)(self.context, count, bytes) }
    }

    /// `PyObject_Realloc`.
    ///
    /// # Safety
    /// `block` is null or a block of this domain that is not free.
    pub unsafe fn realloc(&self, block: *mut u8, bytes: usize) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe { (self.realloc)(self.context, block, bytes) }
    }

    /// `PyObject_Free`.
    ///
    /// # Safety
    /// As for [`realloc`](Domain::realloc).
    pub unsafe fn free(&self, block: *mut u8) {
        // SAFETY: the caller's promise.
        unsafe { (self.free)(self.context, block) }
    }
}

/// A library that stays loaded.
pub(crate) struct Loaded(&'static Library);

impl Loaded {
    pub(crate) fn open(python: &Python) -> Result<Loaded, libloading::Error> {
        // SAFETY: a libpython has no initialiser that asks anything of its host.
        let library = unsafe { Library::new(&python.library) }?;
        Ok(Loaded(Box::leak(Box::new(library))))
    }

    /// The function `name`.
    ///
    /// # Safety
    /// It has the type `T`.
    pub(crate) unsafe fn get<T: Copy>(&self, name: &std::ffi::CStr) -> Result<T, libloading::Error> {
        // SAFETY: the caller's promise; the library stays (I1).
        unsafe { self.0.get::<T>(name.to_bytes_with_nul()) }.map(|symbol| *symbol)
    }

    /// `Py_InitializeEx(0)`: without signal handlers.
    pub(crate) fn start(&self, python: &Python) -> Result<(), libloading::Error> {
        // SAFETY: no other thread reads the environment now (I2 of this file).
        unsafe { std::env::set_var("PYTHONHOME", &python.home) };
        // SAFETY: the function has this signature in every version.
        let initialize = unsafe { self.get::<unsafe extern "C" fn(c_int)>(c"Py_InitializeEx") }?;
        // SAFETY: once in a process: each makes one contender or one domain.
        unsafe { initialize(0) };
        Ok(())
    }
}
