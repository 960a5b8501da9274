"""`make unit` and `make test` run every file once, and fail if any part fails."""

import os
import re
from pathlib import Path

import pytest

from tests.parts import NO_TESTS, exit_code, files_of, main

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
def test_where_nothing_is_to_be_run_the_exit_code_says_so(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text("def test_one(): pass\n")
    assert main([str(tmp_path), *PLAIN, "-k", "another"]) == NO_TESTS


@pytest.mark.slow
def test_a_file_that_cannot_be_collected_fails_all(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "test_broken.py").write_text("import nothing_of_that_name\n")
    (tmp_path / "test_one.py").write_text("def test_one(): pass\n")
    assert main([str(tmp_path), *PLAIN]) == 2
    assert "nothing_of_that_name" in capfd.readouterr().out
