"""Cases in which the number of `gc.collect()` is not the number of objects that died.

Each case makes rings of three instances. It prints what collect returned, how many of the instances are alive after
it (the collector's own list of objects says so), and what a second call returns.
"""
import gc

from look import VERSION

made, kept = [0], []


class Thing:
    pass


class Breaks(Thing):
    def __del__(self):
        self.me = None


class Returns(Thing):
    def __del__(self):
        kept.append(self)


def ring(kind, size=1):
    """A ring of instances, the first of the given kind and the others plain; returns the first."""
    members = [kind()] + [Thing() for _ in range(size - 1)]
    for member, after in zip(members, members[1:] + members[:1]):
        member.me = after
    made[0] += size
    return members[0]


def plain_ring():
    ring(Thing, 3)


def ring_with_a_thousand_strings():
    ring(Thing, 3).strings = [str(i) for i in range(1000)]


def finalizer_breaks_the_ring():
    ring(Breaks, 3)


def finalizer_takes_it_back():
    ring(Returns, 3)


def takes_back_beside_a_plain_ring():
    ring(Returns, 3)
    ring(Thing, 3)


gc.disable()
print("%-36s returned   Things alive after   a second call" % VERSION)
for make in (plain_ring, ring_with_a_thousand_strings, finalizer_breaks_the_ring, finalizer_takes_it_back,
             takes_back_beside_a_plain_ring):
    made[0] = 0
    del kept[:]
    gc.collect()
    make()
    returned = gc.collect()
    alive = sum(isinstance(thing, Thing) for thing in gc.get_objects())
    again = gc.collect()
    print("  %-34s %8d   %10d of %d   %13d" % (make.__name__.replace("_", " "), returned, alive, made[0], again))
