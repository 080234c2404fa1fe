//! # What a figure says and draws

use figures::figure::Drawing;
use figures::{Fault, KINDS, Request, html};
use std::collections::BTreeSet;
use std::path::Path;

const POOL: &str = "use pool classic 512\na, b = alloc\nfree a\nfree b\nmany = alloc 7\ncount\nfree many\nagain 512\n";
const RULER: &str = "use size-classes modern 16\nruler\nclass 1 100 512 0 513\nfit 31\nround 1..512\n";
const ARENA: &str = "use arena modern 16\np0..p2 = take\ngive p1\ngive p0\nq = take\n";
const USABLE: &str = "use usable-arenas\na = add\ntake 62\nb c = full\ngive b\ngive c 2\ntake\nstate\n";
const HEAP: &str = "use allocator classic\nmany = malloc 512 x 900\none = malloc 512\nheap\nfree many\nheap\n";
const ZOOM: &str = "use allocator modern\na = malloc 64 x 300\nb = malloc 512 x 20\nheap\n\
                    use pool modern 512\nb = alloc 19\nx, y, z = alloc\nfree x y\n";
const MAP: &str =
    "use address-map modern\na = insert 2 524288\nask 2 1048568\nask 3 524288\nask a\nask 99999999 0\nremove a\n";
const DEBUG: &str = "use debug-hooks\nx = malloc 5 object\nwrite x 0 65\nwrite x 5 0\nlook x\ncheck x\nwrite x 5 0xfd\nlook x\nfree x\n";
const RACE: &str = "from race.csv\nmeasure system\n";
const WALK: &str =
    "use move-unreachable\n# place A B / C\nolder O\nnew A B C\nA -> B\nB -> A\nO -> C\nC -> C C\nwhy C\ncollect\n";
const COUNT: &str = "use refcount\nnew list x\nlist -> x x\ndrop x\ndrop list\n";
const GARBAGE: &str = "use finalizers\nnew A B C\nA -> B\nB -> A C\nfinalizer B stores C\ncollect\n";
const CLOCK: &str = "use generations\nnew 700\nnew 1\nthresholds 700 0 0\nnew 701\ncollect 2\n";
const CHAIN: &str = "use trashcan\nc = chain 60\ndrop c0\n";
const GLASS: &str = "use glass\nn = int 1000\nf = float 1.5\ns = str spam\nl = list n n\nanother l\nappend l f\nt = tuple n f\nd = dict s n\np = instance x n y f\n";
const WEAK: &str = "use weakref\nnew image\nr = ref image\nt = ref image calls get r\ndel image\n";
const CACHE: &str = "use weak-containers\nnew v w\nset k v\nset m w\ni = iterate\ndel v\nend i\n";
const HANDS: &str = "use containers\n# place - call - l / b - c - x\nl = list\nappend l b c\nhold c\nstore l 0 x\npop l\ndrop c\ndrop l\n";
const LINE: &str =
    "use gil\nthread a cpu 12ms\nthread b at 1ms 2 times io 2ms cpu 1ms\nthread c cpu 1ms native 6ms\nrun\n";
const WAYS: &str = "n = 0\nthread a\nload n; call f\nadd; store n\nthread b\nload n; call f\nadd; store n\n";
const BIASED: &str = "owner a\na increfs\nb increfs\nb decrefs\nb decrefs\na merges\nb decrefs\n";
const KEPT: &str = "use free-lists\nf = list 2\ng = list 1\nput f a b c\nput g c\ntake f 3\ntake f\n";
/// Every kind, with a script.
const ALL: [(&str, &str); 23] = [
    ("free-lists", KEPT),
    ("latency", "from latency.csv\nmeasure python\n"),
    ("biased", BIASED),
    ("gil-timeline", LINE),
    ("interleavings", WAYS),
    ("pool", POOL),
    ("size-classes", RULER),
    ("arena", ARENA),
    ("usable-arenas", USABLE),
    ("arenas", HEAP),
    ("arena-map", ZOOM),
    ("address-map", MAP),
    ("debug-block", DEBUG),
    ("race", RACE),
    ("objects", WALK),
    ("objects", COUNT),
    ("objects", GARBAGE),
    ("objects", WEAK),
    ("objects", CACHE),
    ("objects", HANDS),
    ("generations", CLOCK),
    ("cascade", CHAIN),
    ("object", GLASS),
];

fn request<'a>(kind: &'a str, script: &'a str, show: &'a str) -> Request<'a> {
    Request { kind, id: "it", alt: "A row.", caption: "It `holds`.", show, script, root: root() }
}

/// A project with records in it.
fn root() -> &'static Path {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let records = [
        ("race.csv", "pattern,contender,nanoseconds_per_pair\nlifo,system,10\nlifo,ours,2.5\nlifo,slow,11\n"),
        (
            "latency.csv",
            "python,1,5000,5100,5400,6000,300\nours,1,5000,5000,5300,5500,300\npython,2,5000,1000,2000,3000,300\n",
        ),
    ];
    for (name, record) in records {
        // Renamed into its place, since tests run side by side.
        let new = root.join(format!("{:?}.csv", std::thread::current().id()));
        std::fs::write(&new, record).unwrap();
        std::fs::rename(new, root.join(name)).unwrap();
    }
    root
}

fn drawing(kind: &str, script: &str) -> Result<Drawing, Fault> {
    figures::drawing(kind, script, root())
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
fn an_arena_in_words() {
    let said = sentences("arena", ARENA);
    assert!(said[0].ends_with("Of 63 pools: 0 out, 0 came back, 63 never carved."), "{}", said[0]);
    let back = "give p0: Of 63 pools: 1 out, 2 came back (next out: 0, 1), 60 never carved.";
    assert_eq!(said[5], back);
    assert!(said[6].starts_with("q = take: Pool 0, had blocks of "), "{}", said[6]);
}

#[test]
fn the_usable_arenas_in_words() {
    let said = sentences("usable-arenas", USABLE);
    let order = "Order, with free pools:";
    assert_eq!(
        said[2],
        format!("take 62: Arena a handed out 62 pools, has 2 free and stays where it is. {order} a (2).")
    );
    let more = "give b: Arena b has a free pool again and goes to the front.";
    assert_eq!(said[5], format!("{more} {order} b (1), a (2)."));
    let last = "take: Arena b handed out its last free pool and leaves the list.";
    assert_eq!(said[7], format!("{last} {order} c (2), a (2)."));
}

#[test]
fn a_heap_in_words() {
    let said = sentences("arenas", HEAP);
    let held = "many = malloc 512 x 900; one = malloc 512: 3 arenas, 768 KiB, held for 901 blocks of 461312 bytes";
    assert!(said[0].starts_with(held), "{}", said[0]);
    assert!(said[1].contains("held for 1 block of 512 bytes in 1 pool."), "{}", said[1]);
    let glass = sentences("arena-map", ZOOM).pop().unwrap();
    assert!(glass.contains("31 blocks of 512 bytes: 20 in use, the free list is 20, 19, 22."), "{glass}");
}

#[test]
fn a_look_up_in_words() {
    let said = sentences("address-map", MAP);
    let says = |words: &str| assert!(said.iter().any(|step| step.contains(words)), "{words}: {said:#?}");
    says("Offset 0xffff8 is not below 0x80000: ours, in the arena that begins here.");
    says("Offset 0x80000 lies in neither part: not ours.");
    says("An arena from the cell before covers its first 0x80000 bytes; none begins in it.");
    says("is empty. No arena is near: not ours.");
}

#[test]
fn a_debug_block_in_words() {
    let said = sentences("debug-block", DEBUG);
    let whole = "16 bytes in front, 5 of the program";
    assert_eq!(said[0], format!("x = malloc 5 object: {whole} (5 of them CD), 8 guards behind."));
    let wrong = "The byte at p+5 is 00: somebody wrote there.";
    assert_eq!(said[1], format!("write x 0 65; write x 5 0: {whole} (4 of them CD), 8 guards behind. {wrong}"));
    assert_eq!(said[2], "check x: Bad trailing pad byte.");
    assert_eq!(said[4], "free x: Ok, 5 bytes. All 29 bytes, guards included, are DD.");
    assert!(fault("debug-block", &DEBUG.replace("look x\ncheck", "check"), "").remedy.contains("`look`"));
}

/// The words after each operation of `script`.
fn told(script: &str) -> Vec<String> {
    sentences("objects", script)
}

#[test]
fn objects_that_count_in_words() {
    let said = told(COUNT);
    assert_eq!(
        said[..3],
        [
            "new list x: `list`, `x` are new, with count 1 each.",
            "list -> x x: `x` has count 3 now.",
            "drop x: `x` has count 2 now."
        ]
    );
    assert_eq!(
        said[3..7],
        [
            "drop list: `list` has no reference left: it dies.",
            "drop list: `list` held `x`.",
            "drop list: `list` held `x`.",
            "drop list: `x` has no reference left: it dies."
        ]
    );
}

#[test]
fn a_collection_in_words() {
    let said = told(WALK);
    assert!(
        said.contains(
            &"why C: alive: outside -> O -> C".replace("alive: outside -> O -> C", "Alive: outside -> `O` -> `C`.")
        ),
        "{said:#?}"
    );
    assert!(said.iter().any(|step| step.ends_with("`A` has refs 0: set aside.")), "{said:#?}");
    assert!(said.last().unwrap().ends_with("Unreachable: `A` `B`."));
}

#[test]
fn finalizers_and_callbacks_in_words() {
    let steps = told(GARBAGE);
    let place = |words: &str| {
        steps.iter().position(|step| step.contains(words)).unwrap_or_else(|| panic!("{words}: {steps:#?}"))
    };
    assert!(place("stores `C` in a global") < place("`C` can be reached again"));
    assert!(place("`C` can be reached again") < place("is cleared"));
    let said = told(WEAK);
    assert_eq!(said.last().unwrap(), "del image: The callback of `t` runs: `t` gives None. `r` gives None.");
    let said = told(CACHE);
    let put_off = said.iter().position(|step| step == "del v: `k` is put off. `v` is dead.").unwrap();
    assert_eq!(said[put_off + 1], "end i: Iterations: 0.");
    assert!(said[put_off + 2].starts_with("end i: `k` is removed"), "{said:#?}");
}

#[test]
fn a_box_stays_where_it_is_and_is_empty_in_the_end() {
    for script in [WALK, COUNT, GARBAGE, WEAK, CACHE, HANDS] {
        let mut places = std::collections::BTreeMap::new();
        let steps = drawing("objects", script).unwrap().steps;
        let boxes = |step: &figures::figure::Step| -> Vec<_> {
            let all = step.shapes.iter().filter(|shape| shape.class.starts_with("scene-") && !shape.key.contains(' '));
            all.filter(|shape| !shape.key.contains('/')).cloned().collect()
        };
        for shape in steps.iter().flat_map(boxes) {
            let before = places.entry(shape.key.clone()).or_insert(shape.form.clone());
            assert_eq!(*before, shape.form, "{script}: {} moved", shape.key);
        }
        assert!(boxes(steps.last().unwrap()).iter().any(|shape| shape.class == "scene-gone"), "{script}");
    }
}

#[test]
fn handles_in_words() {
    let said = told(HANDS);
    let stored: Vec<_> = said.iter().filter_map(|step| step.strip_prefix("store l 0 x: ")).collect();
    assert_eq!(
        stored,
        [
            "`x` is new, with count 1. The call borrows `l`, and owns `x`.",
            "Place 0 of `l` holds `x`. The call borrows `l`, and owns `b`.",
            "`b` dies, and sees `l`: `x` `c`. The call borrows `l`, and owns nothing.",
            "`l`: `x` `c`, room for 4. `b` is gone. The call is over.",
        ]
    );
    assert!(said.contains(&"pop l: `c` has count 1 now. The call is over.".to_string()), "{said:#?}");
    assert_eq!(said.iter().filter(|step| step.ends_with("`c` is gone.")).count(), 1, "{said:#?}");
    assert_eq!(fault("objects", "use containers\nl = list\nappend l b call\n", "").line, Some(3));
}

#[test]
fn a_handle_that_moves_takes_its_arrow_along_and_changes_no_count() {
    let steps = drawing("objects", HANDS).unwrap().steps;
    let at = steps.iter().position(|step| step.sentence.starts_with("`x` is new")).unwrap();
    let has =
        |step: usize, key: &str| steps[step].shapes.iter().find(|shape| shape.key == key).map(|shape| shape.class);
    let count = |step: usize, of: &str| {
        let key = format!("{of}/count");
        steps[step].shapes.iter().find(|shape| shape.key == key).map(|shape| format!("{:?}", shape.form))
    };
    let (given, taken) = (("call to x 0", "l to b 0"), ("l to x 0", "call to b 0"));
    for (step, there, not) in [(at, given, taken), (at + 1, taken, given)] {
        assert!([there.0, there.1].iter().all(|key| has(step, key) == Some("scene-arrow")), "step {step}");
        assert!([not.0, not.1].iter().all(|key| has(step, key).is_none()), "step {step}");
        assert_eq!(has(step, "call to l 0"), Some("scene-borrowed-arrow"), "step {step}");
    }
    for of in ["x", "b", "l"] {
        assert!(count(at, of).unwrap().contains("count 1") && count(at, of) == count(at + 1, of), "{of}");
    }
    assert!(count(at + 2, "b").unwrap().contains("count 0") && count(at + 3, "b").is_none());
    let idle = steps.last().unwrap();
    assert!(!idle.shapes.iter().any(|shape| shape.class.ends_with("arrow")), "nobody owns anything");
}

#[test]
fn what_a_collection_leaves_to_explain_is_drawn() {
    let steps = drawing("objects", WALK).unwrap().steps;
    let begun = steps.iter().find(|step| step.shapes.iter().any(|shape| shape.key == "A/state")).unwrap();
    let text = |key: &str| begun.shapes.iter().find(|shape| shape.key == key).map(|shape| format!("{:?}", shape.form));
    assert!(text("A/count").unwrap().contains("1, left 0"));
    assert!(text("C/count").unwrap().contains("3, left 1"), "{begun:?}");
    assert!(text("O/count").unwrap().contains("count 1"), "an older object is not examined");
}

#[test]
fn a_free_list_in_words() {
    let said = sentences("free-lists", KEPT);
    assert_eq!(
        said[..6],
        [
            "f = list 2: `f` is an empty free list, for 2 blocks at most.",
            "g = list 1: `g` is an empty free list, for 1 block at most.",
            "put f a: `f` keeps `a`. From its head: `a`; 2 at most.",
            "put f b: `f` keeps `b`. From its head: `b`, `a`; 2 at most.",
            "put f c: `f` is full: `c` goes back to the heap. From its head: `b`, `a`; 2 at most.",
            "put g c: `g` keeps `c`. From its head: `c`; 1 at most.",
        ]
    );
    let gave = "`f` gives `b`, its head. `f` gives `a`, its head. `f` has nothing: the heap is asked.";
    assert_eq!(said[6], format!("take f 3: {gave} From its head: none; 2 at most."));
    assert!(
        fault("free-lists", "use free-lists\nf = list 9\nput f a b c d\nput f e f g h\n", "").what.contains("8 blocks")
    );
}

#[test]
fn the_clock_in_words() {
    let said = sentences("generations", CLOCK);
    assert_eq!(
        said[..3],
        [
            "new 700: No collection. Counts: 700, 0, 0.",
            "new 1: Object 1: generation 0 is to be collected. Counts: 701, 0, 0.",
            "new 1: 700 live on in generation 1. Counts: 0, 1, 0.",
        ]
    );
    let steps = drawing("generations", CLOCK).unwrap().steps;
    let classes = |step: usize| steps[step].shapes.iter().map(|shape| shape.class).collect::<Vec<_>>();
    assert!(classes(1).contains(&"clock-due") && !classes(0).contains(&"clock-due"));
    assert!(classes(2).contains(&"clock-arrow") && !classes(1).contains(&"clock-arrow"));
}

#[test]
fn a_cascade_in_words() {
    let said = sentences("cascade", CHAIN);
    let place =
        |words: &str| said.iter().position(|step| step.contains(words)).unwrap_or_else(|| panic!("{words}: {said:#?}"));
    let waits = place("`c50` has to wait: 50 deallocations are nested. Nested: 50.");
    assert!(waits < place("`c50` waits no more"));
    let steps = drawing("cascade", CHAIN).unwrap().steps;
    assert!(steps[waits].shapes.iter().any(|shape| shape.key == "waits c50"));
    assert!(fault("cascade", "use trashcan\nnew x\n", "").remedy.contains("chain"));
    assert!(fault("cascade", &CHAIN.replace("60", "500"), "").line == Some(3));
}

/// What `sys.getsizeof` says on CPython 3.11.7: `1000`, `1.5`, `"spam"`, `[n] * 2`, then with `append`, `(n, f)`,
/// `{"spam": n}`, an instance with two attributes.
#[test]
fn objects_under_the_glass_have_the_sizes_of_cpython() {
    let said = sentences("object", GLASS);
    let size = |step: &String| step.split("says ").nth(1).and_then(|rest| rest.split(':').next()?.parse().ok());
    let sizes: Vec<Option<u64>> = said.iter().map(size).collect();
    assert_eq!(sizes, [28, 24, 53, 72, 72, 120, 56, 184, 56].map(Some));
    assert!(said[4].contains("`l` is of type list, count 2."), "{}", said[4]);
    let steps = drawing("object", GLASS).unwrap().steps;
    let has = |step: usize, key: &str| steps[step].shapes.iter().any(|shape| shape.key == key);
    assert!(has(8, "word -32") && has(3, "word -16") && !has(3, "word -32") && !has(0, "word -8"));
    assert_eq!(fault("object", "use glass\n\nl = list q\n", "").line, Some(3));
    assert!(fault("object", "use glass\ns = str abcdefghijklmnopqrstuv\n", "").what.contains("no room"));
}

#[test]
fn every_kind_is_tried() {
    assert_eq!(ALL.map(|(kind, _)| kind).into_iter().collect::<BTreeSet<_>>(), KINDS.into_iter().collect());
}

#[test]
fn a_player_has_the_data_of_all_steps_and_one_step_needs_none() {
    for (kind, script) in ALL {
        let figure = html(&request(kind, script, "")).unwrap();
        let steps = drawing(kind, script).unwrap().steps.len();
        let data = figure.split_once("class=\"figure-data\">").map(|(_, rest)| rest.split_once("</script>").unwrap().0);
        assert_eq!(data.is_some(), steps > 1, "{kind}");
        let Some(data) = data else { continue };
        let (_, runs) = data.split_once("\"steps\":[").unwrap();
        assert_eq!(runs.matches('"').count(), 2 * steps, "{kind}");
        let first = if kind == "interleavings" { 0 } else { steps - 1 };
        assert!(data.starts_with(&format!("{{\"at\":{first},")), "{kind}: it begins where the picture is");
    }
}

#[test]
fn a_thing_has_one_key_in_a_step_and_keeps_it() {
    for (kind, script) in ALL {
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
    for (kind, script) in ALL {
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
    assert!(fault("arenas", "use allocator modern\na = malloc 8\n", "").remedy.contains("`heap`"));
    assert!(fault("arena-map", "use allocator modern\nheap\n", "").what.contains("only one scenario"));
    let wrong = ZOOM.replace("free x y", "free x y z");
    assert!(fault("arena-map", &wrong, "").what.contains("no pool of the arena has 19 blocks of 512"));
    assert_eq!(fault("arena-map", &ZOOM.replace("free x y", "free q"), "").line, Some(8));
    assert!(fault("race", "from no.csv\n", "").what.contains("no.csv cannot be read"));
    assert!(fault("objects", "use pool classic 512\n", "").remedy.contains("move-unreachable"));
    let many = (0..21).map(|number| format!(" o{number}")).collect::<String>();
    assert!(fault("objects", &format!("use refcount\nnew{many}\n"), "").what.contains("more objects"));
    let many = "use move-unreachable\n# place b c d e f g\nnew b\n";
    assert_eq!(fault("objects", many, "").line, Some(2));
    assert!(fault("clock", "", "").remedy.contains(&KINDS.join(", ")));
    let endless = format!("use pool classic 512\n{}", "a = alloc\nfree a\n".repeat(151));
    assert!(fault("pool", &endless, "").what.contains("303 steps"));
}
