"""Four pieces of work that need the processor: one after the other, in threads, in processes.

The work is a loop of Python code, or the SHA-256 of 16 MB, which lets the GIL go. Printed: how many times as fast as one
after the other; the best of five each. Starting and ending the threads and processes (by fork) is included.
"""
import hashlib
import multiprocessing
import os
import threading
import time

from look import VERSION

DATA = bytes(1 << 24)


def loop():
    n = 0
    for i in range(1000000):
        n += i


def digest():
    hashlib.sha256(DATA).digest()


def seconds(make, workers, work):
    """Four times `work`, shared out to so many workers; without a `make`, one after the other."""
    def share():
        for _ in range(4 // workers):
            work()

    start = time.perf_counter()
    if make is None:
        share()
    else:
        made = [make(target=share) for _ in range(workers)]
        for worker in made:
            worker.start()
        for worker in made:
            worker.join()
    return time.perf_counter() - start


process = multiprocessing.get_context("fork").Process
WAYS = [(None, 1), (threading.Thread, 2), (threading.Thread, 4), (process, 2), (process, 4)]
print("%-14s on %d processors   2 threads   4 threads   2 processes   4 processes" % (VERSION, os.cpu_count()))
for name, work in ("a loop of Python code", loop), ("SHA-256 of 16 MB", digest):
    best = [9e9] * len(WAYS)
    for _ in range(5):
        for way, (make, workers) in enumerate(WAYS):
            best[way] = min(best[way], seconds(make, workers, work))
    print("  %-27s %10.2f x %9.2f x %11.2f x %11.2f x" % tuple([name] + [best[0] / other for other in best[1:]]))
