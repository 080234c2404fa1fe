"""Said: "`del` frees the memory". Four times `del`, and what it did to the process's memory.

Each time some 100 MB are made, in a process of its own: one large block, or many small ones in a list. The second
number is how much the `del` brought down resident memory.
"""
import subprocess
import sys

from look import MIB, VERSION, resident


def one_block():
    return b"x" * (100 * MIB), None


def one_block_with_two_names():
    data = b"x" * (100 * MIB)
    return data, data


def small_blocks():
    return [bytes(63) for _ in range(1000000)], None


def small_blocks_a_thousandth_kept():
    data = [bytes(63) for _ in range(1000000)]
    return data, data[::1000]


FUNCTIONS = [one_block, one_block_with_two_names, small_blocks, small_blocks_a_thousandth_kept]
if len(sys.argv) > 1:
    function, start = FUNCTIONS[int(sys.argv[1])], resident()
    data, other = function()
    full = resident()
    del data
    name = function.__name__.replace("_", " ")
    print("  %-32s made: %3d MiB   del gave back: %3d MiB" % (
        name, round((full - start) / MIB), round((full - resident()) / MIB)))
else:
    print(VERSION, flush=True)
    for number in range(len(FUNCTIONS)):
        subprocess.check_call([sys.executable, "-B", __file__, str(number)])
