//! `cargo xtask watch` without a terminal: it outlives whatever is saved, and a save does not wait for the last one.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use super::Tried;
use super::scratch::Scratch;
use crate::course::Exercise;
use crate::failure::Failure;
use crate::{files, generate};

/// How long a verdict may take: cargo may compile the probe on the way.
const PATIENCE: Duration = Duration::from_secs(120);

/// Watches the first exercise, and saves one thing after the other.
pub(super) fn all(scratch: &Scratch, exercises: &[&Exercise]) -> Result<Vec<Tried>, Failure> {
    let Some(exercise) = exercises.first() else { return Ok(vec![]) };
    let (answer, stub) = (generate::answer_text(exercise)?, generate::stub_text(exercise)?);
    scratch.answer(exercise, &stub)?;
    let mut watched = Watched::start(scratch, exercise)?;
    let with = |line: &str| in_first_function(exercise, &answer, line);
    watched.expect("an untouched file", "not started");
    scratch.answer(exercise, &format!("{answer}\nfn {{"))?;
    watched.expect("an error of syntax", "does not compile");
    scratch.answer(exercise, &with("if true { panic!(\"on purpose\") }")?)?;
    watched.expect("a panic", "panic");
    scratch.answer(exercise, &with("if true { std::process::abort() }")?)?;
    watched.expect("a crash", "crash");
    scratch.answer(exercise, &with("while std::hint::black_box(true) {}")?)?;
    watched.expect("a loop", "timeout");
    scratch.answer(exercise, &with("while std::hint::black_box(1) == 1 {}")?)?;
    watched.expect("a loop is begun", "saved: grading");
    std::thread::sleep(Duration::from_millis(900));
    scratch.answer(exercise, &answer)?;
    watched.expect_before("a save during a loop", "pass", "timeout");
    std::fs::remove_file(exercise.lib()).map_err(|e| Failure::writing(&exercise.lib(), &e))?;
    watched.expect("a file that is away", "is away");
    scratch.answer(exercise, &format!("{answer}\n"))?;
    watched.expect("a file that is back", "pass");
    scratch.answer(exercise, &stub)?;
    watched.expect("the stub again", "not started");
    let tried = watched.end();
    let _ = std::fs::remove_dir_all(scratch.root().join(".progress"));
    Ok(tried)
}

/// The answer with a line more at the beginning of the first function that the learner writes.
pub(super) fn in_first_function(exercise: &Exercise, answer: &str, line: &str) -> Result<String, Failure> {
    let function = format!("pub fn {}", exercise.write.first().map_or("", String::as_str));
    let body = answer.find(&function).and_then(|at| Some(at + answer[at..].find("{\n")? + 2));
    let body = body.ok_or_else(|| Failure::Internal(format!("no `{function}` in {}", exercise.lib_name())))?;
    Ok(format!("{}    {line}\n{}", &answer[..body], &answer[body..]))
}

/// A watch that is running, what it says, and how it went so far.
struct Watched {
    process: Child,
    lines: Receiver<String>,
    id: String,
    tried: Vec<Tried>,
}

impl Watched {
    fn start(scratch: &Scratch, exercise: &Exercise) -> Result<Watched, Failure> {
        let cannot = |e: std::io::Error| Failure::Internal(format!("the watch cannot be started: {e}"));
        let mut command = Command::new(std::env::current_exe().map_err(cannot)?);
        command.args(["watch", &exercise.id]).env("CARGO_MANIFEST_DIR", scratch.root().join("xtask"));
        command.current_dir(scratch.root()).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = command.spawn().map_err(cannot)?;
        let (send, lines) = channel();
        let said = process.stdout.take().expect("it was piped");
        std::thread::spawn(move || BufReader::new(said).lines().map_while(Result::ok).try_for_each(|l| send.send(l)));
        Ok(Watched { process, lines, id: exercise.id.clone(), tried: vec![] })
    }

    /// Waits for a line that has these words.
    fn expect(&mut self, name: &str, words: &str) {
        self.expect_before(name, words, "This is a fault of the tool");
    }

    /// Waits for a line that has these words, and none of the others before it.
    fn expect_before(&mut self, name: &str, words: &str, others: &str) {
        let until = Instant::now() + PATIENCE;
        let mut came = String::from("it ended or said nothing");
        while let Ok(line) = self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
            if line.contains(words) || line.contains(others) {
                came = files::plain_lines(line.split_whitespace().collect::<Vec<_>>().join(" "));
                break;
            }
        }
        let as_expected = came.contains(words);
        self.tried.push(Tried { kind: "watch", id: self.id.clone(), name: name.into(), came, as_expected });
    }

    fn end(mut self) -> Vec<Tried> {
        let _ = self.process.kill();
        let _ = self.process.wait();
        self.tried
    }
}
