//! Stubs, mutants and variants: many versions of a part, each an executable of one package, built by one call.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use check::supervise::Probe;
use check::verdict::Verdict;

use super::scratch::{Scratch, package};
use super::{Tried, cases};
use crate::course::Exercise;
use crate::failure::Failure;
use crate::grade::material::Material;
use crate::grade::options::Budgets;
use crate::grade::report::Check;
use crate::grade::run::Runner;
use crate::grade::{REFERENCE, build};
use crate::{files, generate};

/// Compiling all of them may take so long.
const BUILD: Duration = Duration::from_secs(600);
/// A mutant that loops is found in this time.
const SCENARIO: Duration = Duration::from_millis(1000);

/// One version of a part.
struct Version {
    kind: &'static str,
    name: String,
    text: String,
    /// For a mutant: the verdict, and a check that rejects it.
    expect: Option<Verdict>,
    by: Option<String>,
}

/// Builds and runs all versions of the exercises' parts.
pub(super) fn all(scratch: &Scratch, exercises: &[&Exercise]) -> Result<Vec<Tried>, Failure> {
    let mut versions = Vec::new();
    for exercise in exercises {
        let of = versions_of(scratch, exercise)?;
        write_package(scratch, exercise, &of)?;
        versions.push((*exercise, of));
    }
    let mut packages: Vec<String> = exercises.iter().map(|e| package(e)).collect();
    packages.push(REFERENCE.into());
    let (built, errors) = build::executables(scratch.root(), &packages, BUILD)?;
    let Some(reference) = built.get(REFERENCE) else {
        return Err(Failure::Internal(format!("the reference does not compile:\n{}", errors.join("\n"))));
    };
    let mut tried = Vec::new();
    for (exercise, of) in &versions {
        let material = Material::read(&scratch.course, exercise)?;
        for version in of {
            tried.push(judged(scratch, &material, version, &built, reference, &errors));
        }
    }
    Ok(tried)
}

fn versions_of(scratch: &Scratch, exercise: &Exercise) -> Result<Vec<Version>, Failure> {
    let solution = scratch.solution(exercise)?;
    let (mutants, variants) = cases::of(&scratch.cases, &exercise.id, &solution)?;
    let stub = generate::stub_text(exercise)?;
    let version = |kind, name, text| Version { kind, name, text, expect: None, by: None };
    let mut all = vec![version("stub", "stub".into(), stub)];
    for m in mutants {
        all.push(Version { expect: m.expect, by: m.by, ..version("mutant", m.name, m.text) });
    }
    all.extend(variants.into_iter().map(|v| version("variant", v.name, v.text)));
    Ok(all)
}

fn executable(exercise: &Exercise, version: &Version) -> String {
    format!("{}--{}", exercise.id, version.name)
}

/// A package with one executable for each version.
fn write_package(scratch: &Scratch, exercise: &Exercise, versions: &[Version]) -> Result<(), Failure> {
    let folder = scratch.root().join("xtask/probes").join(package(exercise));
    let name = package(exercise);
    let mut manifest = format!(
        "[package]\nname = \"{name}\"\nedition = \"2024\"\nautobins = false\n\n[lints.rust]\nunsafe_code = \"forbid\"\n\n\
         [dependencies]\nkit.workspace = true\nruntime.workspace = true\n"
    );
    for version in versions {
        let bin = executable(exercise, version);
        manifest.push_str(&format!("\n[[bin]]\nname = \"{bin}\"\npath = \"src/{}/main.rs\"\n", version.name));
        let main = format!(
            "mod part;\n\n#[global_allocator]\nstatic ALLOCATOR: runtime::lab::Limited = runtime::lab::Limited::new();\n\n\
             fn main() -> std::process::ExitCode {{\n    \
             runtime::lab::probe_main(&[runtime::lab::Socket::{}(&part::Part)])\n}}\n",
            exercise.socket
        );
        let place = folder.join("src").join(&version.name);
        unless_same(place.join("main.rs"), &main)?;
        unless_same(place.join("part.rs"), &version.text)?;
    }
    unless_same(folder.join("Cargo.toml"), &manifest)
}

fn unless_same(path: PathBuf, text: &str) -> Result<(), Failure> {
    if files::read_if_there(&path)?.as_deref() == Some(text) {
        return Ok(());
    }
    files::write(&path, text.as_bytes())
}

fn judged(
    scratch: &Scratch,
    material: &Material<'_>,
    version: &Version,
    built: &BTreeMap<String, PathBuf>,
    reference: &PathBuf,
    errors: &[String],
) -> Tried {
    let bin = executable(material.exercise, version);
    let (came, as_expected) = match built.get(&bin) {
        None => {
            let place = format!("src/{}/part.rs", version.name);
            let own = errors.iter().find(|e| e.contains(&place)).map_or("it was not built", |e| e.as_str());
            (format!("does not compile: {own}"), false)
        }
        Some(program) => {
            let budgets = Budgets { scenario: SCENARIO, ..Budgets::default() };
            let probe = |program: &PathBuf| Probe::of(program);
            let runner = Runner {
                root: scratch.root(),
                material,
                probe: probe(program),
                reference: Some(probe(reference)),
                budgets: &budgets,
                deadline: Instant::now() + budgets.total,
                all_details: false,
                told: AtomicBool::new(false),
            };
            outcome(version, &runner)
        }
    };
    Tried { kind: version.kind, id: material.exercise.id.clone(), name: version.name.clone(), came, as_expected }
}

/// What came of a version, and whether it should have.
fn outcome(version: &Version, runner: &Runner<'_>) -> (String, bool) {
    let mut checks = runner.written();
    // A scenario that somebody wrote caught it already: then chance has nothing to add.
    if version.kind != "mutant" || checks.iter().all(passed) {
        checks = runner.run(1, None);
    }
    let first = checks.iter().find(|check| !passed(check));
    match (version.kind, first) {
        ("stub", _) => {
            let failed = checks.iter().filter(|check| !passed(check)).count();
            (format!("{failed} of {} checks fail", checks.len()), failed == checks.len() && failed > 0)
        }
        ("mutant", None) => (format!("passes all {} checks: nothing catches it", checks.len()), false),
        ("mutant", Some(check)) => {
            let met = version.expect.is_none_or(|expect| expect == check.verdict);
            let mut wanted = version.expect.filter(|_| !met).map_or(String::new(), |v| format!(", expected {v}"));
            let named = |by: &String| checks.iter().any(|check| check.name == *by && !passed(check));
            let by = version.by.as_ref().filter(|by| !named(by));
            wanted.extend(by.map(|by| format!(", expected by {by}")));
            let met = met && by.is_none() && check.verdict != Verdict::Internal;
            (format!("{} by {}{wanted}", check.verdict, check.name), met)
        }
        (_, None) => (format!("passes {} checks", checks.len()), !checks.is_empty()),
        (_, Some(check)) => (format!("{} in {}: {}", check.verdict, check.name, check.sentence), false),
    }
}

fn passed(check: &Check) -> bool {
    check.verdict == Verdict::Pass
}
