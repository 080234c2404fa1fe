//! Many threads, for a long time, at everything at once: shared lists and dicts, rings, finalizers, collections, locks,
//! queues, blocking calls, references that are dropped without the GIL. Afterwards every count is right, or something
//! would be left (or AddressSanitizer would have spoken).
//!
//! `ROUNDS=100000 cargo test --release --package runtime --test threads -- long` runs longer.

use super::machine::{Python, World, class_with, interpreter, start};
use runtime::objects::token::{Detached, Gil, Owned};
use runtime::threads::{Hold, Local, Lock, Patience, Queue, Shell, Thread};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

const THREADS: u64 = 8;

/// What all threads share.
struct Common {
    list: Detached,
    dict: Detached,
    class: Detached,
    lock: Lock,
    /// What the lock guards: (entered, left).
    inside: (AtomicU64, AtomicU64),
    queue: Queue<Detached>,
    elsewhere: Mutex<Vec<Detached>>,
    local: Local<Detached>,
    born: AtomicU64,
}

fn rounds() -> u64 {
    std::env::var("ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(1500)
}

#[test]
fn many_threads_for_a_long_time() {
    let python = interpreter();
    python.set_switch_interval(20e-6).unwrap();
    let died = Arc::new(AtomicU64::new(0));
    let born = python.with_gil(|gil| {
        let common = Arc::new(common(gil, &died));
        let thread = |number: u64| {
            let common = common.clone();
            start(gil, move |gil| (0..rounds()).for_each(|round| turn(gil, &common, number, random(number, round))))
        };
        let threads: Vec<Thread> = (0..THREADS).map(thread).collect();
        for thread in threads {
            assert!(thread.join(&gil, Patience::Forever) && !thread.panicked());
        }
        common.born.load(Ordering::Relaxed)
    });
    assert!(born > 0);
    python.nothing_is_left();
    assert_eq!(died.load(Ordering::Relaxed), born, "each was finalized once");
}

fn common(gil: Gil<'_, World>, died: &Arc<AtomicU64>) -> Common {
    let died = died.clone();
    // Every other finalizer gives its object's thread away in the middle.
    let class = class_with(gil, move |gil, _| {
        if died.fetch_add(1, Ordering::Relaxed).is_multiple_of(2) {
            gil.sleep(1);
        }
    });
    Common {
        list: gil.list().unwrap().detach(),
        dict: gil.dict().unwrap().detach(),
        class: class.detach(),
        lock: Lock::new(),
        inside: Default::default(),
        queue: Queue::new(0),
        elsewhere: Mutex::default(),
        local: Local::new(),
        born: AtomicU64::new(0),
    }
}

/// SplitMix64.
fn random(thread: u64, round: u64) -> u64 {
    let mut z = (thread << 40 | round).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn born<'g>(gil: Gil<'g, World>, common: &Common) -> Owned<'g, World> {
    common.born.fetch_add(1, Ordering::Relaxed);
    Python::instance(gil, &common.class, "one of many")
}

fn turn(gil: Gil<'_, World>, common: &Common, thread: u64, random: u64) {
    let (list, dict) = (common.list.clone_ref(gil), common.dict.clone_ref(gil));
    match random % 16 {
        0..3 => list.append(born(gil, common)).unwrap(),
        3..6 => drop(gil.objects().list_pop(list.as_obj()).map(|item| gil.owned(item))),
        6 => gil.objects().list_clear(list.as_obj()),
        7 => dict.put(gil.int((random >> 8) as i64 % 40).unwrap(), born(gil, common)).unwrap(),
        8 => drop(dict.take(&gil.int((random >> 8) as i64 % 40).unwrap()).unwrap()),
        9 => ring(gil, common),
        10 => drop(gil.objects().collect((random >> 8) as usize % 3)),
        11 => locked(gil, common),
        12 => common.queue.put(&gil, born(gil, common).detach(), Patience::Forever).unwrap(),
        13 => drop(common.queue.get(&gil, Patience::Micros(random >> 8 & 63))),
        14 => drop(common.local.set(&gil, born(gil, common).detach())),
        _ => without(gil, common, thread),
    }
    gil.switch_point().unwrap();
}

fn ring(gil: Gil<'_, World>, common: &Common) {
    let ring = gil.list().unwrap();
    ring.append(ring.clone()).unwrap();
    ring.append(born(gil, common)).unwrap();
}

/// Nobody else is under the lock, whatever happens to the GIL meanwhile.
fn locked(gil: Gil<'_, World>, common: &Common) {
    common.lock.acquire(&gil, Patience::Forever);
    let before = common.inside.0.fetch_add(1, Ordering::Relaxed);
    assert_eq!(before, common.inside.1.load(Ordering::Relaxed));
    gil.sleep(1);
    common.inside.1.fetch_add(1, Ordering::Relaxed);
    common.lock.release(&gil).unwrap();
}

/// Two references wait where threads without the GIL find them; one that waited is dropped there.
fn without(gil: Gil<'_, World>, common: &Common, thread: u64) {
    let mine = born(gil, common);
    common.elsewhere.lock().unwrap().extend([mine.clone().detach(), mine.detach()]);
    gil.allow_threads(|| {
        let one = common.elsewhere.lock().unwrap().pop();
        drop(one);
        std::thread::yield_now();
        thread
    });
}
