"""What does the switch interval decide?

A thread computes for half a second by the clock. The main thread lets it begin and sleeps, 1 ms at a time, until it sees that
the other one has begun. Printed: how long after that beginning it could see it, for several intervals; the middle one of
three. It is the rest of a sleep and the wait for the GIL.
"""
import sys
import threading
import time

from look import VERSION


def compute(go):
    go.acquire()
    begun.append(time.perf_counter())
    while time.perf_counter() < begun[0] + 0.5 and not done:
        pass


def back():
    global begun, done
    begun, done = [], False
    go = threading.Lock()
    go.acquire()
    thread = threading.Thread(target=compute, args=(go,))
    thread.start()
    go.release()
    while not begun:
        time.sleep(0.001)
    milliseconds = (time.perf_counter() - begun[0]) * 1000
    done = True
    thread.join()
    return milliseconds


print(VERSION)
for interval in 0.0001, 0.001, 0.005, 0.05, 100:
    sys.setswitchinterval(interval)
    print("  interval %7g ms: back after %6.1f ms" % (interval * 1000, sorted(back() for _ in range(3))[1]))
