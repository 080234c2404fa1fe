"""What does it cost to ask the system for memory, and what to touch it?

Maps 1 GiB (`mmap`, private, without a file), writes one byte into every 64th page, then into every page of the
first 64 MiB, gives the first half of those back, and unmaps. Each line says how much larger than at the start the
process is, in MiB: mapped (VmSize) and resident (VmRSS). Huge pages are switched off for this mapping. Then it maps
half of the machine's memory ten times, without touching any of it. Linux, Python 3.8 and later; whether the last is
granted depends on /proc/sys/vm/overcommit_memory.
"""
import mmap
import os
import time

from look import MIB, VERSION, status

PAGE = mmap.PAGESIZE
FLAGS = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS


def row(what):
    print("  %-44s %6d %9d" % (what, round((status("VmSize") - size) / MIB), round((status("VmRSS") - there) / MIB)))


size, there = status("VmSize"), status("VmRSS")
print("%-46s mapped  resident" % VERSION)
row("at the start")
memory = mmap.mmap(-1, 1024 * MIB, FLAGS)
memory.madvise(mmap.MADV_NOHUGEPAGE)
row("1 GiB mapped")
for at in range(0, 1024 * MIB, 64 * PAGE):
    memory[at] = 1
row("one byte written in every 64th page")
for at in range(0, 64 * MIB, PAGE):
    memory[at] = 1
row("one byte written in each page of 64 MiB")
memory.madvise(mmap.MADV_DONTNEED, 0, 32 * MIB)
row("32 MiB of these given back, still mapped")
print("  the byte at 0, after that: %d" % memory[0])
memory.close()
row("unmapped")

with open("/proc/sys/vm/overcommit_memory") as file:
    policy = file.read().strip()
half = os.sysconf("SC_PHYS_PAGES") // 2 * PAGE
kept = []
try:
    while len(kept) < 10:
        kept.append(mmap.mmap(-1, half, FLAGS))
except OSError:
    pass
print("half of the machine's memory, asked for ten times (overcommit_memory = %s): granted %d times, %d MiB resident"
      % (policy, len(kept), round((status("VmRSS") - there) / MIB)))
