"""Do threads switch after a number of instructions?

Two threads compute for a second; each notes when it was not the last to run. Printed: how many turns there were, as the
interpreter comes, and after `sys.setcheckinterval(1000000)` and, where there is one, `sys.setswitchinterval(0.05)`.
"""
import sys
import threading
import time
import warnings

warnings.simplefilter("ignore")


def compute(me):
    end = time.time() + 1
    while time.time() < end:
        for _ in range(1000):
            if last[0] != me:
                last[0] = me
                turns[0] += 1


def second():
    global last, turns
    last, turns = [None], [0]
    threads = [threading.Thread(target=compute, args=(me,)) for me in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return turns[0]


print("Python %d.%d.%d" % sys.version_info[:3])
print("  as it comes:                     %4d turns in a second" % second())
if hasattr(sys, "setcheckinterval"):
    before = sys.getcheckinterval()
    sys.setcheckinterval(1000000)
    print("  check interval %d, now 1000000: %4d" % (before, second()))
    sys.setcheckinterval(before)
else:
    print("  there is no check interval")
if hasattr(sys, "setswitchinterval"):
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.05)
    print("  switch interval %g, now 0.05:  %4d" % (before, second()))
else:
    print("  there is no switch interval")
