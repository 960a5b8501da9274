"""Runs test files with pytest, in one process for each CPU; an idle process takes the next file.

`python -m tests.parts [--traced] [--waiting] FOLDER... -- PYTEST_OPTION...`

pytest-xdist collects all tests in every process and passes three reports a test through a pipe, which takes
longer than most unit tests. Here a process imports only the files that it takes, and reports what it ran
itself. With `--traced` it writes the lines that it ran into a file for `coverage combine`. With `--waiting`
there is one process more than CPUs: slow tests wait for processes of their own a third of their time.
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

TRACED, WAITING = "--traced", "--waiting"
_SLOW_MARK = "pytest.mark.slow"


def files_of(folders: Sequence[str]) -> list[str]:
    """All test files, those with slow tests first: what is taken last should not take long."""
    found = {path for folder in folders for path in Path(folder).absolute().rglob("test_*.py")}
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
    words, options = args[:border], args[border + 1 :]
    folders = [word for word in words if word not in {TRACED, WAITING}]
    runner = ["coverage", "run", "-m", "pytest"] if TRACED in words else ["pytest"]
    files = files_of(folders)
    with tempfile.TemporaryDirectory() as folder:
        taken = Path(folder) / "taken"
        taken.mkdir()
        command = [sys.executable, "-m", *runner, "-p", "tests.parts", "--taken", str(taken)]
        command += [*options, *folders]
        running: list[tuple[subprocess.Popen[bytes], Path]] = []
        for number in range(min((os.cpu_count() or 1) + (WAITING in words), len(files))):
            printed = Path(folder) / str(number)
            with printed.open("wb") as screen:
                running.append((subprocess.Popen(command, stdout=screen if number else None), printed))
        codes = []
        for process, printed in running:
            codes.append(process.wait())
            sys.stdout.write(printed.read_text(errors="replace"))
            if codes[-1] < 0:
                sys.stdout.write(f"\na part of the tests was ended by signal {-codes[-1]}\n")
    return exit_code(codes)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--taken", type=Path, help="folder in which processes note the files that they take")


def pytest_configure(config: pytest.Config) -> None:
    if config.option.taken is not None:
        config.pluginmanager.register(_Part(config.option.taken))


class _Part:
    """One process: it lists the files, and collects and runs those that no other has taken."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: list[pytest.Collector] = []
        self._taken: pytest.Collector | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> pytest.CollectReport | None:
        """A file that is only listed is not imported."""
        if self._taken is not None or not isinstance(collector, pytest.File):
            return None
        self._files.append(collector)
        return pytest.CollectReport(collector.nodeid, "passed", None, [])

    def pytest_collection(self, session: pytest.Session) -> bool | None:
        """The first call is pytest's own; later ones collect one file, under the same filters of warnings."""
        if self._taken is None:
            return None
        items = list(session.genitems(self._taken))
        session.config.hook.pytest_collection_modifyitems(session=session, config=session.config, items=items)
        session.config.hook.pytest_collection_finish(session=session)
        session.items = items
        session.testscollected += len(items)
        return True

    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Like pytest's own loop, which reports what could not be listed."""
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

    def _items(self, session: pytest.Session) -> Iterator[pytest.Item]:
        """The next file is taken before the last test of this one, which has to know what to keep set up."""
        by_path = {str(file.path): file for file in self._files}
        for number, path in enumerate(files_of(session.config.args)):
            if path not in by_path:  # --ignore
                continue
            try:
                (self._folder / str(number)).touch(exist_ok=False)
            except FileExistsError:
                continue
            self._taken = by_path[path]
            session.config.hook.pytest_collection(session=session)
            yield from session.items


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
