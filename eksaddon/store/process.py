"""Identifies processes, so that another process on the same machine can detect that one ended (Linux)."""

import os
from pathlib import Path

_PROC = Path("/proc")
_STARTED = 19
"""Index of the start time after the name, in clock ticks since boot (source: proc(5))."""

_ENDED = frozenset({"Z", "X"})
"""States of an ended process that was not yet waited for (source: proc(5))."""


def this_process(proc: Path = _PROC) -> str:
    """Boot id, pid namespace, pid and start time of this process; empty without /proc.

    A host name is not sufficient: two containers can share it, each with a process 1.
    """
    number = os.getpid()
    try:
        return f"{_machine(proc)} {number} {_start_time(number, proc)}"
    except OSError:
        return ""


def is_gone(process: str, proc: Path = _PROC) -> bool:
    """Whether a process of this machine and pid namespace has ended.

    Args:
        process: From `this_process`; False for a process of another machine or namespace.
    """
    machine, number, started = [*process.split(" "), "", "", ""][:3]
    try:
        if machine != _machine(proc):
            return False
    except OSError:
        return False
    try:
        return _start_time(int(number), proc) != started
    except FileNotFoundError:
        return True
    except (OSError, ValueError):
        return False


def _machine(proc: Path) -> str:
    boot = (proc / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return f"{boot}/{(proc / 'self/ns/pid').readlink()}"


def _start_time(number: int, proc: Path) -> str:
    """Start time of a process; empty if it has ended and was not yet waited for."""
    text = (proc / str(number) / "stat").read_text(encoding="utf-8", errors="replace")
    fields = text.rpartition(")")[2].split()
    return "" if fields[0] in _ENDED else fields[_STARTED]
