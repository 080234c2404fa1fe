//! # The book's builder
//!
//! ```text
//! book-builder build [ID] [--open]     renders into book/out; with ID says where that exercise's chapter is
//! book-builder check [--browser]       renders beside it and looks; changes nothing
//! book-builder serve [--port N]        renders, serves on 127.0.0.1, renders again when something is saved
//! ```
//!
//! mdBook renders; everything that mdBook only mentions, or does not notice, fails the build here: a link, fragment,
//! include, anchor or image that is not there, a figure without words, a request to somewhere else. All problems are
//! listed at once, each with its place and remedy, and a failed build leaves the last good one.
//!
//! Exit codes: 0 done, 1 the book has problems, 2 wrong use, 3 the builder's own failure.

mod browser;
mod chapter;
mod course;
mod directives;
mod figure;
mod house;
mod include;
mod log;
mod page;
mod problem;
mod render;
mod said;
mod serve;
mod site;
mod summary;
mod tables;

use house::House;
use problem::Problem;
use render::{Built, Failure};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "Usage: book-builder [build [ID] [--open] | check [--browser] | serve [--port N]] [--root FOLDER]";

/// What is to be done.
#[derive(Default)]
struct Wanted {
    command: Option<String>,
    id: Option<String>,
    root: Option<PathBuf>,
    port: Option<u16>,
    open: bool,
    browser: bool,
}

fn main() -> ExitCode {
    let wanted = match read(std::env::args().skip(1)) {
        Ok(wanted) => wanted,
        Err(what) => return wrong_use(&what),
    };
    let house = match House::find(wanted.root.clone()) {
        Ok(house) => house,
        Err(what) => return wrong_use(&what),
    };
    let done = match wanted.command.as_deref() {
        None | Some("build") => build(&house, &wanted),
        Some("check") => check(&house, &wanted),
        Some("serve") => serve::serve(&house, wanted.port.unwrap_or(3000)).map_err(Failure::Own),
        Some(other) => return wrong_use(&format!("there is no command `{other}`")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Book(problems)) => {
            list(&problems);
            ExitCode::from(1)
        }
        Err(Failure::Use(what)) => wrong_use(&what),
        Err(Failure::Own(what)) => {
            eprintln!("book-builder: {what}");
            ExitCode::from(3)
        }
    }
}

fn read(arguments: impl Iterator<Item = String>) -> Result<Wanted, String> {
    let mut wanted = Wanted::default();
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} wants a value"));
        match argument.as_str() {
            "--open" => wanted.open = true,
            "--browser" => wanted.browser = true,
            "--root" => wanted.root = Some(PathBuf::from(value()?)),
            "--port" => wanted.port = Some(value()?.parse().map_err(|_| "--port wants a number up to 65535")?),
            option if option.starts_with('-') => return Err(format!("there is no option {option}")),
            _ if wanted.command.is_none() => wanted.command = Some(argument),
            _ if wanted.id.is_none() => wanted.id = Some(argument),
            _ => return Err(format!("`{argument}` is one word too many")),
        }
    }
    Ok(wanted)
}

fn wrong_use(what: &str) -> ExitCode {
    eprintln!("book-builder: {what}\n{USAGE}");
    ExitCode::from(2)
}

fn list(problems: &[Problem]) {
    for problem in problems {
        eprintln!("{problem}");
    }
    let many = if problems.len() == 1 { "1 problem".into() } else { format!("{} problems", problems.len()) };
    eprintln!("\nThe book has {many}; book/out is as it was.");
}

fn build(house: &House, wanted: &Wanted) -> Result<(), Failure> {
    let page = wanted.id.as_ref().map(|id| render::page_of(house, id)).transpose()?;
    let built = render::build(house, |_| Ok(()))?;
    println!("{built}");
    let page = house.out().join(page.unwrap_or_else(|| "index.html".into()));
    println!("{}", page.display());
    if wanted.open {
        open(&page);
    }
    Ok(())
}

fn check(house: &House, wanted: &Wanted) -> Result<(), Failure> {
    let look = |site: &Path| if wanted.browser { browser::check(house, site) } else { Ok(()) };
    let built: Built = render::check(house, look)?;
    println!("{built} Nothing was written.");
    Ok(())
}

/// Asks the system to show the page; that it cannot is no failure, the path was printed.
fn open(page: &Path) {
    let opener = match std::env::consts::OS {
        "macos" => "open",
        "windows" => "explorer",
        _ => "xdg-open",
    };
    if std::process::Command::new(opener).arg(page).spawn().is_err() {
        eprintln!("No `{opener}` here; open the page by hand.");
    }
}
