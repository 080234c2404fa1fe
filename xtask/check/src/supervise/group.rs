//! Process groups: what is started together is killed together.

use std::process::{Child, Command};

/// The command's process will lead a group of its own.
pub fn lead(command: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(not(unix))]
    let _ = command;
}

/// Did the process end? On Unix it stays a zombie, so that its group's number stays its own until [`kill`].
pub fn is_over(process: &mut Child) -> bool {
    #[cfg(unix)]
    {
        use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        !matches!(waitid(WaitId::Pid(Pid::from_child(process)), options), Ok(None))
    }
    #[cfg(not(unix))]
    !matches!(process.try_wait(), Ok(None))
}

/// Kills what is left of the group that this process leads. Waiting for it is still to be done.
pub fn kill(process: &mut Child) {
    #[cfg(unix)]
    {
        use rustix::process::{Pid, Signal, kill_process_group};
        // An error means that nobody is left in the group.
        let _ = kill_process_group(Pid::from_child(process), Signal::KILL);
    }
    #[cfg(not(unix))]
    let _ = process.kill();
}
