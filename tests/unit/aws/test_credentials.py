import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.credentials import ReadOnlyCredentials
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.aws.credentials import (
    RENEW_BEFORE,
    RETRY_AFTER,
    RoleCredentials,
    SessionKeys,
    session_name,
)
from eksaddon.aws.errors import SignInError
from eksaddon.domain.cause import Cause, Trouble

REFUSED = Trouble(Cause.ROLE_NOT_ASSUMABLE, "no")


class Sts:
    """Gives keys that live an hour, or refuses while told to."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.asked = 0
        self.refuses = False
        self.life = 3600.0

    def assume(self) -> SessionKeys | Trouble:
        self.asked += 1
        if self.refuses:
            return REFUSED
        return SessionKeys(ReadOnlyCredentials(f"key{self.asked}", "s", "t"), self.now + self.life)

    def credentials(self) -> RoleCredentials:
        return RoleCredentials(self.assume, lambda: self.now)


def test_the_role_is_assumed_at_the_first_signature_and_not_again() -> None:
    sts = Sts()
    credentials = sts.credentials()
    assert sts.asked == 0
    assert [credentials.get_frozen_credentials().access_key for _ in range(3)] == ["key1"] * 3


def test_many_threads_assume_the_role_once() -> None:
    sts = Sts()
    together = threading.Barrier(16)
    credentials = sts.credentials()

    def sign(_: int) -> str | None:
        together.wait()
        return credentials.get_frozen_credentials().access_key

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(sign, range(16))) == {"key1"}
    assert sts.asked == 1


def test_keys_are_renewed_before_they_run_out() -> None:
    sts = Sts()
    credentials = sts.credentials()
    credentials.get_frozen_credentials()
    sts.now += sts.life - RENEW_BEFORE - 1
    assert credentials.get_frozen_credentials().access_key == "key1"
    sts.now += 1
    assert credentials.get_frozen_credentials().access_key == "key2"


def test_keys_that_still_live_serve_while_they_cannot_be_renewed() -> None:
    sts = Sts()
    credentials = sts.credentials()
    credentials.get_frozen_credentials()
    sts.refuses = True
    sts.now += sts.life - RENEW_BEFORE
    assert credentials.get_frozen_credentials().access_key == "key1"
    sts.now += RENEW_BEFORE
    with pytest.raises(SignInError) as caught:
        credentials.get_frozen_credentials()
    assert caught.value.trouble is REFUSED


def test_a_refusal_is_asked_for_once_and_again_after_a_while() -> None:
    sts = Sts()
    sts.refuses = True
    credentials = sts.credentials()
    for _ in range(5):
        with pytest.raises(SignInError):
            credentials.get_frozen_credentials()
    assert sts.asked == 1
    sts.refuses = False
    sts.now += RETRY_AFTER
    assert credentials.get_frozen_credentials().access_key == "key2"


def test_forgotten_keys_are_replaced_but_newer_ones_are_not_forgotten() -> None:
    sts = Sts()
    credentials = sts.credentials()
    first = credentials.get_frozen_credentials()
    credentials.forget(first)
    second = credentials.get_frozen_credentials()
    assert second != first
    credentials.forget(first)
    assert credentials.get_frozen_credentials() == second


def test_a_server_with_another_clock_does_not_make_us_ask_for_each_request() -> None:
    sts = Sts()
    sts.life = -86400.0
    credentials = sts.credentials()
    assert {credentials.get_frozen_credentials().access_key for _ in range(9)} == {"key1"}


@given(st.lists(st.text(st.characters(max_codepoint=0x17F), max_size=30), max_size=4))
def test_a_session_name_is_always_one_that_sts_takes(parts: list[str]) -> None:
    name = session_name(*parts)
    assert 2 <= len(name) <= 64
    assert name.startswith("eksdns")
    assert all(letter.isascii() and (letter.isalnum() or letter in "_+=,.@-") for letter in name)


def test_a_session_name_reads_well() -> None:
    assert session_name("20260101-ab12", "jane doe/ops") == "eksdns-20260101-ab12-jane-doe-ops"
