//! Threads of the system on one interpreter: [`facts`] of CPython's, [`switch`]es where they hurt, [`duties`] in between,
//! [`locals`] and other things of a thread's own that die when it [`ends`], and a [`long`] run.

mod duties;
mod ends;
mod facts;
mod locals;
mod long;
mod machine;
mod switch;
