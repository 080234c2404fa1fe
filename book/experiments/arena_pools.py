"""How many pools does an arena have, and what is lost when it does not begin where a pool may begin?

Runs itself forty times, since the system chooses a new address for each process. Each takes four arenas full of blocks
of 512 bytes and notes their pools in the order in which they come up: pools that lie one directly behind the other
are an arena (shorter stretches fill what was free before, and are left out). The loss is what
`sys._debugmallocstats()` says, for each arena.
"""
import collections
import subprocess
import sys

from blocks import ARENA, POOL, per_pool, stretches, take
from look import VERSION, arenas, statistic, statistics


def child():
    whole = stretches(take(5 * 64 * per_pool(512), 512))
    counts = collections.Counter(len(pools) for pools in whole if len(pools) > 60)
    text = statistics()
    print(counts.most_common(1)[0][0], statistic("# bytes lost to arena alignment", text) // arenas())


def parent():
    found = [subprocess.check_output([sys.executable, "-B", __file__, "child"]).split() for _ in range(40)]
    counts = collections.Counter(int(pools) for pools, _ in found)
    lost = max(int(lost) for _, lost in found)
    print("Python      arena    pool  whole pools in an arena             lost at most")
    print("{:8} {:>8} {:>7}  {:35} {:>6} bytes".format(VERSION.split()[1], ARENA, POOL, ", ".join(
        "%d in %d processes" % each for each in sorted(counts.items())), lost))


child() if sys.argv[1:] == ["child"] else parent()
