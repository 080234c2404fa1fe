"""What do the debug hooks put around a block?

Runs itself with PYTHONMALLOC=debug, asks the object domain for 5 bytes, writes `hello` into them, and prints the bytes
around, in hexadecimal, before and after that and when the block was given back. What pymalloc itself writes into a free
block, a link of 8 bytes, is printed as dots. Last, it asks for two blocks and looks whether a number stands behind the
guards that counts the calls.
"""
import ctypes
import os
import subprocess
import sys

from blocks import free, malloc
from look import VERSION


def seen(block):
    text = ["%02x" % byte for byte in ctypes.string_at(block - 16, 29)]
    parts = text[:8], text[8:9], text[9:16], text[16:21], text[21:]
    return " | ".join("".join(part) if len(part) > 1 else part[0] for part in parts)


def child():
    block = malloc(5)
    print("%-8s asked for  %s" % (VERSION.split()[1], seen(block)))
    ctypes.memmove(block, b"hello", 5)
    print("%-8s written    %s" % ("", seen(block)))
    free(block)
    print("%-8s given back %s" % ("", "." * 16 + seen(block)[16:]))
    one, two = malloc(100), malloc(100)
    serial = [int.from_bytes(ctypes.string_at(block + 108, 8), "big") for block in (one, two)]
    print("%-8s %s" % ("", "behind it: a serial number"
                        if 0 < serial[1] - serial[0] < 1000 else "behind it: nothing more"))


def parent():
    subprocess.check_call([sys.executable, "-B", __file__, "child"], env=dict(os.environ, PYTHONMALLOC="debug"))


child() if sys.argv[1:] == ["child"] else parent()
