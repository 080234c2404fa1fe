"""A million objects, each thousandth kept: what brings the memory down, and what does not?

Like `each_nth.py`. After the drop: a collection, glibc's `malloc_trim`, another million of the same size, the same
dropped again, and the thousand dropped. Below, what would have helped: the long-lived ones made first, copies of
them, and the work done in a child process. Each of these runs in a process of its own.
"""
import ctypes
import gc
import os
import subprocess
import sys

from look import MIB, VERSION, arenas, resident

COUNT = 1000000
kept = [None] * COUNT
start, there = arenas(), resident()


def row(what):
    print("  %-46s %6d %9d" % (what, arenas() - start, round((resident() - there) / MIB)), flush=True)


def fill():
    for i in range(COUNT):
        kept[i] = bytes(95)


def drop():
    for i in range(COUNT):
        kept[i] = None


def after():
    fill()
    row("a million made")
    rest = kept[::1000]
    drop()
    row("all but each thousandth dropped")
    gc.collect()
    row("gc.collect()")
    ctypes.CDLL(None).malloc_trim(0)
    row("malloc_trim(0)")
    fill()
    row("another million made")
    drop()
    row("and dropped")
    del rest
    row("the thousand dropped, too")


def first():
    rest = [bytes(95) for _ in range(1000)]
    fill()
    drop()
    row("the thousand made before the million")


def copies_before():
    fill()
    rest = [bytes(bytearray(each)) for each in kept[::1000]]
    drop()
    row("copies of the thousand, made before the drop")


def copies_after():
    fill()
    few = kept[::1000]
    drop()
    rest = [bytes(bytearray(each)) for each in few]
    del few
    row("copies of the thousand, made after the drop")


def joined():
    fill()
    one = b"".join(kept[::1000])
    drop()
    rest = [one[i:i + 95] for i in range(0, len(one), 95)]
    row("the thousand joined, all dropped, split again")


def child_process():
    read, write = os.pipe()
    if os.fork() == 0:
        fill()
        os.write(write, b"".join(kept[::1000]))
        os._exit(0)
    os.close(write)
    with open(read, "rb") as file:
        result = file.read()
    rest = [result[i:i + 95] for i in range(0, len(result), 95)]
    os.wait()
    row("the million made in a child process")


if len(sys.argv) > 1:
    globals()[sys.argv[1]]()
else:
    print("%-48s arenas  resident MiB" % VERSION, flush=True)
    for case in "after", "first", "copies_before", "copies_after", "joined", "child_process":
        subprocess.check_call([sys.executable, __file__, case])
