//! How the tool speaks: colour only where a person looks, control characters shown instead of obeyed.

use std::fmt;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::Command;
use std::sync::OnceLock;

pub(crate) mod terminal;

/// Writes one line to standard output: `say!("{} passed", n)`.
macro_rules! say {
    () => { $crate::ui::line(format_args!("")) };
    ($($arg:tt)*) => { $crate::ui::line(format_args!($($arg)*)) };
}
pub(crate) use say;

/// Writes one line to standard output; use [`say!`].
///
/// A reader that went away (`| head`) ends the program quietly, with the exit code that shells expect there.
pub(crate) fn line(text: fmt::Arguments<'_>) {
    if cfg!(test) {
        return println!("{text}"); // which a test captures
    }
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}") {
        Ok(()) => {}
        Err(e) if e.kind() == ErrorKind::BrokenPipe => {
            terminal::restore();
            std::process::exit(141)
        }
        Err(e) => {
            terminal::restore();
            eprintln!("I cannot write to standard output: {e}. Redirect it to where there is room.");
            std::process::exit(2)
        }
    }
}

/// Is there a person at the other end of both standard input and output?
pub(crate) fn interactive() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Whether standard output may carry colour.
pub(crate) fn colour() -> bool {
    static COLOUR: OnceLock<bool> = OnceLock::new();
    *COLOUR.get_or_init(|| io::stdout().is_terminal() && !set("NO_COLOR") && obeys())
}

fn set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|v| !v.is_empty())
}

/// Does the terminal obey escape sequences?
fn obeys() -> bool {
    if cfg!(windows) {
        set("WT_SESSION") || set("TERM") || set("ConEmuANSI")
    } else {
        std::env::var_os("TERM").is_none_or(|t| t != "dumb")
    }
}

/// An empty screen, where a person looks.
pub(crate) fn clear() {
    if io::stdout().is_terminal() && obeys() {
        at_once("\x1b[2J\x1b[H");
    }
}

/// A line for a person that goes away when the next one comes; an empty one goes away at once.
pub(crate) fn passing(text: &str) {
    match obeys() {
        true => at_once(&format!("\r\x1b[K{text}")),
        false if text.is_empty() => {}
        false => at_once(&format!("{text}\n")),
    }
}

/// Nobody minds if it cannot be written: the next line says so.
fn at_once(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

fn painted(code: &str, text: &str) -> String {
    if colour() { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_string() }
}

/// Passed.
pub(crate) fn green(text: &str) -> String {
    painted("32", text)
}

/// Failed.
pub(crate) fn red(text: &str) -> String {
    painted("31", text)
}

/// To be looked at.
pub(crate) fn yellow(text: &str) -> String {
    painted("33", text)
}

/// Headings and names.
pub(crate) fn bold(text: &str) -> String {
    painted("1", text)
}

/// Beside the point, but good to know.
pub(crate) fn dim(text: &str) -> String {
    painted("2", text)
}

/// `text` with every character shown that would move the cursor, colour the screen or turn the direction of reading.
///
/// Newlines and tabs stay. All that comes from a learner's program goes through here before it is printed.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => out.push(c),
            c if c.is_control() || is_invisible(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// Marks of direction and of no width: they change how a line reads without being seen.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// How many columns there are: `COLUMNS`, else what the terminal says, else 120 for a file or a pipe.
pub(crate) fn columns() -> usize {
    let said = |text: &str| text.trim().parse().ok().filter(|n| *n >= 20);
    if let Some(n) = std::env::var("COLUMNS").ok().and_then(|v| said(&v)) {
        return n;
    }
    if !io::stdout().is_terminal() {
        return 120;
    }
    let size = Command::new("stty").arg("size").stdin(std::process::Stdio::inherit()).output().ok();
    size.and_then(|o| said(String::from_utf8_lossy(&o.stdout).split_whitespace().nth(1)?)).unwrap_or(80)
}

/// Asks the system to open a file as a person would. Does it know how?
pub(crate) fn open(path: &std::path::Path) -> bool {
    let with = |program: &str, args: &[&str]| {
        let mut command = Command::new(program);
        command.args(args).arg(path).stdin(std::process::Stdio::null());
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    if cfg!(windows) {
        with("cmd", &["/C", "start", ""])
    } else if cfg!(target_os = "macos") {
        with("open", &[])
    } else {
        // On Windows' Linux the browser is outside.
        with("wslview", &[]) || with("xdg-open", &[])
    }
}

/// `1 exercise`, `2 exercises`.
pub(crate) fn counted(n: usize, thing: &str) -> String {
    if n == 1 { format!("1 {thing}") } else { format!("{n} {thing}s") }
}

/// How long ago something was, as people say it.
pub(crate) fn ago(seconds: u64) -> String {
    const HOUR: u64 = 3600;
    const DAY: u64 = 24 * HOUR;
    let some = |n: u64, thing: &str| format!("{} ago", counted(usize::try_from(n).unwrap_or(usize::MAX), thing));
    match seconds {
        0..120 => "just now".into(),
        120..HOUR => some(seconds / 60, "minute"),
        HOUR..DAY => some(seconds / HOUR, "hour"),
        DAY..=1_209_599 => some(seconds / DAY, "day"),
        _ => some(seconds / DAY / 7, "week"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_shown_not_obeyed() {
        assert_eq!(escaped("a\x1b[31mb\r\x07"), "a\\u{1b}[31mb\\u{d}\\u{7}");
        assert_eq!(escaped("two\nlines\tkept"), "two\nlines\tkept");
        assert_eq!(escaped("x\u{202e}y\u{9b}"), "x\\u{202e}y\\u{9b}");
    }

    #[test]
    fn time_is_said_as_people_say_it() {
        let said = [5, 3000, 4000, 90_000, 700_000, 3_700_000].map(ago);
        assert_eq!(said, ["just now", "50 minutes ago", "1 hour ago", "1 day ago", "8 days ago", "6 weeks ago"]);
    }

    #[test]
    fn a_count_agrees_with_its_noun() {
        assert_eq!((counted(1, "hint").as_str(), counted(0, "hint").as_str()), ("1 hint", "0 hints"));
    }
}
