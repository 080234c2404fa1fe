"""In which thread do finalizers, callbacks of weak references and collections run?

Each line names what happened, and the thread in which it did. The main thread makes the objects, a thread called `worker`
drops, collects, or makes objects until a collection is due.
"""
import gc
import threading
import weakref

from look import VERSION

told = []


def here():
    return "main" if threading.get_ident() == threading.main_thread().ident else "worker"


class Thing:
    def __del__(self):
        told.append("__del__ in %s" % here())


def thing():
    made = Thing()
    return made, weakref.ref(made, lambda ref: told.append("callback in %s" % here()))


def in_worker(action):
    del told[:]
    thread = threading.Thread(target=action, name="worker")
    thread.start()
    thread.join()
    return ", ".join(told) or "nothing"


def drop():
    kept.clear()


def make_until_due():
    made = []
    while not told:
        made.append([])


print(VERSION)
made, ref = thing()
kept = [made]
del made
print("  %-52s %s" % ("made in main, dropped by worker:", in_worker(drop)))

for name, action in ("worker calls collect:", gc.collect), ("worker makes lists until one is due:", make_until_due):
    gc.collect()
    made, ref = thing()
    made.me = made
    del made
    print("  %-52s %s" % ("a cycle of main, " + name, in_worker(action)))

local = threading.local()


def with_local():
    local.thing = Thing()
    told.append("last line of worker")


thread = threading.Thread(target=with_local, name="worker")
del told[:]
thread.start()
thread.join()
told.append("join returns in main")
print("  %-52s %s" % ("a value of threading.local:", ", ".join(told)))
