//! # The convoy: a thread that mostly waits, beside threads that only compute
//!
//! ```text
//!   client (a process of its own)     server: one thread answers, and 0, 1, 2 or 4 compute
//!     letter ------------------------> recv: had let the GIL go; now it wants it: a whole interval until it may ask,
//!     <- - - the latency - - - - - ->        and beside several that compute, a turn in which nobody knows it
//!     <------------------------------- send
//!     thinks 60 ms
//! ```
//!
//! The server is ours or CPython's (`echo.py`, which does the same); the client is the same program for both.
//!
//! - **I1** What computes is a loop of Python code: a number that no table holds, one more each turn, and a switch point
//!   at the end of each. `recv` and `send` let the GIL go.
//! - **I2** Of each combination, the servers take turns: a machine that is slower for a while is slower for both.

use crate::collect::ours::interpreter;
use crate::turns::quartiles;
use runtime::threads::Thread;
use std::io::{BufRead, BufReader};
use std::net::UdpSocket;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long the client thinks between two letters: longer than the longest interval, so that nobody waits any more for what
/// the last answer let go.
pub const THINKS: Duration = Duration::from_millis(60);

/// A letter whose answer takes so long is lost.
const LOST: Duration = Duration::from_secs(20);

/// How many threads compute, and the switch interval in microseconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Setting {
    /// Threads that compute.
    pub computing: u64,
    /// Microseconds.
    pub interval: u64,
}

impl Setting {
    /// All that are measured.
    pub fn all() -> impl Iterator<Item = Setting> {
        let of = |computing| [50_000, 5_000, 1_000, 100].map(|interval| Setting { computing, interval });
        [0, 1, 2, 4].into_iter().flat_map(of)
    }
}

/// Our server: the twin of `echo.py`. It does not return.
///
/// # Errors
/// A sentence: why it cannot begin.
pub fn serve(setting: Setting) -> Result<(), String> {
    let cannot = |error: std::io::Error| format!("no mailbox: {error}");
    let mailbox = UdpSocket::bind("127.0.0.1:0").map_err(cannot)?;
    println!("{}", mailbox.local_addr().map_err(cannot)?.port());
    let python = interpreter();
    python.set_switch_interval(setting.interval as f64 / 1e6).map_err(|_| "an interval of 0")?;
    python.with_gil(|gil| {
        for _ in 0..setting.computing {
            let started = Thread::start(&gil, "computes", |gil| {
                let (one, mut n) = (gil.int(1).expect("memory"), gil.int(1000).expect("memory"));
                loop {
                    let o = gil.objects();
                    n = gil.owned(o.int_add(n.as_obj(), one.as_obj()).expect("memory"));
                    gil.switch_point().expect("nobody throws anything");
                }
            });
            started.map_err(|_| "the system has no thread more")?;
        }
        loop {
            let mut letter = [0; 64];
            let received = gil.allow_threads(|| mailbox.recv_from(&mut letter));
            let (length, sender) = received.map_err(|error| error.to_string())?;
            if length == 0 {
                std::process::exit(0);
            }
            // What comes back is a bytes object, as in Python.
            let letter = gil.bytes(&letter[..length]).expect("memory").to_bytes();
            gil.allow_threads(|| mailbox.send_to(&letter, sender)).map_err(|error| error.to_string())?;
        }
    })
}

/// Starts `server`, writes letters for so long, and ends it. Milliseconds until the answers.
///
/// # Errors
/// A sentence.
pub fn ask(server: &mut Command, how_long: Duration) -> Result<Vec<f64>, String> {
    let shown = format!("{:?}", server.get_program());
    let mut server = server.stdout(Stdio::piped()).stdin(Stdio::null()).spawn().map_err(|e| format!("{shown}: {e}"))?;
    let mut port = String::new();
    let said = BufReader::new(server.stdout.take().expect("it was piped")).read_line(&mut port);
    let port: u16 = said.ok().and_then(|_| port.trim().parse().ok()).ok_or(format!("{shown} told no port"))?;
    let latencies = write_letters(port, how_long).map_err(|error| format!("{shown}: {error}"));
    // Whether it ended by the empty letter or is beyond that.
    let _ = server.kill();
    let _ = server.wait();
    latencies
}

fn write_letters(port: u16, how_long: Duration) -> std::io::Result<Vec<f64>> {
    let client = UdpSocket::bind("127.0.0.1:0")?;
    client.connect(("127.0.0.1", port))?;
    client.set_read_timeout(Some(LOST))?;
    let (begin, mut latencies) = (Instant::now(), vec![]);
    // The first one comes while the server's threads are still being started.
    for number in 0_u64.. {
        thread::sleep(THINKS);
        let sent = Instant::now();
        client.send(&number.to_le_bytes())?;
        client.recv(&mut [0; 64])?;
        if number > 0 {
            latencies.push(sent.elapsed().as_secs_f64() * 1e3);
        }
        if begin.elapsed() > how_long {
            break;
        }
    }
    client.send(&[])?;
    Ok(latencies)
}

/// p10, the median, p90.
#[must_use]
pub fn spread(latencies: &[f64]) -> [f64; 3] {
    if latencies.is_empty() {
        return [f64::NAN; 3];
    }
    let mut sorted = latencies.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |tenths: usize| sorted[(sorted.len() - 1) * tenths / 10];
    [at(1), quartiles(latencies)[1], at(9)]
}
