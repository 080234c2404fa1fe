//! # Scenes: a trace, step by step
//!
//! A figure about objects takes each step that the machine tells as a step of its own. The machine shows what it looks
//! like before it tells the next step, and when an operation is over:
//!
//! ```text
//!   op | step | scene | step | step | scene | fact | scene        told until a scene, and the scene: a figure's step
//! ```
//!
//! A scene that nothing was told about is a step if it is the only one of its operation and looks different from
//! before. Where handles go from hand to hand, each that looks different is one.

use crate::figure::Step;
use crate::moment::ended;
use crate::svg::Shape;
use crate::{Fault, capital};
use kit::picture::{ObjectsPicture, Picture};
use kit::trace::{Kind, Record};
use std::collections::BTreeSet;

/// What a recorder says of steps that it does not tell.
pub(crate) const CUT: &str = "... and more steps, not told";

/// What happened, and what it looks like then.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The script's line.
    pub line: usize,
    /// The operation.
    pub op: String,
    /// The steps and facts that were told, in order.
    pub told: Vec<String>,
    /// What it looks like.
    pub picture: Picture,
}

impl Scene {
    /// What was told, as sentences, with the names in it as code. (`a` may be an article: nothing becomes of it.)
    pub(crate) fn sentence(&self, names: &BTreeSet<String>) -> String {
        let sentences = self.told.iter().map(|told| sentence(told.trim().trim_end_matches('.'), names));
        sentences.collect::<Vec<_>>().join(" ")
    }

    /// The figure's step.
    pub(crate) fn step(&self, sentence: String, shapes: Vec<Shape>, height: f64) -> Step {
        Step { op: self.op.clone(), sentence, shapes, height }
    }
}

/// One sentence of it.
pub(crate) fn sentence(told: &str, names: &BTreeSet<String>) -> String {
    let coded = |word: &str| {
        let name: String = word.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
        let rest = &word[name.len()..];
        match names.contains(&name) && name != "a" {
            true => format!("`{name}`{rest}"),
            false => word.to_string(),
        }
    };
    let words: Vec<String> = told.split(' ').map(coded).collect();
    let first = told.split([' ', '\'', '(']).next().unwrap_or_default();
    match names.contains(first) || words[0].contains('(') {
        true => format!("{}.", words.join(" ")),
        false => format!("{}.", capital(&words.join(" "))),
    }
}

/// Facts that say at the end what the steps have told.
const REPEATED: [&str; 11] = [
    "collected",
    "REFS",
    "died",
    "memory back",
    "young",
    "cleared",
    "finalizers ran",
    "can be reached again",
    "gone",
    "died of it",
    "table",
];

fn is_news(record: &Record) -> bool {
    match record.text.split_once(": ") {
        Some((what, who)) if record.kind == Kind::Fact => !REPEATED.contains(&what) && who != "none",
        _ => record.text != "ok",
    }
}

/// The scenes of a trace. A trace that ends in a broken promise is a fault of the script.
pub fn scenes(trace: &[Record]) -> Result<Vec<Scene>, Fault> {
    let mut scenes: Vec<Scene> = Vec::new();
    let (mut line, mut op, mut told) = (0, String::new(), Vec::new());
    // Whether this operation has a step already.
    let mut shown = false;
    for record in trace {
        match record.kind {
            Kind::Op => (line, op, shown) = (record.line as usize, record.text.clone(), false),
            // What a trace draws in words a figure draws.
            Kind::Step | Kind::Fact if record.picture.is_some() || !is_news(record) => {}
            Kind::Step if record.text == CUT => {
                let what = format!("`{op}` takes more steps than are told");
                return Err(Fault { line: Some(line), what, remedy: "Let the script do less at once.".into() });
            }
            Kind::Step | Kind::Fact => told.push(record.text.clone()),
            Kind::Scene => {
                let Some(picture) = &record.picture else { continue };
                let news = scenes.last().is_none_or(|last| last.picture != *picture);
                // What happens after the last collection of a line nobody tells.
                let counts = matches!(picture, Picture::Generations(_));
                if !told.is_empty() || news && (!shown || counts || shows_call(picture)) {
                    let told = std::mem::take(&mut told);
                    let untold = shown && told_nothing(scenes.last());
                    if untold {
                        scenes.pop();
                    }
                    scenes.push(Scene { line, op: op.clone(), told, picture: picture.clone() });
                    shown = true;
                }
            }
            Kind::Broken => return Err(ended(record)),
        }
    }
    Ok(scenes)
}

/// What stands before the first step that is told is news only if a collection begins with it.
fn told_nothing(last: Option<&Scene>) -> bool {
    last.is_some_and(|last| match &last.picture {
        Picture::Objects(now) => last.told.is_empty() && !is_collecting(now) && now.call.is_none(),
        _ => false,
    })
}

fn is_collecting(now: &ObjectsPicture) -> bool {
    now.objects.iter().any(|object| object.left.is_some())
}

fn shows_call(picture: &Picture) -> bool {
    matches!(picture, Picture::Objects(now) if now.call.is_some())
}
