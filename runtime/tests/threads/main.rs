//! Threads of the system on one interpreter: [`facts`] of CPython's, [`switch`]es where they hurt, [`duties`] in between,
//! [`locals`] and other things of a thread's own that die when it [`ends`], and a [`long`] run. A shell whose run is
//! [`over`] is none of the system's.

mod duties;
mod ends;
mod facts;
mod locals;
mod long;
mod machine;
mod over;
mod switch;
