"""How often does a request go further down than the front pool of its class?

Reads the recorded requests of CPython 3.11.7 from runtime/benches/traces (713,108 requests of a mixed program, and
what was given back) and replays them in a small model of the allocator: pools of 16 KiB, 63 in an arena, the front
pool serves, a full pool that gets a block back goes to the front, the fullest arena gives the next pool, one empty
arena is kept. It counts which way each request and each block that came back took.
"""
import collections
import lzma
import os

from look import VERSION

TRACE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../runtime/benches/traces/cpython-3.11.trace.xz")
POOLS = 63


class Pool:
    def __init__(self, arena, size):
        self.arena, self.capacity, self.used, self.size = arena, (16384 - 48) // size, 0, size


class Arena:
    def __init__(self):
        self.free = POOLS


def integers():
    with lzma.open(TRACE) as file:
        number = shift = 0
        for byte in file.read():
            number |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                yield number
                number = shift = 0


used = collections.defaultdict(collections.OrderedDict)   # class: its pools in the list, the last one is the front
arenas, blocks, counts = [], [], collections.Counter()


def allocate(request):
    counts["requests"] += 1
    if not 0 < request <= 512:
        counts["to the raw domain"] += 1
        return None
    size = (request + 15) // 16 * 16
    pools = used[size]
    if not pools:
        counts["a pool was needed"] += 1
        usable = [arena for arena in arenas if arena.free]
        if not usable:
            counts["an arena was needed"] += 1
            arenas.append(Arena())
        arena = min(usable or arenas[-1:], key=lambda arena: arena.free)
        arena.free -= 1
        pools[Pool(arena, size)] = True
    pool = next(reversed(pools))
    pool.used += 1
    if pool.used == pool.capacity:
        counts["the pool became full"] += 1
        del pools[pool]
    return pool


def give_back(pool):
    counts["given back"] += 1
    if pool is None:
        counts["back to the raw domain"] += 1
        return
    if pool.used == pool.capacity:
        counts["the pool was full"] += 1
        used[pool.size][pool] = True
    pool.used -= 1
    if not pool.used:
        counts["the pool became empty"] += 1
        del used[pool.size][pool]
        pool.arena.free += 1
        if pool.arena.free == POOLS and sum(arena.free > 0 for arena in arenas) > 1:
            counts["its arena went back"] += 1
            arenas.remove(pool.arena)


for bytes_of_class in range(16, 513, 16):
    allocate(bytes_of_class)
counts.clear()
for number in integers():
    if number & 1:
        give_back(blocks[len(blocks) - (number >> 1)])
    else:
        blocks.append(allocate(number >> 1))

WAYS = {"requests": ("to the raw domain", "the pool became full", "a pool was needed", "an arena was needed"),
        "given back": ("back to the raw domain", "the pool was full", "the pool became empty", "its arena went back")}
for total, ways in WAYS.items():
    print("%-24s %8d" % (total, counts[total]))
    for way in ways:
        often = "one in %.0f" % (counts[total] / counts[way]) if counts[way] else "never"
        print("  %-22s %8d   %s" % (way, counts[way], often))
