"""A Python without what Windows lacks: modules, signals, flags and calls of POSIX; locks by msvcrt.

`python -m tests.support.windows` imports every module of eksdns in it, and runs a change from plan to
rollback with a state folder. What depends on Windows itself (paths, its event loop, its consoles) is not
tested by it.
"""

import asyncio
import importlib
import os
import pkgutil
import select
import signal
import sys
import tempfile
from enum import IntEnum
from pathlib import Path
from types import ModuleType

ABSENT_MODULES = ("fcntl", "pwd", "grp", "resource", "termios", "tty", "pty", "syslog")
ABSENT_CALLS = ("geteuid", "getuid", "getgid", "getegid", "fork", "killpg", "getpgid", "setsid", "chown")
ABSENT_FLAGS = ("O_NOFOLLOW", "O_NONBLOCK", "O_DIRECTORY", "O_CLOEXEC")
PRESENT_SIGNALS = ("SIGABRT", "SIGFPE", "SIGILL", "SIGINT", "SIGSEGV", "SIGTERM")
LOCKED: dict[tuple[int, int], int] = {}
"""Descriptor that holds the lock, by device and inode."""


def _locking(file: int, mode: int, count: int) -> None:
    """As msvcrt.locking for one byte; a lock is released as its descriptor is closed."""
    assert (mode, count) == (1, 1)
    assert os.lseek(file, 0, os.SEEK_CUR) > 2**29, "content would be locked for other readers"
    found = os.fstat(file)
    key = (found.st_dev, found.st_ino)
    holder = LOCKED.get(key)
    if holder is not None and holder != file and _is_open(holder, key):
        raise OSError(36, "Resource deadlock avoided")
    LOCKED[key] = file


def _is_open(file: int, key: tuple[int, int]) -> bool:
    try:
        found = os.fstat(file)
    except OSError:
        return False
    return (found.st_dev, found.st_ino) == key


def pretend() -> None:
    """Take away what Windows lacks, before anything of eksdns is imported."""
    assert not any(name.partition(".")[0] == "eksaddon" for name in sys.modules)
    asyncio.SelectorEventLoop.add_signal_handler = _refused  # type: ignore[method-assign,assignment]
    asyncio.SelectorEventLoop.remove_signal_handler = _refused  # type: ignore[method-assign,assignment]
    for name in ABSENT_MODULES:
        sys.modules[name] = None  # type: ignore[assignment]  # import raises ImportError
    for owner, names in ((os, (*ABSENT_CALLS, *ABSENT_FLAGS)), (select, ("poll",))):
        for name in names:
            if hasattr(owner, name):
                delattr(owner, name)
    os.supports_fd.discard(os.utime)
    signals = {name: signal.Signals[name].value for name in PRESENT_SIGNALS}
    for name in signal.Signals.__members__.keys() - signals.keys():
        delattr(signal, name)
    signal.Signals = IntEnum("Signals", signals)  # type: ignore[misc]  # fewer of them
    msvcrt = ModuleType("msvcrt")
    msvcrt.LK_LOCK = 1  # type: ignore[attr-defined]
    msvcrt.locking = _locking  # type: ignore[attr-defined]
    sys.modules["msvcrt"] = msvcrt


def _refused(*_: object) -> bool:
    raise NotImplementedError


def import_all() -> int:
    """Import every module; the number of them."""
    package = importlib.import_module("eksaddon")
    names = [each.name for each in pkgutil.walk_packages(package.__path__, "eksaddon.")]
    for name in names:
        if name != "eksaddon.__main__":
            importlib.import_module(name)
    return len(names)


SCENARIO = """
version: 1
pace: {update: 0}
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
documents: {plain: '{"replicaCount":2}'}
clusters: [{name: shop, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: plain}]
"""
FLEET = """
version: 1
coredns: {replicaCount: 3}
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
"""


def use(folder: Path) -> list[int]:
    """Exit codes of a change from plan to rollback, with a state folder."""
    from tests.support.walkthrough import run_on_record, shell  # imports eksdns

    (folder / "fleet.yaml").write_text(FLEET, encoding="utf-8")
    (folder / "scenario.yaml").write_text(SCENARIO, encoding="utf-8")
    codes = []
    with shell(folder / "fleet.yaml", folder / "scenario.yaml") as here:
        for command in (
            ("plan", "--all", "--out", "plan.json"),
            ("apply", "plan.json", "--yes"),
            ("history",),
            ("status", "--all"),
            ("rollback", "RUN", "--yes"),
        ):
            words = [run_on_record().stem if word == "RUN" else word for word in command]
            code, text = here.type(*words)
            sys.stdout.write(f"{' '.join(command)}: {code}\n{text if code else ''}")
            codes.append(code)
    return codes


if __name__ == "__main__":
    pretend()
    sys.stdout.write(f"modules: {import_all()}\n")
    with tempfile.TemporaryDirectory() as place:
        is_wrong = any(use(Path(place)))
    sys.stdout.write(f"locks: {len(LOCKED)}\n")
    sys.exit(is_wrong)
