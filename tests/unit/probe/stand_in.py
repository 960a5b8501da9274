"""A small program that starts, answers and ends like CoreDNS, for tests without the real one."""

import sys
from pathlib import Path

PROGRAM = """\
import pathlib, re, signal, socket, sys, time
behaviour = {behaviour!r}
text = pathlib.Path("Corefile").read_text()
if behaviour == "refuses":
    print("loading")
    sys.exit("Corefile:1 - Error during parsing: Unknown directive 'x'")
if behaviour == "sleeps":
    signal.pause()
lameduck = sum(int(value) for value in re.findall(r"lameduck (\\d+)ns", text)) / 1e9
server = socket.socket(type=socket.SOCK_DGRAM)
server.bind(("127.0.0.1", int(re.search(r"^\\.:(\\d+)", text)[1])))
signal.signal(signal.SIGTERM, lambda *_: signal.setitimer(signal.ITIMER_REAL, max(lameduck, 1e-6)))
signal.signal(signal.SIGALRM, lambda *_: sys.exit(0))
answered = 0
while True:
    query, sender = server.recvfrom(512)
    answered += 1
    if behaviour == "forgets" and answered > 1:
        continue
    server.sendto(query[:2] + bytes([0x81, 0x80]) + query[4:], sender)
"""


def stand_in(folder: Path, behaviour: str = "serves") -> Path:
    """Its path; it `serves`, `refuses` the Corefile, `sleeps` without answering, or `forgets` to answer."""
    path = folder / f"coredns-{behaviour}"
    path.write_text(f"#!{sys.executable} -SE\n{PROGRAM.format(behaviour=behaviour)}")
    path.chmod(0o755)
    return path
