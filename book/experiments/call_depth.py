"""What does a Python call put on the C stack?

A function calls itself to a depth of 500, and at the bottom the script reads how many bytes of the main thread's C
stack are really there (/proc/self/smaps), compared with before. It is done for a plain call, and for a call that
goes through C: `next` calls `map`, which calls the function. The last column is the distance between the frames of
caller and called (3.11 and later, read through the frame object).
"""
import re
import subprocess
import sys

from look import VERSION, word

DEPTH = 500
sys.setrecursionlimit(10 * DEPTH)
bottom = []


def c_stack():
    with open("/proc/self/smaps") as file:
        return int(re.search(r"\[stack\]\n(?:.*\n)*?Rss:\s*(\d+) kB", file.read()).group(1)) * 1024


def plain(n):
    if n == 0:
        bottom.append(c_stack())
    else:
        plain(n - 1)


def through_c(n):
    if n == 0:
        bottom.append(c_stack())
    else:
        next(map(through_c, [n - 1]))


def frames(n):
    if n == 0:
        return [word(id(sys._getframe()) + 24)]
    return frames(n - 1) + [word(id(sys._getframe()) + 24)]


def each(call):
    call(10)
    before = c_stack()
    del bottom[:]
    call(DEPTH)
    return (bottom[0] - before) / DEPTH


if len(sys.argv) > 1:
    print(each({"plain": plain, "through_c": through_c}[sys.argv[1]]))
else:
    # Each in a process of its own: what the C stack once had, it keeps.
    found = [float(subprocess.check_output([sys.executable, __file__, call])) for call in ("plain", "through_c")]
    inner = frames(3) if sys.version_info >= (3, 11) else None
    print("                bytes of C stack for a call     from frame")
    print("                     plain      through C         to frame")
    print("%-16s %9.0f %14.0f %16s" % (VERSION, found[0], found[1], inner[0] - inner[1] if inner else "-"))
