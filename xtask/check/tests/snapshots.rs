//! Our reading of `.snap` files against insta's.

use insta::internals::SnapshotContents;
use std::fs;
use std::path::{Path, PathBuf};

fn both(path: &Path) -> (String, String) {
    let theirs = match insta::Snapshot::from_file(path).unwrap().contents() {
        SnapshotContents::Text(text) => text.to_string(),
        SnapshotContents::Binary(_) => panic!("{}: a binary snapshot", path.display()),
    };
    (check::snapshot::read(path).unwrap(), theirs)
}

#[test]
fn tricky_contents_are_read_as_insta_reads_them() {
    let meta = "---\nsource: solutions/12-pool/tests/scenarios.rs\ndescription: \"A --- b: 'c' # d\"\n---\n";
    let contents = [
        "",
        "\n",
        " 4 | use pool classic 512\n   = 7 blocks\n",
        "\n\n   . starts with empty lines\n\n\n",
        "   = ends without a line end",
        "   = spaces at the end   \n   . \t \n",
        "   = windows\r\n   = line ends\r\n",
        "   = a lone \r return\n",
        "---\n   = dashes\n---\n",
        "   = \u{e9}\u{1f980} \u{1b}[31m\n",
    ];
    let folder = std::env::temp_dir().join(format!("check-snapshots-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    for (i, text) in contents.iter().enumerate() {
        let path = folder.join(format!("case_{i}.snap"));
        fs::write(&path, format!("{meta}{text}")).unwrap();
        let (ours, theirs) = both(&path);
        assert_eq!(ours, theirs, "case {i}: {text:?}");
    }
    let windows = folder.join("windows.snap");
    fs::write(&windows, format!("{meta}   = a\n").replace('\n', "\r\n")).unwrap();
    let (ours, theirs) = both(&windows);
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!(ours, theirs);
}

#[test]
fn recorded_traces_are_read_as_insta_reads_them() {
    let solutions = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../solutions");
    let entries =
        |p: &Path| -> Vec<PathBuf> { fs::read_dir(p).into_iter().flatten().map(|e| e.unwrap().path()).collect() };
    for solution in entries(&solutions) {
        for path in entries(&solution.join("tests/snapshots")) {
            if path.extension().is_some_and(|e| e == "snap") {
                let (ours, theirs) = both(&path);
                assert_eq!(ours, theirs, "{}", path.display());
            }
        }
    }
}
