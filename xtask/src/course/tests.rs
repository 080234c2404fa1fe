//! Selection and nearest names on a course of three exercises.

use super::*;

const THREE: &str = r#"
[[part]]
number = 1
title = "The heap"
[[exercise]]
folder = "11-size-classes"
title = "from request to class"
minutes = 20
source = "runtime/src/heap/size_classes.rs"
socket = "SizeClasses"
write = ["class_of"]
chapter = "heap/size-classes.md"
chapter_title = "Size classes"
idea = "Equal blocks fit each other's holes."
random = 64
[[exercise]]
folder = "12-pool"
title = "one pool"
minutes = 40
source = "runtime/src/heap/pool.rs"
socket = "Pool"
write = ["init", "alloc", "free"]
chapter_title = "A pool"
idea = "Free blocks are their own list."
random = 64
[[exercise]]
folder = "31-subtract-refs"
title = "what only the cycle keeps alive"
minutes = 30
source = "runtime/src/gc/subtract_refs.rs"
socket = "SubtractRefs"
write = ["subtract_refs"]
chapter_title = "Inside references"
idea = "What is left came from outside."
random = 64
[tracks]
all = ["size-classes", "pool", "subtract-refs"]
day = ["pool"]
"#;

fn course() -> Course {
    Course::parse(Path::new("/top"), THREE).unwrap()
}

fn ids(words: &[&str]) -> Vec<String> {
    course().select(words).unwrap().iter().map(|e| e.id.clone()).collect()
}

#[test]
fn an_exercise_is_named_by_id_number_folder_path_or_beginning() {
    assert_eq!(ids(&["pool"]), ["pool"]);
    assert_eq!(ids(&["12"]), ["pool"]);
    assert_eq!(ids(&["12-pool"]), ["pool"]);
    assert_eq!(ids(&["exercises/12-pool/src/lib.rs"]), ["pool"]);
    assert_eq!(ids(&["exercises\\12-pool\\"]), ["pool"]);
    assert_eq!(ids(&["sub"]), ["subtract-refs"]);
    assert_eq!(ids(&["12-p"]), ["pool"]);
}

#[test]
fn a_part_number_names_all_of_the_part_and_no_word_names_everything() {
    assert_eq!(ids(&["1"]), ["size-classes", "pool"]);
    assert_eq!(ids(&[]), ["size-classes", "pool", "subtract-refs"]);
}

#[test]
fn the_order_is_the_course_s_and_nothing_comes_twice() {
    assert_eq!(ids(&["31", "pool", "1"]), ["size-classes", "pool", "subtract-refs"]);
}

#[test]
fn an_unknown_name_gets_the_nearest() {
    let Err(Failure::Usage(text)) = course().select(&["pol"]) else { panic!("`pol` is no exercise") };
    assert_eq!(text, "There is no exercise `pol`. Did you mean `pool`? `cargo xtask list` names them all.");
    assert!(course().select(&[""]).is_err());
}

#[test]
fn one_exercise_cannot_be_two() {
    let three = course();
    assert_eq!(three.select_one("31").unwrap().id, "subtract-refs");
    let Err(Failure::Usage(text)) = three.select_one("s") else { panic!("`s` begins two names") };
    assert_eq!(text, "`s` may be size-classes or subtract-refs: name one of them.");
}

#[test]
fn paths_and_names_follow_from_the_folder() {
    let three = course();
    let pool = three.by_id("pool").unwrap();
    assert_eq!(pool.lib(), Path::new("/top/exercises/12-pool/src/lib.rs"));
    assert_eq!(pool.snapshots(), Path::new("/top/solutions/12-pool/tests/snapshots"));
    assert_eq!((pool.part(), pool.number(), pool.probe_package().as_str()), (1, "12", "probe-pool"));
    assert_eq!(three.by_id("subtract-refs").unwrap().ident(), "subtract_refs");
    assert!(pool.chapter.is_none());
}

#[test]
fn tracks_name_exercises() {
    assert_eq!(course().track("day").unwrap().len(), 1);
    let Err(Failure::Usage(text)) = course().track("week") else { panic!("there is no track `week`") };
    assert_eq!(text, "There is no track `week`. There are: all, day.");
    let Err(Failure::Usage(text)) = course().track("dya") else { panic!("there is no track `dya`") };
    assert_eq!(text, "There is no track `dya`. Did you mean `day`? There are: all, day.");
}

#[test]
fn an_instructor_s_own_tracks_are_added_and_looked_at() {
    let mut mine = course();
    mine.add_tracks("evening = [\"subtract-refs\", \"pool\"]").unwrap();
    let ids: Vec<&str> = mine.track("evening").unwrap().iter().map(|e| e.id.as_str()).collect();
    assert_eq!(ids, ["subtract-refs", "pool"], "in its own order");
    for (text, words) in [
        ("day = [\"pool\"]", "another name"),
        ("a = [\"pol\"]", "no exercise (`pool`?)"),
        ("a = [\"pool\", \"pool\"]", "twice"),
        ("a = []", "empty"),
        ("a = 1", "list of ids"),
        ("a = [", "line"),
    ] {
        let what = course().add_tracks(text).unwrap_err();
        assert!(what.contains(words), "{what}");
    }
}

#[test]
fn a_wrong_course_says_what_is_wrong() {
    let wrong = |from: &str, to: &str| Course::parse(Path::new("/top"), &THREE.replacen(from, to, 1)).unwrap_err();
    assert_eq!(wrong("folder = \"12-pool\"", "folder = \"pool\""), "pool needs a name of two digits, a dash and an id");
    assert_eq!(wrong("minutes = 40", "minutes = \"long\""), "12-pool needs `minutes`, a number");
    assert_eq!(wrong("day = [\"pool\"]", "day = [\"pond\"]"), "the track `day` names `pond`, which is no exercise");
    assert!(wrong("[tracks]", "[tracks").contains("line"));
}
