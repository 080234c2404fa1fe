"""A signal comes: when does its handler run, and in which thread?

A timer sends SIGALRM after 2 ms, while the main thread does something that takes longer. Printed: how many milliseconds
after the signal the handler runs, the middle one of five, and in which thread. In the last line another thread has been
computing for a while when the timer is set, and the main thread waits for it.
"""
import signal
import threading
import time

from look import VERSION


def handler(number, frame):
    late.append((time.perf_counter() - due) * 1000)
    where.add("main" if threading.current_thread() is threading.main_thread() else "another")


def set_timer():
    global due
    due = time.perf_counter() + 0.002
    signal.setitimer(signal.ITIMER_REAL, 0.002)


def loop():
    end = time.perf_counter() + 0.05
    while time.perf_counter() < end:
        pass


def straight(lines):
    scope = {}
    exec("def code():\n n = 0\n" + " n = n * 3 % 7\n" * lines, scope)
    return scope["code"]


def compute():
    while not done:
        pass


def join():
    global done
    done = False
    thread = threading.Thread(target=compute)
    thread.start()
    time.sleep(0.01)
    set_timer()
    thread.join(0.05)
    done = True
    thread.join()


def look_at(name, action, before=set_timer):
    del late[:]
    where.clear()
    for _ in range(5):
        before()
        action()
    print("  %-34s %7.1f ms late, in the %s thread" % (name, sorted(late)[2], " or the ".join(sorted(where))))


late, where = [], set()
signal.signal(signal.SIGALRM, handler)
print(VERSION)
look_at("a loop", loop)
look_at("300 000 lines, one after another", straight(300000))
look_at("one call that computes in C", lambda: sum(range(2000000)))
look_at("time.sleep", lambda: time.sleep(0.05))
look_at("waits for a thread that computes", join, before=lambda: None)
