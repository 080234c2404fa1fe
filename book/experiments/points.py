"""How many bytes does a point with two floats take?

A million of them in each form; all floats are different ones. Measured is the growth of the resident memory for
each point, including the list that holds it. Each form in a process of its own.
"""
import array
import subprocess
import sys

from look import VERSION, resident

COUNT = 1000000


class Plain:
    def __init__(self, x, y):
        self.x, self.y = x, y


class Slots:
    __slots__ = "x", "y"

    def __init__(self, x, y):
        self.x, self.y = x, y


FORMS = [
    ("dict {'x':, 'y':}", lambda x, y: {"x": x, "y": y}),
    ("instance", Plain),
    ("instance with __slots__", Slots),
    ("tuple", lambda x, y: (x, y)),
    ("complex", complex),
    ("two numbers in an array", None),
]


def child(make):
    if make is None:
        before = resident()
        kept = array.array("d", bytes(0))
        for i in range(COUNT):
            kept.append(i + 0.25)
            kept.append(i + 0.75)
    else:
        before = resident()
        kept = [None] * COUNT
        for i in range(COUNT):
            kept[i] = make(i + 0.25, i + 0.75)
    print((resident() - before) / COUNT)


def parent():
    print("%-28s bytes a point" % VERSION)
    for form, (name, _) in enumerate(FORMS):
        print("%-28s %9.0f" % (name, float(subprocess.check_output([sys.executable, __file__, str(form)]))))


child(FORMS[int(sys.argv[1])][1]) if len(sys.argv) > 1 else parent()
