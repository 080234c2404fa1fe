"""One thread that answers letters, and threads that compute. The twin of convoy.rs.

    echo.py COMPUTING INTERVAL_US

Writes the port it listens at, answers until the first empty letter, and ends.
"""

import os
import socket
import sys
import threading

computing, interval = int(sys.argv[1]), int(sys.argv[2])
sys.setswitchinterval(interval / 1e6)


def compute():
    n = 1000
    while True:
        n += 1


def echo():
    while True:
        letter, sender = mailbox.recvfrom(64)
        if not letter:
            os._exit(0)
        mailbox.sendto(letter, sender)


mailbox = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
mailbox.bind(("127.0.0.1", 0))
print(mailbox.getsockname()[1], flush=True)
for _ in range(computing):
    threading.Thread(target=compute, daemon=True).start()
echo()
