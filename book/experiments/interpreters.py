"""Several interpreters in one process: with one GIL for all of them, and with one for each.

The work is a loop of Python code, four times: one after the other; by two threads; by two threads with an interpreter each,
which share the GIL, or have their own; by two processes (fork). Printed: how many times as fast, the best of five. Making
the interpreters is not included; below is what making and ending one takes, in ms, beside a thread and a process, the
middle one of twenty.
"""
import multiprocessing
import os
import subprocess
import sys
import threading
import time

from look import VERSION

try:
    import _interpreters as interpreters  # since 3.13

    def create(own):
        return interpreters.create("isolated" if own else "legacy")
except ImportError:
    import _xxsubinterpreters as interpreters  # 3.12

    def create(own):
        return interpreters.create(isolated=own)

WORK = """
def work():
    n = 0
    for i in range(1000000):
        n += i

"""
exec(WORK)
fork = multiprocessing.get_context("fork")


def share(times=2):
    for _ in range(times):
        work()


def in_interpreter(which):
    interpreters.run_string(which, WORK + "work(); work()")


def seconds(workers):
    start = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return time.perf_counter() - start


def alone():
    start = time.perf_counter()
    share(4)
    return time.perf_counter() - start


def threads_in(which):
    return [threading.Thread(target=in_interpreter, args=(one,)) for one in which]


def best(ways):
    """How many times as fast as the first: each in turn, five times, and the best of each."""
    found = [9e9] * len(ways)
    for _ in range(5):
        for way, run in enumerate(ways):
            found[way] = min(found[way], run())
    return [found[0] / other for other in found]


# Before there are other interpreters: a process that has some is not a good one to fork.
processes = best([alone, lambda: seconds([fork.Process(target=share) for _ in range(2)])])
shared, own = [create(False) for _ in range(2)], [create(True) for _ in range(2)]
threads = best([
    alone,
    lambda: seconds([threading.Thread(target=share) for _ in range(2)]),
    lambda: seconds(threads_in(shared)),
    lambda: seconds(threads_in(own)),
])
for which in shared + own:
    interpreters.destroy(which)
print("%s, %d processors" % (VERSION, os.cpu_count()))
names = ["one after the other", "2 threads", "2 interpreters, one GIL", "2 interpreters, a GIL each", "2 processes"]
for name, times in zip(names, threads + processes[1:]):
    print("  %-28s %5.2f x" % (name, times))


def nothing():
    pass


def middle(action):
    times = []
    for _ in range(20):
        start = time.perf_counter()
        action()
        times.append((time.perf_counter() - start) * 1000)
    return sorted(times)[10]


for name, action in [
    ("a thread", lambda: seconds([threading.Thread(target=nothing)])),
    ("an interpreter, own GIL", lambda: interpreters.destroy(create(True))),
    ("a process, by fork", lambda: seconds([fork.Process(target=nothing)])),
    ("a process, anew", lambda: subprocess.check_call([sys.executable, "-c", ""])),
]:
    print("  made and ended: %-24s %8.2f ms" % (name, middle(action)))
