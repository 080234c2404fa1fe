//! # Three domains, and who serves them
//!
//! ```text
//!   Raw      PyMem_RawMalloc     the system, through the raw domain      may be called without the GIL
//!   Mem      PyMem_Malloc        the heap                                buffers
//!   Object   PyObject_Malloc     the heap                                objects
//! ```
//!
//! Who serves a domain can be asked and replaced, as with `PyMem_GetAllocator` and `PyMem_SetAllocator`: that is how
//! debug hooks, tracers and counters get in between. Whoever replaces an allocator passes on what is asked of it, or
//! takes care that no block goes back to another one than it came from.

use super::hooks::{Fatal, Hooks};
use super::machine::Heap;
use super::raw_domain::{self, LARGEST};
use super::requests::Requests;
use crate::config::Config;
use kit::debug_hooks::Domain;
use kit::memory::Addr;
use std::cell::RefCell;
use std::rc::Rc;

/// The domains in the order of this file.
pub const DOMAINS: [Domain; 3] = [Domain::Raw, Domain::Mem, Domain::Object];

/// Who serves each domain.
pub struct Domains<C: Config> {
    heap: Rc<Heap<C>>,
    serving: RefCell<[Rc<dyn Requests>; 3]>,
}

impl<C: Config<Service = Heap<C>>> Domains<C> {
    /// The raw domain straight from the system, the other two from `heap`.
    pub fn new(heap: Rc<Heap<C>>) -> Self {
        let raw = Rc::new(RawDomain(heap.clone()));
        let serving = RefCell::new([raw, heap.clone() as Rc<dyn Requests>, heap.clone()]);
        Domains { heap, serving }
    }

    /// Who serves `domain`.
    pub fn get(&self, domain: Domain) -> Rc<dyn Requests> {
        self.serving.borrow()[domain as usize].clone()
    }

    /// From now on `requests` serves `domain`.
    pub fn set(&self, domain: Domain, requests: Rc<dyn Requests>) {
        self.serving.borrow_mut()[domain as usize] = requests;
    }

    /// Puts debug hooks around whoever serves each domain now. Blocks that are out were given without a coat: do it
    /// before the first one.
    pub fn set_up_debug_hooks(&self, fatal: &Fatal, holds_gil: &Rc<dyn Fn() -> bool>) {
        for domain in DOMAINS {
            let (below, fatal, holds_gil) = (self.get(domain), fatal.clone(), holds_gil.clone());
            self.set(domain, Rc::new(Hooks::new(self.heap.clone(), below, domain, fatal, holds_gil)));
        }
    }

    /// The heap behind it all.
    pub fn heap(&self) -> &Rc<Heap<C>> {
        &self.heap
    }
}

/// The raw domain as somebody who serves requests.
struct RawDomain<C: Config>(Rc<Heap<C>>);

impl<C: Config> Requests for RawDomain<C> {
    fn malloc(&self, bytes: u64) -> Option<Addr> {
        (bytes <= LARGEST).then(|| raw_domain::malloc(self.0.mem(), bytes.max(1)))?
    }
    fn calloc(&self, count: u64, each: u64) -> Option<Addr> {
        let bytes = count.checked_mul(each).filter(|bytes| *bytes <= LARGEST)?;
        raw_domain::calloc(self.0.mem(), bytes.max(1))
    }
    fn realloc(&self, at: Option<Addr>, bytes: u64) -> Option<Addr> {
        match at {
            Some(at) if bytes <= LARGEST => raw_domain::realloc(self.0.mem(), at, bytes.max(1)),
            Some(_) => None,
            None => self.malloc(bytes),
        }
    }
    fn free(&self, at: Option<Addr>) {
        if let Some(at) = at {
            raw_domain::free(self.0.mem(), at);
        }
    }
}
