"""While a weak reference is made, a collection runs, and a callback asks for one to the same object."""
import gc
import sys
import weakref


class A:
    pass


target = A()
made = []


def callback(r):
    made.append(weakref.ref(target))


gc.collect()
ring = A()
ring.me = ring
watch = weakref.ref(ring, callback)
del ring
gc.set_threshold(1)
mine = weakref.ref(target)
gc.set_threshold(700)
print("Python %d.%d: a callback ran: %s; plain references now: %d; mine is the callback's: %s" % (
    sys.version_info[0], sys.version_info[1], bool(made), weakref.getweakrefcount(target), mine is made[0]))
