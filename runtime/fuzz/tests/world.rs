//! Random programs of objects: the same facts on real memory and on checked memory, where nothing is read that was
//! never written.

use check::random::world::WorldProgram;
use check::random::{seeded, seeds};
use fuzz::memory::{Ledger, OnRation, Rationed};
use fuzz::world::parsed;
use fuzz::world::threads::threaded;
use kit::checked::CheckedMemory;
use kit::geometry::Modern;
use runtime::config::Config;
use runtime::lab::world::explore::{Plan, run_as};
use runtime::lab::world::language::Program;
use runtime::lab::world::{facts, facts_on};
use runtime::turns::Choices;
use std::rc::Rc;

type Checked = OnRation<CheckedMemory, Modern>;

/// A program with threads tells the same twice, as the interval says and as dice say, and from the list of what dice
/// said; and on checked memory. The runtime is looked at after each.
#[test]
fn threads_take_the_same_turns_again() {
    let (mut stuck, mut switches, mut chosen) = (0, 0, 0);
    for seed in seeds(150) {
        let text = threaded(seed);
        let program = Program::parse(&text).unwrap_or_else(|bad| panic!("line {}: {}\n{text}", bad.line, bad.sentence));
        for choices in [Choices::interval(), Choices::seed(seed), Choices::seed(seed + 1)] {
            let plan = Plan::new(choices);
            let (one, two) = (run_as(&program, plan.clone()), run_as(&program, plan.clone()));
            assert_eq!(one.told, two.told, "seed {seed}:\n{text}");
            assert_eq!((one.micros, one.switches), (two.micros, two.switches), "seed {seed}");
            if !plan.choices.timed() {
                let list = one.taken.iter().map(|taken| taken.choice).collect();
                let three = run_as(&program, Plan { choices: Choices::list(list), ..plan });
                assert_eq!(one.told, three.told, "seed {seed}");
            }
            assert!(!one.told.iter().any(|line| line.contains("broken")), "seed {seed}: {:?}", one.told);
            stuck += usize::from(one.told.iter().any(|line| line.contains("nobody can go on")));
            (switches, chosen) = (switches + one.switches, chosen + one.taken.len());
        }
        let memory = Rationed::new(CheckedMemory::default(), Rc::new(Ledger::default()), 0, 0);
        assert_eq!(facts_on::<Checked>(memory, Checked::reference(), &program), facts(&program), "seed {seed}");
    }
    // Some wait for ever, and most do not; there is something to decide.
    let runs = 3 * seeds(150).count();
    assert!(stuck > runs / 50 && stuck < runs / 2, "{stuck} of {runs} runs are stuck");
    assert!(switches as usize > 5 * runs && chosen > 5 * runs, "{switches} switches, {chosen} choices");
}

/// Programs with one thread tell the same whether there is a table for others or not.
#[test]
fn with_one_thread_turns_change_nothing() {
    for seed in seeds(60) {
        let program: WorldProgram = seeded(seed);
        let program = parsed(&program);
        assert_eq!(facts(&program), run_as(&program, Plan::new(Choices::interval())).told, "seed {seed}");
    }
}

#[test]
fn real_and_checked_memory_tell_the_same() {
    for seed in seeds(120) {
        let program: WorldProgram = seeded(seed);
        let program = parsed(&program);
        let memory = Rationed::new(CheckedMemory::default(), Rc::new(Ledger::default()), 0, 0);
        let told = facts_on::<Checked>(memory, Checked::reference(), &program);
        assert_eq!(told, facts(&program), "seed {seed}");
    }
}
