//! How much memory each contender holds along the recorded trace, and what it gives back: `held`.
//!
//! Each contender runs the trace in a process of its own and fills every block, as a program would. At ten places on
//! the way the process looks at its own anonymous memory (`/proc/self/smaps_rollup`), less what it had before the first
//! request. The last two rows tell what is left when every block is free, at once and a second and a half later: some
//! give memory back after a delay.
//!
//! Requests of more than 512 bytes are in all of it. The heap and pymalloc pass them on to the C library, which
//! keeps what it got for them; beside that, what is left at the end is the one spare arena.

use benches::contender::{self, Contender, Job};
use benches::patterns;
use benches::program::{Program, replay_looking};
use std::process::{Command, ExitCode};
use std::time::Duration;

/// Looks along the trace, the last one when all is free.
const LOOKS: usize = 11;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, name] = &words[..]
        && flag == "--child"
    {
        let program = patterns::named("trace").expect("the trace is a pattern");
        forget();
        let looks = contender::enter(name, Along(&program)).unwrap_or_default();
        looks.iter().for_each(|(asked, held)| println!("{asked} {held}"));
        return ExitCode::SUCCESS;
    }
    if !words.is_empty() {
        eprintln!("usage: held");
        return ExitCode::from(2);
    }
    if anonymous().is_none() {
        println!("skipped: there is no /proc/self/smaps_rollup here to look at");
        return ExitCode::SUCCESS;
    }
    let (mut present, mut looks) = (vec![], vec![]);
    for name in contender::present().into_iter().filter(|name| *name != "nobody") {
        match ask(name) {
            all if all.len() > LOOKS => {
                present.push(name);
                looks.push(all);
            }
            _ => println!("left out: {name} ended before its time"),
        }
    }
    print!("{:<14} {:>9}", "KiB", "asked");
    present.iter().for_each(|name| print!(" {name:>9}"));
    println!();
    for row in 0..=LOOKS {
        let place = match row {
            LOOKS => "a moment later".into(),
            _ if row + 1 == LOOKS => "all freed".into(),
            _ => format!("{} %", (row + 1) * 100 / LOOKS),
        };
        print!("{place:<14} {:>9}", looks[0][row].0 / 1024);
        looks.iter().for_each(|looks| print!(" {:>9}", looks[row].1 / 1024));
        println!();
    }
    ExitCode::SUCCESS
}

/// Bytes asked for and bytes held, at each look.
fn ask(name: &str) -> Vec<(u64, u64)> {
    let own = std::env::current_exe().expect("this program has a path");
    let output = Command::new(own).args(["--child", name]).output().expect("this program starts again");
    let text = String::from_utf8(output.stdout).expect("numbers");
    let number = |word: Option<&str>| word.and_then(|word| word.parse().ok()).expect("a number");
    text.lines().map(|line| line.split(' ')).map(|mut words| (number(words.next()), number(words.next()))).collect()
}

struct Along<'a>(&'a Program);

impl Job for Along<'_> {
    type Result = Vec<(u64, u64)>;
    fn run<C: Contender>(self, contender: &C) -> Vec<(u64, u64)> {
        // Filled once, so that no page of it is new while we look.
        let mut looks = vec![(1, 1); LOOKS + 1];
        let mut row = 0;
        let mut before = None;
        replay_looking(contender, self.0, LOOKS, |asked| {
            let now = anonymous().unwrap_or_default();
            match before {
                None => before = Some(now),
                Some(before) => {
                    looks[row] = (asked, now.saturating_sub(before));
                    row += 1;
                }
            }
        });
        std::thread::sleep(Duration::from_millis(1500));
        for _ in 0..1000 {
            // SAFETY: the block was given a moment ago.
            unsafe { contender.free(contender.alloc(64)) };
        }
        looks[LOOKS] = (0, anonymous().unwrap_or_default().saturating_sub(before.unwrap_or_default()));
        looks
    }
}

/// Gives back what making the program left behind in the C library's allocator; it would look as if that contender
/// needed nothing. Elsewhere than with glibc, it will.
fn forget() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        unsafe extern "C" {
            safe fn malloc_trim(keep: usize) -> std::ffi::c_int;
        }
        malloc_trim(0);
    }
}

/// Bytes of this process that lie in no file.
fn anonymous() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/smaps_rollup").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Anonymous:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
}
