# What a statement of Python costs that does one operation: the third one in operations.rs.
#
#     python3 -I -S operations.py OPERATION COUNT BATCH
#
# A round for each line of standard input, and for each round one line: nanoseconds for an operation. A hundred times
# the statement is the body of a loop; the time of the same loop with nothing in it is taken off.

import gc
import itertools
import sys
import time

REPEAT = 100
STATEMENTS = {
    "pair": "b = a",
    "int": "-n",
    "float": "-x",
    "list": "[]",
    "tuple": "(a, a)",
    "instance": "new()",
}
BATCHES = {
    "lists": "held = [[] for _ in numbers]; held.clear()",
    "tuples": "held = [(a, a) for _ in numbers]; held.clear()",
    "instances": "held = [new() for _ in numbers]; held.clear()",
    "append": "l = []\n        for _ in numbers: l.append(a)",
    "insert": "d = {}\n        for n in numbers: d[n] = a",
}
NO_BATCH = {
    "lists": "held = [a for _ in numbers]; held.clear()",
    "tuples": "held = [a for _ in numbers]; held.clear()",
    "instances": "held = [a for _ in numbers]; held.clear()",
    "append": "for _ in numbers: pass",
    "insert": "for n in numbers: pass",
}


class Node:
    __slots__ = ("a", "b", "c")


def function(body):
    scope = {}
    exec("def run(loops, a, b, n, x, new, numbers):\n    for _ in loops:\n        " + body, scope)
    return scope["run"]


operation, count, batch = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
if operation in STATEMENTS:
    loops = count // REPEAT
    work, nothing = function("\n        ".join([STATEMENTS[operation]] * REPEAT)), function("pass")
else:
    loops = count // batch
    work, nothing = function(BATCHES[operation]), function(NO_BATCH[operation])
numbers = list(range(batch))


def timed(run):
    start = time.process_time_ns()
    run(itertools.repeat(None, loops), [], None, 1000, 0.5, Node, numbers)
    return time.process_time_ns() - start


gc.disable()
for _ in sys.stdin:
    empty = timed(nothing)
    print((timed(work) - empty) / count, flush=True)
