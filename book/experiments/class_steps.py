"""In which steps does Python's small-object allocator hand out memory?

Asks for 1, 2, 3 ... 520 bytes, 300 times each, and takes the smallest distance between two answers for the size of
the block. Nothing is freed, so nothing is reused.
"""
import ctypes
import platform

malloc = ctypes.pythonapi.PyObject_Malloc
malloc.restype = ctypes.c_void_p
malloc.argtypes = [ctypes.c_size_t]


def block_size(request):
    blocks = sorted(malloc(request) for _ in range(300))
    return min(high - low for low, high in zip(blocks, blocks[1:]))


sizes = {request: block_size(request) for request in range(1, 521)}
small = [sizes[request] for request in range(1, 513)]
distinct = sorted(set(small))
steps = sorted(set(high - low for low, high in zip(distinct, distinct[1:])))
print("           smallest                   a request of")
print("Python        block   step   classes      17    512    513")
print("{:8} {:10} {:>6} {:9} {:7} {:6} {:6}".format(
    platform.python_version(), distinct[0], "/".join(map(str, steps)), len(distinct), sizes[17], sizes[512],
    sizes[513]))
