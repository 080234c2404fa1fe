"""The rule of the quarter: while a program goes from nothing to two million lists, how often is everything collected?

A callback notes each full collection with the number of lists that were there. With thresholds (700, 10, 10) a full
one is due after 700 * 11 * 11 lists or so; it runs only if what grew old since the last one is more than a quarter.
"""
import gc
import time

from look import VERSION

LISTS = 2000000
full, spent, begun = [], [0.0, 0.0, 0.0], [0.0]


def note(phase, info):
    if phase == "start":
        begun[0] = time.perf_counter()
    else:
        spent[info["generation"]] += time.perf_counter() - begun[0]
        if info["generation"] == 2:
            full.append(made)


made = 0
kept = [None] * LISTS
gc.collect()
gc.callbacks.append(note)
start = time.perf_counter()
for made in range(LISTS):
    kept[made] = []
whole = time.perf_counter() - start
gc.callbacks.remove(note)
print("%s, thresholds %s: %d full collections in %d lists" % (VERSION, gc.get_threshold(), len(full), LISTS))
print("  at      " + " ".join("%7d" % at for at in full))
print("  factor  " + " " * 8 + " ".join("%7.2f" % (after / at) for at, after in zip(full, full[1:])))
print("  share of the time: gen 0 %d %%, gen 1 %d %%, full %d %%" % tuple(round(100 * part / whole) for part in spent))
