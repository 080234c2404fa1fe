"""Instances of one class share their keys. What makes them stop?

10,000 instances with five attributes each; the values are small ints, which cost nothing. Bytes for each instance,
by tracemalloc. Each case has a class of its own in a process of its own.
"""
import subprocess
import sys
import tracemalloc

from look import VERSION

NAMES = ["a", "b", "c", "d", "e"]
COUNT = 10000


def in_init(it, number):
    for name in NAMES:
        setattr(it, name, 1)


def backwards_in_every_other(it, number):
    for name in NAMES if number % 2 else reversed(NAMES):
        setattr(it, name, 1)


def one_more_in_every_other(it, number):
    in_init(it, number)
    if number % 2:
        it.extra = 1


def other_names_in_each(it, number):
    for name in NAMES:
        setattr(it, "%s%d" % (name, number % 100), 1)


def one_deleted(it, number):
    in_init(it, number)
    it.extra = 1
    del it.extra


def vars_asked(it, number):
    in_init(it, number)
    vars(it)


def dict_updated(it, number):
    it.__dict__.update(dict.fromkeys(NAMES, 1))


def thirty_five(it, number):
    in_init(it, number)
    for more in range(30):
        setattr(it, "more%d" % more, 1)


CASES = [
    ("the same five, in one order", in_init),
    ("every other one backwards", backwards_in_every_other),
    ("every other one has one more", one_more_in_every_other),
    ("other names in each", other_names_in_each),
    ("one more, and deleted again", one_deleted),
    ("vars() was asked", vars_asked),
    ("set by __dict__.update", dict_updated),
    ("thirty more", thirty_five),
]


def child(fill):
    class Thing:
        def __init__(self, number):
            fill(self, number)

    first = [Thing(number) for number in range(100)]  # the class has met all that will come
    kept = [None] * COUNT
    tracemalloc.start()
    for number in range(COUNT):
        kept[number] = Thing(number)
    assert first
    print(tracemalloc.get_traced_memory()[0] / COUNT)


def parent():
    print("%-32s bytes an instance" % VERSION)
    for case, (name, _) in enumerate(CASES):
        print("  %-30s %15.0f" % (name, float(subprocess.check_output([sys.executable, "-B", __file__, str(case)]))))


child(CASES[int(sys.argv[1])][1]) if len(sys.argv) > 1 else parent()
