"""Where in the process do the things of a Python program live?

Compares addresses with /proc/self/maps and with what was loaded: `static` is memory that belongs to the executable
or to one of its libraries, `heap` the stretch that libc's malloc grows, `mapping` memory without a name, which is
what arenas and Python's own stack are made of, `stack` the C stack. The frame of the running function is read
through its frame object (its layout is known for 3.11 to 3.13; before, the frame object is the frame).
"""
import ctypes
import sys

from look import VERSION, Map, word


def function():
    local = 1000.5
    frame = sys._getframe()
    inner = word(id(frame) + 24) if sys.version_info >= (3, 11) else id(frame)
    return [
        ("None", id(None)),
        ("the type int", id(int)),
        ("the int 7", id(7)),
        ("the int 10**6", id(int("1000000"))),
        ("the string 'a'", id("a")),
        ("a function", id(function)),
        ("its code", id(function.__code__)),
        ("a class", id(Map)),
        ("a local variable's float", id(local)),
        ("the running frame", inner),
        ("the globals of a module", id(globals())),
        ("a list of 10, its array", word(id([None] * 10) + 24)),
        ("a list of 100, its array", word(id(kept[0]) + 24)),
        ("a list of 100000, its array", word(id(kept[1]) + 24)),
    ]


kept = [None] * 100, [None] * 100000
rows = function()
places = Map()
print("%-30s%s" % ("", VERSION))
stack = [row for row in places.rows if row[2] == "stack"][0]
for name, address in rows:
    print("%-30s%s" % (name, places.name(address)))
print("%-30s%d" % ("of these on the C stack", sum(stack[0] <= address < stack[1] for _, address in rows)))
