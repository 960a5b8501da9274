"""Suggestions for names that mean nothing."""

import pytest

from eksaddon.domain.errors import ExitCode, LeftAtOnceError, unknown_name


@pytest.mark.parametrize(
    ("known", "hint"),
    [
        (["canary", "rest"], "did you mean canary?"),
        (["west", "east"], "there are: east, west"),
        ([f"n{number}" for number in range(7)], "there are: n0, n1, n2, n3, n4 and 2 more"),
        ([], "there are none"),
    ],
)
def test_an_unknown_name_comes_with_what_may_have_been_meant(known, hint):
    error = unknown_name("--until-wave canry: the plan has no such wave", "canry", known)
    assert (error.hint, error.exit_code) == (hint, ExitCode.USAGE)


def test_leaving_at_once_is_not_an_ordinary_exception_and_has_the_exit_code():
    error = LeftAtOnceError(ExitCode.TERMINATED)
    assert not isinstance(error, Exception)
    assert error.exit_code is ExitCode.TERMINATED
