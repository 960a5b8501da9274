"""A path that cannot be looked up is an error, not a crash and not an absent file."""

from collections.abc import Callable
from pathlib import Path

import pytest

from eksaddon.app.adopt.saved import saved_adoptions
from eksaddon.app.coredns_binary import find_coredns
from eksaddon.app.files.paths import is_file, is_folder, is_present
from eksaddon.app.files.starter import write_files
from eksaddon.app.simulate import simulate
from eksaddon.domain.errors import EksdnsError

TOO_LONG = Path("x" * 300)


def test_files_folders_and_nothing_are_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for path, expected in (
        (file, (True, True, False)),
        (tmp_path, (True, False, True)),
        (tmp_path / "none", (False, False, False)),
        (file / "below", (False, False, False)),
    ):
        assert (is_present(path), is_file(path), is_folder(path)) == expected


@pytest.mark.parametrize("look_up", [is_present, is_file, is_folder])
@pytest.mark.parametrize("path", [TOO_LONG, Path("a\0b")])
def test_what_cannot_be_looked_up_is_an_error(look_up: Callable[[Path], bool], path: Path) -> None:
    with pytest.raises(EksdnsError, match=r"cannot access .*: (File name too long|embedded null)") as raised:
        look_up(path)
    assert raised.value.hint == "check the path and its permissions"


@pytest.mark.parametrize(
    "use",
    [
        lambda: find_coredns(TOO_LONG, "to try the Corefile in", "1.11.4"),
        lambda: list(saved_adoptions(TOO_LONG, "111122223333/eu-west-1/shop")),
        lambda: write_files({TOO_LONG: "text"}, force=False),
        lambda: simulate(str(TOO_LONG), "127.0.0.1", 0, lambda *_: None),
    ],
    ids=["coredns", "adopt", "init", "simulate"],
)
def test_a_path_of_the_user_is_looked_up_without_a_crash(use: Callable[[], object]) -> None:
    with pytest.raises(EksdnsError, match=r"cannot access x+: File name too long"):
        use()
