"""A finalizer that takes a lock, and a last reference that goes in a thread that has no time.

A thread holds a lock and makes lists; a collection is due, and a finalizer in a cycle wants the same lock: it waits for a
second at most, and says what came of it. Then a dict of a million lists dies; how long the `del` takes, in ms.
"""
import gc
import threading
import time

from look import VERSION

lock = threading.Lock()
told = []


class Thing:
    def __del__(self):
        told.append("has it" if lock.acquire(timeout=1) else "waited a second, and has it not")


def make_garbage():
    thing = Thing()
    thing.me = thing


print(VERSION)
gc.collect()
make_garbage()
with lock:
    kept = []
    while not told:
        kept.append([])
print("  one thread holds the lock, its finalizer %s" % told[0])
large = {number: [number] for number in range(1000000)}
gc.disable()
start = time.perf_counter()
del large
print("  a dict of a million lists died in %.0f ms" % ((time.perf_counter() - start) * 1000))
