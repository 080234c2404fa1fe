"""What does the milestone of Part 3 print?

Runs `cargo xtask milestone 3 --reference`, a small server whose documents are cycles, on the reference's parts, and
keeps what it prints.

    python3 book/experiments/milestone_3_says.py         writes milestone_3_says.out

The server reads the chapters of this book, so its numbers change with the book.
"""
import os
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

said = subprocess.check_output(["cargo", "xtask", "milestone", "3", "--reference"], cwd=ROOT).decode()
with open(os.path.join(HERE, "milestone_3_says.out"), "w", newline="\n") as file:
    file.write(said)
