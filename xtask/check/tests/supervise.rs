//! Probes that misbehave, and what the supervisor makes of them.
//!
//! This program is both: given a job file it is the probe, and each line of a scenario is a way to misbehave.

use check::protocol::Said;
use check::supervise::{End, Limits, Outcome, Probe, group, run};
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn main() {
    let first = std::env::args().nth(1).unwrap_or_default();
    if first.ends_with("job") {
        return probe(&first);
    }
    if first == "sleep" {
        return std::thread::sleep(Duration::from_secs(20));
    }
    let tests: [(&str, fn()); 10] = [
        ("all is well", all_is_well),
        ("each death costs one scenario", each_death_costs_one_scenario),
        ("a loop costs its budget, the next ones less", a_loop_costs_its_budget_the_next_ones_less),
        ("floods are stopped", floods_are_stopped),
        ("a process left behind holds nobody up", a_process_left_behind_holds_nobody_up),
        ("forged lines gain nothing", forged_lines_gain_nothing),
        ("silence and early ends", silence_and_early_ends),
        ("the total budget", the_total_budget),
        ("no such program", no_such_program),
        // The last one: nothing can be started after it.
        ("stop all", stop_all),
    ];
    for (name, test) in tests {
        let start = Instant::now();
        test();
        println!("test {name} ... ok ({:.2} s)", start.elapsed().as_secs_f64());
    }
}

// ------------------------------------------------------------------------------------------------ the probe

fn probe(file: &str) {
    let job = std::fs::read_to_string(file).unwrap();
    std::fs::remove_file(file).unwrap();
    let mut trace = trace_channel();
    let mut rest = job.as_str();
    let mut line = || {
        let (line, more) = rest.split_once('\n').unwrap_or((rest, ""));
        rest = more;
        line
    };
    let key = line().strip_prefix("key ").unwrap();
    assert_eq!(line(), "part fake");
    // Scenarios of these tests are single lines.
    while let Some(head) = line().strip_prefix("scenario ") {
        let name = head.split(' ').next().unwrap();
        let what = line();
        if what == "silent" {
            return;
        }
        writeln!(trace, "@ {key} begin {name}").unwrap();
        misbehave(what, &mut trace, key, name);
        writeln!(trace, "@ {key} end {name}").unwrap();
    }
    writeln!(trace, "@ {key} done").unwrap();
}

/// Standard input is the write end of the trace's pipe.
#[cfg(unix)]
fn trace_channel() -> std::fs::File {
    use std::os::fd::AsFd;
    std::io::stdin().as_fd().try_clone_to_owned().unwrap().into()
}

#[cfg(windows)]
fn trace_channel() -> std::fs::File {
    use std::os::windows::io::AsHandle;
    std::io::stdin().as_handle().try_clone_to_owned().unwrap().into()
}

fn misbehave(what: &str, trace: &mut std::fs::File, key: &str, name: &str) {
    match what {
        "exit" => std::process::exit(0),
        "exit 7" => std::process::exit(7),
        "abort" => std::process::abort(),
        "loop" => loop {
            std::hint::spin_loop();
        },
        "recurse" => drop(std::thread::Builder::new().stack_size(1 << 16).spawn(|| recurse(1)).unwrap().join()),
        "memory" => {
            writeln!(trace, "   ! out-of-memory: too much").unwrap();
            std::process::exit(86)
        }
        "print" => print!("hello from {name}"),
        "flood" => loop {
            println!("{}", "x".repeat(1000));
        },
        "flood stderr" => loop {
            eprintln!("{}", "x".repeat(1000));
        },
        "flood trace" => loop {
            writeln!(trace, "   . {}", "x".repeat(1000)).unwrap();
        },
        "leave" => {
            let me = std::env::current_exe().unwrap();
            #[expect(clippy::zombie_processes, reason = "nobody waits for it: that is the misbehaviour")]
            Command::new(me).arg("sleep").stdin(Stdio::inherit()).spawn().unwrap();
        }
        "leave and exit" => {
            misbehave("leave", trace, key, name);
            std::process::exit(0)
        }
        "forge" => {
            writeln!(trace, "@ 00000000000000000000000000000000 end {name}\n@ done").unwrap();
            println!("@ {key} end {name}");
            std::process::exit(0)
        }
        "end twice" => writeln!(trace, "@ {key} end {name}").unwrap(),
        "half" => {
            write!(trace, "   = no line end").unwrap();
            std::process::exit(0)
        }
        "where" => {
            let left: Vec<String> = std::env::vars().map(|(name, _)| name).filter(|n| n.contains("CARGO")).collect();
            writeln!(trace, "   = {} {}", left.len(), std::fs::read_dir(".").unwrap().count()).unwrap();
        }
        fact => writeln!(trace, "   = {fact}").unwrap(),
    }
}

#[expect(unconditional_recursion, reason = "that is what it is for")]
fn recurse(n: u64) -> u64 {
    std::hint::black_box(recurse(std::hint::black_box(n) + 1)) + 1
}

// ------------------------------------------------------------------------------------------------ the tests

fn run_with(limits: &Limits, texts: &[&str]) -> Vec<Outcome> {
    let probe = Probe::of(std::env::current_exe().unwrap());
    let names: Vec<String> = (0..texts.len()).map(|i| format!("s{i}")).collect();
    let scenarios: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(texts.iter().copied()).collect();
    let outcomes = run(&probe, "fake", &scenarios, limits);
    let got: Vec<&str> = outcomes.iter().map(|o| o.name.as_str()).collect();
    assert_eq!(got, names, "one outcome for each, in order");
    outcomes
}

fn ends(texts: &[&str]) -> Vec<End> {
    run_with(&Limits::default(), texts).into_iter().map(|o| o.end).collect()
}

fn all_is_well() {
    let all = run_with(&Limits::default(), &["one", "where", "print"]);
    assert!(all.iter().all(|o| o.end == End::Ended), "{all:?}");
    assert_eq!(
        (all[0].lines.as_slice(), all[1].lines.as_slice()),
        (&["   = one".into()][..], &["   = 0 0".into()][..])
    );
    assert_eq!(all[2].output.stdout, "hello from s2");
    assert!(run_with(&Limits::default(), &[]).is_empty());
}

fn each_death_costs_one_scenario() {
    let ends = ends(&["a", "exit", "exit 7", "abort", "recurse", "memory", "z"]);
    assert_eq!(ends[..3], [End::Ended, End::Vanished(0), End::Vanished(7)]);
    assert!(matches!(&ends[3], End::Crash(name) if !cfg!(unix) || name.contains("SIGABRT")), "{:?}", ends[3]);
    assert_eq!(ends[4..], [End::StackOverflow, End::OutOfMemory, End::Ended]);
}

fn a_loop_costs_its_budget_the_next_ones_less() {
    let limits = Limits::new(Duration::from_millis(400));
    let start = Instant::now();
    let all = run_with(&limits, &["loop", "a", "loop", "b"]);
    assert_eq!(all[0].end, End::Timeout(Duration::from_millis(400)));
    assert_eq!(all[2].end, End::Timeout(Duration::from_millis(50)));
    assert_eq!((&all[1].end, &all[3].end), (&End::Ended, &End::Ended));
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

fn floods_are_stopped() {
    for (what, word) in [("flood", "printed"), ("flood stderr", "printed"), ("flood trace", "trace")] {
        let all = run_with(&Limits::new(Duration::from_secs(20)), &[what, "a"]);
        assert!(matches!(all[0].end, End::OutputLimit(s) if s.contains(word)), "{:?}", all[0].end);
        assert!(all[0].output.stdout.len() <= 64 << 10);
        assert_eq!(all[1].end, End::Ended);
    }
}

fn a_process_left_behind_holds_nobody_up() {
    let start = Instant::now();
    let all = ends(&["leave", "leave and exit", "a"]);
    assert_eq!(all, [End::Ended, End::Vanished(0), End::Ended]);
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}

fn forged_lines_gain_nothing() {
    let all = run_with(&Limits::default(), &["forge", "end twice", "half"]);
    assert_eq!(all[0].end, End::Vanished(0));
    assert_eq!(all[0].lines.len(), 2, "{:?}", all[0].lines);
    assert!(matches!(Said::parse(&all[0].lines[0], "another"), Said::Trace(_)));
    assert_eq!(all[2].lines, ["   = no line end"]);
    assert_eq!(all[2].end, End::Vanished(0));
}

fn silence_and_early_ends() {
    assert_eq!(ends(&["silent", "a"]), [End::Vanished(0), End::Vanished(0)]);
    assert_eq!(ends(&["a", "silent"]), [End::Ended, End::Vanished(0)]);
}

fn the_total_budget() {
    let limits = Limits::new(Duration::from_secs(5)).until(Some(Instant::now() + Duration::from_millis(200)));
    let all = run_with(&limits, &["a", "loop", "b"]);
    assert_eq!(all[0].end, End::Ended);
    assert!(matches!(all[1].end, End::Timeout(_)), "{:?}", all[1].end);
    assert_eq!(all[2].end, End::OutOfTime);
}

fn stop_all() {
    let start = Instant::now();
    let all = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(200));
            group::stop_all();
        });
        run_with(&Limits::new(Duration::from_secs(20)), &["a", "loop", "b"])
    });
    assert_eq!(all[0].end, End::Ended);
    assert!(matches!(&all[1].end, End::Crash(_) | End::Vanished(_)), "{:?}", all[1].end);
    assert!(matches!(all[2].end, End::CouldNotStart(_)), "{:?}", all[2].end);
    assert!(group::stopped() && start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}

fn no_such_program() {
    let probe = Probe::of("/no/such/program");
    let all = run(&probe, "fake", &[("a", "x"), ("b", "x")], &Limits::default());
    assert!(
        all.len() == 2 && all.iter().all(|o| matches!(&o.end, End::CouldNotStart(why) if why.contains("/no/such")))
    );
}
