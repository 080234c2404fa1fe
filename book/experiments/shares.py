"""More threads, more speed?

So many threads count for a second. Printed: how many processors they kept busy (the process's time, divided by the clock's),
how much they counted in each second of a processor, in parts of what one thread alone counts in it, and the least and
the greatest share of a thread, in parts of an equal one. Below it two threads, with other switch intervals.
"""
import sys
import threading
import time

from look import VERSION


def compute(begin, counts, index):
    begin.wait()
    n, end = 0, time.perf_counter() + 1
    while time.perf_counter() < end:
        for _ in range(1000):
            n += 1
    counts[index] = n


def second(threads):
    begin, counts = threading.Event(), [0] * threads
    made = [threading.Thread(target=compute, args=(begin, counts, index)) for index in range(threads)]
    for thread in made:
        thread.start()
    clock, processor = time.perf_counter(), time.process_time()
    begin.set()
    for thread in made:
        thread.join()
    processor = time.process_time() - processor
    return counts, processor / (time.perf_counter() - clock), sum(counts) / processor


def row(name, threads):
    counts, busy, speed = second(threads)
    equal = sum(counts) / threads
    print("  %-30s processors: %.2f   speed: %.2f   shares: %.2f to %.2f"
          % (name, busy, speed / alone, min(counts) / equal, max(counts) / equal))


alone = max(second(1)[2] for _ in range(3))
print(VERSION)
for threads in 1, 2, 4, 16:
    row("%d thread%s" % (threads, "s" if threads > 1 else ""), threads)
for interval in 1, 0.1, 0.01:
    sys.setswitchinterval(interval / 1000)
    row("2 threads, interval %g ms" % interval, 2)
