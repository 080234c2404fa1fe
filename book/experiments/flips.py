"""How often does a pool become full, or stop being full, while a program runs?

A model, computed and not measured: one size class, pools of 127 blocks (128 bytes each, in 16 KiB), and pymalloc's
rule for the used pools: the front one serves; one that becomes full leaves the list; one that was full and gets a
block back goes to the front; one that is empty goes back to its arena. 10,000 blocks live. A pair is one free and
one malloc, and there are 100,000 pairs. LIFO: the youngest block is freed. FIFO: the oldest. Random: any.

The second rule is another policy: a pool that was full goes *behind* the front one, which serves until it is full.
The third: it goes there only when an eighth of its blocks is free.
"""
import collections
import random

BLOCKS, LIVING, PAIRS = 127, 10000, 100000
RULES = [("to the front (pymalloc)", 0, 1), ("behind the front one", 1, 1), ("the same, an eighth free", 1, BLOCKS // 8)]


class Heap:
    def __init__(self, behind, patience):
        self.used, self.free, self.behind, self.patience = [], {}, behind, patience
        self.flips, self.moves, self.next, self.last = 0, 0, 0, None

    def malloc(self):
        if not self.used:
            self.free[self.next] = BLOCKS
            self.used.append(self.next)
            self.next += 1
        pool = self.used[0]
        self.moves += pool != self.last
        self.last = pool
        self.free[pool] -= 1
        if self.free[pool] == 0:
            self.used.pop(0)
            self.flips += 1
        return pool

    def release(self, pool):
        self.free[pool] += 1
        if self.free[pool] == self.patience and pool not in self.used:
            self.used.insert(self.behind, pool)
            self.flips += 1
        elif self.free[pool] == BLOCKS and pool in self.used:
            self.used.remove(pool)
            del self.free[pool]


def victim(pattern, living):
    if pattern == "LIFO":
        return living.pop()
    if pattern == "FIFO":
        return living.popleft()
    at = random.randrange(len(living))
    living[at], living[-1] = living[-1], living[at]
    return living.pop()


print("for 1000 pairs:             pools that become full    requests served by another   pools,")
print("                            or are used again         pool than the one before     random")
print("%-26s %6s %6s %6s    %6s %6s %6s" % (("a pool that was full goes",) + ("LIFO", "FIFO", "random") * 2))
for name, behind, patience in RULES:
    found = []
    for pattern in "LIFO", "FIFO", "random":
        random.seed(1)
        heap, living = Heap(behind, patience), collections.deque()
        for _ in range(LIVING):
            living.append(heap.malloc())
        heap.flips = heap.moves = 0
        for _ in range(PAIRS):
            heap.release(victim(pattern, living))
            living.append(heap.malloc())
        found.append((1000 * heap.flips / PAIRS, 1000 * heap.moves / PAIRS))
    flips, moves = zip(*found)
    print("%-26s %6.0f %6.0f %6.0f    %6.0f %6.0f %6.0f %12d" % ((name,) + flips + moves + (len(heap.free),)))
