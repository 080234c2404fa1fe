"""Old news: between the death of a value and its callback another value is stored for the same key.

Two values die in one collection. All weak references are cleared before the first callback runs; the callback of the
first one stores a new value under the key of the second. Then the dictionary hears of the second death.
"""
import gc
import weakref

gc.disable()


class A:
    pass


cache = weakref.WeakValueDictionary()
new = A()


def meddle(r):
    print("first callback: the cache has", dict(cache.items()), "and gets a new value for 'b'")
    cache["b"] = new


a, b = A(), A()
a.other, b.other = b, a
cache["b"] = b
r = weakref.ref(a, meddle)
del a, b
gc.collect()
print("afterwards: 'b' in cache:", "b" in cache, "- the new one:", cache.get("b") is new)
