"""What does the milestone of Part 2 print?

Runs `cargo xtask milestone 2 --reference`, an index of words made of objects, on the reference's parts, and
keeps what it prints.

    python3 book/experiments/milestone_2_says.py         writes milestone_2_says.out

The program reads the chapters of this book, so its numbers change with the book.
"""
import os
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

said = subprocess.check_output(["cargo", "xtask", "milestone", "2", "--reference"], cwd=ROOT).decode()
with open(os.path.join(HERE, "milestone_2_says.out"), "w", newline="\n") as file:
    file.write(said)
