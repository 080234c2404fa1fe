"""Does Python read memory that is not its own, to find out whose an address is?

Takes 1 MiB from the C library, whose first bytes lie behind a border of pages and pools, and gives the address to
`PyObject_Realloc`, as somebody would who uses the raw domain through the wrong door. (It works: what is not pymalloc's
is handed on.) Before and after, the system is asked (`mincore`) whether the page at this address is there. Nobody has
written to it, so it is there only if somebody looked. Linux.
"""
import ctypes

from look import VERSION, function

PAGE, SIZE = 4096, 1 << 20
libc = ctypes.CDLL(None)
libc.memalign.restype = ctypes.c_void_p
libc.memalign.argtypes = libc.mincore.argtypes = [ctypes.c_size_t, ctypes.c_size_t]
libc.mincore.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p]
libc.mincore.restype = ctypes.c_int
realloc = function("PyObject_Realloc", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
page = ctypes.c_ubyte()


def there(address):
    assert libc.mincore(address, PAGE, ctypes.byref(page)) == 0
    return "there" if page.value & 1 else "not there"


block = libc.memalign(16384, SIZE)
assert block % 16384 == 0
before = there(block)
same = realloc(block, SIZE) == block
print("%-13s  before: %-9s  after: %-9s  (the block %s)" % (
    VERSION, before, there(block), "stayed" if same else "moved"))
