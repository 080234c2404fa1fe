"""Does something take the GIL from a thread that is alone, and who would it be?

Counting for a second of its own time, alone and beside another thread that counts. Printed: how many threads the process
has (/proc/self/task), and how often the counting thread fell asleep (voluntary context switches, from getrusage).
"""
import os
import resource
import threading
import time

from look import VERSION

done = False


def compute():
    while not done:
        pass


def asleep():
    return resource.getrusage(resource.RUSAGE_THREAD).ru_nvcsw


def own_time():
    return time.clock_gettime(time.CLOCK_THREAD_CPUTIME_ID)


def second():
    before, end = asleep(), own_time() + 1
    while own_time() < end:
        pass
    return asleep() - before


def row(name):
    threads = len(os.listdir("/proc/self/task"))
    print("  %-8s threads of the process: %d   fell asleep: %4d times" % (name, threads, second()))


print(VERSION)
row("alone")
thread = threading.Thread(target=compute)
thread.start()
row("beside")
done = True
thread.join()
