//! Keys: from bytes to what is wanted.

use std::io::Read;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// What somebody pressed, as far as it means something here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Next,
    Hint,
    List,
    Reset,
    /// `c`, Enter, the space bar.
    Again,
    /// `q`, Ctrl-C, Ctrl-D.
    Quit,
    Yes,
    /// Ctrl-Z.
    Suspend,
    /// Anything else that is a character: who asked a question takes it for a no.
    Other,
}

impl Key {
    fn of(byte: u8) -> Key {
        match byte.to_ascii_lowercase() {
            b'n' => Key::Next,
            b'h' => Key::Hint,
            b'l' => Key::List,
            b'r' => Key::Reset,
            b'c' | b'\r' | b'\n' | b' ' => Key::Again,
            b'y' => Key::Yes,
            b'q' | 0x03 | 0x04 => Key::Quit,
            0x1a => Key::Suspend,
            _ => Key::Other,
        }
    }
}

/// The keys in what a terminal sent at once.
///
/// An arrow, a function key, Alt with a letter: each begins with Escape, and is one key that means nothing here.
pub(super) fn pressed(bytes: &[u8]) -> Vec<Key> {
    let (mut keys, mut rest) = (Vec::new(), bytes);
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            0x1b => {
                rest = after_escape(after);
                keys.push(Key::Other);
            }
            // The further bytes of a character that is not ASCII.
            0x80..=0xbf => {}
            byte => keys.push(Key::of(*byte)),
        }
    }
    keys
}

/// What comes after an escape sequence: `ESC [ 1 ; 5 A`, `ESC O P`, `ESC x`.
fn after_escape(bytes: &[u8]) -> &[u8] {
    match bytes {
        [b'[', rest @ ..] => {
            let end = rest.iter().position(|byte| (0x40..=0x7e).contains(byte));
            end.map_or(&[], |end| &rest[end + 1..])
        }
        [b'O', _, rest @ ..] | [_, rest @ ..] => rest,
        [] => &[],
    }
}

/// The key of a line, where each waits for Enter.
pub(super) fn of_line(line: &[u8]) -> Key {
    line.iter().find(|byte| !byte.is_ascii_whitespace()).map_or(Key::Again, |byte| Key::of(*byte))
}

/// Keys as they come.
pub(super) struct Keys(Receiver<Key>);

impl Keys {
    /// Listens to standard input, from now on and for ever: on a thread that waits for the next key.
    pub(super) fn listen(at_once: bool) -> Keys {
        let (send, keys) = channel();
        std::thread::spawn(move || if at_once { bytes(&send) } else { lines(&send) });
        Keys(keys)
    }

    /// The next key, if one comes in this time. Who has no keyboard any more wants to quit.
    pub(super) fn next(&self, wait: Duration) -> Option<Key> {
        match self.0.recv_timeout(wait) {
            Ok(key) => Some(key),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Key::Quit),
        }
    }
}

fn bytes(send: &Sender<Key>) {
    let (mut stdin, mut bytes) = (std::io::stdin().lock(), [0; 64]);
    while let Ok(n @ 1..) = stdin.read(&mut bytes) {
        if pressed(&bytes[..n]).into_iter().any(|key| send.send(key).is_err()) {
            return;
        }
    }
}

fn lines(send: &Sender<Key>) {
    let mut line = String::new();
    while let Ok(1..) = std::io::stdin().read_line(&mut line) {
        if send.send(of_line(line.as_bytes())).is_err() {
            return;
        }
        line.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_in_either_case() {
        use Key::{Again, Hint, List, Next, Quit, Reset, Suspend, Yes};
        assert_eq!(pressed(b"nhlrcqy"), [Next, Hint, List, Reset, Again, Quit, Yes]);
        assert_eq!(pressed(b"N\r\n \x03\x04\x1a"), [Next, Again, Again, Again, Quit, Quit, Suspend]);
    }

    #[test]
    fn an_arrow_is_no_letter() {
        assert_eq!(pressed(b"\x1b[Cn"), [Key::Other, Key::Next]);
        assert_eq!(pressed(b"\x1b[1;5Cq"), [Key::Other, Key::Quit]);
        assert_eq!(pressed(b"\x1bOQh"), [Key::Other, Key::Hint]);
        assert_eq!(pressed(b"\x1bq"), [Key::Other], "Alt with q");
        assert_eq!(pressed(b"\x1b"), [Key::Other]);
        assert_eq!(pressed("é".as_bytes()), [Key::Other]);
    }

    #[test]
    fn in_lines_the_first_letter_counts() {
        assert_eq!(of_line(b"next\r\n"), Key::Next);
        assert_eq!(of_line(b"  Q\n"), Key::Quit);
        assert_eq!(of_line(b"\n"), Key::Again);
    }
}
