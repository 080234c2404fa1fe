"""Said: "the collector runs from time to time". A dead cycle, two seconds of waiting, then a program that makes lists.
"""
import gc
import time
import weakref

from look import VERSION


class Thing:
    pass


def alive():
    return "alive" if seen() is not None else "gone"


gc.collect()
thing = Thing()
thing.me = thing
seen = weakref.ref(thing)
del thing
print("%s: a dead cycle is %s" % (VERSION, alive()))
time.sleep(2)
print("  after two seconds of sleep: %s" % alive())
end = time.time() + 2
while time.time() < end:
    [1, 2, 3]
print("  after two seconds of making lists and dropping them: %s" % alive())
kept = []
while seen() is not None:
    kept.append([])
print("  after making %d lists and keeping them: %s" % (len(kept), alive()))
