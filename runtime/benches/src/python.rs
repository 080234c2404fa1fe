//! # Finding interpreters, and what is in their library
//!
//! An interpreter is asked where its shared library is. Many have none: a `python3` may carry everything in itself.
//! There is nothing wrong with it; it cannot be compared, and a sentence says so.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What an interpreter says of itself, one line each.
const ASK: &str = "\
import os, sys, sysconfig
get = sysconfig.get_config_var
print(*sys.version_info[:3])
print(sys.base_prefix)
print(int(bool(get('WITH_PYMALLOC') and not get('Py_DEBUG') and not get('Py_GIL_DISABLED'))))
for folder in (get('LIBDIR'), os.path.join(get('LIBDIR') or '', get('MULTIARCH') or ''), get('LIBPL')):
    print(os.path.join(folder or '', get('INSTSONAME') or 'none'))
";

/// An interpreter with a shared library.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Python {
    /// As in 3.11.7.
    pub version: (u32, u32, u32),
    /// Where its standard library is found from.
    pub home: PathBuf,
    /// The shared library.
    pub library: PathBuf,
}

impl Python {
    /// Asks the interpreter `python`, a path or a name.
    ///
    /// # Errors
    /// A sentence: why it cannot be used here.
    pub fn ask(python: &Path) -> Result<Python, String> {
        let shown = python.display();
        let output = Command::new(python).args(["-I", "-c", ASK]).output();
        let output = output.map_err(|error| format!("{shown} does not start: {error}"))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let mut lines = text.lines();
        let mut line = || lines.next().ok_or_else(|| format!("{shown} does not say what it is"));
        let numbers: Vec<u32> = line()?.split(' ').filter_map(|number| number.parse().ok()).collect();
        let [major, minor, micro] = numbers[..] else { return Err(format!("{shown} tells no version")) };
        let home = PathBuf::from(line()?);
        if line()? != "1" {
            return Err(format!("{shown} {major}.{minor}.{micro} was not built with a plain pymalloc"));
        }
        let library = lines.map(PathBuf::from).find(|file| is_shared_library(file));
        let library = library.ok_or_else(|| format!("{shown} {major}.{minor}.{micro} has no shared libpython"))?;
        Ok(Python { version: (major, minor, micro), home, library })
    }

    /// The ones on this machine, each version once.
    #[must_use]
    pub fn installed() -> Vec<Python> {
        let mut found: Vec<Python> = candidates().iter().filter_map(|python| Python::ask(python).ok()).collect();
        found.sort_by_key(|python| python.version);
        found.dedup_by_key(|python| python.version);
        found
    }

    /// Whether its allocator works in a process that never started the interpreter. From 3.12 on the allocator's
    /// state is the interpreter's.
    #[must_use]
    pub fn allocates_at_once(&self) -> bool {
        self.version < (3, 12, 0)
    }
}

/// An interpreter to run programs with: any will do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Interpreter {
    /// As in 3.11.7.
    pub version: (u32, u32, u32),
    /// The program itself.
    pub program: PathBuf,
}

impl Interpreter {
    /// The CPythons of this machine, each version once, the oldest first.
    #[must_use]
    pub fn installed() -> Vec<Interpreter> {
        const ASK: &str = "import sys; print(*sys.version_info[:3], sys.implementation.name, sys.executable)";
        let ask = |candidate: &PathBuf| {
            let output = Command::new(candidate).args(["-I", "-S", "-c", ASK]).output().ok()?;
            let text = String::from_utf8(output.stdout).ok()?;
            let mut words = text.trim().splitn(5, ' ');
            let mut number = || words.next()?.parse::<u32>().ok();
            let version = (number()?, number()?, number()?);
            let program = (words.next()? == "cpython").then(|| PathBuf::from(words.next().unwrap_or_default()))?;
            Some(Interpreter { version, program })
        };
        let mut found: Vec<Interpreter> = candidates().iter().filter_map(ask).collect();
        found.sort_by_key(|python| python.version);
        found.dedup_by_key(|python| python.version);
        found
    }

    /// The one to compare with: a 3.11, which the runtime follows, or else the newest.
    #[must_use]
    pub fn preferred(installed: &[Interpreter]) -> Option<&Interpreter> {
        installed.iter().rfind(|python| (python.version.0, python.version.1) == (3, 11)).or(installed.last())
    }
}

impl std::fmt::Display for Interpreter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (major, minor, micro) = self.version;
        write!(f, "{major}.{minor}.{micro}")
    }
}

/// Where interpreters may be: `python3` and `python3.11` of the path, and those that pyenv installed.
fn candidates() -> Vec<PathBuf> {
    let mut candidates = vec![PathBuf::from("python3"), PathBuf::from("python3.11")];
    let root = std::env::var_os("PYENV_ROOT").map(PathBuf::from);
    let root = root.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".pyenv")));
    if let Some(versions) = root.and_then(|root| std::fs::read_dir(root.join("versions")).ok()) {
        candidates.extend(versions.flatten().map(|entry| entry.path().join("bin/python3")));
    }
    candidates
}

fn is_shared_library(file: &Path) -> bool {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    (name.contains(".so") || name.ends_with(".dylib")) && file.is_file()
}
