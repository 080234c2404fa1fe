"""Which system calls do a million small objects make, and which do they not?

Runs itself under `strace`, with an attempt to open a file called /mark between the steps, and counts the calls for
memory in each step. Where strace is not found, the growth of the arenas is all that is printed.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

from look import ARENA, VERSION, arenas

STEPS = ["a million object() made", "the same dropped", "100,000 bytes(1000) made", "the same dropped",
         "a bytes of 100 MB made", "the same dropped"]


def child():
    number, kept = iter(range(99)), [None] * 1000000

    def mark():
        print(next(number), arenas(), flush=True)
        try:
            open("/mark")
        except OSError:
            pass

    def fill(count, make):
        for i in range(count):
            kept[i] = make()
        mark()
        for i in range(count - 1, -1, -1):
            kept[i] = None
        mark()

    mark()
    fill(1000000, object)
    fill(100000, lambda: bytes(1000))
    fill(1, lambda: b"x" * 100000000)


def parent():
    command = [sys.executable, "-S", __file__, "child"]
    with tempfile.NamedTemporaryFile() as log:
        if shutil.which("strace"):
            command = ["strace", "-o", log.name, "-e", "trace=mmap,munmap,brk,open,openat"] + command
        printed = subprocess.check_output(command, env=dict(os.environ, LC_ALL="C")).decode()
        counts = [line.split() for line in printed.splitlines()]
        steps = re.split(r'.*"/mark".*\n', log.read().decode())[1:]
    print("%-28s arenas   mmap of     munmap of   other   other" % VERSION)
    print("%-28s           an arena    an arena    mmap    munmap   brk" % "")
    for at, name in enumerate(STEPS):
        line = "%-28s %6s" % (name, counts[at + 1][1])
        if len(steps) > 1:
            calls = [(call, size) for call, size in re.findall(r"^(\w+)\([^,)]*(?:, (\d+))?", steps[at], re.M)]
            ours = [sum(call == kind and size == str(ARENA) for call, size in calls) for kind in ("mmap", "munmap")]
            total = [sum(call == kind for call, _ in calls) for kind in ("mmap", "munmap", "brk")]
            line += "%12d%12d%8d%10d%6d" % (ours[0], ours[1], total[0] - ours[0], total[1] - ours[1], total[2])
        print(line)


child() if sys.argv[1:] == ["child"] else parent()
