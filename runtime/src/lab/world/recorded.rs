//! # A program with its facts in it
//!
//! What was told while a line ran stands below the line, as in a trace: so a recording is the program, and a difference
//! between two runs is a difference between two texts that a person can read.
//!
//! ```text
//! a = new N
//! refcount a
//!    = 2
//! ```

use super::language::{Does, Line, Program};

const FACT: &str = "   = ";

/// The program without its facts.
#[must_use]
pub fn without_facts(text: &str) -> String {
    text.lines().filter(|line| !line.starts_with(FACT)).map(|line| format!("{line}\n")).collect()
}

/// The program `text` with what `told` says below its lines. `told` is a trace without its steps.
#[must_use]
pub fn with_facts(text: &str, program: &Program, told: &[String]) -> String {
    let mut told = told.iter().peekable();
    let mut ops = program.ops.iter().map(last_line).peekable();
    let mut out = String::new();
    for (number, line) in (1..).zip(text.lines()) {
        out += &format!("{line}\n");
        if ops.next_if_eq(&number).is_some() && told.next_if(|line| is_marker(line)).is_some() {
            while let Some(fact) = told.next_if(|line| !is_marker(line)) {
                out += &format!("{fact}\n");
            }
        }
    }
    told.for_each(|line| out += &format!("{line}\n"));
    out
}

fn is_marker(line: &str) -> bool {
    line.trim_start().split_once(" | ").is_some_and(|(number, _)| number.chars().all(|c| c.is_ascii_digit()))
}

/// The last line of what belongs to it.
fn last_line(line: &Line) -> u32 {
    let last = |body: &[Line]| body.last().map_or(line.number, last_line);
    match &line.does {
        Does::Loop(_, body) | Does::If(_, body) | Does::While(_, body) => last(body),
        Does::Def(def) => last(&def.body),
        Does::Class(class) => class.methods.last().map_or(line.number, |method| last(&method.body)),
        Does::Global(_) | Does::Op(_) => line.number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_stand_below_their_lines() {
        let text = "use world\nloop 2\n    log 'a'\nlog 'b'\n";
        let told = ["2 | loop 2", "   = a", "   = a", " 4 | log 'b'", "   = b"].map(String::from);
        let program = Program::parse(text).unwrap();
        let recorded = with_facts(text, &program, &told);
        assert_eq!(recorded, "use world\nloop 2\n    log 'a'\n   = a\n   = a\nlog 'b'\n   = b\n");
        assert_eq!(without_facts(&recorded), text);
    }
}
