"""What does rounding up cost a real program?

tracemalloc knows how many bytes each living block was asked for. The program: import a good part of the standard
library and parse one of its larger files. Requests of 1 to 512 bytes are then rounded in steps of 8 and of 16.
"""
import tracemalloc

tracemalloc.start()
import argparse, ast, asyncio, decimal, email.message, http.client, json, logging, sys, unittest, xml.dom.minidom

with open(argparse.__file__) as file:
    tree = ast.parse(file.read())
traces = tracemalloc.take_snapshot().traces
tracemalloc.stop()

small = [trace.size for trace in traces if 1 <= trace.size <= 512]
asked = sum(small)
print("Python %d.%d.%d: %d living blocks, %.1f %% of them of 512 bytes or less" % (
    sys.version_info[:3] + (len(traces), 100 * len(small) / len(traces))))
print("  asked for            {:9} bytes".format(asked))
for step in (8, 16):
    given = sum((size + step - 1) // step * step for size in small)
    exact = sum(1 for size in small if size % step == 0)
    print("  in steps of {:2}       {:9} bytes, {:4.1f} % more; {:2.0f} % fit exactly".format(
        step, given, 100 * (given - asked) / asked, 100 * exact / len(small)))
# glibc on 64 bits: 8 bytes before each block, multiples of 16, at least 32
given = sum(max(32, (size + 8 + 15) // 16 * 16) for size in small)
print("  by glibc (computed)  {:9} bytes, {:4.1f} % more".format(given, 100 * (given - asked) / asked))
