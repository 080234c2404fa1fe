"""Runs the experiments of the book and writes what they print beside them.

    python3 book/experiments/record.py                    all of them, with the interpreters that pyenv has
    python3 book/experiments/record.py names del_when     only these
    python3 book/experiments/record.py /usr/bin/python3   with this interpreter; a path is one, a name is not
    python3 book/experiments/record.py --check names      writes nothing; says what would be different, and fails
    python3 book/experiments/record.py --same names       runs nothing: only words of the script were changed

`recorded.txt` says of each output what its script was when it was recorded, and what it printed, as fingerprints;
`cargo xtask ci tidy` finds a script that was changed since, and an output that somebody edited.

A chapter includes the `.out` files, so a number in the book is one that was printed here. Timings differ from
machine to machine, resident memory by a little, and the addresses that the system gives out from run to run;
everything else should be the same wherever the versions are the same.
"""
import difflib
import glob
import os
import platform
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))

EVERY = None  # of Python 3; Python 2.7 is run only where a chapter asks for it
# Which versions a chapter shows, and how many lines of the output are a table's head: once is enough for all of them.
EXPERIMENTS = {
    "class_steps": (EVERY, 2),
    "pool_shape": (EVERY, 2),
    "threshold": (["3.11"], 0),
    "rounding": (["3.8", "3.11", "3.13"], 0),
    "reuse_order": (["3.9", "3.13"], 0),
    "free_block": (["3.11"], 0),
    "untouched_tail": (["3.11"], 0),
    "against_malloc": (["3.8", "3.11", "3.13"], 2),
    "domains": (["3.11", "3.13"], 0),
    "allocated_blocks": (["3.11"], 0),
    "where_things_live": (["3.10", "3.11"], 0),
    "call_depth": (EVERY, 2),
    "locals_outlive": (["3.11"], 0),
    "pages": (["3.11"], 0),
    "arena_calls": (["3.8", "3.11"], 0),
    "large_requests": (["3.11"], 0),
    "list_growth": (["3.11"], 0),
    "large_back": (["3.11"], 0),
    "moving_threshold": (["3.11"], 0),
    "each_nth": (["3.8", "3.11"], 0),
    "what_helps": (["3.8", "3.11"], 0),
    "between_classes": (["3.11"], 0),
    "where_bytes_go": (["3.8", "3.11", "3.13"], 0),
    "points": (["3.8", "3.11"], 0),
    "others_round": (["3.13"], 0),
    "flips": (["3.11"], 0),
    "arena_pools": (["3.8", "3.9", "3.10", "3.11", "3.13"], 1),
    "pool_order": (["3.8", "3.13"], 0),
    "arena_lines": (["3.8", "3.11"], 0),
    "fullest_first": (["3.6", "3.8", "3.11", "3.13"], 0),
    "arena_spare": (["3.7", "3.8", "3.9", "3.11", "3.13"], 2),
    "arenas_back": (["3.7", "3.8", "3.9"], 1),
    "realloc_rule": (["3.11"], 0),
    "ways_down": (["3.11"], 0),
    "who_looks": (EVERY, 0),
    "map_nodes": (["3.10", "3.11"], 0),
    "debug_block": (["3.6", "3.7", "3.8", "3.11"], 0),
    "debug_faults": (["3.11"], 0),
    "debug_cost": (["3.8", "3.11"], 1),
    "names": (["3.11"], 0),
    "count_seen": (EVERY, 1),
    "constants": (["3.6", "3.11"], 0),
    "sizeof_parts": (["3.8", "3.11", "3.13"], 0),
    "sizeof_growth": (["3.11"], 0),
    "sizeof_shallow": (["3.11", "3.13"], 0),
    "same_object": (EVERY, 1),
    "interned": (["3.11"], 0),
    "free_lists": (["3.8", "3.11", "3.13"], 0),
    "immortals": (["3.11", "3.12", "3.13"], 0),
    "interned_die": (["3.11", "3.12", "3.13"], 0),
    "inside": (["3.11"], 0),
    "walk_order": (["3.11"], 0),
    "walk_cost": (["3.11"], 0),
    "events": (["3.11"], 0),
    "brought_back": (EVERY, 1),
    "while_you_walk": (["3.11"], 0),
    "needs_collector": (["3.11"], 0),
    "cycles_pile_up": (["3.11"], 0),
    "who_dies_how": (["3.11"], 0),
    "collect_says": (EVERY, 1),
    "collect_miscounts": (["3.6", "3.8", "3.9", "3.11"], 0),
    "count0": (["3.11"], 0),
    "which_generation": (["3.11", "3.13"], 0),
    "quarter": (["3.11", "3.13"], 0),
    "pause": (["3.11"], 0),
    "young_and_old": (["3.11"], 0),
    "del_when": (["3.11"], 0),
    "del_once": (EVERY, 1),
    "del_raises": (["3.11"], 0),
    "del_era": (["2.7", "3.6", "3.11"], 0),
    "del_at_exit": (["3.11"], 0),
    "del_cost": (["3.11", "3.13"], 0),
    "leaks": (["3.11"], 0),
    "traceback_keeps": (["3.11"], 0),
    "find_leak": (["3.11"], 0),
    "when_it_runs": (["3.8", "3.11", "3.12", "3.13"], 0),
    "versions": (EVERY, 1),
    "weak_cache": (["3.11"], 0),
    "observers": (["3.11"], 0),
    "finalize_order": (["3.11"], 0),
    "weak_list": (["3.11"], 0),
    "weak_calls": (["3.11"], 0),
    "weak_twice": (["3.8", "3.11", "3.13"], 0),
    "weak_cost": (["3.11"], 0),
    "weak_iterate": (["3.8", "3.11", "3.13"], 0),
    "weak_stale": (["3.11"], 0),
    "said_id": (["3.11"], 0),
    "said_is": (["3.11"], 0),
    "tail_dies_last": (EVERY, 0),
    "who_sees_what": (["3.11"], 0),
    "rooms": (["3.8", "3.11"], 0),
    "comes_again": (["3.11", "3.13"], 0),
    "said_del": (["3.11"], 0),
    "said_tuple": (["3.11"], 0),
    "said_count": (["3.11"], 0),
    "said_freed": (["3.11"], 0),
    "said_system": (["3.11"], 0),
    "said_clock": (["3.11"], 0),
    "said_disable": (["3.11"], 0),
    "said_moves": (["3.11"], 0),
    "said_weak": (["3.11"], 0),
    "lost_updates": (EVERY, 1),
    "interrupted": (EVERY, 1),
    "waiters_interval": (["3.8", "3.11", "3.13"], 0),
    "huge_interval": (["3.8", "3.11", "3.13"], 0),
    "alone": (["3.8", "3.11", "3.13"], 0),
    "ticks": (["2.7", "3.8", "3.11"], 0),
    "who_wins": (["3.8", "3.11", "3.13"], 0),
    "short_release": (EVERY, 1),
    "who_lets_go": (["3.8", "3.11", "3.13"], 0),
    "cpu_bound": (["3.8", "3.11", "3.13"], 0),
    "io_bound": (["3.11"], 0),
    "shares": (["3.8", "3.11", "3.13"], 0),
    "echo_latency": (["3.8", "3.11", "3.13"], 0),
    "whose_thread": (["3.8", "3.11", "3.13"], 0),
    "interpreters": (["3.12", "3.13"], 0),
    "hand_over": (["3.8", "3.11", "3.13"], 0),
    "signal_when": (["3.8", "3.11", "3.13"], 0),
    "record_forms": (["3.8", "3.11", "3.13"], 0),
    "shared_keys": (["3.8", "3.11", "3.13"], 0),
    "many_numbers": (["3.11"], 0),
    "streams": (["3.11"], 0),
    "temporaries": (["3.8", "3.11", "3.13"], 0),
    "buffers": (["3.11"], 0),
    "one_of_each": (["3.8", "3.11", "3.13"], 0),
    "frozen_fork": (["3.8", "3.11", "3.13"], 0),
    "collector_off": (["3.11", "3.13"], 0),
    "no_help": (["3.8", "3.11", "3.13"], 0),
    "tracing_cost": (["3.8", "3.11", "3.13"], 0),
    "breaker_duties": (["3.11"], 0),
}


def fingerprint(path):
    """64 bits of FNV-1a over the text, whatever ends its lines: as `xtask/src/files.rs` has it."""
    with open(path, "rb") as file:
        text = file.read().replace(b"\r", b"")
    hash = 0xcbf29ce484222325
    for byte in text:
        hash = (hash ^ byte) * 0x100000001b3 & (1 << 64) - 1
    return "%016x" % hash


def note(script, outputs):
    """Writes down what the script and what it printed are."""
    path = os.path.join(HERE, "recorded.txt")
    with open(path) as file:
        lines = dict(line.split(None, 1) for line in file)
    for output in outputs:
        words = script, fingerprint(os.path.join(HERE, script)), fingerprint(os.path.join(HERE, output))
        lines[output] = " ".join(words) + "\n"
    with open(path, "w", newline="\n") as file:
        file.writelines("%s %s" % line for line in sorted(lines.items()))


def outputs_of(name):
    """Those that were recorded from this script before."""
    with open(os.path.join(HERE, "recorded.txt")) as file:
        return [line.split()[0] for line in file if line.split()[1] == name + ".py"]


def version(python):
    return subprocess.check_output([python, "-c", "import platform; print(platform.python_version())"]).decode().strip()


def number(text):
    return [int(digits) for digits in re.findall(r"\d+", text)]


def interpreters(given):
    found = given or glob.glob(os.path.expanduser("~/.pyenv/versions/[23].*/bin/python")) or [sys.executable]
    return sorted(((version(python), python) for python in found), key=lambda pair: number(pair[0]))


def run(name, pythons):
    """What one experiment prints, with each interpreter that it speaks about."""
    wanted, head = EXPERIMENTS[name]
    lines = ["%s %s, %s\n" % (platform.system(), platform.machine(), " ".join(platform.libc_ver()))]
    for found, python in pythons:
        if number(found)[0] == 3 if wanted is EVERY else found.rsplit(".", 1)[0] in wanted:
            print(name, found)
            printed = subprocess.check_output([python, "-B", os.path.join(HERE, name + ".py")])
            lines += printed.decode().splitlines(True)[head if len(lines) > 1 else 0:]
    return "".join(lines)


def main():
    arguments = sys.argv[1:]
    check, same = "--check" in arguments, "--same" in arguments
    pythons = interpreters([argument for argument in arguments if os.sep in argument])
    names = [argument for argument in arguments if os.sep not in argument and not argument.startswith("--")]
    if same:
        for name in names:
            note(name + ".py", outputs_of(name) or [name + ".out"])
        return
    unknown = [name for name in names if name not in EXPERIMENTS]
    if unknown:
        sys.exit("There is no experiment %s; the names are in EXPERIMENTS." % ", ".join(unknown))
    different = []
    for name in names or EXPERIMENTS:
        path, printed = os.path.join(HERE, name + ".out"), run(name, pythons)
        if not check:
            with open(path, "w", newline="\n") as file:
                file.write(printed)
            note(name + ".py", [name + ".out"])
            continue
        with open(path) as file:
            recorded = file.read()
        if recorded != printed:
            different.append(name)
            sys.stdout.writelines(difflib.unified_diff(
                recorded.splitlines(True), printed.splitlines(True), "recorded", "now"))
    if different:
        sys.exit("Different: " + ", ".join(different))


if __name__ == "__main__":
    main()
