"""`make unit`, `make test` and `make coverage` run every file once, and fail if any part fails."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.parts import NO_TESTS, TRACED, WAITING, exit_code, files_of, main
from tests.support.paths import ROOT

PLAIN = ("--", "-q", "-p", "no:cacheprovider", "-c", os.devnull)


@pytest.fixture(autouse=True)
def two_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def test_every_file_is_listed_once_and_those_with_slow_tests_first(tmp_path: Path) -> None:
    for name in ("a/test_1.py", "a/test_2.py", "b/c/test_3.py", "a/conftest.py", "test_4.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("@pytest.mark.slow\n" if "3" in name else "")
    found = files_of([str(tmp_path / "a"), str(tmp_path)])
    assert sorted(found) == sorted(map(str, tmp_path.rglob("test_*.py")))
    assert found[0].endswith("test_3.py")


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ((0, 0), 0),
        ((0, 1), 1),
        ((1, 0), 1),
        ((0, NO_TESTS), 0),
        ((NO_TESTS, NO_TESTS), NO_TESTS),
        ((), NO_TESTS),
        ((1, 2), 2),
        ((NO_TESTS, 1), 1),
        ((0, -9), -9),
    ],
)
def test_one_failure_fails_all(codes: tuple[int, ...], expected: int) -> None:
    assert exit_code(codes) == expected


def test_every_test_runs_once_and_failures_of_all_parts_are_printed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for number in range(7):
        note = f"open({str(tmp_path / 'ran')!r}, 'a').write('{number}')"
        test = f"def test_{number}():\n    {note}\n    assert {number} not in (2, 5), 'planted'\n"
        (tmp_path / f"test_{number}.py").write_text(test)
    assert main([str(tmp_path), *PLAIN]) == 1
    assert sorted((tmp_path / "ran").read_text()) == list("0123456")
    printed = capfd.readouterr().out
    for failed in ("test_2.py::test_2", "test_5.py::test_5"):
        assert failed in printed
    counts = {
        word: sum(map(int, re.findall(rf"(\d+) {word}", printed))) for word in ("passed", "failed", "error")
    }
    assert counts == {"passed": 5, "failed": 2, "error": 0}


@pytest.mark.slow
def test_a_file_is_imported_by_the_process_that_takes_it_alone(tmp_path: Path) -> None:
    for number in range(6):
        note = f"open({str(tmp_path / 'imported')!r}, 'a').write('{number}')"
        (tmp_path / f"test_{number}.py").write_text(f"{note}\ndef test_{number}(): pass\n")
    assert main([str(tmp_path), *PLAIN]) == 0
    assert sorted((tmp_path / "imported").read_text()) == list("012345")


@pytest.mark.slow
def test_fixtures_of_a_folder_hold_for_the_files_below_it_and_are_made_once(tmp_path: Path) -> None:
    below = tmp_path / "below"
    below.mkdir()
    note = f"open({str(tmp_path / 'made')!r}, 'a').write"
    (tmp_path / "conftest.py").write_text("import pytest\n@pytest.fixture\ndef above(): return 1\n")
    (below / "conftest.py").write_text(
        "import pytest\n@pytest.fixture(scope='session')\ndef shared():\n"
        f"    {note}('+')\n    yield 2\n    {note}('-')\n"
    )
    for number in range(6):
        (below / f"test_{number}.py").write_text(f"def test_{number}(above, shared): assert above < shared\n")
    assert main([str(tmp_path), *PLAIN]) == 0
    made = (tmp_path / "made").read_text()
    assert 1 <= made.count("+") <= 2
    assert made.count("+") == made.count("-")


@pytest.mark.slow
def test_where_nothing_is_to_be_run_the_exit_code_says_so(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text("def test_one(): pass\n")
    assert main([str(tmp_path), *PLAIN, "-k", "another"]) == NO_TESTS
    assert main([str(tmp_path / "empty"), *PLAIN]) == NO_TESTS


@pytest.mark.slow
@pytest.mark.parametrize("name", ["test_broken.py", "conftest.py"])
def test_what_cannot_be_imported_fails_all(
    name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "test_one.py").write_text("def test_one(): pass\n")
    (tmp_path / name).write_text("import nothing_of_that_name\n")
    assert main([str(tmp_path), *PLAIN]) not in {0, NO_TESTS}
    printed = capfd.readouterr()
    assert "nothing_of_that_name" in printed.out + printed.err


@pytest.mark.slow
def test_a_warning_while_a_file_is_imported_fails_all(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "test_one.py").write_text("import warnings\nwarnings.warn('planted')\ndef test_one(): pass\n")
    assert main([str(tmp_path), *PLAIN, "-W", "error"]) == 1
    assert "planted" in capfd.readouterr().out


@pytest.mark.slow
def test_a_process_that_is_killed_fails_all(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    kill = "import os, signal\ndef test_one(): os.kill(os.getpid(), signal.SIGKILL)\n"
    (tmp_path / "test_killed.py").write_text(kill)
    (tmp_path / "test_one.py").write_text("def test_one(): pass\n")
    assert main([str(tmp_path), *PLAIN]) == -signal.SIGKILL
    assert "ended by signal 9" in capfd.readouterr().out


@pytest.mark.slow
def test_lines_that_any_part_ran_are_covered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}{os.pathsep}{tmp_path}")
    (tmp_path / ".coveragerc").write_text("[run]\nparallel = true\nsource = measured\n")
    (tmp_path / "measured.py").write_text("def one():\n    return 1\ndef two():\n    return 2\n")
    for name, number in (("one", 1), ("two", 2)):
        test = f"from measured import {name}\ndef test_it(): assert {name}() == {number}\n"
        (tmp_path / f"test_{name}.py").write_text(test)
    assert main([TRACED, WAITING, str(tmp_path), *PLAIN]) == 0
    coverage = (sys.executable, "-m", "coverage")
    subprocess.run([*coverage, "combine", "--quiet"], check=True)
    subprocess.run([*coverage, "report", "--fail-under=100"], check=True)
