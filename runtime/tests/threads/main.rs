//! Threads of the system on one interpreter: [`facts`] of CPython's, [`switch`]es where they hurt, [`duties`] in between,
//! and a [`long`] run.

mod duties;
mod facts;
mod long;
mod machine;
mod switch;
