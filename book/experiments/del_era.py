"""A cycle with a `__del__`, in Python 2.7 and in Python 3: is it collected, and what is in `gc.garbage`?
"""
import gc
import platform


class WithDel(object):
    def __del__(self):
        ran.append(1)


class Without(object):
    pass


def ring(kind):
    first, second = kind(), kind()
    first.other, second.other = second, first


def alive(kind):
    return sum(isinstance(thing, kind) for thing in gc.get_objects())


ran = []
gc.disable()
print("Python %s" % platform.python_version())
for name, kind in ("a ring without __del__", Without), ("a ring with __del__", WithDel):
    gc.collect()
    ring(kind)
    returned = gc.collect()
    print("  %-23s collect returns %d, alive %d, __del__ ran %d times, in gc.garbage %d" % (
        name, returned, alive(kind), len(ran), len(gc.garbage)))
