"""Said: "the id of an object is unique". Makes a thousand objects, kept or dropped at once, and counts different ids.
"""
from look import VERSION


class Thing:
    pass


print(VERSION)
kept = [Thing() for _ in range(1000)]
print("  1000 objects, all kept:             %4d different ids" % len({id(thing) for thing in kept}))
del kept
print("  1000 objects, each dropped at once: %4d different ids" % len({id(Thing()) for _ in range(1000)}))
print("  id([]) == id([]):  %s" % (id([]) == id([])))
print("  [] is []:          %s" % ([] is []))
