//! The two that are compared, compiled in a way that is fair.
//!
//! The same text in another place becomes other machine code: a compiler decides what to inline by what stands around
//! it. So a package of its own, `target/bench`, gets the one text and then the other, and is compiled each time.
//!
//! - **I1** From the same text comes the same program.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::course::{Course, Exercise};
use crate::failure::Failure;
use crate::grade::build::{self, Built, Wanted};
use crate::{files, generate, tools};

/// How long cargo may take: the first time, the runtime is compiled with optimisation.
const BUILD: Duration = Duration::from_secs(600);

/// One of the two.
pub(super) struct Side {
    pub(super) name: &'static str,
    pub(super) program: PathBuf,
}

/// The folder in which both are compiled.
pub(super) fn folder(course: &Course) -> PathBuf {
    tools::target_dir(&course.root).join("bench")
}

/// Compiles the solution and the learner's part; gives yours first.
pub(super) fn compile(course: &Course, exercise: &Exercise) -> Result<(Side, Side), Failure> {
    let place = folder(course);
    files::write(&place.join("Cargo.toml"), manifest(course, exercise).as_bytes())?;
    files::write(&place.join("main.rs"), generate::probe_main(exercise).as_bytes())?;
    let reference = one(&place, exercise, "the reference", &exercise.solution_dir().join("src"))?;
    let yours = one(&place, exercise, "yours", &exercise.dir().join("src"))?;
    Ok((yours, reference))
}

fn one(place: &Path, exercise: &Exercise, name: &'static str, source: &Path) -> Result<Side, Failure> {
    let package = exercise.probe_package();
    let src = place.join("src");
    let _ = fs::remove_dir_all(&src);
    copy(source, &src)?;
    let wanted = Wanted { package: package.clone(), folders: vec![place.to_path_buf()] };
    let built = build::optimised(place, &wanted, BUILD)?;
    let built = match built {
        Built::Ready(program) => program,
        Built::Refused(errors) => {
            let errors = errors.join("\n\n");
            return Err(Failure::Input(format!("With optimisation, {name} does not compile:\n{errors}")));
        }
        Built::TooSlow(budget) => {
            return Err(Failure::Input(format!("{name} was still compiling after {} s.", budget.as_secs())));
        }
    };
    let program = place.join(format!("{}{}", name.replace(' ', "-"), std::env::consts::EXE_SUFFIX));
    let _ = fs::remove_file(&program);
    fs::copy(&built, &program).map_err(|e| Failure::writing(&program, &e))?;
    Ok(Side { name, program })
}

fn manifest(course: &Course, exercise: &Exercise) -> String {
    let runtime = course.root.join("runtime");
    format!(
        "# Made by `cargo xtask bench`.\n\
         [package]\n\
         name = \"{package}\"\n\
         edition = \"2024\"\n\
         publish = false\n\n\
         [workspace]\n\n\
         [lib]\n\
         name = \"{part}\"\n\
         path = \"src/lib.rs\"\n\n\
         [[bin]]\n\
         name = \"{package}\"\n\
         path = \"main.rs\"\n\n\
         [dependencies]\n\
         kit.path = {kit:?}\n\
         runtime.path = {runtime:?}\n\n\
         [lints.rust]\n\
         unsafe_code = \"forbid\"\n\n\
         [profile.release]\n\
         codegen-units = 1\n",
        package = exercise.probe_package(),
        part = exercise.ident(),
        kit = runtime.join("kit"),
    )
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    for entry in fs::read_dir(from).map_err(|e| Failure::reading(from, &e))? {
        let path = entry.map_err(|e| Failure::reading(from, &e))?.path();
        let other = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy(&path, &other)?;
        } else {
            files::write(&other, &fs::read(&path).map_err(|e| Failure::reading(&path, &e))?)?;
        }
    }
    Ok(())
}
