"""From when do the five milliseconds count: from when the holder got the GIL, or from when the other one wants it?

A thread computes and never lets go by itself. The main thread sleeps: it lets the GIL go, so the other one has it from
then on, and wants it back when the sleep is over. Printed, for sleeps of 1 to 12 ms: how late it is, in ms, alone and
beside the thread that computes; the median of 15.
"""
import statistics
import threading
import time

from look import VERSION

SLEEPS = [1, 2, 3, 4, 6, 8, 12]
done = False


def compute():
    while not done:
        pass


def late(milliseconds):
    found = []
    for _ in range(15):
        start = time.perf_counter()
        time.sleep(milliseconds / 1000)
        found.append((time.perf_counter() - start) * 1000 - milliseconds)
    return statistics.median(found)


def row(name):
    print("  %-32s" % name + "".join("%7.2f" % late(sleep) for sleep in SLEEPS))


print("%s: sleeps of ms" % VERSION + " " * 6 + "".join("%7d" % sleep for sleep in SLEEPS))
row("late alone")
thread = threading.Thread(target=compute)
thread.start()
row("late beside one that computes")
done = True
thread.join()
