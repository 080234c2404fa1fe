"""A value dies while somebody iterates over a weak container. What do they see, what is the length, and what is in the
table, before and after the iteration ends?
"""
import sys
import weakref


class A:
    def __init__(self, name):
        self.name = name


def values():
    objects = [A(name) for name in "abc"]
    d = weakref.WeakValueDictionary((o.name, o) for o in objects)
    return objects, d, d.values


def keys():
    objects = [A(name) for name in "abc"]
    d = weakref.WeakKeyDictionary((o, None) for o in objects)
    return objects, d, d.keys


def elements():
    objects = [A(name) for name in "abc"]
    s = weakref.WeakSet(objects)
    return objects, s, s.__iter__


print("Python %d.%d" % sys.version_info[:2])
for make in values, keys, elements:
    objects, container, walk = make()
    table = container.data
    it = iter(walk())
    first = next(it)
    objects.remove(first)
    gone = objects.pop()
    gone = None
    print("%-20s one of three died: table %d," % (type(container).__name__, len(table)), end=" ")
    print("len %d," % len(container), end=" ")
    try:
        rest = len(list(it))
        print("and %d more," % rest, end=" ")
    except RuntimeError as error:
        print(error, end=", ")
    del it
    print("afterwards %d" % len(container.data))
