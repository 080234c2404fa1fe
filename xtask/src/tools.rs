//! Other programs that commands start: cargo, rustc, rustup, and those that may or may not be there.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The cargo that started this tool, at the project's top.
pub(crate) fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

/// The cargo of another toolchain that rustup knows.
pub(crate) fn cargo_of(toolchain: &str, root: &Path) -> Command {
    let mut command = Command::new("rustup");
    command.args(["run", toolchain, "cargo"]).current_dir(root);
    // These name the toolchain that started this tool.
    command.env_remove("CARGO").env_remove("RUSTC").env_remove("RUSTDOC").env_remove("RUSTUP_TOOLCHAIN");
    command
}

/// What a program prints, without the last newline; none if it is not there or fails.
pub(crate) fn answer(program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_string();
    (output.status.success() && !text.is_empty()).then_some(text)
}

/// The folder that cargo builds into: this program lies in it.
pub(crate) fn target_dir(root: &Path) -> PathBuf {
    let program = std::env::current_exe().ok();
    program.and_then(|p| Some(p.parent()?.parent()?.to_path_buf())).unwrap_or_else(|| root.join("target"))
}

/// The toolchains that rustup has, by their full names; none without rustup.
pub(crate) fn toolchains() -> Vec<String> {
    let list = answer("rustup", &["toolchain", "list"]).unwrap_or_default();
    list.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_string).collect()
}

/// `rustc 1.95.0 (...)` is 1.95.0: the three numbers of a version, as far as there are three.
pub(crate) fn version(text: &str) -> Option<[u32; 3]> {
    let number = text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    let plain = number.split(['-', '+']).next()?;
    let mut parts = plain.split('.').map(|n| n.parse().ok());
    Some([parts.next()??, parts.next().flatten().unwrap_or(0), parts.next().flatten().unwrap_or(0)])
}

/// The platform that rustc compiles for by itself: `x86_64-unknown-linux-gnu`.
pub(crate) fn host() -> Option<String> {
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
    answer(&rustc, &["-vV"])?.lines().find_map(|l| l.strip_prefix("host: ")).map(str::to_string)
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn versions_of_every_kind() {
        assert_eq!(version("rustc 1.95.0 (59807616e 2026-04-14)"), Some([1, 95, 0]));
        assert_eq!(version("rustc 1.97.0-nightly (4d1f98451 2026-05-15)"), Some([1, 97, 0]));
        assert_eq!(version("1.88"), Some([1, 88, 0]));
        assert_eq!(version("Python 3.11.9"), Some([3, 11, 9]));
        assert_eq!(version("rustc"), None);
    }
}
