//! What a command answers when it cannot do its work: a sentence that says what is wrong, and one that says what to do.

use std::fmt;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::process::ExitCode;

/// What every command gives: its exit code, or why it could not run.
pub(crate) type Outcome = Result<ExitCode, Failure>;

/// The exit code of a command that ran, and found that something failed.
pub(crate) const FAILED: u8 = 1;

/// Why a command could not do its work. Each text is whole sentences, the remedy among them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The command line is wrong: exit code 2.
    Usage(String),
    /// Something that the command reads or writes is wrong: exit code 2.
    Input(String),
    /// The tool itself is wrong: exit code 3.
    Internal(String),
}

impl Failure {
    /// The exit code that tells programs which kind it is.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Failure::Usage(_) | Failure::Input(_) => ExitCode::from(2),
            Failure::Internal(_) => ExitCode::from(3),
        }
    }

    /// A file or directory that could not be read.
    pub(crate) fn reading(path: &Path, error: &io::Error) -> Failure {
        let remedy = match error.kind() {
            ErrorKind::NotFound => "It is part of the project: `git status` shows whether it was deleted.",
            ErrorKind::PermissionDenied => "Give yourself the right to read it.",
            ErrorKind::InvalidData => "Save it as UTF-8.",
            ErrorKind::IsADirectory => "A file belongs there: move the folder away.",
            _ => "Try again when it can be read.",
        };
        Failure::Input(format!("I cannot read {}: {error}. {remedy}", path.display()))
    }

    /// A file or directory that somebody named, and that could not be read.
    pub(crate) fn reading_given(path: &Path, error: &io::Error) -> Failure {
        Failure::Input(format!("I cannot read {}: {error}. Is it the right one?", path.display()))
    }

    /// A file or directory that could not be written. What was there before is still there.
    pub(crate) fn writing(path: &Path, error: &io::Error) -> Failure {
        let remedy = match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "The disk is full: make room (`cargo clean` helps).",
            ErrorKind::ReadOnlyFilesystem => "The disk is read-only: work in a copy on one that is not.",
            ErrorKind::PermissionDenied => "Give yourself the right to write there.",
            _ => "Then run the command again.",
        };
        Failure::Input(format!(
            "I cannot write {}: {error}. {remedy} Whatever was there before is unchanged.",
            path.display()
        ))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Usage(text) | Failure::Input(text) => f.write_str(text),
            Failure::Internal(text) => write!(f, "This is a fault of the tool, not yours: {text}"),
        }
    }
}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Failure {
        Failure::Usage(format!("{error}. `--help` after the command lists what it knows."))
    }
}
