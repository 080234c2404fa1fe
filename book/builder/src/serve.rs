//! # Reading the book while it is written
//!
//! A server for one reader: it gives the files of book/out to this machine only, and renders again when a source has
//! changed. Reloading the page shows what is new. Every 400 ms it looks at the times of a few hundred files; that
//! works on every system and needs no library.

use crate::house::{House, files_below};
use crate::render::{self, Failure};
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How often the sources are looked at.
const PAUSE: Duration = Duration::from_millis(400);

/// Serves until the process is ended.
pub(crate) fn serve(house: &House, port: u16) -> Result<(), String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .map_err(|e| format!("port {port} cannot be used: {e}. Choose another with --port N."))?;
    let address = listener.local_addr().map_err(|e| e.to_string())?;
    let out = house.out();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let out = out.clone();
            std::thread::spawn(move || answer(stream, &out));
        }
    });
    let mut last = None;
    loop {
        let now = stamp(house);
        if last != Some(now) {
            last = Some(now);
            match render::build(house, |_| Ok(())) {
                Ok(built) => println!("{built}\nhttp://{address}/  (Ctrl-C ends it)"),
                Err(Failure::Book(problems)) => crate::list(&problems),
                Err(Failure::Use(what) | Failure::Own(what)) => eprintln!("book-builder: {what}"),
            }
        }
        std::thread::sleep(PAUSE);
    }
}

/// The newest change and the number of files that a rendered book depends on. Rust sources of the figures are not
/// among them: they need a new builder.
fn stamp(house: &House) -> (Option<SystemTime>, usize) {
    let folders = ["book/src", "book/theme", "solutions", "exercises", "runtime/src"];
    let mut files: Vec<PathBuf> = vec![house.book().join("book.toml")];
    for folder in folders {
        let folder = house.root.join(folder);
        files.extend(files_below(&folder).into_iter().map(|file| folder.join(file)));
    }
    let newest = files.iter().filter_map(|file| std::fs::metadata(file).ok()?.modified().ok()).max();
    (newest, files.len())
}

/// Answers one request: a GET of one file.
fn answer(mut stream: TcpStream, out: &Path) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
    let mut request = String::new();
    let mut reader = BufReader::new(&stream);
    if reader.read_line(&mut request).is_err() {
        return;
    }
    // The rest of the head says nothing that matters, but an unread head resets the connection.
    let mut line = String::new();
    while reader.read_line(&mut line).is_ok_and(|length| length > 2) {
        line.clear();
    }
    let path = request.strip_prefix("GET ").and_then(|rest| rest.split([' ', '?', '#']).next());
    let found = path.and_then(|path| file(out, path)).and_then(|file| Some((std::fs::read(&file).ok()?, file)));
    let (status, kind, body) = match &found {
        Some((body, file)) => ("200 OK", media_type(file), body.as_slice()),
        None => ("404 Not Found", "text/plain; charset=utf-8", b"There is no such page.\n".as_slice()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
}

/// The file of the site that a path asks for; never one outside of it.
fn file(out: &Path, path: &str) -> Option<PathBuf> {
    let inner = PathBuf::from(crate::site::decoded(path).trim_start_matches('/'));
    let inside = inner.components().all(|part| matches!(part, Component::Normal(_)));
    let file = out.join(inner);
    inside.then(|| if file.is_dir() { file.join("index.html") } else { file })
}

fn media_type(file: &Path) -> &'static str {
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_never_leaves_the_site() {
        let out = Path::new("/nowhere/out");
        assert_eq!(file(out, "/heap/pool.html"), Some(PathBuf::from("/nowhere/out/heap/pool.html")));
        for path in ["/../secret", "/%2e%2e/secret", "//etc/../../x", "/a/..%2f../x"] {
            assert_eq!(file(out, path), None, "{path}");
        }
    }
}
