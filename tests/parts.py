"""Runs test files with pytest, in as many processes as there are CPUs; an idle process takes the next file.

`python -m tests.parts [--traced] FOLDER... -- PYTEST_OPTION...`

pytest-xdist collects every test in every process and passes three reports a test through a pipe, which
takes longer than most unit tests. Here a process collects a file when it has taken it. With `--traced`
each process writes the lines that it ran into a file for `coverage combine`.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from pathlib import Path

import pytest

NO_TESTS = 5
"""pytest's exit code where all tests of a part are deselected (source: pytest.ExitCode)."""

TRACED = "--traced"
_SLOW_MARK = "pytest.mark.slow"


def files_of(folders: Sequence[str]) -> list[str]:
    """All test files, those with slow tests first: what is taken last should not take long."""
    found = {path for folder in folders for path in Path(folder).rglob("test_*.py")}
    return [
        str(path)
        for path in sorted(found, key=lambda path: (_SLOW_MARK not in path.read_text("utf-8"), str(path)))
    ]


def exit_code(codes: Sequence[int]) -> int:
    """Success only if every part succeeded, and at least one has run a test."""
    failures = [code for code in codes if code not in {0, NO_TESTS}]
    return max(failures, key=abs, default=min(codes, default=NO_TESTS))


def main(args: Sequence[str]) -> int:
    border = args.index("--") if "--" in args else len(args)
    folders, options = [each for each in args[:border] if each != TRACED], args[border + 1 :]
    runner = ["coverage", "run", "-m", "pytest"] if TRACED in args[:border] else ["pytest"]
    files = files_of(folders)
    with tempfile.TemporaryDirectory() as folder:
        taken = Path(folder) / "taken"
        taken.mkdir()
        command = [sys.executable, "-m", *runner, "-p", "tests.parts", "--taken", str(taken)]
        command += ["-o", "console_output_style=classic", *options, *files]
        running: list[tuple[subprocess.Popen[bytes], Path]] = []
        for number in range(min(os.cpu_count() or 1, len(files))):
            printed = Path(folder) / str(number)
            with printed.open("wb") as screen:
                running.append((subprocess.Popen(command, stdout=screen if number else None), printed))
        codes = []
        for process, printed in running:
            codes.append(process.wait())
            sys.stdout.write(printed.read_text(errors="replace"))
    return exit_code(codes)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--taken", type=Path, help="folder in which processes note the files that they take")


def pytest_configure(config: pytest.Config) -> None:
    if config.option.taken is not None:
        config.pluginmanager.register(_Part(config))


class _Part:
    """One process: it runs what no other has taken of the files on its command line."""

    def __init__(self, config: pytest.Config) -> None:
        self._folder: Path = config.option.taken
        self._files = iter(enumerate(list(config.args)))
        self._tests = 0
        config.args[:] = self._next()

    def _next(self) -> list[str]:
        """The next file that no process has taken; empty at the end."""
        for number, file in self._files:
            try:
                (self._folder / str(number)).touch(exist_ok=False)
            except FileExistsError:
                continue
            return [file]
        return []

    def _items(self, session: pytest.Session) -> Iterator[pytest.Item]:
        self._tests = len(session.items)
        yield from session.items
        while file := self._next():
            items = list(session.perform_collect(file))
            self._tests += len(items)
            yield from items

    def pytest_collection(self, session: pytest.Session) -> bool | None:
        return None if session.config.args else True

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Like pytest's own loop; a file that cannot be collected fails, and the others still run."""
        for item, following in pairwise(chain(self._items(session), [None])):
            assert item is not None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.shouldfail:
                raise session.Failed(session.shouldfail)
            if session.shouldstop:
                raise session.Interrupted(session.shouldstop)
        session.testscollected = self._tests
        return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
