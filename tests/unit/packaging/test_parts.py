"""`make unit` and `make test` run every file once, and fail if any part fails."""

import os
from pathlib import Path

import pytest

from tests.parts import NO_TESTS, exit_code, main, parts


@pytest.mark.parametrize("count", [1, 2, 3, 100])
def test_every_file_is_in_exactly_one_part(count: int, tmp_path: Path) -> None:
    for name in ("a/test_1.py", "a/test_2.py", "b/c/test_3.py", "a/conftest.py", "test_4.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    made = parts([str(tmp_path / "a"), str(tmp_path)], count)
    assert sorted(file for part in made for file in part) == sorted(map(str, tmp_path.rglob("test_*.py")))
    assert len(made) == min(count, 4)
    assert max(map(len, made)) - min(map(len, made)) <= 1


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


def test_failures_of_all_parts_are_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    for name in ("one", "two"):
        (tmp_path / f"test_{name}.py").write_text(f"def test_{name}():\n    assert {name!r} == 'planted'\n")
    assert main([str(tmp_path), "--", "-q", "-p", "no:cacheprovider", "-c", os.devnull]) == 1
    printed = capfd.readouterr().out
    assert "test_one.py::test_one" in printed
    assert "test_two.py::test_two" in printed
