"""`weakref.finalize`, a callback of a weak reference, and `__del__` of one object: which runs, and in which order?

Once the object dies by count, once in a cycle by the collector. Then what the last mistake does: a finalizer that
refers to its own object. `plain` is a weak reference without callback, and `__del__` looks whether it is still alive.
"""
import gc
import weakref

from look import VERSION

story = []


class Thing:
    def __del__(self):
        story.append("__del__ (plain ref %s)" % ("alive" if plain[0]() is not None else "dead"))

    def close(self):
        story.append("close")


def told(name):
    print("  %-34s %s" % (name, ", ".join(story) or "nothing"))
    del story[:]


def prepared():
    thing = Thing()
    plain[:] = [weakref.ref(thing)]
    callbacks[:] = [weakref.ref(thing, lambda ref: story.append("callback"))]
    finalizers[:] = [weakref.finalize(thing, story.append, "finalize")]
    return thing


def by_hand():
    thing = prepared()
    finalizers[0]()
    finalizers[0]()
    story.append("then")
    del thing


plain, callbacks, finalizers = [], [], []
gc.disable()
print(VERSION)
thing = prepared()
del thing
told("by count")
thing = prepared()
thing.me = thing
del thing
gc.collect()
told("in a cycle, by the collector")
by_hand()
told("called by hand, twice")
thing = prepared()
finalizers[0].detach()
del thing
told("detached")
thing = Thing()
finalizer = weakref.finalize(thing, thing.close)
plain[:] = [weakref.ref(thing)]
del thing
gc.collect()
told("it refers to its own object")
print("  %-34s %s" % ("  alive after that", plain[0]() is not None))
finalizer.detach()
