"""Sums, differences, products and hashes of large numbers: `python3.11 numbers.py > numbers.out`."""

import sys

LARGE = [0, -1, 257, 2**30, 1 - 2**60, 2**61 - 1, 10**40, -(7**50), 3**100]

for a in LARGE:
    for b in LARGE:
        print(a, b, a + b, a - b, a * b, hash(a * b), sys.getsizeof(a * b), a < b, a == b)
