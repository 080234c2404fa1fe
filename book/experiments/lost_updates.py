"""Which of these lines lose updates when two threads do them?

Two threads each do one line 200 000 times; printed is how many of the 400 000 updates are missing afterwards, `-` for
none. The switch interval is 10 us, so that there are many switches; up to three attempts, until something is lost.
"""
import sys
import threading

from look import VERSION

EACH = 200000
n, table, many, lock = 0, {"n": 0}, [], threading.Lock()


class Thing:
    count = 0


thing = Thing()


def one():
    return 1


def plain():
    global n
    for _ in range(EACH):
        n += 1


def in_dict():
    for _ in range(EACH):
        table["n"] += 1


def in_attribute():
    for _ in range(EACH):
        thing.count += 1


def of_function():
    global n
    for _ in range(EACH):
        n = n + one()


def of_builtin():
    global n
    for _ in range(EACH):
        n += len("a")


def of_other_builtin():
    global n
    for _ in range(EACH):
        n += abs(1)


def call_first():
    global n
    for _ in range(EACH):
        n = one() + n


def by_method():
    for _ in range(EACH):
        many.append(1)


def with_lock():
    global n
    for _ in range(EACH):
        with lock:
            n = n + one()


LINES = [
    ("n += 1", plain), ("d[k] += 1", in_dict), ("x.c += 1", in_attribute), ("n = n + f()", of_function),
    ("n = f() + n", call_first), ("n += abs(1)", of_other_builtin), ("n += len(s)", of_builtin), ("l.append", by_method),
    ("with lock", with_lock),
]


def lost(line):
    global n
    for _ in range(3):
        n = table["n"] = thing.count = 0
        del many[:]
        threads = [threading.Thread(target=line) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        missing = 2 * EACH - max(n, table["n"], thing.count, len(many))
        if missing:
            return str(missing)
    return "-"


sys.setswitchinterval(1e-5)
print("%-14s" % "" + "".join("%13s" % name for name, _ in LINES))
print("%-14s" % VERSION + "".join("%13s" % lost(line) for _, line in LINES))
