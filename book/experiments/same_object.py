"""Which values have one object, however they are computed?

Each value is computed twice at run time, so that the compiler cannot have merged them, and the two results are
compared with `is`. The small ints are tried one by one, downwards and upwards.
"""
import sys

from look import VERSION


def one(make):
    return "one" if make() is make() else "two"


def last(step):
    number = 0
    while int(str(number)) is int(str(number)):
        number += step
    return number - step


A, B, EMPTY = "a", b"a", ""
COLUMNS = [
    ("ints", "%d..%d" % (last(-1), last(1))),
    ("''", one(lambda: "".join([EMPTY]))),
    ("'a'", one(lambda: (A + "b")[0])),
    ("'\\xe9'", one(lambda: chr(0xE9))),
    ("'\\u20ac'", one(lambda: chr(0x20AC))),
    ("'ab'", one(lambda: A + "b")),
    ("interned", one(lambda: sys.intern(A + "b"))),
    ("b''", one(lambda: bytes(bytearray(0)))),
    ("b'a'", one(lambda: (B + b"b")[:1])),
    ("()", one(lambda: tuple([]))),
    ("(1,)", one(lambda: tuple([1]))),
    ("frozenset()", one(lambda: frozenset([]))),
    ("0.0", one(lambda: float("0"))),
]
width = [max(len(head), len(value), 3) for head, value in COLUMNS]
print("        " + "  ".join("%*s" % (w, head) for w, (head, value) in zip(width, COLUMNS)))
print("%-8s" % VERSION.split()[1] + "  ".join("%*s" % (w, value) for w, (head, value) in zip(width, COLUMNS)))
