"""May a thread lose the GIL in the middle of straight-line code?

200 000 times `n += 1`, one after the other, without a loop and without a call; then the same additions in a loop. A second
thread counts; the first looks at its counter before the first addition and after the last. The switch interval is 0.1 ms.
Printed: in how many of 30 runs the other one ran in between.
"""
import sys
import threading

from look import VERSION

ADDITIONS = 200000
others = [0]
done = False


def count():
    while not done:
        others[0] += 1


def define(name, body):
    scope = {"others": others, "many": [None] * ADDITIONS}
    lines = ["n = 0", "before = others[0]"] + body + ["after = others[0]", "return after - before"]
    exec("def %s():\n " % name + "\n ".join(lines), scope)
    return scope[name]


straight = define("straight", ["n += 1"] * ADDITIONS)
loop = define("loop", ["for _ in many: n += 1"])
sys.setswitchinterval(1e-4)
thread = threading.Thread(target=count)
thread.start()
runs = [sum(code() > 0 for _ in range(30)) for code in (straight, loop)]
done = True
thread.join()
print("%-14s  straight-line code    a loop" % "interrupted")
print("%-14s  %18d  %8d   of 30" % (VERSION, runs[0], runs[1]))
