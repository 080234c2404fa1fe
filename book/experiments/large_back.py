"""Do large objects go back to the system?

Each case runs in a process of its own: makes something, drops it, and prints by how much the resident memory rose,
and how much of that is still there (in MiB). Linux with glibc; `malloc_trim` is glibc's.
"""
import ctypes
import subprocess
import sys

from look import MIB, VERSION, resident

libc = ctypes.CDLL(None)


def one_large():
    yield
    kept = bytearray(b"x") * 100000000
    yield
    del kept
    yield


def list_of_ten_million():
    yield
    kept = [None] * 10000000
    yield
    del kept
    yield


def middle_ones(last=None, first=None, trim=False):
    kept = [None] * 100000
    yield
    for i in range(len(kept)):
        kept[i] = bytes(1000)
    yield
    rest = kept[last:] if last else None
    del kept[:]
    if trim:
        libc.malloc_trim(0)
    yield


CASES = [
    ("one bytearray of 100 MB", one_large),
    ("a list of 10,000,000", list_of_ten_million),
    ("100,000 bytes(1000)", middle_ones),
    ("  the last one kept", lambda: middle_ones(last=-1)),
    ("  the last one kept, malloc_trim", lambda: middle_ones(last=-1, trim=True)),
]


def child(case):
    before, full, after = [resident() for _ in CASES[case][1]()]
    print(round((full - before) / MIB), round((after - before) / MIB))


def parent():
    print("%-36s MiB made   still there" % VERSION)
    for case, (name, _) in enumerate(CASES):
        found = subprocess.check_output([sys.executable, __file__, str(case)]).decode().split()
        print("%-36s %8s %13s" % (name, *found))


child(int(sys.argv[1])) if len(sys.argv) > 1 else parent()
