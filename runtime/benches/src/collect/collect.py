# What an interpreter does in `collect`: shapes.rs for Python. Who changes one changes the other.
#
#     python3 -I -S collect.py lists|slots|attributes SHAPE OBJECTS [STACK SECONDS]
#
# A round for each line of standard input, and for each round one line: the nanoseconds of the processor's time that
# gc.collect() took. From 3.7 on. The collector is off, and what is there before the first round is frozen, `held` with it: so what
# the program holds is not looked at, as it is with the others.

import gc
import signal
import sys
import threading
import time

RING = 10
OLD_TO_YOUNG = 100
MASK = (1 << 64) - 1


class Slots:
    __slots__ = ("a", "b", "c")


class Attributes:
    pass


class Random:
    """patterns::Random: xorshift64*."""

    def __init__(self, seed):
        self.state = (seed * 0x9E37_79B9_7F4A_7C15) & MASK | 1

    def below(self, end):
        state = self.state
        state ^= state >> 12
        state ^= state << 25 & MASK
        state ^= state >> 27
        self.state = state
        return ((state * 0x2545_F491_4F6C_DD1D & MASK) * end) >> 64


def refer_list(source, place, target):
    source.append(target)


def refer_instance(source, place, target):
    if place == 0:
        source.a = target
    elif place == 1:
        source.b = target
    else:
        source.c = target


kind, shape, objects = sys.argv[1], sys.argv[2], int(sys.argv[3])
stack, seconds = map(int, sys.argv[4:6]) if sys.argv[4:] else (8 << 20, 100)
new = {"lists": list, "slots": Slots, "attributes": Attributes}[kind]
refer = refer_list if kind == "lists" else refer_instance
# Up to 3.10 an instance with attributes has a dict from the beginning, which is an object more to find.
each = 2 if kind == "attributes" and sys.version_info < (3, 11) else 1
held = []
# As if __init__ had set them: an instance has room for the attributes that others before it had.
example = Attributes()
example.a = example.b = example.c = None


def ring(old):
    nodes = [new() for _ in range(RING)]
    for place in range(RING):
        refer(nodes[place], 0, nodes[(place + 1) % RING])
    if old is not None:
        refer(nodes[0], 1, old)
    return nodes


def rings(count, old):
    for place in range(count // RING):
        ring(old[place] if old else None)


def held_rings(count, first=False):
    for place in range(count // RING):
        held.append(ring(None)[0 if first else place * 7 % RING])


def graph(count, hold):
    nodes = [new() for _ in range(count)]
    random = Random(count)
    trip = list(range(count))
    for end in range(count - 1, 0, -1):
        other = random.below(end + 1)
        trip[end], trip[other] = trip[other], trip[end]
    for place in range(count):
        refer(nodes[trip[place]], 0, nodes[trip[(place + 1) % count]])
    for node in nodes:
        refer(node, 1, nodes[random.below(count)])
        refer(node, 2, nodes[random.below(count)])
    if hold:
        held.append(nodes[0])


def chain(count, closed):
    first = last = new()
    for _ in range(1, count):
        node = new()
        refer(last, 0, node)
        last = node
    if closed:
        refer(last, 0, first)
    else:
        held.append(first)


def build():
    is_old = shape.startswith("old-")
    what = shape[len("old-"):] if is_old else shape
    if what == "dead-rings":
        held_rings(objects) if is_old else rings(objects, None)
    elif what == "live-rings":
        held_rings(objects)
    elif what == "live-rings-first":
        held_rings(objects, first=True)
    elif what == "dead-graph":
        graph(objects, is_old)
    elif what == "live-graph":
        graph(objects, True)
    elif what in ("young", "all"):
        held_rings(objects)
        gc.collect()
        rings(objects // OLD_TO_YOUNG, held)
    else:
        chain(objects, what == "dead-ring")
    if is_old:
        # What is there when a collection ends is old from then on.
        gc.collect()
    if is_old and what.startswith("dead"):
        held.clear()


def dead():
    if "live" in shape:
        return 0
    # Of a chain that is let go, nothing is left for the collector.
    return {"young": objects // OLD_TO_YOUNG, "all": objects // OLD_TO_YOUNG, "dead-chain": 0}.get(shape, objects)


def rounds():
    for _ in sys.stdin:
        if hasattr(signal, "alarm"):
            signal.alarm(seconds)
        build()
        start = time.process_time_ns()
        if shape == "dead-chain":
            held.clear()
        found = gc.collect(0 if shape == "young" else 2)
        took = time.process_time_ns() - start
        if found != dead() * each:
            print("finds %d of %d dead objects" % (found, dead() * each), file=sys.stderr)
            return
        print(took, flush=True)
        if hasattr(signal, "alarm"):
            signal.alarm(0)
        held.clear()
        gc.collect()


gc.disable()
gc.collect()
gc.freeze()
threading.stack_size(stack)
thread = threading.Thread(target=rounds)
thread.start()
thread.join()
