"""More threads, more speed?

So many threads count for a second. Printed: what all of them counted in a second, in parts of what one thread alone counts, and the least and the greatest share of a thread, in parts of an equal one. The second part has two threads and
other switch intervals.
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
    start = time.perf_counter()
    begin.set()
    for thread in made:
        thread.join()
    took = time.perf_counter() - start
    return [count / took for count in counts]


alone = max(second(1)[0] for _ in range(3))
print("%s" % VERSION)
for threads in 1, 2, 4, 16:
    counts = second(threads)
    equal = sum(counts) / threads
    print("  %2d thread%s together %.2f   shares from %.2f to %.2f"
          % (threads, "s:" if threads > 1 else ": ", sum(counts) / alone, min(counts) / equal, max(counts) / equal))
for interval in 5, 1, 0.1, 0.01:
    sys.setswitchinterval(interval / 1000)
    print("  2 threads, interval %4g ms: together %.2f" % (interval, sum(second(2)) / alone))
