"""What CPython 3.11 does with sets and dicts of integers in random programs: `python3.11 recorded.py > recorded.out`.

Each line is a program: its number, then a digest of the order of iteration and of `sys.getsizeof`, taken every 100
steps. `types_recorded.rs` runs the same programs.
"""

import sys

MASK = (1 << 64) - 1


class Numbers:
    def __init__(self, seed):
        self.state = seed

    def below(self, end):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & MASK
        return (self.state >> 33) % end


def told(digest, number):
    return ((digest ^ (number & MASK)) * 1099511628211) & MASK


def key(numbers, spread):
    n = numbers.below(40 if spread == 0 else 3000)
    return (n - 20) * (1, 64, 1 << 40)[spread]


def run_set(seed):
    numbers, digest, s = Numbers(seed), 14695981039346656037, set()
    for step in range(3000):
        k, what = key(numbers, seed % 3), numbers.below(100)
        if what < 55:
            s.add(k)
        elif what < 85:
            s.discard(k)
        elif what < 95:
            if s:
                digest = told(digest, s.pop())
        elif what == 95:
            s = set(s)
        elif what == 96:
            digest = told(digest, hash(frozenset(s)))
        elif what == 97 and numbers.below(10) == 0:
            s.clear()
        elif what == 98:
            other = set()
            for _ in range(numbers.below(20)):
                other.add(key(numbers, seed % 3))
            s.update(other)
        if step % 100 == 0:
            for k in s:
                digest = told(digest, k)
            digest = told(digest, sys.getsizeof(s))
    return digest


def run_dict(seed):
    numbers, digest, d = Numbers(seed), 14695981039346656037, {}
    strings = seed % 2 == 1
    for step in range(3000):
        k, what = key(numbers, seed % 3), numbers.below(100)
        if strings and not (what == 54 and numbers.below(20) == 0):
            k = "k%d" % k
        if what < 55:
            d[k] = step
        elif what < 85:
            d.pop(k, None)
        elif what < 95:
            if d:
                digest = told(digest, d.popitem()[1])
        elif what < 97:
            d = d.copy()
        elif what == 97 and numbers.below(10) == 0:
            d.clear()
        if step % 100 == 0:
            for v in d.values():
                digest = told(digest, v)
            digest = told(digest, sys.getsizeof(d))
    return digest


for seed in range(24):
    print("set", seed, "%016x" % run_set(seed))
for seed in range(24):
    print("dict", seed, "%016x" % run_dict(seed))
