//! The fast lane: an edit of one exercise is one call of rustc.
//!
//! Cargo asks every file of every package whether it changed, compiles the exercise, then compiles and links its
//! probe: more than half of what a learner waits for. So when cargo has built a probe once, we note what it built on,
//! the *ground*: the kit, the runtime, the manifests, the lock file, the configuration, the compiler, the reference. As
//! long as nothing of that changes, an edited exercise is compiled as a module of its probe, by one call.
//!
//! - **I1** The fast lane never says that something does not compile: whatever goes wrong here, cargo is asked.
//! - **I2** It writes into a folder of its own: cargo's files are never touched.
//! - **I3** The exercise sees what it sees as a crate: `kit` and `std`. The runtime goes by a name that nobody can guess.
//! - **I4** Settings that would change how cargo compiles close the lane.
//! - **I5** A text that may mean something else in a crate of its own, or that more than its `src/` decides about, is
//!   cargo's.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, UNIX_EPOCH};

use check::protocol::fresh_key;
use check::supervise::group;

use super::build::{self, Built};
use crate::course::{Course, Exercise};
use crate::files;

/// Files and what they were like.
pub(crate) struct Ground(Vec<(PathBuf, String)>);

impl Ground {
    /// All that every probe and the reference are built on, as it is now.
    pub(crate) fn of(course: &Course) -> Ground {
        let root = &course.root;
        let mut paths = Vec::new();
        for folder in ["runtime/src", "runtime/kit/src", "xtask/probes"] {
            collect(&root.join(folder), &mut paths);
        }
        for name in ["Cargo.toml", "Cargo.lock", "runtime/Cargo.toml", "runtime/kit/Cargo.toml"] {
            paths.push(root.join(name));
        }
        for exercise in &course.exercises {
            paths.push(exercise.manifest());
            paths.push(exercise.solution_dir().join("Cargo.toml"));
            collect(&exercise.solution_dir().join("src"), &mut paths);
        }
        paths.push(root.join(".cargo/config.toml"));
        paths.extend(configurations(root));
        Ground(paths.into_iter().map(|path| (path.clone(), looks(&path))).collect())
    }

    /// Was a ground ever noted? Else everything is to be compiled, the runtime among it.
    pub(crate) fn is_known(course: &Course) -> bool {
        folder(&course.root).join("ground").exists()
    }

    /// Cargo has built on this ground: from now on the lane is open. A lane that cannot be noted stays closed.
    pub(crate) fn note(mut self, course: &Course, libraries: &build::Libraries, reference: Option<&Built>) {
        let (Some(kit), Some(runtime), Some(Built::Ready(reference)), Some(rustc)) =
            (libraries.get("kit"), libraries.get("runtime"), reference, compiler())
        else {
            return;
        };
        let named = [("rustc", &rustc), ("kit", kit), ("runtime", runtime), ("reference", reference)];
        self.0.extend(named.iter().map(|(_, path)| ((*path).clone(), looks(path))));
        let mut text = format!("alias\tr{}\n", fresh_key());
        for (name, path) in named {
            text.push_str(&format!("{name}\t{}\n", path.display()));
        }
        for (path, looks) in &self.0 {
            text.push_str(&format!("{looks}\t{}\n", path.display()));
        }
        let _ = files::write(&folder(&course.root).join("ground"), text.as_bytes());
    }
}

/// An open lane.
pub(crate) struct Lane {
    root: PathBuf,
    alias: String,
    rustc: PathBuf,
    kit: PathBuf,
    runtime: PathBuf,
    /// The probe that has all solutions.
    pub(crate) reference: PathBuf,
}

impl Lane {
    /// Opens the lane, if the ground is as cargo found it.
    pub(crate) fn open(course: &Course) -> Option<Lane> {
        if std::env::vars_os().any(|(name, _)| changes_compiling(&name.to_string_lossy())) {
            return None;
        }
        if configurations(&course.root).iter().any(|path| fs::read_to_string(path).is_ok_and(|text| sets_flags(&text)))
        {
            return None;
        }
        let text = fs::read_to_string(folder(&course.root).join("ground")).ok()?;
        let lines: Vec<(&str, &str)> = text.lines().filter_map(|line| line.split_once('\t')).collect();
        let named = |name: &str| lines.iter().find(|(key, _)| *key == name).map(|(_, value)| PathBuf::from(value));
        let lane = Lane {
            root: course.root.clone(),
            alias: named("alias")?.to_str()?.to_string(),
            rustc: named("rustc")?,
            kit: named("kit")?,
            runtime: named("runtime")?,
            reference: named("reference")?,
        };
        let noted: Vec<(&str, &str)> = lines[5..].to_vec();
        // New files count as well: cargo might care.
        let mut now: Vec<(PathBuf, String)> = Ground::of(course).0;
        now.extend([&lane.rustc, &lane.kit, &lane.runtime, &lane.reference].map(|path| (path.clone(), looks(path))));
        let same = now.len() == noted.len()
            && now.iter().zip(&noted).all(|((path, looks), (was, name))| looks == was && path == Path::new(name));
        (same && compiler().as_ref() == Some(&lane.rustc)).then_some(lane)
    }

    /// The exercise's probe, if it compiles here.
    pub(crate) fn build(&self, exercise: &Exercise, budget: Duration) -> Option<Built> {
        let folder = folder(&self.root).join(&exercise.id);
        let note = folder.join("source");
        let source = source(exercise)?;
        let key = [self.alias.as_bytes(), &source].concat();
        // Named after its text: another grader that runs at the same time keeps its own.
        let print = files::fingerprint(&String::from_utf8_lossy(&key));
        let program = folder.join(format!("probe-{print}{}", std::env::consts::EXE_SUFFIX));
        if fs::read(&note).is_ok_and(|noted| noted == key) && program.exists() {
            return Some(Built::Ready(program));
        }
        fs::create_dir_all(&folder).ok()?;
        let _ = fs::remove_file(&note);
        forget_old_probes(&folder);
        // Another grader may be at work on the same text: what it runs is replaced whole or not at all.
        let fresh = program.with_extension(format!("{}{}", std::process::id(), std::env::consts::EXE_SUFFIX));
        match self.compile(exercise, &fresh, budget)? {
            Ended::Well => {}
            Ended::Badly => return None,
            Ended::TooLate => return Some(Built::TooSlow(budget)),
        }
        // An editor may have saved meanwhile: then this probe is good for this once.
        if self::source(exercise).as_ref() != Some(&source) || fs::rename(&fresh, &program).is_err() {
            return Some(Built::Ready(fresh));
        }
        let _ = files::write(&note, &key);
        Some(Built::Ready(program))
    }

    fn compile(&self, exercise: &Exercise, program: &Path, budget: Duration) -> Option<Ended> {
        let Lane { alias, kit, runtime, .. } = self;
        let deps = kit.parent()?;
        let mut command = Command::new(&self.rustc);
        command.current_dir(&self.root).args(["-", "--crate-type=bin", "--emit=link", "--edition=2024"]);
        // One unit and nothing kept for the next time: an exercise is so small that this is quicker.
        command.args(["-Funsafe_code", "-Awarnings", "-Cembed-bitcode=no", "-Cstrip=debuginfo", "-Ccodegen-units=1"]);
        command.arg("--crate-name").arg(exercise.ident());
        command.arg("-L").arg(format!("dependency={}", deps.display())).arg("-o").arg(program);
        command.arg("--extern").arg(format!("kit={}", kit.display()));
        command.arg("--extern").arg(format!("{alias}={}", runtime.display()));
        // What `env!` sees is what cargo would say, or it does not compile, and cargo is asked (I1).
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CARGO")) {
            command.env_remove(name);
        }
        command.env("CARGO_MANIFEST_DIR", exercise.dir()).env("CARGO_PKG_NAME", &exercise.id);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut rustc = group::start(&mut command).ok()?;
        let main = format!(
            "#[path = {:?}] mod part;\n\
             #[global_allocator] static ALLOCATOR: {alias}::lab::Limited = {alias}::lab::Limited::new();\n\
             fn main() -> std::process::ExitCode {{\n    \
             {alias}::lab::probe_main(&[{alias}::lab::Socket::{}(&part::Part)])\n}}\n",
            exercise.lib_name(),
            exercise.socket
        );
        let _ = rustc.stdin.take().map(|mut stdin| stdin.write_all(main.as_bytes()));
        let until = Instant::now() + budget;
        while !rustc.is_over() {
            if Instant::now() > until {
                rustc.kill();
                let _ = rustc.wait();
                return Some(Ended::TooLate);
            }
            std::thread::sleep(Duration::from_micros(500));
        }
        Some(if rustc.wait().ok()?.success() { Ended::Well } else { Ended::Badly })
    }
}

/// Probes of an hour ago: no grader runs that long.
fn forget_old_probes(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let age = entry.metadata().ok().and_then(|data| data.modified().ok()?.elapsed().ok());
        let is_probe = entry.file_name().to_string_lossy().starts_with("probe-");
        if is_probe && age.is_some_and(|age| age > Duration::from_secs(3600)) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// How a call of rustc ended.
enum Ended {
    Well,
    Badly,
    TooLate,
}

/// Where the lane keeps its files.
fn folder(root: &Path) -> PathBuf {
    build::output_folder(root).join("fast-lane")
}

/// The compiler beside the cargo that runs us.
fn compiler() -> Option<PathBuf> {
    let cargo = PathBuf::from(std::env::var_os("CARGO")?);
    let rustc = cargo.with_file_name(format!("rustc{}", std::env::consts::EXE_SUFFIX));
    rustc.is_file().then_some(rustc)
}

/// Where cargo looks for settings, the project's own file left out.
fn configurations(root: &Path) -> Vec<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let folders = root.ancestors().map(|dir| dir.join(".cargo")).chain(home);
    let own = root.join(".cargo/config.toml");
    folders.flat_map(|dir| [dir.join("config.toml"), dir.join("config")]).filter(|path| *path != own).collect()
}

/// I4, for a file of settings.
fn sets_flags(text: &str) -> bool {
    ["rustflags", "rustc", "profile", "unstable", "include"].iter().any(|word| text.contains(word))
}

/// I4, for a variable of the environment.
fn changes_compiling(variable: &str) -> bool {
    let some = ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "RUSTC", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"];
    let prefixes = ["CARGO_BUILD_", "CARGO_PROFILE_", "CARGO_TARGET_", "CARGO_UNSTABLE_"];
    some.contains(&variable)
        || (prefixes.iter().any(|prefix| variable.starts_with(prefix)) && variable != "CARGO_TARGET_DIR")
}

/// Length and time of the last change; `-` when there is no such file.
fn looks(path: &Path) -> String {
    let Ok(data) = fs::metadata(path) else { return "-".into() };
    let changed = data.modified().ok().and_then(|t| t.duration_since(UNIX_EPOCH).ok());
    format!("{} {}", data.len(), changed.map_or(0, |t| t.as_nanos()))
}

/// Every file of the exercise's `src/`, with its name; none when cargo is to compile it (I5).
fn source(exercise: &Exercise) -> Option<Vec<u8>> {
    let mut paths = Vec::new();
    collect(&exercise.dir().join("src"), &mut paths);
    let mut all = Vec::new();
    for path in paths {
        all.extend_from_slice(path.to_string_lossy().as_bytes());
        all.push(b'\n');
        let bytes = fs::read(&path).ok()?;
        if path.extension().is_some_and(|e| e == "rs") && !stands_alone(std::str::from_utf8(&bytes).ok()?) {
            return None;
        }
        all.extend(bytes);
    }
    Some(all)
}

/// I5. Nothing but words is looked at: one too many costs a second, no more.
fn stands_alone(text: &str) -> bool {
    // What leads out of the module, out of the folder, or to what cargo says.
    const OUTSIDE: [&str; 10] = [
        "crate",
        "super",
        "extern",
        "path",
        "module_path",
        "include",
        "include_str",
        "include_bytes",
        "env",
        "option_env",
    ];
    let is_comment = |line: &str| line.trim_start().starts_with("//");
    // A module inside may look at what is around it: learners' own tests do.
    let is_harmless = |line: &str| line.starts_with(' ') && line.trim() == "use super::*;";
    let code: Vec<&str> = text.lines().filter(|line| !is_comment(line) && !is_harmless(line)).collect();
    let code = code.join("\n").replace("pub(crate)", "pub");
    let mut words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
    let attribute_of_all = code.split('#').skip(1).any(|rest| rest.trim_start().starts_with('!'));
    !attribute_of_all && !words.any(|word| OUTSIDE.contains(&word))
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(&path, paths);
        } else {
            paths.push(path);
        }
    }
}

#[cfg(test)]
mod tests;
