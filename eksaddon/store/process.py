"""Which process this is, so that another one on the same machine can tell when it is gone (Linux)."""

import os
from pathlib import Path

_PROC = Path("/proc")
_STARTED = 19
"""Place of the start time behind the name, in clock ticks since the machine started (source: proc(5))."""

_ENDED = frozenset({"Z", "X"})
"""States of a process that has ended and was not yet waited for (source: proc(5))."""


def this_process(proc: Path = _PROC) -> str:
    """Machine start and process id namespace, process id, and start time; empty where there is no /proc.

    A host name would not do: two containers may have the same one, each with a process 1.
    """
    number = os.getpid()
    try:
        return f"{_machine(proc)} {number} {_start_time(number, proc)}"
    except OSError:
        return ""


def is_gone(process: str, proc: Path = _PROC) -> bool:
    """Whether a process of this machine and namespace has ended.

    Args:
        process: As `this_process` tells; one from elsewhere is never known to be gone.
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
    """Empty for a process that has ended and was not yet waited for."""
    text = (proc / str(number) / "stat").read_text(encoding="utf-8", errors="replace")
    fields = text.rpartition(")")[2].split()
    return "" if fields[0] in _ENDED else fields[_STARTED]
