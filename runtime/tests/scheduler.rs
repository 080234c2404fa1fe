//! The policy of `scheduler`, another one that keeps the promises as well, and some that break them, on the virtual
//! clock; and promises that hold whatever the threads do.

use check::random::scheduler::SchedulerProgram;
use check::random::{Program as _, seeded, seeds};
use kit::gil::ThreadId;
use kit::scheduler::{LetGo, Scheduler, Waiters};
use rstest::rstest;
use runtime::gil::roster::Roster;
use runtime::gil::scheduler::Part;
use runtime::lab::{Socket, facts_on_raw_memory, trace_of};
use std::path::PathBuf;

const SEEDS: u64 = 400;
const SCENARIOS: &str = "../exercises/53-scheduler/scenarios";

/// A policy, function by function.
struct Policy {
    on_want: fn(&Roster, ThreadId),
    patience: fn(&Roster, ThreadId) -> u64,
    on_release: fn(&Roster, ThreadId, u64, LetGo),
    whom: fn(&Roster) -> ThreadId,
}

impl Scheduler<Roster> for Policy {
    fn on_want(&self, s: &Roster, me: ThreadId) {
        (self.on_want)(s, me)
    }
    fn patience(&self, s: &Roster, me: ThreadId) -> u64 {
        (self.patience)(s, me)
    }
    fn on_release(&self, s: &Roster, me: ThreadId, micros: u64, why: LetGo) {
        (self.on_release)(s, me, micros, why)
    }
    fn whom(&self, s: &Roster) -> ThreadId {
        (self.whom)(s)
    }
}

/// The reference's.
const PART: Policy = Policy {
    on_want: |s, me| Part.on_want(s, me),
    patience: |s, me| Part.patience(s, me),
    on_release: |s, me, micros, why| Part.on_release(s, me, micros, why),
    whom: |s| Part.whom(s),
};

/// As the operating system does: who waits longest, and everybody waits an interval.
const SYSTEM: Policy =
    Policy { on_want: |_, _| {}, patience: |s, _| s.interval(), on_release: |_, _, _, _| {}, whom: |s| s.waiting()[0] };

/// Another right one: an account for each thread, in time of the clock. Who uses the GIL while others want it pays for
/// it as often as there are threads; what a thread has over is never more than an interval.
const ACCOUNT: Policy = Policy {
    on_want: |s, me| s.set_score(me, s.score(me).max((s.now() + 100_000).saturating_sub(s.interval()))),
    patience: |s, me| {
        let holder = s.holder().expect("somebody has it");
        (s.score(me) + s.interval()).saturating_sub(s.score(holder) + s.held_for() * wanting(s)) / wanting(s)
    },
    on_release: |s, me, micros, _| s.set_score(me, s.score(me) + micros * wanting(s)),
    whom: |s| least(s),
};

/// How many want the GIL or have it, and one more.
fn wanting(s: &Roster) -> u64 {
    s.waiting().len() as u64 + u64::from(s.holder().is_some()) + 1
}

fn least(s: &Roster) -> ThreadId {
    s.waiting().into_iter().min_by_key(|thread| s.score(*thread)).expect("somebody waits")
}

/// Time with the GIL until now.
fn ran(s: &Roster, thread: ThreadId) -> u64 {
    s.score(thread) + if s.holder() == Some(thread) { s.held_for() } else { 0 }
}

/// Who sleeps is lifted, who was alone pays for it.
fn lifted(s: &Roster, me: ThreadId) {
    let others = s.waiting().into_iter().chain(s.holder()).filter(|other| *other != me);
    if let Some(least) = others.map(|other| ran(s, other)).min() {
        s.set_score(me, s.score(me).max(least.saturating_sub(s.interval())));
    }
}

/// Policies that break a promise, and a scenario that shows it.
const WRONG: [(&str, Policy, &str); 9] = [
    ("the system's", SYSTEM, "04-a-convoy"),
    ("the newest", Policy { whom: |s| s.waiting()[s.waiting().len() - 1], ..SYSTEM }, "03-five-that-compute"),
    ("everybody asks at once", Policy { patience: |_, _| 1, ..SYSTEM }, "02-two-that-compute"),
    ("nobody asks sooner", Policy { patience: |s, _| s.interval(), ..PART }, "04-a-convoy"),
    ("who waits longest", Policy { whom: |s| s.waiting()[0], ..PART }, "03-five-that-compute"),
    ("nobody is lifted", Policy { on_want: |_, _| {}, ..PART }, "09-sleep-saves-nothing"),
    ("only lifted", Policy { on_want: lifted, ..PART }, "11-nobody-else-wanted-it"),
    (
        "all or nothing",
        Policy { patience: |s, me| if Part.patience(s, me) == 0 { 1 } else { s.interval() }, ..PART },
        "10-blocks-for-a-moment",
    ),
    // As it was once proposed for CPython: priorities that fall when a thread had to be asked, and rise when it lets
    // go by itself.
    (
        "priorities",
        Policy {
            on_want: |_, _| {},
            patience: |s, me| {
                let holder = s.holder().expect("somebody has it");
                if s.score(me) < s.score(holder) { 1 } else { s.interval() }
            },
            on_release: |s, me, _, why| {
                let asked = why == LetGo::Asked;
                s.set_score(me, if asked { s.score(me) + 1 } else { s.score(me).saturating_sub(1) });
            },
            whom: least,
        },
        "10-blocks-for-a-moment",
    ),
];

/// What `policy` did not keep of a scenario's promises.
fn broken(policy: &'static Policy, scenario: &str) -> Vec<String> {
    let kept = |line: &str| {
        line.contains("never waited") || line.contains("are within") || line.starts_with("   = at most") || {
            let word = line.trim_start_matches("   = ");
            word == "all threads have ended" || word.trim_end_matches(" us").parse::<u64>().is_ok()
        }
    };
    let trace = trace_of(&Socket::Scheduler(policy), scenario);
    let told = trace.lines().filter(|line| line.starts_with("   = ") || line.starts_with("   ! "));
    told.filter(|line| !kept(line)).map(String::from).collect()
}

#[rstest]
fn two_policies_keep_all_promises(#[files("../exercises/53-*/scenarios/*.ops")] path: PathBuf) {
    let scenario = std::fs::read_to_string(path).unwrap();
    for policy in [&PART, &ACCOUNT] {
        assert_eq!(broken(policy, &scenario), Vec::<String>::new());
    }
}

#[test]
fn others_break_one() {
    for (name, policy, scenario) in &WRONG {
        let text = std::fs::read_to_string(format!("{SCENARIOS}/{scenario}.ops")).unwrap();
        assert!(!broken(policy, &text).is_empty(), "{name} keeps all promises of {scenario}");
    }
}

#[test]
fn nobody_starves_and_nobody_switches_all_the_time() {
    for seed in seeds(400) {
        let text = seeded::<SchedulerProgram>(seed).to_ops();
        for policy in [&PART, &ACCOUNT] {
            assert_eq!(broken(policy, &text), Vec::<String>::new(), "seed {seed}\n{text}");
        }
    }
}

#[test]
fn random_programs_reject_a_policy_that_switches_all_the_time() {
    let rejected = |policy| {
        (0..SEEDS / 4).filter(|seed| !broken(policy, &seeded::<SchedulerProgram>(*seed).to_ops()).is_empty()).count()
    };
    assert!(rejected(&WRONG[2].1) > 5);
}

#[rstest]
fn scenarios_tell_the_same_facts_with_the_fast_parts(#[files("../exercises/53-*/scenarios/*.ops")] path: PathBuf) {
    let scenario = std::fs::read_to_string(path).unwrap();
    let trace = trace_of(&Socket::Scheduler(&Part), &scenario);
    let compared: Vec<String> = trace.lines().filter(|line| !line.starts_with("   . ")).map(String::from).collect();
    assert_eq!(compared, facts_on_raw_memory(&scenario));
}

#[test]
fn what_a_policy_may_not_do() {
    static NOBODY: Policy = Policy { whom: |s| ThreadId(s.waiting()[0].0 + 1), ..SYSTEM };
    static UNKNOWN: Policy = Policy { on_want: |s, _| s.set_score(ThreadId(7), 1), ..SYSTEM };
    let scenario = "use scheduler\nthread a cpu 3ms\nthread b cpu 3ms\nthread c io 10ms\nrun\n";
    assert_eq!(broken(&NOBODY, scenario), ["   ! broken: whom said c, who does not wait (I1)"]);
    let told = broken(&UNKNOWN, scenario);
    assert!(told[0].starts_with("   ! misuse at runtime/tests/scheduler.rs:"), "{told:?}");
    assert!(told[0].ends_with(": ThreadId(7): there is no such thread"), "{told:?}");
}
