//! Reading and writing files so that nothing is ever half-written: a full disk leaves what was there before.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The text of a file, its lines ended by `\n` only, whatever an editor or git made of them.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    let bytes = fs::read(path).map_err(|e| Failure::reading(path, &e))?;
    let text = String::from_utf8(bytes).map_err(|e| Failure::reading(path, &not_utf8(&e)))?;
    Ok(plain_lines(text))
}

fn not_utf8(error: &std::string::FromUtf8Error) -> io::Error {
    let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
    let line = 1 + good.iter().filter(|byte| **byte == b'\n').count();
    io::Error::new(ErrorKind::InvalidData, format!("line {line} is not UTF-8 text"))
}

/// The same, or nothing where there is no such file.
pub(crate) fn read_if_there(path: &Path) -> Result<Option<String>, Failure> {
    match fs::metadata(path) {
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        _ => read(path).map(Some),
    }
}

/// `\r\n` becomes `\n`.
pub(crate) fn plain_lines(text: String) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n") } else { text }
}

/// Writes a whole file: first beside it, then in its place. Makes the directories above it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    // A link stays a link: what it points to is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    place(&target, bytes).map_err(|e| Failure::writing(path, &e))
}

fn place(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(dir)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = dir.join(format!(".{name}.{}.tmp", std::process::id()));
    let placed = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    if placed.is_err() {
        let _ = fs::remove_file(&beside);
    }
    placed
}

/// Keeps a copy of `bytes` as `dir/STEM-N.EXT` under the next free number; gives the path.
///
/// The same bytes twice in a row is kept once.
pub(crate) fn keep_copy(dir: &Path, stem: &str, extension: &str, bytes: &[u8]) -> Result<PathBuf, Failure> {
    let numbered = |n: u32| dir.join(format!("{stem}-{n:03}.{extension}"));
    let mut n = 1;
    while numbered(n).exists() {
        n += 1;
    }
    if n > 1 && fs::read(numbered(n - 1)).is_ok_and(|last| last == bytes) {
        return Ok(numbered(n - 1));
    }
    write(&numbered(n), bytes)?;
    Ok(numbered(n))
}

/// A short name for a text: 64 bits of FNV-1a over its lines. It tells edits apart; it is no seal.
pub(crate) fn fingerprint(text: &str) -> String {
    let hash = text
        .bytes()
        .filter(|b| *b != b'\r')
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    format!("{hash:016x}")
}

/// `path` as it is said in a sentence: from the project's top where it lies inside, with `/` everywhere.
pub(crate) fn said(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string().replace('\\', "/")
}

/// A directory of its own for one test, emptied first.
#[cfg(test)]
pub(crate) fn scratch(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("count-to-zero-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).expect("a directory for a test");
    dir
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_as_a_whole_and_nothing_is_left_beside_it() {
        let dir = scratch("replace");
        let path = dir.join("deep/er/file.txt");
        write(&path, b"one").unwrap();
        write(&path, b"two\r\n").unwrap();
        assert_eq!(read(&path).unwrap(), "two\n");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn what_cannot_be_written_is_said_with_the_remedy() {
        let dir = scratch("in-the-way");
        fs::write(dir.join("file"), "").unwrap();
        let Err(Failure::Input(text)) = write(&dir.join("file/below"), b"x") else { panic!("a file is no directory") };
        assert!(text.starts_with("I cannot write") && text.ends_with("is unchanged."), "{text}");
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn what_is_no_text_is_said_with_its_line() {
        let dir = scratch("no-text");
        let path = dir.join("file");
        fs::write(&path, b"one\ntwo\ncaf\xe9\n").unwrap();
        let Err(Failure::Input(text)) = read(&path) else { panic!("it is Latin-1") };
        assert!(text.ends_with("file: line 3 is not UTF-8 text. Save it as UTF-8."), "{text}");
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn copies_are_numbered_and_never_overwritten() {
        let dir = scratch("copies");
        let keep = |text: &str| keep_copy(&dir, "lib", "rs", text.as_bytes()).unwrap();
        assert!(keep("a").ends_with("lib-001.rs"));
        assert!(keep("a").ends_with("lib-001.rs"));
        assert!(keep("b").ends_with("lib-002.rs"));
        assert!(keep("a").ends_with("lib-003.rs"));
        assert_eq!(fs::read_to_string(dir.join("lib-001.rs")).unwrap(), "a");
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn line_ends_do_not_change_the_fingerprint() {
        assert_eq!(fingerprint("a\r\nb\r\n"), fingerprint("a\nb\n"));
        assert_ne!(fingerprint("a\n"), fingerprint("b\n"));
    }
}
