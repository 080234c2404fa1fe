"""What do the debug hooks say to the five classic mistakes?

Runs itself with PYTHONMALLOC=debug, once for each mistake, and prints what the process wrote before it was ended.
Addresses are replaced by `0x...`. Of the first mistake and of the block that is freed twice everything is printed up to
the traceback, of the others the line with the fault. The mistakes are made with ctypes, as C code would make them.
"""
import ctypes
import os
import re
import signal
import subprocess
import sys

from look import VERSION, function

malloc = function("PyObject_Malloc", ctypes.c_void_p, ctypes.c_size_t)
free = function("PyObject_Free", None, ctypes.c_void_p)
other_free = function("PyMem_Free", None, ctypes.c_void_p)


def overrun(block):
    ctypes.memmove(block, b"hello\0", 6)
    free(block)


def underrun(block):
    ctypes.memmove(block - 1, b"!", 1)
    free(block)


def wrong_door(block):
    other_free(block)


def freed_twice(block):
    free(block)
    free(block)


def used_after_free(block):
    free(block)
    print("reads %s" % ctypes.string_at(block, 5).hex())


MISTAKES = [("one byte too far, 6 into a block of 5", overrun), ("one byte before the block", underrun),
            ("through the wrong door: PyMem_Free", wrong_door), ("freed twice", freed_twice),
            ("read after it was freed", used_after_free)]


def parent():
    print(VERSION)
    for number, (name, _) in enumerate(MISTAKES):
        done = subprocess.run([sys.executable, "-B", __file__, str(number)], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, env=dict(os.environ, PYTHONMALLOC="debug"))
        text = re.sub(r"0x[0-9a-f]{6,}", "0x...", done.stdout.decode("utf-8", "backslashreplace"))
        lines = re.split("\n\n(?=Fatal)|\nPython runtime state", text.strip())
        fatal = [line for line in text.splitlines() if line.startswith(("Fatal", "reads"))]
        lines = (lines[0].strip().splitlines() if number in (0, 3) else []) + fatal
        ended = "ended by %s" % signal.Signals(-done.returncode).name if done.returncode else "goes on"
        print("--- %s (%s)" % (name, ended))
        print("\n".join(lines))


parent() if len(sys.argv) == 1 else MISTAKES[int(sys.argv[1])][1](malloc(5))
