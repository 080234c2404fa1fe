//! # What a figure says and draws

use figures::{Fault, KINDS, Request, drawing, html};
use std::collections::BTreeSet;

const POOL: &str = "use pool classic 512\na, b = alloc\nfree a\nfree b\nmany = alloc 7\ncount\nfree many\nagain 512\n";
const RULER: &str = "use size-classes modern 16\nruler\nclass 1 100 512 0 513\nfit 31\nround 1..512\n";

fn request<'a>(kind: &'a str, script: &'a str, show: &'a str) -> Request<'a> {
    Request { kind, id: "it", alt: "A row.", caption: "It `holds`.", show, script }
}

fn sentences(kind: &str, script: &str) -> Vec<String> {
    let steps = drawing(kind, script).unwrap().steps;
    steps.into_iter().map(|step| format!("{}: {}", step.op, step.sentence)).collect()
}

fn fault(kind: &str, script: &str, show: &str) -> Fault {
    html(&request(kind, script, show)).unwrap_err()
}

#[test]
fn the_life_of_a_pool_in_words() {
    let carved = "The list would be empty, so block";
    assert_eq!(
        sentences("pool", "use pool classic 512\na, b = alloc\nfree a\nfree b\nc = alloc\n"),
        [
            "use pool classic 512: An empty pool: room for 7 blocks of 512 bytes. Free list: 0.".to_string(),
            format!("a = alloc: Block 0, the head of the list, goes out. {carved} 1 is taken from the untouched tail. Free list: 1."),
            format!("b = alloc: Block 1, the head of the list, goes out. {carved} 2 is taken from the untouched tail. Free list: 2."),
            "free a: Block 0 comes back and becomes the head. Free list: 0, 2.".into(),
            "free b: Block 1 comes back and becomes the head. No block is in use: the pool is empty. Free list: 1, 0, 2.".into(),
            "c = alloc: Block 1, the head of the list, goes out. Free list: 0, 2.".into(),
        ]
    );
}

#[test]
fn many_blocks_at_once_in_words() {
    let said = sentences("pool", POOL);
    assert!(said[5].ends_with("Blocks 0, 1, 2, 3, 4, 5, 6 go out. The pool is full. Free list: none."), "{}", said[5]);
    assert_eq!(said[6], "count: 7 of 7 blocks of 512 in use, 464 bytes lost.");
    assert!(said[7].contains("come back. The pool was full and is used again. No block is in use"), "{}", said[7]);
    assert!(said[8].starts_with("again 512: An empty pool: room for "), "{}", said[8]);
}

#[test]
fn the_ruler_in_words() {
    let said = sentences("size-classes", RULER);
    assert!(said[1].contains("Class 0 serves 1 to 16 bytes, class 31 serves 497 to 512."), "{}", said[1]);
    assert_eq!(said[3], "class 100: Class 6, a block of 112, 12 bytes of padding.");
    assert_eq!(said[4], "class 512: Class 31, a block of 512, no padding.");
    assert_eq!(said[6], "class 513: No class, the raw domain serves it.");
    assert_eq!(said[7], "fit 31: Class 31: 31 blocks in a pool of 16384, 464 bytes lost.");
}

#[test]
fn a_thing_has_one_key_in_a_step_and_keeps_it() {
    for (kind, script) in [("pool", POOL), ("size-classes", RULER)] {
        for step in drawing(kind, script).unwrap().steps {
            let mut keys = BTreeSet::new();
            for shape in &step.shapes {
                assert!(keys.insert(&shape.key), "{kind}, {}: {} is there twice", step.op, shape.key);
            }
        }
    }
}

#[test]
fn every_class_has_its_style() {
    let style = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../theme/figures.css")).unwrap();
    for (kind, script) in [("pool", POOL), ("size-classes", RULER)] {
        let drawing = drawing(kind, script).unwrap();
        let drawn = drawing.steps.iter().flat_map(|step| step.shapes.iter().map(|shape| shape.class));
        for class in drawn.chain(drawing.legend.iter().map(|(class, _)| *class)).filter(|class| *class != "label") {
            assert!(style.contains(&format!(".{class} ")) || class == "state", "figures.css has nothing for .{class}");
        }
    }
}

#[test]
fn the_whole_figure_is_one_block_of_html() {
    let figure = html(&request("pool", POOL, "2 5")).unwrap();
    assert!(!figure.contains("\n\n"), "Markdown would end the block at an empty line");
    assert_eq!(figure.matches("<svg role=\"img\"").count(), 2);
    assert!(figure.contains("aria-label=\"A row.\"") && figure.contains("It <code>holds</code>."));
    assert!(figure.contains("All 9 steps in words") && figure.contains("aria-label=\"Legend\""));
}

#[test]
fn what_cannot_be_drawn_is_refused_with_a_remedy() {
    assert!(fault("pool", "use pool classic 16\na = alloc\n", "").remedy.contains("use pool classic 512"));
    assert_eq!(fault("pool", "# small\nuse pool classic 16\na = alloc\n", "").line, Some(2));
    assert!(fault("pool", "", "").what.contains("nothing to do"));
    assert_eq!(fault("pool", "use pool classic 512\n\nfree x\n", "").line, Some(3));
    assert!(fault("pool", POOL, "1 99").what.contains("no step 99"));
    assert!(fault("size-classes", "use size-classes modern 16\nclass 1\n", "").remedy.contains("`ruler`"));
    assert!(fault("size-classes", "use pool classic 512\n", "").what.contains("not for `size-classes`"));
    assert!(fault("clock", "", "").remedy.contains(&KINDS.join(", ")));
    let endless = format!("use pool classic 512\n{}", "a = alloc\nfree a\n".repeat(151));
    assert!(fault("pool", &endless, "").what.contains("303 steps"));
}
