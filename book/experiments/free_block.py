"""What is inside a freed block?

Fills two neighbouring blocks with 0xAA, gives them back, and looks at their bytes. Reading a block after it was freed
is a bug in every program but this one: its pool is still mapped, so the bytes are there to see.
"""
import ctypes
import sys

malloc = ctypes.pythonapi.PyObject_Malloc
malloc.restype = ctypes.c_void_p
malloc.argtypes = [ctypes.c_size_t]
free = ctypes.pythonapi.PyObject_Free
free.restype = None
free.argtypes = [ctypes.c_void_p]

SIZE = 496  # a class that nothing else in this program uses
POOL = 16384 if sys.version_info >= (3, 10) else 4096


def show(name, block):
    copy = ctypes.string_at(block, SIZE)  # with its header more than 512 bytes: this copy comes from no pool
    word = int.from_bytes(copy[:8], sys.byteorder)
    first = {first_block: "-> first block"}.get(word, "%016x" % word)
    untouched = copy.count(b"\xaa", 8)
    print("  {:6} block: first word {:16}  {} of {} others still 0xAA".format(
        name, first, untouched, SIZE - 8))


held = [malloc(SIZE) for _ in range(100)]
first_block, second_block = next(
    pair for pair in zip(held[40:], held[41:]) if pair[0] // POOL == pair[1] // POOL and pair[1] - pair[0] == SIZE)
for block in (first_block, second_block):
    ctypes.memset(block, 0xAA, SIZE)

print("Python %d.%d.%d" % sys.version_info[:3])
print("in use")
show("first", first_block)
show("second", second_block)
free(first_block)
free(second_block)
print("freed, first the first")
show("first", first_block)
show("second", second_block)
