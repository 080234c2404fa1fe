//! Threads of the system on one interpreter: [`facts`] of CPython's, [`switch`]es where they hurt, and a [`long`] run.

mod facts;
mod long;
mod machine;
mod switch;
