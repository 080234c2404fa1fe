"""What still runs when the process ends? Runs itself in several forms and prints what the child printed.
"""
import subprocess
import sys

from look import VERSION

HEAD = """
import atexit, os, sys, weakref
class Noisy:
    def __init__(self, name): self.name = name
    def __del__(self): print(self.name, end=" ", flush=True)
"""
FORMS = [
    ("a global", "a = Noisy('ran')"),
    ("a global in a cycle", "a = Noisy('ran'); a.me = a"),
    ("three globals, a last made", "c = Noisy('c'); b = Noisy('b'); a = Noisy('a')"),
    ("an atexit function", "a = Noisy('__del__'); atexit.register(lambda: print('atexit', end=' ', flush=True))"),
    ("weakref.finalize", "a = Noisy('__del__'); f = weakref.finalize(a, lambda: print('finalize', end=' ', flush=True))"),
    ("sys.exit()", "a = Noisy('ran'); sys.exit()"),
    ("an exception that ends it", "a = Noisy('ran'); 1 / 0"),
    ("os._exit()", "a = Noisy('ran'); os._exit(0)"),
    ("killed by a signal", "a = Noisy('ran'); os.kill(os.getpid(), 15)"),
]
print(VERSION)
for name, code in FORMS:
    child = subprocess.run([sys.executable, "-S", "-c", HEAD + code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    print("  %-28s %s" % (name, child.stdout.decode().strip() or "nothing"))
