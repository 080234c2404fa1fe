"""Said of weak references: they die before `__del__`, their callback gets the object, every object can have one.
"""
import gc
import weakref

from look import VERSION

story = []


class Thing:
    def __del__(self):
        story.append("in __del__ the reference is " + ("alive" if ref() is not None else "dead"))


def callback(got):
    story.append("the callback gets %s, which returns %r" % (type(got).__name__, got()))


def told(name):
    print("  %-16s %s" % (name, "; ".join(story)))
    del story[:]


gc.disable()
print(VERSION)
thing = Thing()
ref, other = weakref.ref(thing), weakref.ref(thing, callback)
del thing
told("by count:")
thing = Thing()
thing.me = thing
ref, other = weakref.ref(thing), weakref.ref(thing, callback)
del thing
gc.collect()
told("by the collector:")
for kind in list, dict, str, set, float, int, tuple:
    row = []
    for made in kind, type("Mine", (kind,), {}):
        try:
            row.append("yes" if weakref.ref(made()) else "")
        except TypeError:
            row.append("no")
    story.append("%s %s/%s" % ((kind.__name__,) + tuple(row)))
told("possible, exact type/subclass:")
