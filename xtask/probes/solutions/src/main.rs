//! Runs scenarios on the solutions, for `cargo xtask`.
//!
//! Made by `cargo xtask generate`.

use std::process::ExitCode;

use runtime::lab::{Limited, Socket, probe_main};

#[global_allocator]
static ALLOCATOR: Limited = Limited::new();

fn main() -> ExitCode {
    probe_main(&[
        Socket::SizeClasses(&solution_size_classes::Part),
        Socket::Pool(&solution_pool::Part),
        Socket::Arena(&solution_arena::Part),
        Socket::UsableArenas(&solution_usable_arenas::Part),
        Socket::Allocator(&solution_allocator::Part),
        Socket::AddressMap(&solution_address_map::Part),
        Socket::DebugHooks(&solution_debug_hooks::Part),
        Socket::Refcount(&solution_refcount::Part),
        Socket::FreeLists(&solution_free_lists::Part),
        Socket::Containers(&solution_containers::Part),
        Socket::Trashcan(&solution_trashcan::Part),
        Socket::SubtractRefs(&solution_subtract_refs::Part),
        Socket::MoveUnreachable(&solution_move_unreachable::Part),
        Socket::Generations(&solution_generations::Part),
        Socket::Finalizers(&solution_finalizers::Part),
        Socket::Weakref(&solution_weakref::Part),
        Socket::WeakContainers(&solution_weak_containers::Part),
        Socket::Gil(&solution_gil::Part),
        Socket::EvalBreaker(&solution_eval_breaker::Part),
        Socket::Scheduler(&solution_scheduler::Part),
    ])
}
