//! What the figures about threads say and draw

use figures::{Fault, Request, html};
use std::path::Path;

const LINE: &str =
    "use gil\nthread a cpu 12ms\nthread b at 1ms 2 times io 2ms cpu 1ms\nthread c cpu 1ms native 6ms\nrun\n";
const WAYS: &str = "n = 0\nthread a\nload n; call f\nadd; store n\nthread b\nload n; call f\nadd; store n\n";

fn request<'a>(kind: &'a str, script: &'a str, show: &'a str) -> Request<'a> {
    Request { kind, id: "it", alt: "A row.", caption: "It `holds`.", show, script, root: Path::new(".") }
}

fn drawing(kind: &str, script: &str) -> Result<figures::figure::Drawing, Fault> {
    figures::drawing(kind, script, Path::new("."))
}

fn sentences(kind: &str, script: &str) -> Vec<String> {
    let steps = drawing(kind, script).unwrap().steps;
    steps.into_iter().map(|step| format!("{}: {}", step.op, step.sentence)).collect()
}

fn fault(kind: &str, script: &str, show: &str) -> Fault {
    html(&request(kind, script, show)).unwrap_err()
}

#[test]
fn a_line_of_time_in_words() {
    let said = sentences("gil-timeline", "use gil\nthread a cpu 12ms\nthread b at 1ms cpu 2ms\nrun\n");
    assert_eq!(
        said,
        [
            "0 us: `a` takes it: switch 1.",
            "1000 us: `b` begins, and waits for the GIL.",
            "6000 us: `b` asks `a` to let go.",
            "6000 us: `a` lets go as it was asked, and waits for the switch.",
            "6050 us: `b` takes it: switch 2.",
            "6100 us: `a` has seen the switch, and waits for the GIL.",
            "8050 us: `b` lets go and ends.",
            "8100 us: `a` takes it: switch 3.",
            "14100 us: `a` lets go and ends.",
            "all in all: By 14100 us there were 3 switches and 1 request, and 1 had to wait for the switch.",
        ]
    );
}

/// (T1) A lane has no gap, (T2) one thread at most has the GIL.
#[test]
fn lanes_have_no_gaps_and_one_thread_has_the_gil() {
    use figures::svg::Form;
    for step in drawing("gil-timeline", LINE).unwrap().steps {
        let bars = |lane: &str, class: &str| -> Vec<(f64, f64)> {
            let of = |key: &str| {
                key.split_once(' ').is_some_and(|(name, n)| lane.contains(name) && n.parse::<u32>().is_ok())
            };
            let bars = step.shapes.iter().filter(|shape| of(&shape.key) && shape.class.starts_with(class));
            bars.filter_map(|shape| match shape.form {
                Form::Box { x, width, .. } => Some((x, x + width)),
                _ => None,
            })
            .collect()
        };
        for lane in ["a", "b", "c"] {
            for pair in bars(lane, "gil-").windows(2) {
                // A bar has at least two pixels.
                assert!((pair[1].0 - pair[0].1).abs() <= 2.0, "{}, {lane}: {pair:?}", step.op);
            }
        }
        let mut runs = bars("abc", "gil-runs");
        runs.sort_by(|one, other| one.0.total_cmp(&other.0));
        assert!(runs.windows(2).all(|pair| pair[0].1 <= pair[1].0 + 2.0), "{}: {runs:?}", step.op);
    }
}

#[test]
fn a_window_draws_a_piece_of_time() {
    let script = "window 5900us 6200us\nuse gil\nthread a cpu 12ms\nthread b at 1ms cpu 2ms\nrun\n";
    let ops: Vec<_> = drawing("gil-timeline", script).unwrap().steps.into_iter().map(|step| step.op).collect();
    assert_eq!(ops, ["6000 us", "6000 us", "6050 us", "6100 us"]);
    assert_eq!(fault("gil-timeline", "window 6ms 5ms\nuse gil\n", "").line, Some(1));
    assert_eq!(fault("gil-timeline", "use gil\n\nthread a cpu\nrun\n", "").line, Some(3));
    assert!(fault("gil-timeline", "use pool classic 512\n", "").remedy.contains("gil"));
}

#[test]
fn a_script_with_values_has_a_run_for_each() {
    let script = "vary wait 1ms 5ms\nvary io 1ms 4ms\nuse gil\ninterval $wait\nthread a cpu 8ms\nthread b 2 times io $io cpu 1ms\nrun\n";
    let whole = figures::whole("gil-timeline", script, Path::new(".")).unwrap();
    assert_eq!(whole.choices.1, ["wait 1ms, io 1ms", "wait 1ms, io 4ms", "wait 5ms, io 1ms", "wait 5ms, io 4ms"]);
    let figure = html(&request("gil-timeline", script, "1")).unwrap();
    let steps: Vec<_> = whole.drawings.iter().map(|drawing| drawing.steps.len()).collect();
    assert_eq!(figure.matches("<li><code>").count(), steps.iter().sum::<usize>());
    let runs = format!("\"runs\":[{}]", steps.iter().map(ToString::to_string).collect::<Vec<_>>().join(","));
    assert!(figure.contains(&runs) && figure.contains("\"vary\":[[\"wait\",[\"1ms\",\"5ms\"]],"));
    let ticks = |of: usize| {
        let last = whole.drawings[of].steps.last().unwrap();
        last.shapes.iter().filter(|shape| shape.key.starts_with("tick")).cloned().collect::<Vec<_>>()
    };
    assert_eq!(ticks(0), ticks(3), "one scale");
    let pools = "vary size 512 256\nuse pool classic $size\na = alloc\n";
    assert!(html(&request("pool", pools, "")).unwrap_err().remedy.contains("use pool classic 512"));
}

/// The same threads with the reference's own policy: what is told are steps, and the line looks the same.
#[test]
fn a_policy_has_a_line_of_time_too() {
    let script = "use scheduler\nthread a cpu 3ms\nthread b at 1ms cpu 1ms\nrun\n";
    let said = sentences("gil-timeline", script);
    assert_eq!(said[0], "0 us: `a` takes it: switch 1.");
    assert!(said.iter().any(|step| step.ends_with("`b` lets go and ends.")), "{said:#?}");
    assert!(said.last().unwrap().ends_with("All threads have ended."), "{said:#?}");
    let long = script.replace("at 1ms cpu", "30 times io 100us cpu");
    assert!(sentences("gil-timeline", &long).iter().any(|step| step.contains("nothing is told")));
}

#[test]
fn ways_are_told_by_what_comes_out() {
    let figure = html(&request("interleavings", WAYS, "")).unwrap();
    assert!(figure.contains("All 6 ways in words"));
    assert!(figure.contains("4 of 6 ways: All have ended: <code>n</code> is 1."));
    assert!(figure.contains("One of them lets go on: a, b, a, b."));
    assert!(figure.contains("\"names\":[\"a\",\"b\"]") && figure.contains("\"turns\":[[1,2],"));
}

#[test]
fn biased_counts_in_words() {
    let said = sentences(
        "biased",
        "owner a\na increfs\nb increfs\nb decrefs\nb decrefs\nb looks weakly\na merges\na decrefs\n",
    );
    let ends = |step: usize, words: &str| assert!(said[step].ends_with(words), "{}", said[step]);
    ends(0, "local 1, shared 0: 1 reference.");
    ends(1, "no atomic instruction. Local 2, shared 0: 2 references.");
    ends(2, "Local 2, shared 1: 3 references.");
    ends(3, "Local 2, shared 0: 2 references.");
    ends(4, "asks `a` to merge. Local 2, shared 0: 2 references, one of them the queue's.");
    ends(5, "stay. Local 2, shared 0: 2 references, one of them the queue's.");
    ends(6, "Local 0, shared 1: 1 reference.");
    ends(7, "The last reference is gone: the object dies.");
    let refused = |script: &str| fault("biased", script, "");
    assert_eq!(refused("\na increfs\n").line, Some(2));
    assert!(refused("owner a\na decrefs\na increfs\n").what.contains("is dead"));
    assert!(refused("owner a\nb decrefs\nb increfs\n").what.contains("only the queue"));
    assert!(refused("owner a\na ends\na increfs\n").what.contains("has ended"));
    assert!(refused("owner a\na waits\n").what.contains("not understood"));
}
