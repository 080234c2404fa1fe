//! A run of threads that take turns is over when nobody can go on: then no wait waits any more, and nobody has what he
//! waited for. And on the same clock, where it shows: who lets the GIL go, and who does not.

use super::{Choices, Own, Turn, Turns};
use crate::gil::gil::Part;
use crate::threads::{
    Condition, Event, Guarded, Hold, Local, Locals, Lock, NotAcquired, Patience, Queue, Semaphore, Shell, SimpleQueue,
    Thread, Word,
};
use kit::gil::ThreadId;
use std::panic::resume_unwind;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, Weak};
use std::time::Duration;

/// Nothing belongs to a thread here.
struct Nothing;

impl Own for Nothing {
    fn switch(&self, _: Option<ThreadId>, _: ThreadId) {}
}

/// Runs `main` as the first thread at a table, and all others to their ends, in a thread that must end: for what would
/// else wait for ever.
fn at_a_table(main: impl FnOnce(Turn<'_>) + Send + 'static) {
    let (ends, hears) = std::sync::mpsc::channel::<()>();
    let table = std::thread::spawn(|| {
        let _ends = ends;
        let own: Weak<dyn Own> = Weak::<Nothing>::new();
        let turns = Arc::new(Turns::new(own, &Part, Choices::interval(), Box::new(|_, _, _| {})));
        turns.set_wake(0);
        let locals = Locals::default();
        main(Turn::of(&turns, &locals));
        turns.finish();
        assert_eq!(turns.broken(), None);
    });
    let heard = hears.recv_timeout(Duration::from_secs(20));
    assert_ne!(heard, Err(RecvTimeoutError::Timeout), "somebody waits for ever");
    table.join().unwrap_or_else(|panic| resume_unwind(panic));
}

#[test]
fn a_wait_for_ever_ends() {
    at_a_table(|turn| {
        assert!(!Semaphore::new(0).acquire(&turn, Patience::Forever));
        assert!(!Semaphore::new(0).acquire(&turn, Patience::Micros(5)), "the clock stands still");
        let queue = Queue::new(1);
        assert_eq!(queue.get(&turn, Patience::Forever), None);
        queue.put(&turn, 1, Patience::Forever).unwrap();
        assert_eq!(queue.put(&turn, 2, Patience::Forever), Err(2));
        queue.join(&turn);
        assert_eq!(SimpleQueue::<u64>::new().get(&turn, Patience::Forever), None);
        assert!(!Event::new().wait(&turn, Patience::Forever));
        let condition = Condition::new();
        let looked = condition.with(&turn, || condition.wait_for(&turn, Patience::Forever, || false));
        assert_eq!(looked, Some(Ok(false)));
        assert!(!condition.lock().is_owned(&turn));
    });
}

/// Main waits on the condition; the other one takes its lock for good, and then waits for what never comes: the run is
/// over.
fn whose_lock_never_comes_back<L: Hold + Send + Sync + 'static>(
    condition: Condition<L>,
    check: impl Fn(&Turn<'_>, &Condition<L>) + Send + 'static,
) {
    at_a_table(move |turn| {
        let condition = Arc::new(condition);
        let its = condition.clone();
        let waited = condition.with(&turn, || {
            let other = Thread::start(&turn, "other", move |turn| {
                assert!(its.lock().acquire(&turn, Patience::Forever));
                assert!(!Event::new().wait(&turn, Patience::Forever));
            });
            (other.unwrap(), condition.wait(&turn, Patience::Forever), condition.notify(&turn, 1).is_ok())
        });
        let (other, waited, _) = waited.unwrap();
        assert!(!other.panicked());
        assert_eq!(waited, Err(NotAcquired), "the other one has the lock");
        check(&turn, &condition);
        assert_eq!(condition.with(&turn, || ()), None);
        check(&turn, &condition);
    });
}

#[test]
fn who_does_not_get_a_lock_back_does_not_own_it() {
    whose_lock_never_comes_back(Condition::new(), |turn, condition| {
        assert!(!condition.lock().is_owned(turn));
        assert_eq!(condition.notify(turn, 1), Err(NotAcquired));
    });
}

/// A plain lock does not know who has it: nobody lets go what another one has.
#[test]
fn who_does_not_get_a_lock_back_does_not_release_it() {
    whose_lock_never_comes_back(Condition::on(Lock::new()), |_, condition| assert!(condition.lock().locked()));
}

/// A time-out of 0 is none at all: the GIL is not let go. `acquire(timeout=0)`, `SimpleQueue.get(timeout=0)` and
/// `Event.wait(0)` of CPython 3.11 do not, and `acquire(timeout=1e-6)` does.
#[test]
fn no_time_at_all_is_no_wait() {
    at_a_table(|turn| {
        let (lock, ran) = (Lock::new(), Arc::new(Guarded::default()));
        assert!(lock.acquire(&turn, Patience::None));
        let runs = ran.clone();
        let other = Thread::start(&turn, "other", move |turn| {
            turn.sleep(1000);
            runs.set(1);
        });
        turn.spend(2000); // it has slept, and wants the GIL
        assert!(!lock.acquire(&turn, Patience::Micros(0)));
        assert_eq!(SimpleQueue::<u64>::new().get(&turn, Patience::Micros(0)), None);
        assert!(!Event::new().wait(&turn, Patience::Micros(0)));
        assert!(!Semaphore::new(0).acquire(&turn, Patience::Micros(0)));
        assert_eq!(ran.get(), 0, "somebody let the GIL go");
        assert!(!lock.acquire(&turn, Patience::Micros(1)));
        assert_eq!(ran.get(), 1);
        assert!(other.unwrap().join(&turn, Patience::Forever));
    });
}

/// A thread's variables die on any shell, and a panic of theirs is its thread's alone.
#[test]
fn a_bomb_at_a_table() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            std::panic::panic_any("a bomb");
        }
    }
    at_a_table(|turn| {
        let local = Arc::new(Local::new());
        let its = local.clone();
        let t = Thread::start(&turn, "t", move |turn| drop(its.set(&turn, Bomb))).unwrap();
        assert!(t.join(&turn, Patience::Forever) && t.panicked());
        drop(local);
    });
}
