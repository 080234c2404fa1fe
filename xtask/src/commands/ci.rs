//! `cargo xtask ci`: every check there is, each with its time, and a summary. A check that cannot run says so.

use std::process::{Command, ExitCode};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::commands::{book, milestone};
use crate::course::Course;
use crate::failure::{FAILED, Failure, Outcome};
use crate::ui::{bold, green, red, say, yellow};
use crate::{generate, grade, names, selftest, tools};

mod shown;
mod spelling;
mod tidy;

pub(crate) const HELP: &str = "\
cargo xtask ci [--after-test] [STEP...]

Runs all checks, or those you name, and sums up. A check whose tool is not here is skipped, and says so.

  --after-test   leave `test` out: `cargo test` has just run
  --list         name the checks";

/// How a check ended, if it did not fail to run.
enum End {
    Passed,
    Failed,
    Skipped(String),
}

type Check = fn(&Course) -> Result<End, Failure>;

/// In this order: quick ones first, then those that need a tool that may not be here.
const STEPS: &[(&str, Check)] = &[
    ("tidy", tidy::check),
    ("fmt", fmt),
    ("spelling", spelling::check),
    ("generate", generated),
    ("clippy", clippy),
    ("test", test),
    ("grade", solutions),
    ("graders", graders),
    ("doc", doc),
    ("loom", loom),
    ("benches", benches),
    ("pymalloc", pymalloc),
    ("objects", objects),
    ("milestone", milestone),
    ("oldest-rust", oldest_rust),
    ("sanitizer", sanitizer),
    ("fuzz", fuzz),
    ("valgrind", valgrind),
    ("book", book_checks),
    ("experiments", experiments),
];

pub(crate) fn run(course: &Course, mut args: lexopt::Parser) -> Outcome {
    let (mut after_test, mut chosen) = (false, Vec::new());
    while let Some(arg) = args.next()? {
        match arg {
            lexopt::Arg::Long("after-test") => after_test = true,
            lexopt::Arg::Long("list") => {
                STEPS.iter().for_each(|(name, _)| say!("{name}"));
                return Ok(ExitCode::SUCCESS);
            }
            lexopt::Arg::Value(word) => chosen.push(step_named(&word.to_string_lossy())?),
            _ => return Err(arg.unexpected().into()),
        }
    }
    let mut report = Vec::new();
    for (name, check) in STEPS {
        let wanted = if chosen.is_empty() { !(after_test && *name == "test") } else { chosen.contains(name) };
        if wanted {
            report.push(one(course, name, *check));
        }
    }
    Ok(sum_up(&report))
}

fn step_named(word: &str) -> Result<&'static str, Failure> {
    let known = STEPS.iter().map(|(name, _)| *name);
    known.clone().find(|name| *name == word).ok_or_else(|| {
        let near = names::did_you_mean(&names::nearest(word, known));
        Failure::Usage(format!("There is no check `{word}`.{near} `cargo xtask ci --list` names them all."))
    })
}

fn one(course: &Course, name: &'static str, check: Check) -> (&'static str, End, Duration) {
    say!("\n{}", bold(&format!("== {name}")));
    let start = Instant::now();
    let end = check(course).unwrap_or_else(|failure| {
        say!("{failure}");
        End::Failed
    });
    if let End::Skipped(why) = &end {
        say!("{}: {why}", yellow("skipped"));
    }
    (name, end, start.elapsed())
}

fn sum_up(report: &[(&str, End, Duration)]) -> ExitCode {
    say!("\n{}", bold("== summary"));
    for (name, end, took) in report {
        let said = match end {
            End::Passed => green("passed "),
            End::Failed => red("FAILED "),
            End::Skipped(_) => yellow("skipped"),
        };
        say!("{said} {name:<12} {:6.1} s", took.as_secs_f64());
    }
    let failed: Vec<&str> = report.iter().filter(|(_, end, _)| matches!(end, End::Failed)).map(|r| r.0).collect();
    if failed.is_empty() {
        return ExitCode::SUCCESS;
    }
    say!("\nOnce more: cargo xtask ci {}", failed.join(" "));
    ExitCode::from(FAILED)
}

/// Runs a program to its end; what it says is shown.
fn passes(command: &mut Command) -> Result<End, Failure> {
    let program = command.get_program().to_string_lossy().into_owned();
    let args: Vec<_> = command.get_args().map(|a| a.to_string_lossy().into_owned()).collect();
    say!("$ {} {}", if program.ends_with("cargo") { "cargo" } else { program.as_str() }, args.join(" "));
    let status = command.status();
    let status = status.map_err(|e| Failure::Input(format!("{program} cannot be started: {e}. Is it installed?")))?;
    Ok(if status.success() { End::Passed } else { End::Failed })
}

/// Runs a program to its end beside others: what it says is shown in one piece, if it does not pass.
fn passes_quietly(command: &mut Command) -> Result<End, Failure> {
    let start = Instant::now();
    let output = command.output().map_err(|e| Failure::Internal(format!("cargo cannot be started: {e}")))?;
    let args: Vec<_> = command.get_args().map(|arg| arg.to_string_lossy()).collect();
    say!("$ cargo {}  {:.1} s", args.join(" "), start.elapsed().as_secs_f64());
    if output.status.success() {
        return Ok(End::Passed);
    }
    say!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Ok(End::Failed)
}

/// The first that did not pass; those behind it are run all the same.
fn all(ends: impl IntoIterator<Item = Result<End, Failure>>) -> Result<End, Failure> {
    let ends: Vec<Result<End, Failure>> = ends.into_iter().collect();
    ends.into_iter().find(|end| !matches!(end, Ok(End::Passed))).unwrap_or(Ok(End::Passed))
}

/// A command of this tool, run here.
fn own(outcome: Outcome) -> Result<End, Failure> {
    outcome.map(|code| if code == ExitCode::SUCCESS { End::Passed } else { End::Failed })
}

fn no_arguments() -> lexopt::Parser {
    lexopt::Parser::from_args(Vec::<String>::new())
}

fn fmt(course: &Course) -> Result<End, Failure> {
    let cargo = || tools::cargo(&course.root);
    all([
        passes(cargo().args(["fmt", "--all", "--check"])),
        passes(cargo().args(["fmt", "--manifest-path", "book/Cargo.toml", "--all", "--check"])),
    ])
}

fn clippy(course: &Course) -> Result<End, Failure> {
    let lint = |place: &[&str]| {
        let mut cargo = tools::cargo(&course.root);
        passes(cargo.arg("clippy").args(place).args([
            "--workspace",
            "--all-targets",
            "--keep-going",
            "--",
            "-D",
            "warnings",
        ]))
    };
    all([lint(&[]), lint(&["--manifest-path", "book/Cargo.toml"])])
}

fn test(course: &Course) -> Result<End, Failure> {
    passes(tools::cargo(&course.root).arg("test"))
}

fn generated(course: &Course) -> Result<End, Failure> {
    own(generate::run(course, lexopt::Parser::from_args(["--check"])))
}

fn solutions(course: &Course) -> Result<End, Failure> {
    own(grade::run(course, lexopt::Parser::from_args(["--solutions"])))
}

fn graders(course: &Course) -> Result<End, Failure> {
    own(selftest::run(course, no_arguments()))
}

fn doc(course: &Course) -> Result<End, Failure> {
    let mut cargo = tools::cargo(&course.root);
    cargo.args(["doc", "--workspace", "--no-deps", "--document-private-items"]);
    passes(cargo.env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private_intra_doc_links"))
}

/// Every order in which two or three threads can meet at the GIL. (Optimised: there are very many.)
fn loom(course: &Course) -> Result<End, Failure> {
    passes(tools::cargo(&course.root).args(["test", "--release", "--package", "models"]))
}

/// Each bench once: that it runs, not how fast. And what valgrind counts, in a release build.
fn benches(course: &Course) -> Result<End, Failure> {
    let test = |args: &[&str]| passes(tools::cargo(&course.root).args(["test", "--package", "benches"]).args(args));
    all([test(&["--benches"]), test(&["--release", "--tests", "--", "--nocapture"])])
}

/// The heap beside the real one: the same random programs, every address compared.
fn pymalloc(course: &Course) -> Result<End, Failure> {
    let against = || {
        let mut cargo = tools::cargo(&course.root);
        cargo.args(["run", "--quiet", "--release", "--package", "benches", "--bin", "against-python"]);
        cargo
    };
    let found = against().args(["--", "--list"]).output();
    if found.is_ok_and(|found| found.status.success() && found.stdout.is_empty()) {
        return Ok(End::Skipped("no Python here has a shared library to compare with".into()));
    }
    passes(&mut against())
}

/// Objects beside the real ones: the same random programs, every fact compared.
fn objects(course: &Course) -> Result<End, Failure> {
    let mut cargo = tools::cargo(&course.root);
    cargo.args(["run", "--quiet", "--package", "fuzz", "--bin", "objects-against-python", "--", "--programs", "400"]);
    let said = cargo.output().map_err(|error| Failure::Internal(format!("cargo cannot be started: {error}")))?;
    let text = String::from_utf8_lossy(&said.stdout);
    say!("{}{}", text, String::from_utf8_lossy(&said.stderr));
    match text.strip_prefix("skipped: ") {
        Some(why) => Ok(End::Skipped(why.trim().into())),
        None => Ok(if said.status.success() { End::Passed } else { End::Failed }),
    }
}

/// The milestones' programs, on the reference's parts.
fn milestone(course: &Course) -> Result<End, Failure> {
    all(course.milestones().map(|(number, _)| {
        own(milestone::run(course, lexopt::Parser::from_args([number.to_string(), "--reference".into()])))
    }))
}

/// The `rust-version` of Cargo.toml is true only if that compiler is tried.
fn oldest_rust(course: &Course) -> Result<End, Failure> {
    let oldest = env!("CARGO_PKG_RUST_VERSION");
    let is_it = |text: &String| tools::version(text).is_some_and(|v| Some(v) == tools::version(oldest));
    if tools::answer("rustc", &["--version"]).as_ref().is_some_and(is_it) {
        say!("This is Rust {oldest}: everything else here ran with it.");
        return Ok(End::Passed);
    }
    let Some(name) = tools::toolchains().into_iter().find(is_it) else {
        return Ok(End::Skipped(format!("no Rust {oldest} here: rustup toolchain install {oldest} --profile minimal")));
    };
    let mut cargo = tools::cargo_of(&name, &course.root);
    passes(cargo.args(["test", "--locked", "--target-dir"]).arg(tools::target_dir(&course.root).join("oldest")))
}

/// AddressSanitizer over kit, runtime and the random programs: the raw memory poisons what a program must not touch.
fn sanitizer(course: &Course) -> Result<End, Failure> {
    let nightly = tools::toolchains().into_iter().find(|t| t.starts_with("nightly"));
    let (Some(nightly), Some(host)) = (nightly, tools::host()) else {
        let remedy = "rustup toolchain install nightly --profile minimal";
        return Ok(End::Skipped(format!("AddressSanitizer needs a nightly Rust: {remedy}")));
    };
    if !(cfg!(target_os = "linux") || cfg!(target_os = "macos")) {
        return Ok(End::Skipped("AddressSanitizer is for Linux and macOS".into()));
    }
    let mut cargo = tools::cargo_of(&nightly, &course.root);
    cargo.args(["test", "--package", "kit", "--package", "runtime", "--package", "fuzz", "--lib", "--tests"]);
    cargo.args(["--target", &host, "--target-dir"]).arg(tools::target_dir(&course.root).join("asan"));
    // A request that nobody can serve is refused, as without the sanitizer; a test asks for one.
    cargo.env("ASAN_OPTIONS", "allocator_may_return_null=1");
    let known = course.root.join("xtask/cases/leaks/lsan.supp");
    cargo.env("LSAN_OPTIONS", format!("print_suppressions=0:suppressions={}", known.display()));
    // What is known to leak is known by the functions that asked for it, and these are found by frame pointers.
    passes(cargo.env("RUSTFLAGS", "-Zsanitizer=address --cfg asan -Cforce-frame-pointers=yes"))
}

/// Each fuzz target for a few seconds: that it builds and runs. A long run is for a night.
fn fuzz(course: &Course) -> Result<End, Failure> {
    let nightly = tools::toolchains().into_iter().find(|t| t.starts_with("nightly"));
    let (Some(nightly), Some(_)) = (nightly, tools::answer("cargo-fuzz", &["--version"])) else {
        return Ok(End::Skipped("fuzzing needs a nightly Rust and `cargo install cargo-fuzz`".into()));
    };
    all(["requests", "address-map", "usable-arenas", "objects"].map(|target| {
        let mut cargo = tools::cargo_of(&nightly, &course.root);
        cargo.args(["fuzz", "run", "--fuzz-dir", "runtime/fuzz", "--features", "libfuzzer", "--target-dir"]);
        cargo.arg(tools::target_dir(&course.root).join("fuzz"));
        cargo.args([target, "--", "-max_total_time=10", "-len_control=0", "-verbosity=0"]);
        passes(cargo.env("RUSTFLAGS", "--cfg asan"))
    }))
}

/// The same tests under valgrind, which sees what the compiler did not instrument.
///
/// It runs one thread at a time, so as many test programs as there are processors run beside each other.
fn valgrind(course: &Course) -> Result<End, Failure> {
    let (Some(_), Some(host)) = (tools::answer("valgrind", &["--version"]), tools::host()) else {
        return Ok(End::Skipped("valgrind is not installed".into()));
    };
    let runner = format!("CARGO_TARGET_{}_RUNNER", host.to_uppercase().replace(['-', '.'], "_"));
    let leaks = "--leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite";
    let known = course.root.join("xtask/cases/leaks/valgrind.supp");
    let runner_is = format!("valgrind --quiet --error-exitcode=99 {leaks} --suppressions={}", known.display());
    let test = |args: &[String]| {
        let mut cargo = tools::cargo(&course.root);
        cargo.arg("test").args(args).env("SEEDS", "10").env(&runner, &runner_is);
        cargo
    };
    let all_of = |package: &str| ["--package", package, "--lib", "--tests"].map(String::from).to_vec();
    let built = passes(test(&all_of("runtime")).arg("--no-run"))?;
    let of_runtime =
        |which: &[&str]| [&["--package", "runtime"], which].concat().into_iter().map(String::from).collect();
    let mut jobs = vec![all_of("kit"), of_runtime(&["--lib"])];
    jobs.extend(test_programs(course)?.iter().map(|name| of_runtime(&["--test", name])));
    let jobs = Mutex::new(jobs);
    let ends = Mutex::new(vec![Ok(built)]);
    let next = || jobs.lock().expect("nobody panics with it").pop();
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, std::num::NonZero::get) {
            scope.spawn(|| {
                while let Some(args) = next() {
                    let end = passes_quietly(&mut test(&args));
                    ends.lock().expect("nobody panics with it").push(end);
                }
            });
        }
    });
    all(ends.into_inner().expect("nobody panics with it"))
}

/// The runtime's test programs: each file, and each folder that has a `main.rs`.
fn test_programs(course: &Course) -> Result<Vec<String>, Failure> {
    let folder = course.root.join("runtime/tests");
    let entries = folder.read_dir().map_err(|e| Failure::Input(format!("{} cannot be read: {e}", folder.display())))?;
    let paths = entries.flatten().map(|entry| entry.path());
    let programs = paths.filter(|path| path.extension().is_some_and(|e| e == "rs") || path.join("main.rs").is_file());
    Ok(programs.filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned())).collect())
}

fn book_checks(course: &Course) -> Result<End, Failure> {
    let tests = passes(tools::cargo(&course.root).args(["test", "--manifest-path", "book/Cargo.toml"]));
    all([tests, own(book::builder(course, "check", &["--browser".into()]))])
}

/// What the book says that the grader says. (The other experiments are about Pythons that may not be here.)
fn experiments(course: &Course) -> Result<End, Failure> {
    if tools::answer("python3", &["--version"]).is_none() {
        return Ok(End::Skipped("python3 is not installed".into()));
    }
    let mut python = Command::new("python3");
    passes(python.current_dir(&course.root).args(["book/experiments/grader_says.py", "--check"]))
}
