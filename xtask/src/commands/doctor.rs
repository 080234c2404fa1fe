//! `cargo xtask doctor`: is everything here that the commands need, and how to get what is not.
//!
//! Each thing that is looked at gives one line: what was found, and if that is not enough, the one command that helps.

use std::process::ExitCode;

use crate::course::Course;
use crate::failure::{FAILED, Outcome};
use crate::tools;
use crate::ui::{bold, dim, green, red, say, yellow};

mod extras;
mod machine;
mod project;

pub(crate) const HELP: &str = "\
cargo xtask doctor

Looks at what the commands need (compiler, linker, disk, clock, crates, the course's own files) and at what some of them
can use if it is there. Each thing that is missing comes with the command that gets it.

Exit code 0 if nothing is missing that is needed, 1 if something is.

Should cargo itself refuse to start the tool, `target/debug/xtask doctor` starts what was compiled last.";

/// What looking at one thing gave.
enum Found {
    Fine(String),
    /// Needed: what is wrong, and the remedy.
    Missing(String, String),
    /// Slow, odd, or good for one command only: what would be better, and how to get there.
    Better(String, String),
}

/// A thing that was looked at.
type Looked = (&'static str, Found);

pub(crate) fn run(course: &Course, mut args: lexopt::Parser) -> Outcome {
    if let Some(arg) = args.next()? {
        return Err(arg.unexpected().into());
    }
    let target = tools::target_dir(&course.root);
    let mut missing = 0;
    say!("{}", bold("Needed"));
    missing += told(machine::examine(course, &target));
    missing += told(project::examine(course));
    say!("\n{}", bold("Used by some commands, if it is there"));
    missing += told(extras::examine());
    say!();
    match missing {
        0 => say!("All that `cargo xtask grade` and `cargo test` need is here."),
        _ => say!("What is marked as missing is needed; what you are without, some commands can do without too."),
    }
    Ok(if missing == 0 { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

/// Says what was found; how many things are missing?
fn told(looked: Vec<Looked>) -> usize {
    let mut missing = 0;
    for (name, found) in looked {
        match found {
            Found::Fine(text) => say!("{} {name:<14} {text}", green("ok     ")),
            Found::Missing(text, remedy) => {
                missing += 1;
                say!("{} {name:<14} {text}\n{:23}{}", red("missing"), "", bold(&remedy));
            }
            Found::Better(text, remedy) => say!("{} {name:<14} {text}\n{:23}{}", yellow("without"), "", dim(&remedy)),
        }
    }
    missing
}

/// The command that installs a program here, under the name that most systems have for it.
fn install(name: &str) -> String {
    if cfg!(windows) {
        return format!("winget install {name}");
    }
    if cfg!(target_os = "macos") {
        return format!("brew install {name}");
    }
    let managers = [
        ("apt-get", "sudo apt-get install"),
        ("dnf", "sudo dnf install"),
        ("pacman", "sudo pacman -S"),
        ("apk", "sudo apk add"),
        ("zypper", "sudo zypper install"),
    ];
    let there = managers.iter().find(|(program, _)| tools::answer(program, &["--version"]).is_some());
    there.map_or(format!("install {name}"), |(_, command)| format!("{command} {name}"))
}
