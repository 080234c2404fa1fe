//! The git commands that an update needs, each with what its failure means to a learner.
//!
//! Every one runs in a process group of its own: Ctrl-C ends the update, and lets a git that is at work finish.

use std::io::{IsTerminal, Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use check::supervise::group;

use crate::failure::Failure;

/// The project as a git repository.
pub(super) struct Git<'a> {
    root: &'a Path,
}

impl<'a> Git<'a> {
    /// The repository whose top `root` is; none where there is no git, or the project lies inside another repository.
    pub(super) fn of(root: &'a Path) -> Option<Git<'a>> {
        let git = Git { root };
        // A linked worktree has a file `.git`.
        (root.join(".git").exists() && git.line(&["rev-parse", "HEAD"]).is_some()).then_some(git)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.current_dir(self.root).args(["-c", "core.quotePath=false"]).args(args);
        for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
            command.env_remove(variable); // a hook or an alias set them for itself
        }
        if !std::io::stdin().is_terminal() {
            command.env("GIT_TERMINAL_PROMPT", "0");
        }
        command
    }

    fn ended(mut command: Command, input: Option<&[u8]>) -> Result<Output, Failure> {
        let stdin = if input.is_some() { Stdio::piped() } else { Stdio::null() };
        command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
        let cannot = |e: std::io::Error| Failure::Input(format!("git cannot be started: {e}. Is it installed?"));
        let mut child = group::start(&mut command).map_err(cannot)?;
        if let (Some(input), Some(mut stdin)) = (input, child.stdin.take()) {
            let _ = stdin.write_all(input); // a git that does not listen says why when it ends
        }
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let errors = std::thread::spawn(move || all_of(err));
        let (stdout, stderr) = (all_of(out), errors.join().unwrap_or_default());
        let status = child.wait().map_err(|e| Failure::Internal(format!("git cannot be waited for: {e}")))?;
        Ok(Output { status, stdout, stderr })
    }

    /// What git says, as bytes.
    fn bytes(&self, args: &[&str]) -> Result<Vec<u8>, Failure> {
        let output = Git::ended(self.command(args), None)?;
        if output.status.success() { Ok(output.stdout) } else { Err(refused(args, &output)) }
    }

    /// One line that git says; none if it fails.
    pub(super) fn line(&self, args: &[&str]) -> Option<String> {
        let text = String::from_utf8(self.bytes(args).ok()?).ok()?;
        Some(text.trim().to_string()).filter(|text| !text.is_empty())
    }

    /// Names that git lists with `-z`.
    pub(super) fn names(&self, args: &[&str]) -> Result<Vec<String>, Failure> {
        let text = String::from_utf8_lossy(&self.bytes(args)?).into_owned();
        Ok(text.split('\0').filter(|name| !name.is_empty()).map(str::to_string).collect())
    }

    /// Does it, or says why not.
    pub(super) fn does(&self, args: &[&str]) -> Result<(), Failure> {
        self.bytes(args).map(drop)
    }

    /// A file's text in a commit.
    pub(super) fn text(&self, commit: &str, path: &str) -> Option<String> {
        let bytes = self.bytes(&["cat-file", "blob", &format!("{commit}:{path}")]).ok()?;
        Some(crate::files::plain_lines(String::from_utf8(bytes).ok()?))
    }

    /// The commit that a name means.
    pub(super) fn commit(&self, name: &str) -> Option<String> {
        self.line(&["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")])
    }

    /// Is `old` part of the history of `new`?
    pub(super) fn contains(&self, new: &str, old: &str) -> bool {
        self.bytes(&["merge-base", "--is-ancestor", old, new]).is_ok()
    }

    /// The branch that this one follows, `origin/main`; or that of the remote which was named.
    pub(super) fn followed(&self, remote: Option<&str>) -> Result<String, Failure> {
        let remotes: Vec<String> =
            self.line(&["remote"]).map(|t| t.lines().map(str::to_string).collect()).unwrap_or_default();
        if let Some(remote) = remote {
            if !remotes.iter().any(|known| known == remote) {
                return Err(Failure::Usage(format!(
                    "There is no remote `{remote}`. There are: {}.",
                    remotes.join(", ")
                )));
            }
            return self.head_of(remote);
        }
        let Some(_) = self.line(&["symbolic-ref", "--quiet", "HEAD"]) else {
            return Err(Failure::Input(
                "You are on no branch (a detached HEAD), so nothing can be updated. `git switch main` goes back to one."
                    .into(),
            ));
        };
        if let Some(branch) = self.line(&["rev-parse", "--abbrev-ref", "--symbolic-full-name", "@{upstream}"]) {
            return Ok(branch);
        }
        match remotes.as_slice() {
            [] => Err(Failure::Input(
                "This clone has no remote, so I do not know where a newer version is. Download one, unpack it, and say \
                 where: `cargo xtask update --from DIR`"
                    .into(),
            )),
            [one] => self.head_of(one),
            several => Err(Failure::Input(format!(
                "Your branch follows none, and there are several remotes. Name the course's: \
                 `cargo xtask update --remote {}`",
                several.join(" or ")
            ))),
        }
    }

    /// The branch that a remote's own HEAD is, else its `main`.
    fn head_of(&self, remote: &str) -> Result<String, Failure> {
        let head = self.line(&["rev-parse", "--abbrev-ref", &format!("{remote}/HEAD")]);
        Ok(head.filter(|branch| branch != &format!("{remote}/HEAD")).unwrap_or_else(|| format!("{remote}/main")))
    }

    /// Asks the remote of `branch` what is new.
    pub(super) fn fetch(&self, branch: &str) -> Result<(), Failure> {
        let remote = branch.split('/').next().unwrap_or(branch);
        let output = Git::ended(self.command(&["fetch", "--quiet", remote]), None)?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr).trim().to_string();
        Err(Failure::Input(format!(
            "git could not ask `{remote}` what is new, and nothing was changed. Are you online?\n{said}"
        )))
    }

    /// Merges `theirs` into `ours` without touching a file, and gives the commit. `exercises` decides about the files
    /// that learners edit: path by path, the text, or none for no such file.
    pub(super) fn merged(
        &self,
        ours: &str,
        theirs: &str,
        index: &Path,
        exercises: &[(String, Option<Vec<u8>>)],
    ) -> Result<String, Failure> {
        let with_index = |args: &[&str], input: Option<&[u8]>| {
            let mut command = self.command(args);
            command.env("GIT_INDEX_FILE", index);
            let output = Git::ended(command, input)?;
            if output.status.success() {
                Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_string())
            } else {
                Err(refused(args, &output))
            }
        };
        let base = self.line(&["merge-base", ours, theirs]).ok_or_else(|| {
            Failure::Input(
                "Your branch and the course's have no commit in common: `cargo xtask update --from DIR`".into(),
            )
        })?;
        let _ = std::fs::remove_file(index);
        with_index(&["read-tree", "-i", "-m", "--aggressive", &base, ours, theirs], None)?;
        for (path, text) in exercises {
            with_index(&["update-index", "--force-remove", "--", path], None)?;
            if let Some(text) = text {
                let blob = with_index(&["hash-object", "-w", "--stdin"], Some(text))?;
                with_index(&["update-index", "--add", "--cacheinfo", &format!("100644,{blob},{path}")], None)?;
            }
        }
        let twice = with_index(&["ls-files", "--unmerged", "-z"], None)?;
        let mut twice: Vec<&str> =
            twice.split('\0').filter_map(|entry| entry.split_once('\t')).map(|(_, p)| p).collect();
        twice.dedup();
        if !twice.is_empty() {
            return Err(Failure::Input(format!(
                "You committed changes to files that the update changes as well; nothing was changed:\n  {}\n\
                 Merge them by hand: `git merge {theirs}`. Your answers are in your commits.",
                twice.join("\n  ")
            )));
        }
        let tree = with_index(&["write-tree"], None)?;
        let _ = std::fs::remove_file(index);
        with_index(&["commit-tree", &tree, "-p", ours, "-p", theirs, "-m", "Update of the course"], None)
    }
}

fn all_of(pipe: Option<impl Read>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = pipe.map(|mut pipe| pipe.read_to_end(&mut bytes)); // what came before it broke is all there is
    bytes
}

fn refused(args: &[&str], output: &Output) -> Failure {
    let said = String::from_utf8_lossy(&output.stderr).trim().to_string();
    let remedy = if said.contains("index.lock") {
        " Another git is at work here, or one was interrupted: if none is, delete .git/index.lock."
    } else {
        ""
    };
    Failure::Input(format!("`git {}` failed.{remedy}\n{said}", args.join(" ")))
}
