"""What weak references cost: bytes, and microseconds for one. The best of seven runs, CPU time."""
import sys
import time
import weakref


class A:
    pass


def best(make, count=20000):
    times = []
    for _ in range(7):
        objects = [A() for _ in range(count)]
        kept = [None] * count
        start = time.process_time()
        make(objects, kept)
        times.append(time.process_time() - start)
        del objects, kept
    return min(times) / count * 1e6


def plain(objects, kept):
    ref = weakref.ref
    for i, o in enumerate(objects):
        kept[i] = ref(o)


def again(objects, kept):
    ref = weakref.ref
    o = objects[0]
    first = ref(o)
    for i in range(len(kept)):
        kept[i] = ref(o)


def one_object(objects, kept):
    ref, o = weakref.ref, objects[0]
    for i in range(len(kept)):
        kept[i] = ref(o, nothing)


def nothing(r):
    pass


def die(with_callback):
    times = []
    for _ in range(7):
        o = A()
        kept = [weakref.ref(o, nothing) for _ in range(20000)] if with_callback else None
        start = time.process_time()
        del o
        times.append(time.process_time() - start)
    return min(times) / 20000 * 1e6


a = A()
print("bytes of a weak reference, with what the collector needs: %d" % sys.getsizeof(weakref.ref(a)))
print("a plain one, the first to its object:       %.2f us" % best(plain))
print("a plain one that is there already:          %.2f us" % best(again))
print("the next of 20000 with callbacks to one:    %.2f us" % best(one_object))
print("20000 callbacks when their object dies:     %.2f us each" % die(True))
