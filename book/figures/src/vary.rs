//! # A script with values to choose from
//!
//! ```text
//!   vary interval 5ms 1ms      interval 5ms, io 1ms      \
//!   vary io 1ms 4ms       -->  interval 5ms, io 4ms       |  four scripts, each runs by itself
//!   ... $interval ... $io      interval 1ms, io 1ms       |
//!                              interval 1ms, io 4ms      /
//! ```
//!
//! The reader chooses among runs that were made when the book was built; nothing is computed on the page.
//!
//! - **V1** A script keeps its line numbers: a line that belongs to the figure alone becomes an empty one.
//! - **V2** The first name's value changes slowest: run `i * n + j` has the first name's value `i` and the second's `j`.

use crate::Fault;

/// More runs than this nobody compares.
const MOST: usize = 12;

/// A name and the values that it may have.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    /// What is chosen.
    pub name: String,
    /// The values, as the script has them.
    pub values: Vec<String>,
}

/// The choices of a script, and the script of each run with what was chosen for it.
#[derive(Debug)]
pub struct Varied {
    /// In the order of the script; none, and there is one run.
    pub choices: Vec<Choice>,
    /// `interval 5ms, io 1ms`, and the script.
    pub runs: Vec<(String, String)>,
}

/// The runs of a script.
pub fn varied(script: &str) -> Result<Varied, Fault> {
    let mut choices = Vec::new();
    let mut rest = String::new();
    for (number, line) in (1..).zip(script.lines()) {
        match line.split('#').next().unwrap_or("").split_whitespace().collect::<Vec<_>>()[..] {
            ["vary", name, ref values @ ..] => choices.push(choice(number, name, values, script)?),
            _ => rest.push_str(line),
        }
        rest.push('\n');
    }
    let mut runs = vec![(Vec::new(), rest)];
    for Choice { name, values } in &choices {
        let with = |(chosen, script): &(Vec<String>, String), value: &String| {
            let chosen = chosen.iter().cloned().chain([format!("{name} {value}")]).collect();
            (chosen, replaced(script, name, value))
        };
        runs = runs.iter().flat_map(|run| values.iter().map(move |value| with(run, value))).collect();
    }
    if runs.len() > MOST {
        let what = format!("its values make {} runs", runs.len());
        return Err(Fault { line: None, what, remedy: format!("Let them make at most {MOST}.") });
    }
    let runs = runs.into_iter().map(|(chosen, script)| (chosen.join(", "), script)).collect();
    Ok(Varied { choices, runs })
}

fn choice(number: usize, name: &str, values: &[&str], script: &str) -> Result<Choice, Fault> {
    let fault = |what: String, remedy: &str| Err(Fault { line: Some(number), what, remedy: remedy.into() });
    if values.len() < 2 {
        return fault(format!("`{name}` has no two values"), "Write `vary interval 5ms 1ms`.");
    }
    if replaced(script, name, "") == script {
        return fault(format!("`${name}` stands nowhere"), "Write it where the value belongs.");
    }
    Ok(Choice { name: name.into(), values: values.iter().map(|value| (*value).to_string()).collect() })
}

/// `$name` as a whole word becomes the value.
fn replaced(script: &str, name: &str, value: &str) -> String {
    let mut out = String::new();
    for (place, part) in script.split('$').enumerate() {
        match part.strip_prefix(name) {
            Some(after) if place > 0 && !after.starts_with(|next: char| next.is_alphanumeric() || next == '_') => {
                out.push_str(value);
                out.push_str(after);
            }
            _ => {
                out.push_str(if place > 0 { "$" } else { "" });
                out.push_str(part);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_combination_is_a_script() {
        let Varied { choices, runs } = varied("vary a 1 2\nvary ab 3 4\nx $a $ab # $a\n").unwrap();
        assert_eq!(choices.len(), 2);
        let wanted =
            [("a 1, ab 3", "1 3 # 1"), ("a 1, ab 4", "1 4 # 1"), ("a 2, ab 3", "2 3 # 2"), ("a 2, ab 4", "2 4 # 2")];
        let got: Vec<_> = runs.iter().map(|(chosen, script)| (chosen.as_str(), script.as_str())).collect();
        let wanted: Vec<_> = wanted.iter().map(|(chosen, rest)| (*chosen, format!("\n\nx {rest}\n"))).collect();
        assert_eq!(got, wanted.iter().map(|(chosen, script)| (*chosen, script.as_str())).collect::<Vec<_>>());
    }

    #[test]
    fn a_script_without_choices_is_one_run() {
        let Varied { choices, runs } = varied("use gil\nrun").unwrap();
        assert!(choices.is_empty());
        assert_eq!(runs, [(String::new(), "use gil\nrun\n".to_string())]);
    }

    #[test]
    fn what_cannot_be_chosen_is_refused() {
        assert_eq!(varied("use gil\nvary a 1\n$a\n").unwrap_err().line, Some(2));
        assert!(varied("vary a 1 2\nb $ab\n").unwrap_err().what.contains("stands nowhere"));
        assert!(varied("vary a 1 2 3 4\nvary b 1 2 3 4\n$a $b").unwrap_err().what.contains("16 runs"));
    }
}
