"""Said: "an immutable object cannot be part of a cycle". Builds three cycles through immutable objects and collects.
"""
import gc

from look import VERSION


def tuple_and_list():
    inner = []
    outer = (inner,)
    inner.append(outer)


def frozenset_and_instance():
    class Thing:
        pass
    things.append(Thing)
    thing = Thing()
    thing.members = frozenset([thing])


def function_and_default():
    holder = []

    def function(default=(holder,)):
        pass
    holder.append(function)


things = []
gc.disable()
print(VERSION)
for make in tuple_and_list, frozenset_and_instance, function_and_default:
    gc.collect()
    make()
    print("  %-24s gc.collect() returns %d" % (make.__name__.replace("_", " "), gc.collect()))
