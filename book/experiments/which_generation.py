"""A program keeps every list it makes: after how many lists does which generation run?

A callback in `gc.callbacks` notes each automatic collection, with the number of lists made until then. At first there
are `start` other lists that the collector knows and has found in a full collection.
"""
import gc

from look import VERSION

LISTS = 500000
noted = []


def note(phase, info):
    if phase == "start":
        noted.append((info["generation"], made))


def run(start):
    """Notes the collections while LISTS lists are made beside `start` that are there already."""
    global made
    made = 0
    ballast = [[] for _ in range(start)]
    kept = [None] * LISTS
    gc.collect()
    gc.callbacks.append(note)
    for made in range(LISTS):
        kept[made] = []
    gc.callbacks.remove(note)
    assert len(ballast) == start
    del kept, ballast
    found = noted[:]
    del noted[:]
    return found


gc.enable()
print("%s, thresholds %s" % (VERSION, gc.get_threshold()))
found = run(0)
print("  the first: " + "  ".join("gen %d at %d" % pair for pair in found[:3]))
print("  as a row:  " + "".join(str(generation) for generation, made in found[:36]))
for start in 0, 200000, 1000000:
    found = run(start)
    counts = [sum(generation == g for generation, made in found) for g in range(3)]
    full = [made for generation, made in found if generation == 2]
    print("  beside %7d lists: %3d of gen 0, %2d of gen 1, %d full%s" % (
        start, counts[0], counts[1], counts[2], " at " + ", ".join(map(str, full)) if full else ""))
