"""Which calls let the GIL go?

The switch interval is 100 s, so nobody asks for the GIL. One thread waits for it, the main thread makes the call again and
again for a tenth of a second. Printed: after how many calls the other one ran, the middle one of five trials; `never`, if
it did not in any of them.
"""
import gc
import hashlib
import os
import re
import sys
import threading
import time
import zlib

from look import VERSION

null, here, numbers, free = os.open("/dev/null", os.O_WRONLY), os.getcwd(), list(range(1000)), threading.Lock()
short, enough, word = b"x" * 2047, b"x" * 2048, re.compile("(a+)+b")


def take_and_release():
    free.acquire()
    free.release()


CALLS = [
    ("time.sleep(0)", lambda: time.sleep(0)),
    ("os.write, 1 byte", lambda: os.write(null, b"x")),
    ("os.stat(\".\")", lambda: os.stat(here)),
    ("hash of 2048 bytes", lambda: hashlib.sha256(enough)),
    ("zlib.compress, 2 kB", lambda: zlib.compress(enough)),
    ("hash of 2047 bytes", lambda: hashlib.sha256(short)),
    ("a lock that is free", take_and_release),
    ("os.getpid()", os.getpid),
    ("sorted(list)", lambda: sorted(numbers)),
    ("a regular expression", lambda: word.match("aaaaaaaaaaaa")),
    ("3 ** 1000", lambda: 3 ** len(numbers)),
    ("gc.collect()", gc.collect),
]


def waits(go, ran):
    go.acquire()
    ran.append(True)


def calls_until(call):
    go, ran, calls = threading.Lock(), [], 0
    go.acquire()
    thread = threading.Thread(target=waits, args=(go, ran))
    thread.start()
    go.release()
    begin = time.perf_counter() + 0.02  # until then the other one is awake, and waits for the GIL
    while time.perf_counter() < begin:
        pass
    end = begin + 0.1
    while time.perf_counter() < end and not ran:
        call()
        calls += 1
    found = calls if ran else float("inf")
    thread.join()
    return found


def middle(call):
    found = sorted(calls_until(call) for _ in range(5))
    if found[0] == float("inf"):
        return "never"
    return "after %d" % found[2] if found[2] < float("inf") else "mostly never, once after %d" % found[0]


sys.setswitchinterval(100)
print(VERSION)
for name, call in CALLS:
    print("  %-22s %s" % (name, middle(call)))
