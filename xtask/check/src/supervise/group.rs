//! Process groups: what is started together is killed together, and [`stop_all`] kills everything that was started.
//!
//! - **I1** A group that [`stop_all`] may kill is led by a process that nobody has waited for: its number is still its
//!   own.
//! - **I2** After [`stop_all`] nothing is started any more.

use std::io;
use std::ops::{Deref, DerefMut};
use std::process::{Child, Command, ExitStatus};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The leaders that nobody has waited for, and whether all is stopped.
static LEADERS: Mutex<(Vec<u32>, bool)> = Mutex::new((Vec::new(), false));

fn leaders() -> MutexGuard<'static, (Vec<u32>, bool)> {
    LEADERS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A process that leads a group of its own.
#[derive(Debug)]
pub struct Leader(Child);

/// Starts the command as the leader of a group of its own.
///
/// # Errors
/// When it cannot be started, or after [`stop_all`].
pub fn start(command: &mut Command) -> io::Result<Leader> {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    let mut leaders = leaders();
    if leaders.1 {
        return Err(io::Error::new(io::ErrorKind::Interrupted, "everything was stopped"));
    }
    let child = command.spawn()?;
    leaders.0.push(child.id());
    Ok(Leader(child))
}

impl Leader {
    /// Did the process end? On Unix it stays a zombie, so that its group's number stays its own until [`Leader::wait`].
    pub fn is_over(&mut self) -> bool {
        #[cfg(unix)]
        {
            use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
            let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
            !matches!(waitid(WaitId::Pid(Pid::from_child(&self.0)), options), Ok(None))
        }
        #[cfg(not(unix))]
        !matches!(self.0.try_wait(), Ok(None))
    }

    /// Kills what is left of the group that this process leads. Waiting for it is still to be done.
    pub fn kill(&mut self) {
        #[cfg(unix)]
        kill_group(self.0.id());
        #[cfg(not(unix))]
        let _ = self.0.kill();
    }

    /// Waits until the process is over, and forgets it.
    ///
    /// # Errors
    /// When the system does not tell how it ended.
    pub fn wait(&mut self) -> io::Result<ExitStatus> {
        #[cfg(unix)]
        {
            use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
            // It stays a zombie while the list still has it (I1).
            let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
            let _ = rustix::io::retry_on_intr(|| waitid(WaitId::Pid(Pid::from_child(&self.0)), options));
        }
        leaders().0.retain(|id| *id != self.0.id());
        self.0.wait()
    }
}

impl Deref for Leader {
    type Target = Child;
    fn deref(&self) -> &Child {
        &self.0
    }
}

impl DerefMut for Leader {
    fn deref_mut(&mut self) -> &mut Child {
        &mut self.0
    }
}

impl Drop for Leader {
    fn drop(&mut self) {
        leaders().0.retain(|id| *id != self.0.id());
    }
}

/// Kills every group that was started and is not over, and lets none be started from now on.
///
/// Whoever waits for one finds it killed: so all that is under way comes to its end, and cleans up behind itself.
pub fn stop_all() {
    let mut leaders = leaders();
    leaders.1 = true;
    leaders.0.iter().for_each(|id| kill_group(*id));
}

/// Was [`stop_all`] called?
pub fn stopped() -> bool {
    leaders().1
}

#[cfg(unix)]
fn kill_group(id: u32) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(group) = i32::try_from(id).ok().and_then(Pid::from_raw) {
        // An error means that nobody is left in the group.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

/// Windows knows no groups, but which process started which.
#[cfg(not(unix))]
fn kill_group(id: u32) {
    let _ = Command::new("taskkill").args(["/T", "/F", "/PID", &id.to_string()]).output();
}
