"""A thread lets the GIL go for a moment, beside one that computes: does it lose it?

2000 writes of one byte to /dev/null and 100 sleeps of 0.1 ms, in milliseconds for all of them; the middle one of five, alone and
beside a thread that computes.
"""
import os
import threading
import time

from look import VERSION

null = os.open("/dev/null", os.O_WRONLY)
done = False


def compute():
    while not done:
        pass


def write():
    for _ in range(2000):
        os.write(null, b"x")


def sleep():
    for _ in range(100):
        time.sleep(0.0001)


def middle(action):
    found = []
    for _ in range(5):
        start = time.perf_counter()
        action()
        found.append((time.perf_counter() - start) * 1000)
    return sorted(found)[2]


alone = middle(write), middle(sleep)
thread = threading.Thread(target=compute)
thread.start()
beside = middle(write), middle(sleep)
done = True
thread.join()
print("%-14s   2000 writes    beside  100 sleeps    beside" % "ms")
print("%-14s %12.1f %10.1f %10.1f %10.1f" % (VERSION, alone[0], beside[0], alone[1], beside[1]))
