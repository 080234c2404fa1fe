//! # Random programs with threads
//!
//! Two or three threads at the same few things: a number, a list, a lock, a queue, an event, instances with finalizers,
//! rings, variables of their own, collections that begin in the middle. What they come to depends on who goes on when, so
//! nothing is compared with CPython: the same decisions must come to the same, and the runtime must be whole afterwards.
//!
//! - **I1** A program ends: it waits with a limit, or whoever waits for ever is told about.

use std::fmt::Write;

/// What a thread may do, one or several lines.
const DOES: &[&[&str]] = &[
    &["n = n + call one"],
    &["n = n + 1"],
    &["acquire l", "n = n + call one", "release l"],
    &["acquire r", "acquire r", "append out 1", "release r", "release r"],
    &["x = new A", "own.x = x", "del x"],
    &["x = new A", "append out x", "del x"],
    &["x = new A", "x.me = x", "del x"],
    &["x = new A", "y = new A", "x.next = y", "y.next = x", "del x y"],
    &["x = pop out"],
    &["clear out"],
    &["put q n"],
    &["x = take q", "log x", "del x"],
    &["x = wait e 1ms", "log x", "del x"],
    &["happens e"],
    &["clear e"],
    &["acquire c", "x = wait c 500us", "release c", "del x"],
    &["acquire c", "notifyall c", "release c"],
    &["x = try l 200us", "if x", "    release l", "del x"],
    &["acquire s", "x = new A", "del x", "release s"],
    &["sleep 300us"],
    &["io 50us"],
    &["loop 5", "    append out n", "    x = new A", "    d['k'] = x", "    del x"],
    &["collect 0"],
    &["collect"],
    &["interval 20us"],
    &["interval 1ms"],
    &["raise ValueError"],
    &["x = ref d", "w = new A", "y = ref w", "del w x y"],
    &["g = generator n out", "x = next g", "del x g"],
    &["t = thread inner n", "run t", "del t"],
    &["x = catch bad", "own.error = x", "del x"],
];

/// The program of a seed.
#[must_use]
pub fn threaded(seed: u64) -> String {
    let mut dice = Dice(seed);
    let mut text = String::from("# Random threads\nuse world\nclass A\ndef A.__del__ self\n");
    for line in dice.of(&["log 'del' self", "append saved self", "n = call one", "collect 0"]).lines() {
        let _ = writeln!(text, "    {line}");
    }
    text += "def one\n    return 1\ndef bad\n    a = new A\n    raise KeyError\ndef inner x\n    append out x\n    own.x = x\n";
    let threads = 2 + dice.below(2);
    for thread in 0..threads {
        let _ = writeln!(text, "def work{thread}\n    global n");
        for _ in 0..2 + dice.below(7) {
            let does = dice.of(DOES);
            does.iter().for_each(|line| text += &format!("    {line}\n"));
        }
    }
    text += "n = 0\nout = list\nsaved = list\nd = dict\nl = lock\nr = rlock\ne = event\nc = condition\n";
    let _ = writeln!(text, "s = semaphore {}\nq = queue {}\nown = local", 1 + dice.below(2), dice.below(3));
    if dice.below(2) == 0 {
        let _ = writeln!(text, "threshold {}\nenable", 2 + dice.below(20));
    }
    let names: Vec<String> = (0..threads).map(|thread| format!("t{thread}")).collect();
    (0..threads).for_each(|thread| text += &format!("t{thread} = thread work{thread}\n"));
    let _ = writeln!(text, "run {}\nlog n\nlen out\nshow out\ndel own\ncollect", names.join(" "));
    text
}

/// Steele, Lea and Flood's SplitMix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % most
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize]
    }
}
