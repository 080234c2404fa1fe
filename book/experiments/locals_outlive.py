"""Is an object gone when the function that made it returns?

Five functions make an object and hold it in a local variable. A weak reference tells when it dies.
"""
import sys
import weakref

from look import VERSION


class Thing:
    pass


def only_local():
    thing = Thing()
    seen.append(weakref.ref(thing))


def deleted():
    thing = Thing()
    seen.append(weakref.ref(thing))
    del thing
    notes.append("before the function ended" if seen[-1]() is None else "not before")


def in_a_list():
    thing = Thing()
    seen.append(weakref.ref(thing))
    kept.append(thing)


def in_a_closure():
    thing = Thing()
    seen.append(weakref.ref(thing))
    return lambda: thing


def in_a_traceback():
    thing = Thing()
    seen.append(weakref.ref(thing))
    raise ValueError


seen, kept, notes = [], [], []
print(VERSION)
for function in only_local, deleted, in_a_list, in_a_closure, in_a_traceback:
    try:
        kept.append(function())
    except ValueError as error:
        kept.append(error)
    alive = "alive" if seen[-1]() is not None else "gone"
    print("  %-16s after the call: %s%s" % (function.__name__, alive, "".join(", " + note for note in notes)))
    del notes[:]
