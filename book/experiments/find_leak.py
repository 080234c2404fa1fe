"""Finding a leak with what is in the standard library: which type grows, who has one of them, where was it made?

A small server forgets to take finished sessions out of a list. Rounds of work are done; the types whose number grows by
as much in each round are suspects. Then references are followed backwards from one of them, to a module's name.
"""
import collections
import gc
import tracemalloc
import types

from look import VERSION


class Session:
    def __init__(self, user):
        self.user = user
        self.log = ["hello"]


class Server:
    def __init__(self):
        self.finished = []

    def serve(self, user):
        session = Session(user)
        session.log.append("done")
        self.finished.append(session)


server = Server()


def work():
    for user in range(100):
        server.serve(user)


def types_now():
    gc.collect()
    return collections.Counter(type(thing).__name__ for thing in gc.get_objects())


def holder(thing, ignore):
    """One object that refers to this one, and is not of this search."""
    for other in gc.get_referrers(thing):
        if not isinstance(other, types.FrameType) and id(other) not in ignore:
            return other


def path_back(thing):
    """From an object to a module's dict, by the first reference backwards each time."""
    steps, ignore = [], set()
    while thing is not None and thing is not globals() and len(steps) < 8:
        steps.append(type(thing).__name__)
        ignore.add(id(thing))
        thing = holder(thing, ignore)
    return " <- ".join(steps + ["globals of the module"] * (thing is globals()))


def main():
    work()
    counts = [types_now()]
    for _ in range(3):
        work()
        counts.append(types_now())
    grown = [[after[name] - before[name] for before, after in zip(counts, counts[1:])] for name in counts[-1]]
    print(VERSION)
    for name, growth in sorted(zip(counts[-1], grown)):
        if min(growth) > 50:
            print("  %-10s grows in each round by %s" % (name, growth))
    last = next(thing for thing in reversed(gc.get_objects()) if type(thing) is Session)
    print("  " + path_back(last))
    tracemalloc.start(1)
    work()
    before = tracemalloc.take_snapshot()
    work()
    compared = tracemalloc.take_snapshot().compare_to(before, "lineno")
    for difference in compared[:2]:
        with open(__file__) as file:
            line = file.read().splitlines()[difference.traceback[0].lineno - 1].strip()
        print("  %+6d bytes, %+4d blocks at: %s" % (difference.size_diff, difference.count_diff, line))


main()
