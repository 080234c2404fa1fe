"""What does the grader say about two wrong pools?

Copies the project into a temporary folder, puts a wrong answer into the exercise `pool` there, and grades it. What is
kept is the text about the first failure. The wrong answers are the reference's with one mistake each.

    python3 book/experiments/grader_says.py            writes grader_says_wrong.out and grader_says_misuse.out
    python3 book/experiments/grader_says.py --check    fails if they are not what the grader says today
"""
import os
import shutil
import subprocess
import sys
import tempfile

from record import note

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

# Name: the line that is replaced, and what stands there instead.
MISTAKES = {
    # The list becomes empty, and nobody asks the untouched rest.
    "wrong": ("        head = carve(mem, pool);\n", "        let _ = carve::<M>;\n"),
    # All blocks are chained at once.
    "misuse": (
        "    mem.set(first, NEXT_FREE, None);\n",
        "    mem.set(first, NEXT_FREE, Some(pool.block_at(HEADER + block_size)));\n"
        "    mem.set(pool.block_at(HEADER + block_size), NEXT_FREE, None);\n",
    ),
}


def main():
    with open(os.path.join(ROOT, "solutions/12-pool/src/lib.rs")) as file:
        right = file.read()
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, "project")
        left_out = shutil.ignore_patterns("target", ".git", ".progress", "out", "node_modules")
        shutil.copytree(ROOT, copy, ignore=left_out)
        for name, (line, instead) in MISTAKES.items():
            assert right.count(line) == 1, line
            with open(os.path.join(copy, "exercises/12-pool/src/lib.rs"), "w") as file:
                file.write(right.replace(line, instead))
            # A target folder of its own: one that other copies of the project share may hold their programs.
            own = dict(os.environ, CARGO_TARGET_DIR=os.path.join(folder, "target"))
            done = subprocess.run(["cargo", "xtask", "grade", "pool"], cwd=copy, env=own, stdout=subprocess.PIPE)
            said = done.stdout.decode()
            first = said[said.index("\npool ") + 1:said.index("\n  also ") + 1]
            keep_or_check(os.path.join(HERE, "grader_says_%s.out" % name), first)


def keep_or_check(path, said):
    if "--check" not in sys.argv[1:]:
        with open(path, "w", newline="\n") as file:
            file.write(said)
        note(os.path.basename(__file__), [os.path.basename(path)])
        return
    with open(path) as file:
        if file.read() != said:
            sys.exit("%s is not what the grader says today: run this script without --check." % path)


if __name__ == "__main__":
    main()
