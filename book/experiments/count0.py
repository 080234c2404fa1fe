"""What the collector's first counter counts: `gc.get_count()[0]` before and after a few lines.

Automatic collections are off, and `gc.collect()` before each line sets the counter back and empties the free lists.
The difference is what the line did to it, less the cost of asking, which is measured with a line that does nothing.
"""
import gc

from look import VERSION


class Thing:
    pass


def keep_in(made, make):
    for i in range(len(made)):
        made[i] = make()


def prepared(make, times=1000):
    made = [None] * times
    return lambda: keep_in(made, make)


def dropped(make, times=1000):
    made = [None] * times
    keep_in(made, make)

    def drop():
        for i in range(times):
            made[i] = None
    return drop


def in_turn(make, times=1000):
    def run():
        for i in range(times):
            make()
    return run


LINES = [
    ("1000 lists made and kept", prepared(lambda: [])),
    ("1000 dicts made and kept", prepared(lambda: {})),
    ("1000 instances made and kept", prepared(Thing)),
    ("1000 tuples, each with a list, kept", prepared(lambda: ([], 1))),
    ("1000 floats made and kept", prepared(lambda start=1.5: start * 2)),
    ("1000 strings made and kept", prepared(lambda start="a": start + "b")),
    ("1000 kept lists dropped", dropped(lambda: [])),
    ("1000 kept instances dropped", dropped(Thing)),
    ("10,000 times [], dropped at once", in_turn(lambda: [], 10000)),
    ("10,000 times list(), likewise", in_turn(list, 10000)),
    ("10,000 instances, likewise", in_turn(Thing, 10000)),
]


def change(run, ahead=0):
    gc.collect()
    ballast = [Thing() for _ in range(ahead)]
    before = gc.get_count()[0]
    run()
    return gc.get_count()[0] - before


gc.disable()
idle = change(lambda: None)
print(VERSION)
for name, run in LINES:
    print("  %-38s %+6d" % (name, change(run, 2000) - idle))
