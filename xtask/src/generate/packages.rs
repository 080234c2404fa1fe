//! The text of every generated file but the part itself: manifests, probes, tests.

use crate::course::{Course, Exercise};

/// What every generated manifest begins with. Each target is named with its path and nothing is looked for, so that a
/// deleted file is an error of its own package only, not of the workspace.
fn package(name: &str, description: &str, made_from: &str) -> String {
    format!(
        "# Made by `cargo xtask generate` from {made_from}.\n\
         [package]\n\
         name = \"{name}\"\n\
         description = \"{description}\"\n\
         version.workspace = true\n\
         edition.workspace = true\n\
         rust-version.workspace = true\n\
         license.workspace = true\n\
         publish.workspace = true\n\
         build = false\n\
         autobins = false\n\
         autoexamples = false\n\
         autotests = false\n\
         autobenches = false\n"
    )
}

/// `exercises/NN-id/Cargo.toml`. `stub` is the fingerprint of the stub that goes with it.
pub(crate) fn exercise_manifest(exercise: &Exercise, stub: &str) -> String {
    let package = package(&exercise.id, &exercise.title, &exercise.source);
    format!(
        "{package}\n\
         [package.metadata.generated]\n\
         stub = \"{stub}\" # so that an untouched stub is known, even an older one\n\n\
         [lints.rust]\n\
         unsafe_code = \"forbid\"\n\n\
         [lib]\n\
         path = \"src/lib.rs\"\n\
         doctest = false\n\n\
         [[test]]\n\
         name = \"scenarios\"\n\
         path = \"tests/scenarios.rs\"\n\n\
         [dependencies]\n\
         kit.workspace = true\n\n\
         [dev-dependencies]\n\
         check.workspace = true\n\
         rstest.workspace = true\n\
         runtime.workspace = true\n"
    )
}

/// `solutions/NN-id/Cargo.toml`
pub(crate) fn solution_manifest(exercise: &Exercise) -> String {
    let package = package(&exercise.solution_package(), &format!("Solution: {}", exercise.title), &exercise.source);
    format!(
        "{package}\n\
         [lints.rust]\n\
         missing_docs = \"warn\"\n\
         unsafe_code = \"forbid\"\n\n\
         [lib]\n\
         path = \"src/lib.rs\"\n\
         test = false\n\
         doctest = false\n\n\
         [[test]]\n\
         name = \"scenarios\"\n\
         path = \"tests/scenarios.rs\"\n\n\
         [dependencies]\n\
         kit.workspace = true\n\n\
         [dev-dependencies]\n\
         insta.workspace = true\n\
         rstest.workspace = true\n\
         runtime.workspace = true\n"
    )
}

/// `exercises/NN-id/tests/scenarios.rs`
pub(crate) fn exercise_test(exercise: &Exercise) -> String {
    let Exercise { id, socket, random, .. } = exercise;
    let part = exercise.ident();
    format!(
        r#"//! Each scenario as a test: the same files and the same message as `cargo xtask grade {id}`.
//!
//! Made by `cargo xtask generate`.

use std::path::PathBuf;

use rstest::rstest;
use runtime::lab::Socket;

#[rstest]
fn scenario(#[files("scenarios/*.ops")] path: PathBuf) {{
    check::in_test::scenario("{id}", &path);
}}

/// Scenarios that nobody wrote, compared with what the reference says to them.
#[test]
fn random() {{
    check::in_test::random("{id}", env!("CARGO_MANIFEST_DIR"), {random});
}}

/// The tests above start this one again, in a process of its own; started by hand it does nothing.
#[test]
fn probe() {{
    runtime::lab::probe_in_test(&[Socket::{socket}(&{part}::Part)]);
}}

/// As `probe`, with the reference's part.
#[test]
fn reference() {{
    runtime::lab::probe_in_test(&Socket::REFERENCE);
}}
"#
    )
}

/// `solutions/NN-id/tests/scenarios.rs`
pub(crate) fn solution_test(exercise: &Exercise) -> String {
    let Exercise { folder, socket, .. } = exercise;
    let part = format!("solution_{}", exercise.ident());
    format!(
        r##"//! The recorded traces of the solution: what each scenario must tell.
//!
//! `INSTA_UPDATE=always cargo test -p {package}` records them anew. Made by `cargo xtask generate`.

use std::path::PathBuf;

use insta::{{Settings, assert_snapshot}};
use rstest::rstest;
use runtime::lab::{{Socket, trace_of}};

#[rstest]
fn scenario(#[files("../../exercises/{folder}/scenarios/*.ops")] path: PathBuf) {{
    let ops = std::fs::read_to_string(&path).expect("a scenario is UTF-8 text");
    let name = path.file_stem().expect("a scenario has a name").to_string_lossy().into_owned();
    let trace = trace_of(&Socket::{socket}(&{part}::Part), &ops);
    let mut settings = Settings::new();
    settings.set_snapshot_path("snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_description(ops.lines().next().unwrap_or_default().trim_start_matches(['#', ' ']));
    settings.bind(|| assert_snapshot!(name, trace));
}}
"##,
        package = exercise.solution_package(),
    )
}

/// `xtask/probes/NN-id/Cargo.toml`
pub(crate) fn probe_manifest(exercise: &Exercise) -> String {
    let about = format!("Runs scenarios on exercises/{}", exercise.folder);
    let package = package(&exercise.probe_package(), &about, "exercises/course.toml");
    let dependency = format!("{} = {{ path = \"../../../exercises/{}\" }}\n", exercise.id, exercise.folder);
    probe_targets(&package, &exercise.probe_package(), &dependency)
}

/// `xtask/probes/solutions/Cargo.toml`
pub(crate) fn solutions_probe_manifest(course: &Course) -> String {
    let package = package("probe-solutions", "Runs scenarios on the solutions", "exercises/course.toml");
    let mut lines: Vec<String> = course
        .exercises
        .iter()
        .map(|e| format!("{} = {{ path = \"../../../solutions/{}\" }}\n", e.solution_package(), e.folder))
        .collect();
    lines.sort();
    probe_targets(&package, "probe-solutions", &lines.concat())
}

fn probe_targets(package: &str, name: &str, parts: &str) -> String {
    format!(
        "{package}\n\
         [lints.rust]\n\
         unsafe_code = \"forbid\"\n\n\
         [[bin]]\n\
         name = \"{name}\"\n\
         path = \"src/main.rs\"\n\
         test = false\n\n\
         [dependencies]\n\
         {parts}\
         runtime.workspace = true\n"
    )
}

/// `xtask/probes/NN-id/src/main.rs`
pub(crate) fn probe_main(exercise: &Exercise) -> String {
    let about = format!("Runs scenarios on `exercises/{}`, for `cargo xtask`.", exercise.folder);
    main_of(&about, &[socket(&exercise.socket, &exercise.ident())])
}

/// `xtask/probes/solutions/src/main.rs`
pub(crate) fn solutions_probe_main(course: &Course) -> String {
    let sockets: Vec<String> =
        course.exercises.iter().map(|e| socket(&e.socket, &format!("solution_{}", e.ident()))).collect();
    main_of("Runs scenarios on the solutions, for `cargo xtask`.", &sockets)
}

fn socket(variant: &str, part: &str) -> String {
    format!("Socket::{variant}(&{part}::Part)")
}

/// The list of sockets stands on one line as long as it fits, as rustfmt has it.
fn main_of(about: &str, sockets: &[String]) -> String {
    let one_line = format!("    probe_main(&[{}])", sockets.join(", "));
    let call = if one_line.len() <= 120 {
        one_line
    } else {
        format!("    probe_main(&[\n        {},\n    ])", sockets.join(",\n        "))
    };
    format!(
        "//! {about}\n\
         //!\n\
         //! Made by `cargo xtask generate`.\n\n\
         use std::process::ExitCode;\n\n\
         use runtime::lab::{{Limited, Socket, probe_main}};\n\n\
         #[global_allocator]\n\
         static ALLOCATOR: Limited = Limited::new();\n\n\
         fn main() -> ExitCode {{\n\
         {call}\n\
         }}\n"
    )
}
