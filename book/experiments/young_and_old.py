"""A cycle is dropped: which collection finds it?

The cycle is two instances. Before it is dropped it has lived through some collections, which made it older. Then
`gc.collect(g)` is called for rising g, and the line says which one it was.
"""
import gc

from look import VERSION


class Thing:
    pass


def cycle():
    first, second = Thing(), Thing()
    first.other, second.other = second, first
    return first


def generation(thing):
    return next(g for g in range(3) if any(other is thing for other in gc.get_objects(generation=g)))


def found_by():
    for g in range(3):
        if gc.collect(g):
            return "gc.collect(%d)" % g
    return "none of them"


def outlive(*generations):
    gc.collect()
    thing = cycle()
    for g in generations:
        gc.collect(g)
    place = generation(thing)
    del thing
    return place


def held_by_old_garbage():
    """A young cycle, referred to by an old one; both are dropped."""
    gc.collect()
    old = cycle()
    gc.collect(0)
    gc.collect(1)
    old.holds = cycle()
    place = generation(old.holds)
    del old
    return place


gc.disable()
print(VERSION)
for name, make in [
        ("a new cycle", outlive), ("lived through one of gen 0", lambda: outlive(0)),
        ("lived through five of gen 0", lambda: outlive(0, 0, 0, 0, 0)),
        ("one of gen 0, one of gen 1", lambda: outlive(0, 1)),
        ("a new cycle that old garbage holds", held_by_old_garbage)]:
    place = make()
    print("  %-36s was in gen %d, found by %s" % (name, place, found_by()))
