"""Six shapes of a leak: what stays after a thousand rounds, what a collection takes, and what the remedy leaves.

Each round makes a `Thing` with 10 kB of data and forgets it, but in a way that somebody still has it. Sizes are
`tracemalloc`'s, in kB above the start. Automatic collections are off, so that cycles can be seen.
"""
import ctypes
import functools
import gc
import tracemalloc
import weakref

from look import VERSION

ROUNDS = 1000


class Thing:
    def __init__(self):
        self.data = bytes(10000)


class Cached(Thing):
    @functools.lru_cache(maxsize=None)
    def size(self):
        return len(self.data)


class Bounded(Thing):
    @functools.lru_cache(maxsize=16)
    def size(self):
        return len(self.data)


class Observer(Thing):
    def update(self):
        pass


observers, weak_observers, errors, table = [], weakref.WeakSet(), [], {}


def no_leak():
    Thing()


def cache_on_method():
    Cached().size()


def bounded_cache():
    Bounded().size()


def registry():
    observers.append(Observer().update)


def weak_registry():
    weak_observers.add(Observer())


def fails():
    thing = Thing()
    raise ValueError(thing.data[0])


def exception_kept():
    try:
        fails()
    except ValueError as error:
        errors.append(error)


def exception_without_traceback():
    try:
        fails()
    except ValueError as error:
        errors.append(error.with_traceback(None))


def cycle():
    thing = Thing()
    thing.me = thing


def cycle_cut():
    thing = Thing()
    thing.me = thing
    thing.me = None


def keyed_by_id():
    thing = Thing()
    table[id(thing), len(table)] = thing


def keyed_weakly():
    thing = Thing()
    weakly[thing] = len(weakly)


def extension():
    """What a mistake in an extension module does: one reference too many."""
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(Thing()))


weakly = weakref.WeakKeyDictionary()
SHAPES = [
    ("nothing keeps it", no_leak, None), ("lru_cache(maxsize=None) on a method", cache_on_method, bounded_cache),
    ("a registry of callbacks", registry, weak_registry), ("a dict that nobody tidies up", keyed_by_id, keyed_weakly),
    ("an exception that is kept", exception_kept, exception_without_traceback), ("a cycle", cycle, cycle_cut),
    ("a C extension's mistake", extension, None)]


def measure(one_round):
    gc.collect()
    tracemalloc.start()
    start = tracemalloc.get_traced_memory()[0]
    for _ in range(ROUNDS):
        one_round()
    stays = tracemalloc.get_traced_memory()[0] - start
    gc.collect()
    after = tracemalloc.get_traced_memory()[0] - start
    tracemalloc.stop()
    return round(stays / 1000), round(after / 1000)


gc.disable()
print("%-36s        kept   after collect   with the remedy" % VERSION)
for name, leak, remedy in SHAPES:
    print("  %-36s %7d kB   %10d kB   %s" % (
        (name,) + measure(leak) + ("%12d kB" % measure(remedy)[0] if remedy else "              -",)))
