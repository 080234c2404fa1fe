//! Updates from end to end: a course of two or three exercises, a learner's copy of it, and a newer version.

use std::fs;
use std::process::Command;

use super::*;
use crate::generate;
use crate::progress::Progress;

/// A part's source with these words in its head, this signature and this line in its answer.
pub(crate) fn part(words: &str, signature: &str) -> String {
    format!(
        "//! # A part\n//!\n//! {words}\n\n/// Does it.\n{signature} {{\n    // [exercise] todo!(\"{{a}}\")\n    a + 1\n    \
         // [/exercise]\n}}\n"
    )
}

pub(crate) const SIGNATURE: &str = "pub fn work(a: u32) -> u32";

/// Writes a version of the course: exercises by folder, with their sources.
pub(crate) fn version(root: &Path, exercises: &[(&str, String)]) -> Course {
    let mut toml = "[[part]]\nnumber = 1\ntitle = \"One\"\n".to_string();
    for (folder, source) in exercises {
        let file = format!("runtime/src/{}.rs", id_of(folder).unwrap());
        toml.push_str(&format!(
            "\n[[exercise]]\nfolder = \"{folder}\"\ntitle = \"t\"\nminutes = 1\nsource = \"{file}\"\nsocket = \"S\"\n\
             write = [\"work\"]\nchapter_title = \"c\"\nidea = \"i\"\nrandom = 0\n"
        ));
        files::write(&root.join(file), source.as_bytes()).unwrap();
    }
    for name in ["runtime/Cargo.toml", "xtask/Cargo.toml"] {
        files::write(&root.join(name), b"[package]\n").unwrap();
    }
    files::write(&root.join(".gitignore"), b"/.progress/\n").unwrap();
    files::write(&root.join("exercises/course.toml"), toml.as_bytes()).unwrap();
    let course = Course::load(root).unwrap();
    assert_eq!(generate::run(&course, lexopt::Parser::from_args(["--force"])), Ok(ExitCode::SUCCESS));
    course
}

fn git(root: &Path, args: &[&str]) -> String {
    let mut command = Command::new("git");
    command.current_dir(root).args(["-c", "user.name=A", "-c", "user.email=a@example.org"]).args(args);
    let output = command.output().unwrap();
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn committed(root: &Path) {
    git(root, &["add", "--all"]);
    git(root, &["commit", "--quiet", "-m", "x"]);
}

/// The course and a learner's clone of it.
struct Two {
    place: PathBuf,
    theirs: PathBuf,
    mine: PathBuf,
}

impl Two {
    fn new(name: &str) -> Two {
        let place = files::scratch(name);
        let (theirs, mine) = (place.join("the course"), place.join("mein Ordner"));
        fs::create_dir_all(&theirs).unwrap();
        git(&theirs, &["init", "--quiet", "-b", "main"]);
        version(&theirs, &[("11-one", part("Old.", SIGNATURE)), ("12-two", part("Old.", SIGNATURE))]);
        committed(&theirs);
        git(&place, &["clone", "--quiet", "the course", "mein Ordner"]);
        git(&mine, &["config", "user.name", "B"]);
        git(&mine, &["config", "user.email", "b@example.org"]);
        Two { place, theirs, mine }
    }

    fn mine(&self) -> Course {
        Course::load(&self.mine).unwrap()
    }

    /// The learner writes an answer; it is what the file says now.
    fn answer(&self, folder: &str, code: &str) -> String {
        let file = self.mine.join(lib(folder));
        let text = fs::read_to_string(&file).unwrap().replace("todo!(\"{a}\")", code);
        fs::write(&file, &text).unwrap();
        text
    }

    fn file(&self, folder: &str) -> String {
        fs::read_to_string(self.mine.join(lib(folder))).unwrap_or_default()
    }

    fn update(&self, args: &[&str]) -> Outcome {
        run(&self.mine(), lexopt::Parser::from_args(args))
    }

    fn status(&self) -> String {
        git(&self.mine, &["status", "--porcelain"])
    }

    /// The course moves on: `one` has another number and other words, `two` is as it was, `three` is new.
    fn newer(&self) {
        fs::remove_dir_all(self.theirs.join("exercises/11-one")).unwrap();
        let old = || part("Old.", SIGNATURE);
        version(&self.theirs, &[("12-two", old()), ("14-one", part("New.", SIGNATURE)), ("21-three", old())]);
        committed(&self.theirs);
    }
}

impl Drop for Two {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.place);
    }
}

#[test]
fn edits_survive_new_words_and_another_number() {
    let two = Two::new("update-plain");
    let one = two.answer("11-one", "a + 1 // mine");
    let other = two.answer("12-two", "a + 2").replace('\n', "\r\n");
    fs::write(two.mine.join(lib("12-two")), &other).unwrap();
    let mut progress = Progress::load(&two.mine);
    progress.record("one", &files::fingerprint(&one), "pass", 3, 3);
    progress.save().unwrap();
    two.newer();
    let before = two.status();
    assert_eq!(two.update(&["--check"]), Ok(ExitCode::from(FAILED)));
    assert_eq!((two.status(), two.file("11-one")), (before, one.clone()), "--check changes nothing");
    assert_eq!(two.update(&[]), Ok(ExitCode::SUCCESS));
    assert_eq!(two.file("14-one"), one.replace("Old.", "New."));
    assert_eq!(two.file("12-two"), other, "to the byte");
    assert!(two.file("21-three").contains("todo!") && !two.mine.join("exercises/11-one").exists());
    assert_eq!(fs::read_to_string(two.mine.join(".progress/backups/one/lib-001.rs")).unwrap(), one);
    assert!(Progress::load(&two.mine).stands("one"));
    assert!(!two.mine.join(".progress/update").exists());
    assert_eq!(two.update(&[]), Ok(ExitCode::SUCCESS), "nothing new");
    assert_eq!(two.file("14-one"), one.replace("Old.", "New."));
}

#[test]
fn what_was_committed_stays_committed() {
    let two = Two::new("update-committed");
    let one = two.answer("11-one", "a + 1");
    committed(&two.mine);
    fs::write(two.mine.join(lib("11-one")), one.replace("a + 1", "a + 3")).unwrap();
    two.newer();
    assert_eq!(two.update(&[]), Ok(ExitCode::SUCCESS));
    assert_eq!(two.file("14-one"), one.replace("Old.", "New.").replace("a + 1", "a + 3"));
    assert_eq!(two.status(), " M exercises/14-one/src/lib.rs\n");
    let head = git(&two.mine, &["show", "HEAD:exercises/14-one/src/lib.rs"]);
    assert_eq!(head, one.replace("Old.", "New."));
    assert_eq!(git(&two.mine, &["rev-list", "--count", "HEAD..origin/main"]), "0\n");
}

#[test]
fn another_signature_leaves_the_answer_alone() {
    let two = Two::new("update-signature");
    let one = two.answer("11-one", "a + 1");
    let other = two.answer("12-two", "a + 2");
    let signature = "pub fn work(a: u64) -> u64";
    version(&two.theirs, &[("11-one", part("Old.", signature))]);
    fs::remove_dir_all(two.theirs.join("exercises/12-two")).unwrap();
    committed(&two.theirs);
    assert_eq!(two.update(&[]), Ok(ExitCode::SUCCESS));
    assert_eq!((two.file("11-one"), two.file("12-two")), (one.clone(), String::new()));
    assert_eq!(fs::read_to_string(two.mine.join(".progress/backups/two/lib-001.rs")).unwrap(), other);
    // The stub that the answer belongs to is remembered: when the task is as it was, all is well again.
    let base = fs::read_to_string(answers::remembered(&two.mine, "one")).unwrap();
    assert!(base.contains("u32") && base.contains("todo!"));
    version(&two.theirs, &[("11-one", part("New.", SIGNATURE))]);
    committed(&two.theirs);
    assert_eq!(two.update(&[]), Ok(ExitCode::SUCCESS));
    assert_eq!(two.file("11-one"), one.replace("Old.", "New."));
    assert!(!answers::remembered(&two.mine, "one").exists());
}

#[test]
fn what_is_in_the_way_is_said_before_anything_is_touched() {
    let two = Two::new("update-in-the-way");
    let one = two.answer("11-one", "a + 1");
    fs::write(two.mine.join("runtime/src/one.rs"), "//! Mine.\n").unwrap();
    two.newer();
    let Err(Failure::Input(text)) = two.update(&[]) else { panic!("it is in the way") };
    assert!(text.contains("runtime/src/one.rs"), "{text}");
    assert_eq!(two.file("11-one"), one);
    git(&two.mine, &["checkout", "--", "runtime/src/one.rs"]);
    fs::create_dir_all(two.mine.join("exercises/21-three")).unwrap();
    fs::write(two.mine.join("exercises/21-three/Cargo.toml"), "").unwrap();
    let Err(Failure::Input(text)) = two.update(&[]) else { panic!("it is in the way") };
    assert!(text.contains("exercises/21-three/Cargo.toml"), "{text}");
}

#[test]
fn an_interrupted_update_is_ended_or_taken_back() {
    let two = Two::new("update-interrupted");
    let one = two.answer("11-one", "a + 1");
    two.newer();
    let course = two.mine();
    let git = Git::of(&two.mine).unwrap();
    git.fetch("origin/main").unwrap();
    let target = git.commit("origin/main").unwrap();
    let answers = answers::all(&course, &super::version(&git, &target).unwrap()).unwrap();
    // Before git moved: the answer is away, the commit is the old one.
    Journal::begin(&two.mine, Some(&target), &answers).unwrap();
    git.does(&["checkout", "--quiet", "HEAD", "--", &lib("11-one")]).unwrap();
    assert_eq!(two.update(&["--check"]), Ok(ExitCode::from(FAILED)));
    assert!(two.file("11-one").contains("todo!"));
    assert_eq!(two.update(&[]), Ok(ExitCode::SUCCESS));
    assert_eq!(two.file("14-one"), one.replace("Old.", "New."));
    // After git moved: the new stub is there, the answer is not; and meanwhile somebody wrote into it.
    Journal::begin(&two.mine, Some(&target), &answers).unwrap();
    let meanwhile = two.file("14-one").replace("a + 1", "a + 9");
    fs::write(two.mine.join(lib("14-one")), &meanwhile).unwrap();
    assert_eq!(two.update(&[]), Ok(ExitCode::SUCCESS));
    assert_eq!(two.file("14-one"), one.replace("Old.", "New."));
    let copies = fs::read_dir(two.mine.join(".progress/backups/one")).unwrap();
    assert!(copies.flatten().any(|copy| fs::read_to_string(copy.path()).unwrap() == meanwhile));
}

#[test]
fn a_folder_without_git_is_updated_from_a_folder() {
    let two = Two::new("update-from");
    for root in [&two.mine, &two.theirs] {
        fs::remove_dir_all(root.join(".git")).unwrap();
    }
    let one = two.answer("11-one", "a + 1");
    let own = two.mine.join("exercises/12-two/my.ops");
    fs::write(&own, "# mine\n").unwrap();
    fs::write(two.mine.join("exercises/tracks.toml"), "mine = [\"one\"]\n").unwrap();
    fs::write(two.mine.join("exercises/12-two/tests/old.rs"), "//! Old.\n").unwrap();
    fs::remove_dir_all(two.theirs.join("exercises/11-one")).unwrap();
    version(&two.theirs, &[("12-two", part("Old.", SIGNATURE)), ("14-one", part("New.", SIGNATURE))]);
    let from = two.theirs.to_string_lossy().into_owned();
    assert!(matches!(two.update(&[]), Err(Failure::Usage(text)) if text.contains("--from")));
    assert_eq!(two.update(&["--from", &from, "--check"]), Ok(ExitCode::from(FAILED)));
    assert_eq!(two.file("11-one"), one);
    // Interrupted while files are moved: some are in place, some are not.
    let course = two.mine();
    let answers = answers::all(&course, &folder::version(&two.mine, &two.theirs).unwrap()).unwrap();
    let changes = folder::changes(&two.mine, &two.theirs, &answers).unwrap();
    Journal::begin(&two.mine, None, &answers).unwrap();
    folder::stage(&two.mine, &two.theirs, &changes, &answers).unwrap();
    let some = changes.different.iter().next().unwrap();
    fs::create_dir_all(two.mine.join(some).parent().unwrap()).unwrap();
    fs::rename(journal::folder(&two.mine).join("new").join(some), two.mine.join(some)).unwrap();
    assert_eq!(two.update(&["--from", &from]), Ok(ExitCode::SUCCESS));
    assert_eq!(two.file("14-one"), one.replace("Old.", "New."));
    assert!(
        own.exists() && two.mine.join("exercises/tracks.toml").exists() && !two.mine.join("exercises/11-one").exists()
    );
    assert!(two.mine.join(".progress/replaced/1/exercises/12-two/tests/old.rs").exists());
    assert_eq!(two.update(&["--from", &from]), Ok(ExitCode::SUCCESS), "nothing new");
    assert!(!two.mine.join(".progress/update").exists());
    // A folder in which somebody worked is no newer version.
    fs::write(two.theirs.join(lib("12-two")), "//! An answer.\n").unwrap();
    assert!(matches!(two.update(&["--from", &from]), Err(Failure::Usage(text)) if text.contains("answer in it")));
    assert!(matches!(two.update(&["--from", "/nowhere"]), Err(Failure::Input(_))));
}
