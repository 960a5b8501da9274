"""A program that stands for CoreDNS where a test is about what surrounds it: it answers every query."""

import sys
from pathlib import Path

PROGRAM = """#!{python} -SE
import sys

if "-version" in sys.argv:
    print("CoreDNS-{version}")
    sys.exit()
text = open("Corefile").read()
if {refused!r} in text:
    print("refused: {refused}")
    sys.exit(1)

import socketserver
import threading

port = int(text.partition(".:")[2].partition(" ")[0])
DATA = {{1: bytes([192, 0, 2, 1]), 12: bytes([1, 97, 0])}}


def answered(wire):
    end = wire.index(0, 12) + 5
    kind = wire[end - 4 : end - 2]
    data = DATA.get(int.from_bytes(kind), b"")
    head = wire[:2] + bytes([0x85, 0x80, 0, 1, 0, bool(data), 0, 0, 0, 0]) + wire[12:end]
    if not data:
        return head
    return head + bytes([0xC0, 12]) + kind + bytes([0, 1, 0, 0, 0, 5, 0, len(data)]) + data


class Udp(socketserver.BaseRequestHandler):
    def handle(self):
        self.request[1].sendto(answered(self.request[0]), self.client_address)


class Tcp(socketserver.StreamRequestHandler):
    def handle(self):
        while len(head := self.rfile.read(2)) == 2:
            reply = answered(self.rfile.read(int.from_bytes(head)))
            self.wfile.write(len(reply).to_bytes(2) + reply)


tcp = socketserver.ThreadingTCPServer(("127.0.0.1", port), Tcp)
threading.Thread(target=tcp.serve_forever, daemon=True).start()
socketserver.UDPServer(("127.0.0.1", port), Udp).serve_forever()
"""


def fake_coredns(folder: Path, version: str, refused: str = "never") -> Path:
    """Write the program as `coredns-VERSION`.

    Args:
        refused: Words of a Corefile with which it does not start.
    """
    path = folder / f"coredns-{version}"
    path.write_text(PROGRAM.format(python=sys.executable, version=version, refused=refused))
    path.chmod(0o755)
    return path
