"""Runs test files with pytest, in as many processes as there are CPUs, each with its own part of the files.

`python -m tests.parts FOLDER... -- PYTEST_OPTION...`

pytest-xdist collects every test in every process and passes three reports a test through a pipe, which
takes longer than most unit tests. Here a process collects its own files only.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

NO_TESTS = 5
"""pytest's exit code where all tests of a part are deselected (source: pytest.ExitCode)."""


def parts(folders: Sequence[str], count: int) -> list[list[str]]:
    """Every test file in exactly one part. Neighbours, which often take as long, go to different parts."""
    files = sorted({str(path) for folder in folders for path in Path(folder).rglob("test_*.py")})
    return [part for part in (files[number::count] for number in range(count)) if part]


def exit_code(codes: Sequence[int]) -> int:
    """Success only if every part succeeded, and at least one has run a test."""
    failures = [code for code in codes if code not in {0, NO_TESTS}]
    return max(failures, key=abs, default=min(codes, default=NO_TESTS))


def main(args: Sequence[str]) -> int:
    border = args.index("--") if "--" in args else len(args)
    folders, options = args[:border], args[border + 1 :]
    with tempfile.TemporaryDirectory() as folder:
        running: list[tuple[subprocess.Popen[bytes], Path]] = []
        for number, files in enumerate(parts(folders, os.cpu_count() or 1)):
            printed = Path(folder) / str(number)
            with printed.open("wb") as screen:
                command = [sys.executable, "-m", "pytest", *options, *files]
                running.append((subprocess.Popen(command, stdout=screen if number else None), printed))
        codes = []
        for process, printed in running:
            codes.append(process.wait())
            sys.stdout.write(printed.read_text(errors="replace"))
    return exit_code(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
