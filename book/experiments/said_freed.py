"""Said: "the garbage collector frees the objects". A program that parses the same document a hundred times.

Containers made are counted from the document (a list of 1000 dicts, each with a list); how many the collector found is
what `gc.get_stats` says. Automatic collections are on, as always.
"""
import gc
import json

from look import VERSION

DOCUMENT = json.dumps([{"id": i, "tags": ["a", "b"]} for i in range(1000)])


def found():
    return sum(generation["collected"] for generation in gc.get_stats())


def runs():
    return sum(generation["collections"] for generation in gc.get_stats())


gc.collect()
known, before, ran = len(gc.get_objects()), found(), runs()
for _ in range(100):
    document = json.loads(DOCUMENT)
del document
ran, collected = runs() - ran, found() - before
alive = len(gc.get_objects()) - known
print("%s: %d containers made, %d alive now; %d collections found %d of them" % (
    VERSION, 100 * 2001, max(alive, 0), ran, collected))
