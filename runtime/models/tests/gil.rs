//! Every order in which threads can meet at the GIL, with at most three or four preemptions: each model says how many. A
//! lost call or wake-up leaves a thread asleep for ever, which loom reports; two holders at a time are two borrows of one
//! cell, which loom reports, too.

use kit::gil::ThreadId;
use loom::cell::UnsafeCell;
use loom::model::Builder;
use loom::thread;
use models::gil::os::DROP;
use models::gil::seat::Seat;
use models::threads::condition::Event;
use models::threads::lock::{Hold, Lock, Patience};
use models::threads::shell::{Shell, Waited};
use models::threads::{Holder, Model};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What the GIL guards: loom sees when two threads are at it.
struct Guarded {
    model: Model,
    count: UnsafeCell<u64>,
    seats: Vec<Arc<Seat>>,
}

// SAFETY: that only the holder of the GIL touches the cell is what the models show; loom ends one that does not.
unsafe impl Sync for Guarded {}
// SAFETY: as above.
unsafe impl Send for Guarded {}

impl Guarded {
    fn new(threads: u32) -> Arc<Self> {
        let seats = (0..threads).map(|id| Seat::new(ThreadId(id))).collect();
        Arc::new(Guarded { model: Model::default(), count: UnsafeCell::new(0), seats })
    }

    /// One more, by who has the GIL.
    fn add(&self, _: &Holder<'_>) -> u64 {
        self.count.with_mut(|count| {
            // SAFETY: loom has just made sure that nobody else is at it.
            let count = unsafe { &mut *count };
            *count += 1;
            *count
        })
    }

    fn total(&self, holder: &Holder<'_>) -> u64 {
        self.add(holder) - 1
    }

    /// Starts thread number `id`.
    fn start(self: &Arc<Self>, id: usize, does: impl FnOnce(&Self, &Arc<Seat>) + 'static) -> thread::JoinHandle<()> {
        let guarded = self.clone();
        thread::spawn(move || does(&guarded, &guarded.seats[id]))
    }
}

/// Every order with at most so many preemptions.
fn explore(preemptions: usize, model: impl Fn() + Sync + Send + 'static) {
    let mut builder = Builder::new();
    builder.preemption_bound = Some(preemptions);
    builder.check(model);
}

/// Two threads, each twice: taken, let go, taken. Every order with at most four preemptions.
#[test]
fn one_at_a_time() {
    explore(4, || {
        let guarded = Guarded::new(2);
        let twice = |guarded: &Guarded, seat: &Arc<Seat>| {
            for _ in 0..2 {
                guarded.model.with_gil(seat, |holder| guarded.add(holder));
            }
        };
        let other = guarded.start(1, twice);
        twice(&guarded, &guarded.seats[0]);
        other.join().unwrap();
        guarded.model.with_gil(&guarded.seats[0], |holder| assert_eq!(guarded.total(holder), 4));
    });
}

/// Three threads: a release calls one of two.
#[test]
fn three_of_them() {
    explore(3, || {
        let guarded = Guarded::new(3);
        let once = |guarded: &Guarded, seat: &Arc<Seat>| {
            guarded.model.with_gil(seat, |holder| guarded.add(holder));
        };
        let others = [guarded.start(1, once), guarded.start(2, once)];
        once(&guarded, &guarded.seats[0]);
        others.into_iter().for_each(|other| other.join().unwrap());
        guarded.model.with_gil(&guarded.seats[0], |holder| assert_eq!(guarded.total(holder), 3));
    });
}

/// A time-out at any moment: before the wait, in it, together with the call. The holder that sees the request lets go, and
/// when it is through with that, the other one has had the GIL: that is the forced switch.
#[test]
fn a_request_forces_a_switch() {
    static FORCED: AtomicUsize = AtomicUsize::new(0);
    explore(4, || {
        let guarded = Guarded::new(2);
        let other = guarded.start(1, |guarded, seat| {
            guarded.model.with_gil(seat, |holder| guarded.add(holder));
        });
        let clock = guarded.start(1, |_, seat| seat.parker.fire());
        let (gil, me) = (&guarded.model.gil, &guarded.seats[0]);
        gil.take(me);
        let before = gil.switch_number();
        if gil.asked() & DROP != 0 {
            gil.release(me);
            assert!(gil.switch_number() > before, "nobody came between");
            FORCED.fetch_add(1, Ordering::Relaxed);
        } else {
            gil.release(me);
        }
        [other, clock].into_iter().for_each(|thread| thread.join().unwrap());
        guarded.model.with_gil(me, |holder| assert_eq!(guarded.total(holder), 1));
        assert_eq!(gil.asked(), 0, "a request is left");
    });
    assert!(FORCED.load(Ordering::Relaxed) > 0, "in no order was there a request");
}

/// Two that wait, a holder that is asked, and a clock that fires for both: the forced one goes on after the first take,
/// and nobody is forgotten.
#[test]
fn two_wait_and_one_is_forced() {
    /// In how many orders one of the two had it by then, and in how many both.
    static FORCED: [AtomicUsize; 2] = [const { AtomicUsize::new(0) }; 2];
    explore(3, || {
        let guarded = Guarded::new(3);
        let once = |guarded: &Guarded, seat: &Arc<Seat>| {
            guarded.model.with_gil(seat, |holder| guarded.add(holder));
        };
        guarded.seats[1..].iter().for_each(|seat| seat.parker.fire());
        let others = [guarded.start(1, once), guarded.start(2, once)];
        guarded.model.with_gil(&guarded.seats[0], |holder| {
            let asked = guarded.model.gil.asked() & DROP != 0;
            let before = guarded.add(holder);
            holder.switch_point().unwrap();
            let between = guarded.add(holder) - before - 1;
            if asked {
                assert!(between > 0, "nobody came between");
                FORCED[between as usize - 1].fetch_add(1, Ordering::Relaxed);
            }
        });
        others.into_iter().for_each(|other| other.join().unwrap());
        guarded.model.with_gil(&guarded.seats[0], |holder| assert_eq!(guarded.total(holder), 4));
    });
    assert!(FORCED.iter().all(|times| times.load(Ordering::Relaxed) > 0), "in no order was there a forced switch");
}

/// A lock with a switch inside: who finds it taken waits on its word, and is woken.
#[test]
fn a_lock_wakes_who_waits_for_it() {
    static WAITED: AtomicUsize = AtomicUsize::new(0);
    explore(4, || {
        let guarded = Guarded::new(2);
        let lock = Arc::new(Lock::new());
        let its = lock.clone();
        let locked = move |guarded: &Guarded, seat: &Arc<Seat>, lock: &Lock| {
            guarded.model.with_gil(seat, |holder| {
                if lock.locked() {
                    WAITED.fetch_add(1, Ordering::Relaxed);
                }
                lock.acquire(holder, Patience::Forever);
                let before = guarded.add(holder);
                holder.sleep(1);
                assert_eq!(guarded.add(holder), before + 1, "somebody was at it under the lock");
                lock.release(holder).unwrap();
            });
        };
        let other = guarded.start(1, move |guarded, seat| locked(guarded, seat, &its));
        locked(&guarded, &guarded.seats[0], &lock);
        other.join().unwrap();
        assert!(!lock.locked());
    });
    assert!(WAITED.load(Ordering::Relaxed) > 0, "in no order did anybody wait");
}

/// An event: set before the wait, in the middle of it, after it.
#[test]
fn an_event_is_not_missed() {
    explore(3, || {
        let guarded = Guarded::new(2);
        let event = Arc::new(Event::new());
        let its = event.clone();
        let other = guarded.start(1, move |guarded, seat| {
            guarded.model.with_gil(seat, |holder| its.set(holder));
        });
        guarded.model.with_gil(&guarded.seats[0], |holder| assert!(event.wait(holder, Patience::Forever)));
        other.join().unwrap();
    });
}

/// A wait with a limit: woken, or not, and never both. Who was woken is counted by who wakes.
#[test]
fn woken_or_timed_out() {
    static BOTH: [AtomicUsize; 2] = [const { AtomicUsize::new(0) }; 2];
    explore(4, || {
        let guarded = Guarded::new(2);
        let woken = Arc::new(AtomicUsize::new(0));
        let how_many = woken.clone();
        // Nobody else is there yet: the clock's time is not for this take.
        let (waited, others) = guarded.model.with_gil(&guarded.seats[0], |holder| {
            let other = guarded.start(1, move |guarded, seat| {
                guarded.model.with_gil(seat, |holder| how_many.store(holder.wake(7, 1), Ordering::Relaxed));
            });
            let clock = guarded.start(0, |_, seat| seat.parker.fire());
            (holder.wait(7, Some(1)), [other, clock])
        });
        others.into_iter().for_each(|thread| thread.join().unwrap());
        let expected = if woken.load(Ordering::Relaxed) == 1 { Waited::Woken } else { Waited::TimedOut };
        assert_eq!(waited, expected);
        BOTH[woken.load(Ordering::Relaxed)].fetch_add(1, Ordering::Relaxed);
    });
    assert!(BOTH.iter().all(|times| times.load(Ordering::Relaxed) > 0), "in no order did one of the two happen");
}
