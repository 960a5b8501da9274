"""Runs test files with pytest, in as many processes as there are CPUs; an idle process takes the next file.

`python -m tests.parts [--traced] FOLDER... -- PYTEST_OPTION...`

pytest-xdist passes three reports a test through a pipe, which takes longer than most unit tests. Here each
process reports what it ran itself. With `--traced` it writes the lines that it ran into a file for
`coverage combine`.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import chain, groupby, pairwise
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
        command += [*options, *files]
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
        config.pluginmanager.register(_Part(config.option.taken))


class _Part:
    """One process: of the files that all processes collect, it runs what no other has taken."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _items(self, session: pytest.Session) -> Iterator[pytest.Item]:
        for number, (_, items) in enumerate(groupby(session.items, key=lambda item: item.path)):
            try:
                (self._folder / str(number)).touch(exist_ok=False)
            except FileExistsError:
                continue
            yield from items

    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Like pytest's own loop, which reports what could not be collected."""
        if session.testsfailed:
            return None
        for item, following in pairwise(chain(self._items(session), [None])):
            assert item is not None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.shouldfail:
                raise session.Failed(session.shouldfail)
            if session.shouldstop:
                raise session.Interrupted(session.shouldstop)
        return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
