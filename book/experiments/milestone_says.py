"""What does the milestone of Part 1 print?

Runs `cargo xtask milestone 1 --reference`, a Rust program on the reference's parts, and keeps what it prints.

    python3 book/experiments/milestone_says.py         writes milestone_says.out

The program reads the chapters of this book on as many threads, so its numbers change with the book, and where each
pool lies changes from run to run.
"""
import os
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

said = subprocess.check_output(["cargo", "xtask", "milestone", "1", "--reference"], cwd=ROOT).decode()
with open(os.path.join(HERE, "milestone_says.out"), "w", newline="\n") as file:
    file.write(said)
