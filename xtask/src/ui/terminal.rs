//! The terminal, told to hand on every key at once, and told again how it was before.
//!
//! - **I1** However the program ends by itself (an answer, an error, a panic, a closed pipe), the terminal is as it was.
//!
//! On Windows nothing is changed: keys come with Enter.

/// While this lives, keys come at once and unseen, Ctrl-C among them. What is printed looks as always.
pub(crate) struct Keyboard {
    at_once: bool,
}

impl Keyboard {
    /// Takes the keyboard. Where that cannot be done, keys come in lines.
    pub(crate) fn take() -> Keyboard {
        Keyboard { at_once: system::take() }
    }

    /// Do keys come at once? Else each waits for Enter.
    pub(crate) fn at_once(&self) -> bool {
        self.at_once
    }

    /// Goes to sleep as Ctrl-Z asks, and takes the keyboard again on waking up.
    pub(crate) fn suspend(&mut self) {
        system::give_back();
        system::sleep();
        self.at_once = system::take();
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        system::give_back();
    }
}

/// Makes the terminal as it was, should a [`Keyboard`] live: for who ends the process on the spot.
pub(crate) fn restore() {
    system::give_back();
}

#[cfg(unix)]
mod system {
    use rustix::process::{Signal, kill_current_process_group};
    use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
    use std::io::stdin;
    use std::sync::{Mutex, PoisonError};

    /// How the terminal was.
    static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

    pub(super) fn take() -> bool {
        let Ok(before) = tcgetattr(stdin()) else { return false };
        let mut keys = before.clone();
        // Output modes stay: a line break still begins a line.
        keys.local_modes -= LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG | LocalModes::IEXTEN;
        keys.special_codes[SpecialCodeIndex::VMIN] = 1;
        keys.special_codes[SpecialCodeIndex::VTIME] = 0;
        let mut saved = BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = tcsetattr(stdin(), OptionalActions::Now, &keys).is_ok();
        *saved = taken.then_some(before);
        taken
    }

    pub(super) fn give_back() {
        let before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(before) = before {
            // A terminal that is gone needs nothing any more.
            let _ = tcsetattr(stdin(), OptionalActions::Now, &before);
        }
    }

    pub(super) fn sleep() {
        let _ = kill_current_process_group(Signal::TSTP);
    }
}

#[cfg(not(unix))]
mod system {
    pub(super) fn take() -> bool {
        false
    }
    pub(super) fn give_back() {}
    pub(super) fn sleep() {}
}
