"""Advice that is often given and does not help: before and after, in bytes, by tracemalloc.

Each line makes the same thing twice, the second time as the advice has it. The last three are about a process that
made a million small objects and keeps every thousandth: by how many MiB its resident memory is larger than before.
"""
import gc
import subprocess
import sys
import tracemalloc

from look import MIB, VERSION, resident


class Base:
    pass


class Plain(Base):
    def __init__(self):
        self.x = self.y = None


class SlotsBelow(Base):
    __slots__ = ("x", "y")

    def __init__(self):
        self.x = self.y = None


class LongNames:
    def __init__(self):
        self.a_name_that_says_what_it_is_for, self.another_name_of_this_kind = None, None


class ShortNames:
    def __init__(self):
        self.a, self.b = None, None


class SlotsAll:
    __slots__ = ("x", "y")
    __init__ = SlotsBelow.__init__


KEYS = [number + 1000 for number in range(1000)]
HUNDRED = 100


def thousand(make):
    return lambda: [make() for _ in range(1000)]


def all_deleted():
    kept = dict.fromkeys(KEYS)
    for key in KEYS:
        del kept[key]
    return kept


def cleared():
    kept = dict.fromkeys(KEYS)
    kept.clear()
    return kept


def set_to_none():
    data = bytes(100000)
    data = None
    return data


def deleted():
    data = bytes(100000)
    del data


def left_to_the_end():
    data = bytes(100000)
    data[0]


CASES = [
    ("__slots__, below a base without them", thousand(Plain), thousand(SlotsBelow)),
    ("for comparison: __slots__ without a base", thousand(Plain), thousand(SlotsAll)),
    ("short names of attributes", thousand(LongNames), thousand(ShortNames)),
    ("all of a dict's keys deleted", lambda: dict.fromkeys(KEYS), all_deleted),
    ("for comparison: clear()", lambda: dict.fromkeys(KEYS), cleared),
    ("list() of a generator, for a list", lambda: [str(n) for n in KEYS], lambda: list(str(n) for n in KEYS)),
    ("bytes for str, 100 ASCII letters", thousand(lambda: "x" * HUNDRED), thousand(lambda: b"x" * HUNDRED)),
    ("a name set to None, not deleted", deleted, set_to_none),
    ("del at the end of a function", left_to_the_end, deleted),
]


def bytes_of(make):
    make()  # what is made once
    tracemalloc.start()
    kept = make()
    now = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return now, kept


def collected():
    gc.collect()


def low_threshold():
    gc.set_threshold(10)


def gone(advice):
    """A million small objects, every thousandth kept; what the process has more than before, with the advice."""
    before = resident()
    kept = [bytes(90) for _ in range(1000000)]
    kept = kept[::1000]
    advice()
    print("%.0f" % ((resident() - before) / MIB))
    assert kept


PROCESS = [("a million made, most dropped", lambda: None), ("the same, and gc.collect()", collected),
           ("the same, and set_threshold(10)", low_threshold)]
if len(sys.argv) > 1:
    gone(PROCESS[int(sys.argv[1])][1])
else:
    print("%-44s before    after" % VERSION)
    for name, before, after in CASES:
        print("  %-42s %6d   %6d" % (name, bytes_of(before)[0], bytes_of(after)[0]))
    for number, (name, _) in enumerate(PROCESS):
        said = subprocess.check_output([sys.executable, "-B", __file__, str(number)]).decode().strip()
        print("  %-42s %11s MiB" % (name, said))
