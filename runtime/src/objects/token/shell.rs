//! # The token is a shell
//!
//! Whoever has a [`Gil`] may let it go for a while: to wait, to sleep, to read from a socket. That is safe because of what
//! cannot go with it:
//!
//! ```compile_fail,E0277
//! # use runtime::objects::token::*; use runtime::config::Fast; use kit::geometry::Modern;
//! fn token_in_there(gil: Gil<'_, Fast<Modern>>) {
//!     gil.allow_threads(|| { gil.none(); }); // somebody else has the GIL
//! }
//! ```
//!
//! ```compile_fail,E0277
//! # use runtime::objects::token::*; use runtime::config::Fast; use kit::geometry::Modern;
//! fn handle_in_there(gil: Gil<'_, Fast<Modern>>, list: Owned<'_, Fast<Modern>>) {
//!     gil.allow_threads(|| list.append(list.clone())); // nobody may count references meanwhile
//! }
//! ```
//!
//! ```compile_fail,E0277
//! # use runtime::objects::token::*; use runtime::config::Fast; use kit::geometry::Modern;
//! fn objects_in_there(gil: Gil<'_, Fast<Modern>>) {
//!     let objects = gil.objects();
//!     gil.allow_threads(|| objects.collect(2)); // nor look at the objects at all
//! }
//! ```
//!
//! What may: bytes, sockets, a [`Detached`](super::Detached), the [`Interpreter`] itself, with which the call may take
//! the GIL again.
//!
//! Nor can anybody end a thread in the middle of its life, under the frames of those who called it:
//!
//! ```compile_fail,E0423
//! # use runtime::objects::token::*; use runtime::config::Fast; use kit::geometry::Modern;
//! # use runtime::threads::{Shell, shell::End};
//! fn not_yet(gil: Gil<'_, Fast<Modern>>) {
//!     gil.end(End(())); // only who runs a thread's body makes one
//! }
//! ```
//!
//! - **I1** A handle that somebody holds while the GIL is let go stays what it is: others may change the object, and
//!   nobody can drop this reference.
//!
//! Source: `Py_BEGIN_ALLOW_THREADS`; the idea of `Send` is PyO3's, `Python::allow_threads`.

use super::interpreter::LetGo;
use super::{Gil, Interpreter, Objects, Owned};
use crate::gil::sync::Arc;
use crate::objects::call::Outcome;
use crate::objects::machine::World;
use crate::threads::panics::Panics;
use crate::threads::shell::End;
use crate::threads::{Body, CannotStart, Locals, Micros, Shell, Waited};
use kit::gil::ThreadId;
use kit::graph::Obj;
use std::thread;
use std::time::Duration;

impl<W: World> Gil<'_, W> {
    /// A call that needs no object, without the GIL.
    ///
    /// # Panics
    /// When `call` does. The GIL is taken again before that goes on.
    pub fn allow_threads<R: Send>(self, call: impl FnOnce() -> R + Send) -> R {
        let _back = LetGo::new(self.shared, self.own);
        call()
    }

    /// The interpreter that this is the GIL of.
    pub fn interpreter(self) -> Interpreter<W> {
        Interpreter(self.shared.clone())
    }

    /// The end of a turn of a loop, or of a call: see [`super::duties`].
    ///
    /// # Errors
    /// The exception that a signal's handler, a pending call or another thread raised here. Owned.
    #[inline]
    pub fn switch_point(self) -> Result<(), Obj> {
        if self.shared.gil.asked() == 0 { Ok(()) } else { self.do_duties() }
    }

    /// This thread's number.
    pub fn thread(self) -> ThreadId {
        self.own.seat.id
    }

    /// This thread ends: what it has of its own dies, all of it.
    ///
    /// # Panics
    /// When something of it did as it died.
    pub(super) fn end_thread(self) {
        let mut panics = Panics::default();
        let dies = |exception: Option<Obj>| exception.into_iter().for_each(|o| self.objects().decref(o));
        panics.catch(|| self.own.locals.end());
        panics.catch(|| dies(self.own.thrown.take()));
        panics.catch(|| dies(self.objects().set_handled(None)));
        panics.catch(|| self.objects().end_thread());
        panics.catch(|| self.catch_up());
        panics.go_on();
    }
}

impl<'g, W: World> Gil<'g, W>
where
    Objects<W>: Send,
{
    /// A function of the host as an object, which is called with the token: it may come to a switch point, wait, and block.
    /// Arguments are borrowed, its result is owned, and so is the exception. `None`: no memory.
    pub fn function(
        self,
        function: impl for<'h> Fn(Gil<'h, W>, &[Obj]) -> Outcome + Send + Sync + 'static,
    ) -> Option<Owned<'g, W>> {
        let python = Arc::downgrade(self.shared);
        let native = move |_: &Objects<W>, arguments: &[Obj]| {
            let python = python.upgrade().expect("who calls this has its GIL");
            python.enter(|gil| function(gil, arguments))
        };
        Some(self.owned(self.objects().new_native(None, native)?))
    }
}

impl<'g, W: World> Shell for Gil<'g, W>
where
    Objects<W>: Send,
{
    type Inside<'t> = Gil<'t, W>;

    fn me(&self) -> ThreadId {
        self.thread()
    }

    fn now(&self) -> Micros {
        self.shared.began.elapsed().as_micros() as Micros
    }

    #[inline]
    fn switch_point(&self) -> Result<(), Obj> {
        Gil::switch_point(*self)
    }

    fn wait(&self, key: u64, until: Option<Micros>) -> Waited {
        if self.shared.wait(self.own, key, until) { Waited::Woken } else { Waited::TimedOut }
    }

    #[inline]
    fn wake(&self, key: u64, count: usize) -> usize {
        self.shared.keys.wake(key, count)
    }

    fn sleep(&self, micros: Micros) {
        self.allow_threads(|| thread::sleep(Duration::from_micros(micros)));
    }

    fn blocking<R: Send>(&self, _: Micros, call: impl FnOnce() -> R + Send) -> R {
        self.allow_threads(call)
    }

    fn spawn(&self, name: &str, body: Body<Self>) -> Result<(), CannotStart> {
        let python = self.interpreter();
        let started = thread::Builder::new().name(name.into()).spawn(move || python.with_gil(body));
        started.map(drop).map_err(|_| CannotStart)
    }

    fn locals(&self) -> &Locals {
        &self.own.locals
    }

    fn end(&self, _: End) {
        self.end_thread();
    }
}
