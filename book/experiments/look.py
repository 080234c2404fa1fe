"""What several experiments look at: resident memory, arenas, mappings, and the C functions that allocate.

Linux, and CPython from 3.6 on. Not an experiment itself: nothing here prints.
"""
import ctypes
import os
import re
import sys
import tempfile

VERSION = "Python %d.%d.%d" % sys.version_info[:3]
MIB = 1 << 20
ARENA = MIB if sys.version_info >= (3, 10) else MIB // 4


def function(name, restype, *argtypes):
    found = getattr(ctypes.pythonapi, name)
    found.restype, found.argtypes = restype, argtypes
    return found


def word(address):
    """The 64-bit word at an address."""
    return ctypes.c_uint64.from_address(address).value


def status(key):
    """A line of /proc/self/status in bytes: VmSize is what was mapped, VmRSS what is really there."""
    with open("/proc/self/status") as file:
        return int(re.search(key + r":\s*(\d+) kB", file.read()).group(1)) * 1024


def resident():
    """Resident memory in bytes, read without `open`: a file object's lock would stay behind in libc's heap."""
    file = os.open("/proc/self/statm", os.O_RDONLY)
    pages = int(os.read(file, 200).split()[1])
    os.close(file)
    return pages * os.sysconf("SC_PAGE_SIZE")


def statistics():
    """What `sys._debugmallocstats()` prints. It prints to stderr, from C: a file stands in for descriptor 2."""
    with tempfile.TemporaryFile() as file:
        stderr = os.dup(2)
        os.dup2(file.fileno(), 2)
        sys._debugmallocstats()
        os.dup2(stderr, 2)
        os.close(stderr)
        file.seek(0)
        return file.read().decode()


def statistic(name, text=None):
    """The number behind `name` in these statistics."""
    found = re.search(re.escape(name) + r"[^=]*=\s*([\d,]+)", text or statistics())
    return int(found.group(1).replace(",", ""))


def arenas():
    return statistic("# arenas allocated current")


class _Header(ctypes.Structure):
    """An ELF program header: a segment of a loaded file."""
    _fields_ = [("kind", ctypes.c_uint32), ("flags", ctypes.c_uint32)] + [
        (name, ctypes.c_uint64) for name in ("offset", "address", "physical", "in_file", "in_memory", "align")]


class _Loaded(ctypes.Structure):
    _fields_ = [("base", ctypes.c_uint64), ("name", ctypes.c_char_p), ("headers", ctypes.POINTER(_Header)),
                ("count", ctypes.c_uint16)]


def segments():
    """The address ranges of the executable and its libraries, zeroed data included."""
    found = []

    @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Loaded), ctypes.c_size_t, ctypes.c_void_p)
    def each(loaded, size, data):
        loaded = loaded.contents
        for header in loaded.headers[:loaded.count]:
            if header.kind == 1:
                low = loaded.base + header.address
                found.append((low, low + header.in_memory))
        return 0

    ctypes.CDLL(None).dl_iterate_phdr(each, None)
    return found


class Map:
    """What the addresses of the process are: `static`, `heap`, `stack` or `mapping`, which is memory without a name."""

    def __init__(self):
        self.static = segments()
        self.rows = []
        with open("/proc/self/maps") as file:
            for line in file:
                words = line.split(None, 5)
                low, high = (int(end, 16) for end in words[0].split("-"))
                self.rows.append((low, high, words[5].strip(" []\n") if len(words) > 5 else ""))

    def name(self, address):
        if any(low <= address < high for low, high in self.static):
            return "static"
        return next(name or "mapping" for low, high, name in self.rows if low <= address < high)
