//! Threads of a program that take turns: the same again, everything that can happen, and how it ends when nobody can go
//! on.

use kit::gil::{Gil, GilState, Release, Take, ThreadId};
use kit::observe::Silent;
use runtime::gil::{gil::Part, state::State};
use runtime::lab::world::explore::{Outcome, Outcomes, Plan, Ran, everywhere, explore, run_as, shrink};
use runtime::lab::world::language::Program;
use runtime::lab::world::{facts, recorded::without_facts};
use runtime::turns::Choices;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const LOST: &str = "use world
def one
    return 1
def work
    global n
    n = n + call one
n = 0
a = thread work
b = thread work
run a b
log n
";

fn program(text: &str) -> Program {
    Program::parse(text).unwrap_or_else(|bad| panic!("line {}: {}\n{text}", bad.line, bad.sentence))
}

fn all(text: &str) -> Outcomes {
    explore(&program(text), &Plan::new(Choices::list(vec![])), 200_000)
}

/// What can be told last.
fn last_facts(outcomes: &Outcomes) -> Vec<&str> {
    assert!(outcomes.complete);
    let mut last: Vec<&str> = outcomes.all.iter().map(|outcome| outcome.told.last().expect("a fact").trim()).collect();
    last.sort_unstable();
    last
}

fn history(ran: &Ran) -> Vec<String> {
    ran.timeline.iter().map(|entry| format!("{entry:?}")).collect()
}

#[test]
fn a_call_between_load_and_store_loses_updates_and_nothing_else_does() {
    let outcomes = all(LOST);
    assert_eq!(last_facts(&outcomes), ["= 1", "= 2"]);
    let straight = all(&LOST.replace("call one", "1"));
    assert_eq!(last_facts(&straight), ["= 2"]);
    assert!(straight.runs > 1);
}

#[test]
fn where_a_thread_may_switch_everywhere_straight_lines_lose_updates_too() {
    let plan = Plan { switch_points: everywhere, ..Plan::new(Choices::list(vec![])) };
    let outcomes = explore(&program(&LOST.replace("call one", "1")), &plan, 200_000);
    assert_eq!(last_facts(&outcomes), ["= 1", "= 2"]);
}

#[test]
fn with_a_lock_nothing_is_lost_in_any_history() {
    let locked = LOST.replace("    n = n + call one\n", "    acquire l\n    n = n + call one\n    release l\n");
    let outcomes = all(&locked.replace("n = 0", "l = lock\nn = 0"));
    assert_eq!(last_facts(&outcomes), ["= 2"]);
    assert!(outcomes.runs > 20, "{}", outcomes.runs);
}

/// Two threads with one place to switch each, besides their beginnings: all orders can be counted by hand.
#[test]
fn histories_are_counted() {
    let outcomes = all(
        "use world\ndef work x\n    append l x\n    append l x\nl = list\na = thread work 1\nstart a\nappend l 2\njoin a\nshow l\n",
    );
    let told: Vec<String> = outcomes.all.iter().map(|outcome| outcome.told.last().unwrap().clone()).collect();
    let mut told: Vec<&str> = told.iter().map(|line| line.trim()).collect();
    told.sort_unstable();
    assert_eq!(told, ["= [1 1 2]", "= [1 2 1]", "= [2 1 1]"]);
}

#[test]
fn the_simplest_choices_are_found_and_lead_there_again() {
    let (program, plan) = (program(LOST), Plan::new(Choices::list(vec![])));
    let outcomes = explore(&program, &plan, 1000);
    for outcome in &outcomes.all {
        let again = run_as(&program, Plan { choices: Choices::list(outcome.choices.clone()), ..plan.clone() });
        assert_eq!(again.told, outcome.told);
    }
    let lost = outcomes.all.iter().find(|outcome| outcome.told.last().unwrap().ends_with("= 1")).unwrap();
    assert_eq!(lost.choices.iter().filter(|choice| **choice > 0).count(), 1, "{:?}", lost.choices);
    let of_dice = (0..50).map(|seed| run_as(&program, Plan { choices: Choices::seed(seed), ..plan.clone() }));
    let lost_by_dice = of_dice.into_iter().find(|ran| ran.told == lost.told).expect("one of fifty");
    let list: Vec<usize> = lost_by_dice.taken.iter().map(|taken| taken.choice).collect();
    let simple = shrink(&program, &plan, &list);
    assert!(simple.len() <= list.len());
    assert_eq!(run_as(&program, Plan { choices: Choices::list(simple), ..plan }).told, lost.told);
}

#[test]
fn a_bound_is_said() {
    let outcomes = explore(&program(LOST), &Plan::new(Choices::list(vec![])), 3);
    assert_eq!((outcomes.runs, outcomes.complete), (3, false));
}

/// Every recording with threads: the same history twice, as the interval says, as dice say, and as their list says.
#[test]
fn the_same_decisions_are_the_same_history() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/world");
    let mut tried = 0;
    for file in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let Ok(text) = fs::read_to_string(&file) else { continue };
        let Ok(program) = Program::parse(&without_facts(&text)) else { continue };
        if !program.is_threaded() || text.contains("20000") {
            continue;
        }
        tried += 1;
        for choices in [Choices::interval(), Choices::seed(1), Choices::seed(2)] {
            let plan = Plan { timeline: true, ..Plan::new(choices) };
            let (one, two) = (run_as(&program, plan.clone()), run_as(&program, plan.clone()));
            assert_eq!(history(&one), history(&two), "{}", file.display());
            let list = one.taken.iter().map(|taken| taken.choice).collect();
            if !plan.choices.timed() {
                let three = run_as(&program, Plan { choices: Choices::list(list), ..plan });
                assert_eq!(history(&one), history(&three), "{}", file.display());
            }
        }
    }
    assert!(tried > 12, "{tried}");
}

/// The recordings without threads tell the same with a table as without one.
#[test]
fn with_one_thread_the_table_changes_nothing() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/world");
    for file in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let Ok(text) = fs::read_to_string(&file) else { continue };
        let Ok(program) = Program::parse(&without_facts(&text)) else { continue };
        if !program.is_threaded() {
            assert_eq!(facts(&program), run_as(&program, Plan::new(Choices::interval())).told, "{}", file.display());
        }
    }
}

#[test]
fn who_waits_for_one_another_is_said() {
    let text = "use world
def one
    acquire l
    sleep 1ms
    acquire m
def two
    acquire m
    sleep 1ms
    acquire l
l = lock
m = lock
a = thread one
b = thread two
run a b
log 'never'
";
    let told = facts(&program(text));
    assert_eq!(told.last().unwrap(), "   = nobody can go on: main waits for a, a waits for m, b waits for l");
}

/// Time passes where it is said, and a time-out is in time.
#[test]
fn the_clock_is_exact() {
    let text = "use world\ne = event\nx = wait e 3ms\nlog x\nsleep 2ms\n";
    let ran = run_as(&program(text), Plan::new(Choices::interval()));
    assert_eq!(ran.told.iter().filter(|line| line.starts_with("   = ")).count(), 1);
    // Four operations besides: three before the wait is over, two after it.
    assert_eq!(ran.micros, 3000 + 2000 + 4);
}

/// A ring through a queue and through a thread that was never started is found by the collector.
#[test]
fn rings_through_a_queue_and_a_thread_are_collected() {
    let text = "use world
class A
def A.__del__ self
    log 'del' self
def work x
    pass
q = queue
a = new A
put q q
put q a
del a q
collect
a = new A
t = thread work a
a.t = t
del a t
collect
";
    let told = facts(&program(text));
    let facts: Vec<&str> = told.iter().filter_map(|line| line.strip_prefix("   = ")).collect();
    // The queue, its list, and the instance; the thread, its tuple, and the instance: each with what else it has.
    assert_eq!(facts.iter().filter(|fact| fact.starts_with("del a")).count(), 2, "{told:?}");
    assert!(facts.contains(&"collected 3"), "{told:?}");
}

/// A part that forgets to unlock, one that lets nobody in: the run is over, and no thread is left behind.
#[test]
fn a_part_that_breaks_its_promise_ends_the_run() {
    struct Keeps;
    impl Gil<State<Silent>> for Keeps {
        fn on_take(&self, state: &State<Silent>, me: ThreadId) -> Take {
            Part.on_take(state, me)
        }
        fn on_timeout(&self, state: &State<Silent>, me: ThreadId, seen: u64) -> Take {
            Part.on_timeout(state, me, seen)
        }
        fn on_release(&self, state: &State<Silent>, _: ThreadId) -> Release {
            if state.switch_number() > 1 { Release::GoOn } else { Part.on_release(state, ThreadId(0)) }
        }
    }
    let ran = run_as(&program(LOST), Plan { gil: &Keeps, ..Plan::new(Choices::interval()) });
    assert_eq!(ran.told.last().unwrap(), "   = broken: on_release left the GIL locked, but a lets it go (I5)");
    struct Shut;
    impl Gil<State<Silent>> for Shut {
        fn on_take(&self, _: &State<Silent>, _: ThreadId) -> Take {
            Take::Wait { micros: 5, seen: 0 }
        }
        fn on_timeout(&self, _: &State<Silent>, _: ThreadId, _: u64) -> Take {
            Take::TakeIt
        }
        fn on_release(&self, _: &State<Silent>, _: ThreadId) -> Release {
            Release::GoOn
        }
    }
    let ran = run_as(&program(LOST), Plan { gil: &Shut, ..Plan::new(Choices::interval()) });
    assert_eq!(ran.told.last().unwrap(), "   = broken: on_take makes main wait, but nobody has the GIL (I1)");
}

/// Whoever wakes the only other thread may lose the GIL at once, at the end of the very call.
#[test]
fn who_was_just_woken_may_come_before_the_next_line() {
    let text = "use world
def work
    log 'waits'
    acquire l
    log x
l = lock
x = 0
acquire l
t = thread work
start t
log 'free'
release l
x = 1
join t
";
    let facts =
        |outcome: &Outcome| outcome.told.iter().filter_map(|line| line.strip_prefix("   = ")).collect::<String>();
    let told: BTreeSet<String> = all(text).all.iter().map(facts).collect();
    let orders = ["waits free ", "free waits "].map(|order| order.replace(' ', ""));
    assert_eq!(told, orders.iter().flat_map(|order| ["0", "1"].map(|x| order.clone() + x)).collect());
}

/// What a part may not do is told as that, not as an exception of the thread that happened to run.
#[test]
fn a_part_that_misuses_the_state_ends_the_run() {
    struct Asks;
    impl Gil<State<Silent>> for Asks {
        fn on_take(&self, state: &State<Silent>, me: ThreadId) -> Take {
            Part.on_take(state, me)
        }
        fn on_timeout(&self, state: &State<Silent>, me: ThreadId, seen: u64) -> Take {
            Part.on_timeout(state, me, seen)
        }
        fn on_release(&self, state: &State<Silent>, me: ThreadId) -> Release {
            if me == ThreadId(1) {
                state.set_drop_request(true);
            }
            Part.on_release(state, me)
        }
    }
    let ran = run_as(&program(LOST), Plan { gil: &Asks, ..Plan::new(Choices::interval()) });
    let last = ran.told.last().unwrap();
    assert!(
        last.starts_with("   = broken: misuse at ") && last.contains("on_release asked for the GIL"),
        "{:?}",
        ran.told
    );
}

/// The interpreter lets go of a thread's object before the thread's own attributes die.
#[test]
fn a_thread_object_that_nobody_else_has_dies_before_its_attributes() {
    let text = "use world
class A
def A.__del__ self
    log 'attribute'
def gone r
    log 'thread'
def work
    acquire l
    mine.a = new A
l = lock
acquire l
mine = local
t = thread work
r = ref t gone
start t
del t
release l
sleep 1ms
";
    let told = facts(&program(text));
    let facts: Vec<&str> = told.iter().filter_map(|line| line.strip_prefix("   = ")).collect();
    assert_eq!(facts, ["thread", "attribute"], "{told:?}");
}

#[test]
fn a_queue_without_a_bound() {
    let told = facts(&program("use world\nq = queue -1\nput q 1\nput q 2\nx = take q\nlog x\n"));
    assert_eq!(told.last().unwrap(), "   = 1");
}
