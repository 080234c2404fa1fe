"""A million strings are interned and dropped. What stays? `tracemalloc` measures; the sizes are rounded to a MB.
"""
import sys
import tracemalloc

from look import VERSION

tracemalloc.start()
start = tracemalloc.get_traced_memory()[0]
strings = [sys.intern("text %d" % i) for i in range(1000000)]
made = tracemalloc.get_traced_memory()[0] - start
del strings
left = tracemalloc.get_traced_memory()[0] - start
print("%-14s a million interned: %3d MB   the list dropped: %3d MB" % (VERSION, round(made / 1e6), round(left / 1e6)))
