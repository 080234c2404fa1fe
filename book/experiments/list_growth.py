"""A list grows by `append`: how often is its array asked for anew, how often does it move, and where is it?

Reads the address of the array from the list object, before and after each append (24 bytes into the list, 3.6 to
3.13). A line for each stretch: from which length on the array lies in a pool, in libc's heap, or in a mapping of
its own.
"""
import sys

from look import VERSION, Map, word

LENGTH = 1000000
POOL = 512 // 8

items = []
size, array, place = sys.getsizeof(items), 0, None
rows = []
for length in range(1, LENGTH + 1):
    items.append(None)
    if sys.getsizeof(items) != size:
        size = sys.getsizeof(items)
        new = word(id(items) + 24)
        bytes_asked = size - sys.getsizeof([])
        now = "a pool" if bytes_asked <= 512 else {"heap": "libc's heap", "mapping": "a mapping of its own"}[
            Map().name(new)]
        if now != place:
            rows.append([length, bytes_asked, now, 0, 0])
            place = now
        rows[-1][3] += 1
        rows[-1][4] += new != array
        array = new
print("%s, %d times append" % (VERSION, LENGTH))
print("from length    bytes   in                     asked anew    moved")
for length, asked, place, times, moved in rows:
    print("%11d %8d   %-22s %10d %8d" % (length, asked, place, times, moved))
