"""What does the milestone of a part of the course print?

Runs `cargo xtask milestone N --reference`, a program on the reference's parts, and keeps what it prints.

    python3 book/experiments/milestone_says.py 1 2 3 4 5   writes milestone_1.out, ... milestone_5.out

The programs read the chapters of this book, so their numbers change with the book; in that of Part 1, which reads
them on as many threads, where each pool lies changes from run to run, and in that of Part 5 how many words are lost
without a lock.
"""
import os
import subprocess
import sys

from record import note

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

if not sys.argv[1:]:
    sys.exit(__doc__)
for part in sys.argv[1:]:
    said = subprocess.check_output(["cargo", "xtask", "milestone", part, "--reference"], cwd=ROOT).decode()
    with open(os.path.join(HERE, f"milestone_{part}.out"), "w", newline="\n") as file:
        file.write(said)
    note(os.path.basename(__file__), [f"milestone_{part}.out"])
