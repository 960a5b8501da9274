"""Numbers that no API accepts end at the input, with their place."""

import pytest

from eksaddon.config.flags import FLAGS
from eksaddon.config.model.scalars import WordError, pods
from eksaddon.config.yaml.scalar import NotPlain, _integer


@pytest.mark.parametrize("count", [2**31, -(2**31), 10**20 - 1])
def test_a_flag_takes_only_replicas_that_kubernetes_can_hold(count: int) -> None:
    with pytest.raises(WordError, match="not a number of pods"):
        FLAGS["replicas"].read(count)


@pytest.mark.parametrize("count", [0, 9999, 2**31 - 1])
def test_other_numbers_of_replicas_are_left_to_the_rules(count: int) -> None:
    assert FLAGS["replicas"].read(count) == count


def test_a_number_of_pods_fits_the_kubernetes_api() -> None:
    assert pods(2**31 - 1) == 2**31 - 1
    with pytest.raises(WordError, match="above 2147483647"):
        pods(2**31)


def test_an_integer_of_many_digits_is_called_too_large_and_not_text() -> None:
    assert _integer("9" * 18) == int("9" * 18)
    found = _integer("9" * 20)
    assert isinstance(found, NotPlain)
    assert "is too large" in found.summary
