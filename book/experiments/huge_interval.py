"""What does the switch interval decide?

A thread computes for half a second by the clock. The main thread lets it begin, sleeps 1 ms and wants to go on. Printed:
when it did, for several intervals; the middle one of three.
"""
import sys
import threading
import time

from look import VERSION


def compute(go):
    go.acquire()
    end = time.perf_counter() + 0.5
    while time.perf_counter() < end and not done:
        pass


def back():
    global done
    done = False
    go = threading.Lock()
    go.acquire()
    thread = threading.Thread(target=compute, args=(go,))
    thread.start()
    start = time.perf_counter()
    go.release()
    time.sleep(0.001)
    milliseconds = (time.perf_counter() - start) * 1000
    done = True
    thread.join()
    return milliseconds


print(VERSION)
for interval in 0.0001, 0.001, 0.005, 0.05, 100:
    sys.setswitchinterval(interval)
    print("  interval %7g ms: back after %6.1f ms" % (interval * 1000, sorted(back() for _ in range(3))[1]))
