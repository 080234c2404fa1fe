//! # The pages in a real browser
//!
//! What only a browser knows: contrast as it is painted, requests as they are made, keys as they are taken. The script
//! `book/browser/check.mjs` drives a Chromium that is already on the machine; without one the checks are skipped, and
//! that is said.

use crate::house::House;
use crate::problem::Problem;
use crate::render::Failure;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs the browser's checks over a rendered site.
pub(crate) fn check(house: &House, site: &Path) -> Result<(), Failure> {
    let folder = house.book().join("browser");
    let script = folder.join("check.mjs");
    let Some(chromium) = chromium() else {
        return skipped("no Chromium was found; set CHROMIUM to its path");
    };
    if !folder.join("node_modules").is_dir() {
        return skipped("its packages are not installed; run `npm ci` in book/browser");
    }
    match Command::new("node").arg(&script).arg(site).arg(chromium).status() {
        Err(_) => skipped("no `node` was found"),
        Ok(status) if status.success() => Ok(()),
        Ok(_) => {
            let remedy = "What it found is printed above.";
            Err(Failure::Book(vec![Problem::of(house.name(&script), "the pages do not pass in a browser", remedy)]))
        }
    }
}

fn skipped(why: &str) -> Result<(), Failure> {
    eprintln!("SKIPPED: the browser's checks: {why}.");
    Ok(())
}

fn chromium() -> Option<PathBuf> {
    let given = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let found = std::env::split_paths(&path).flat_map(|folder| names.map(|name| folder.join(name)));
    given.into_iter().chain(found).find(|candidate| candidate.is_file())
}
