//! # From a script to moments
//!
//! A figure's script is a scenario like any other. The reference runtime runs it; each operation with what was said
//! and drawn while it ran is a moment, and each moment becomes a step of the figure.

use crate::figure::Step;
use crate::scenes::CUT;
use crate::{Fault, capital};
use kit::picture::Picture;
use kit::trace::{Kind, Record};

/// What to do when there is no picture.
const ASK: &str = "Write the operation that draws on the next line: `state`, `heap`; or do less at once.";

/// One operation, and what came of it.
#[derive(Clone, Debug)]
pub struct Moment {
    /// The script's line.
    pub line: usize,
    /// The operation, as the script has it; `b0..b6 = alloc` are seven.
    pub op: String,
    /// The facts.
    pub facts: Vec<String>,
    /// What was drawn meanwhile; the last picture is what it looks like afterwards.
    pub pictures: Vec<Picture>,
    /// The last picture that was asked for: a fact, not a step.
    pub shown: Option<Picture>,
}

impl Moment {
    /// What the facts say, then `more`. That something went well is no news, and a digest is for the grader.
    pub(crate) fn with_facts(&self, more: &str) -> String {
        let drawn = self.shown.as_ref().map(ToString::to_string);
        let news = self.facts.iter().filter(|fact| *fact != "ok" && Some(*fact) != drawn.as_ref());
        let news = news.map(|fact| readable(fact));
        let facts: String = news.map(|fact| format!("{}. ", capital(fact.trim_end_matches('.')))).collect();
        format!("{facts}{more}").trim_end().to_string()
    }

    /// A moment that changed nothing: what was said, beside the picture as it was. Before there is a picture it is no
    /// step.
    pub(crate) fn told(&self, steps: &mut Vec<Step>) {
        if let Some(last) = steps.last().cloned() {
            steps.push(Step { op: self.op.clone(), sentence: self.with_facts(""), ..last });
        }
    }
}

/// The moments of a trace. A trace that ends in a broken promise is a fault of the script.
///
/// Of an operation that takes many steps only the first are told. What it looks like afterwards must be asked for: the
/// next operation draws it, and the two are one moment.
pub fn moments(trace: &[Record]) -> Result<Vec<Moment>, Fault> {
    let (mut moments, cut) = collected(trace)?;
    for place in (0..moments.len()).rev() {
        if !cut[place] || moments[place].shown.is_some() {
            continue;
        }
        let Some(shown) = moments.get_mut(place + 1).and_then(|next| next.shown.take()) else {
            let what = format!("`{}` takes more steps than are told, so its end is not drawn", moments[place].op);
            return Err(Fault { line: Some(moments[place].line), what, remedy: ASK.into() });
        };
        moments[place].pictures = vec![shown.clone()];
        moments[place].shown = Some(shown);
        moments.remove(place + 1);
    }
    Ok(moments)
}

/// Each operation with its records, and whether some of its steps were not told.
fn collected(trace: &[Record]) -> Result<(Vec<Moment>, Vec<bool>), Fault> {
    let mut moments: Vec<Moment> = Vec::new();
    let mut cut: Vec<bool> = Vec::new();
    for record in trace {
        match (record.kind, moments.last_mut(), cut.last_mut()) {
            (Kind::Op, ..) => {
                let (line, op) = (record.line as usize, record.text.clone());
                moments.push(Moment { line, op, facts: Vec::new(), pictures: Vec::new(), shown: None });
                cut.push(false);
            }
            (Kind::Fact, Some(moment), _) => {
                moment.facts.push(record.text.clone());
                moment.pictures.extend(record.picture.clone());
                moment.shown = record.picture.clone().or(moment.shown.take());
            }
            (Kind::Step, Some(moment), Some(cut)) => {
                moment.pictures.extend(record.picture.clone());
                *cut |= record.picture.is_none() && record.text == CUT;
            }
            (Kind::Broken, ..) => return Err(ended(record)),
            _ => {}
        }
    }
    Ok((moments, cut))
}

/// The moments of a heap, which draws itself when it is asked to: a moment is what was done up to a picture.
pub fn up_to_pictures(trace: &[Record]) -> Result<Vec<Moment>, Fault> {
    grouped(&collected(trace)?.0)
}

fn grouped(moments: &[Moment]) -> Result<Vec<Moment>, Fault> {
    let mut out = Vec::new();
    let mut ops: Vec<&str> = Vec::new();
    let mut waiting = None;
    for moment in moments {
        let asks = moment.shown.as_ref().is_some_and(|shown| moment.facts == [shown.to_string()]);
        // How the heap was made the first step need not say when there is more to say.
        let makes = moment.op.starts_with("use ") && moments.len() > 2;
        if !asks && !makes {
            ops.push(&moment.op);
        }
        let Some(shown) = &moment.shown else {
            waiting = Some(moment.line);
            continue;
        };
        waiting = None;
        let more = ops.len().saturating_sub(4);
        let mut op = ops[..ops.len() - more].join("; ");
        if more > 0 {
            op.push_str(&format!("; and {more} more"));
        }
        if ops.is_empty() {
            op.clone_from(&moment.op);
        }
        ops.clear();
        let pictures = vec![shown.clone()];
        out.push(Moment { line: moment.line, op, facts: Vec::new(), pictures, shown: None });
    }
    match waiting {
        Some(line) => {
            let what = "nothing draws what it looks like after its last operation".to_string();
            Err(Fault { line: Some(line), what, remedy: ASK.into() })
        }
        None => Ok(out),
    }
}

/// `1 2 ... (61, digest a97b020a)` as `1 2 ... (61 in all)`.
pub(crate) fn readable(fact: &str) -> String {
    match fact.split_once(", digest ").and_then(|(before, after)| Some((before, after.split_once(')')?.1))) {
        Some((before, after)) => format!("{before} in all){after}"),
        None => fact.to_string(),
    }
}

/// The fault of a script whose trace ended too early. `scenario: line 7: ...` names its line itself.
pub(crate) fn ended(record: &Record) -> Fault {
    let named = record.text.strip_prefix("scenario: line ").and_then(|rest| rest.split_once(": "));
    let (line, what) = match named.and_then(|(number, what)| Some((number.parse().ok()?, what))) {
        Some((line, what)) => (line, what),
        None => (record.line as usize, record.text.as_str()),
    };
    Fault { line: Some(line), what: what.to_string(), remedy: "Mend the script.".into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::observe::{Observer, Recorder};
    use kit::picture::GilPicture;
    use std::cell::RefCell;
    use std::rc::Rc;

    fn picture(at: u64) -> Picture {
        Picture::Gil(GilPicture { at, ..GilPicture::default() })
    }

    /// Two operations: one of a hundred steps, and one that draws what it looks like then.
    fn trace(drawn: bool) -> Vec<Record> {
        let heard = Rc::new(RefCell::new(Vec::new()));
        let sink = heard.clone();
        let recorder = Recorder::new(move |record| sink.borrow_mut().push(record));
        recorder.op(3, "much");
        (0..100).for_each(|at| recorder.picture(|| picture(at)));
        recorder.fact("done");
        recorder.op(4, "state");
        if drawn {
            recorder.shown(picture(99));
        }
        recorder.op(5, "little");
        recorder.picture(|| picture(100));
        heard.take()
    }

    #[test]
    fn what_was_not_told_is_drawn_by_the_next_operation() {
        let moments = moments(&trace(true)).unwrap();
        let drawn: Vec<_> = moments.iter().map(|moment| (moment.op.as_str(), moment.pictures.last())).collect();
        assert_eq!(drawn, [("much", Some(&picture(99))), ("little", Some(&picture(100)))]);
        let fault = super::moments(&trace(false)).unwrap_err();
        assert_eq!(fault.line, Some(3));
        assert!(fault.what.contains("`much` takes more steps"));
    }

    #[test]
    fn a_heap_is_drawn_when_it_is_asked() {
        let op =
            |line, op: &str| Moment { line, op: op.into(), facts: Vec::new(), pictures: vec![picture(1)], shown: None };
        let asks = Moment { shown: Some(picture(2)), facts: vec![picture(2).to_string()], ..op(9, "heap") };
        let first: Vec<_> = (1..=6).map(|line| op(line, "x = malloc 8")).chain([asks.clone(), asks.clone()]).collect();
        let merged = grouped(&first).unwrap();
        let four = ["x = malloc 8"; 4].join("; ");
        let told: Vec<_> = merged.iter().map(|moment| moment.op.as_str()).collect();
        assert_eq!(told, [format!("{four}; and 2 more").as_str(), "heap"]);
        assert_eq!(merged[0].pictures, [picture(2)]);
        assert_eq!(grouped(&[asks, op(10, "free x")]).unwrap_err().line, Some(10));
    }

    #[test]
    fn facts_are_told_without_what_is_for_the_grader() {
        let facts = ["ok", "pools 1 2 ... (61, digest a97b020a), none free"].map(str::to_string).to_vec();
        let moment = Moment { line: 1, op: String::new(), facts, pictures: Vec::new(), shown: None };
        assert_eq!(moment.with_facts("More."), "Pools 1 2 ... (61 in all), none free. More.");
    }
}
