"""Where does the address of an object lead in the map, and how large is the map?

Cuts the address of an object in an arena into the pieces that this version uses (3.10 looks at 48 bits only), and
prints what `sys._debugmallocstats()` says of the map, at the start and with 200 MiB of arenas more.
"""
import sys

from blocks import per_pool, take
from look import MIB, VERSION, arenas, statistic, statistics

BITS = (10, 10, 8) if sys.version_info < (3, 11) else (15, 15, 14)


def nodes(text):
    return tuple(statistic("# arena map %s nodes" % which, text) for which in ("mid", "bot"))


def main():
    address = id(object())
    rest, pieces = address & (MIB - 1), []
    upper = address >> 20
    for bits in reversed(BITS):
        pieces.insert(0, upper & ((1 << bits) - 1))
        upper >>= bits
    print("%s: an object at %#x" % (VERSION, address))
    print("  index in the root %d, in a middle node %d, in a bottom node %d; offset %d" % (*pieces, rest))
    text = statistics()
    print("  bytes of a node: root %d, middle %d, bottom %d" % tuple(
        statistic("# bytes lost to arena map %s" % which, text) // count
        for which, count in zip(("root", "mid", "bot"), (1,) + nodes(text))))
    print("  at the start    %3d arenas, %d middle and %d bottom nodes" % ((arenas(),) + nodes(text)))
    take(200 * 64 * per_pool(512), 512)
    print("  with many more  %3d arenas, %d middle and %d bottom nodes" % ((arenas(),) + nodes(statistics())))


main()
