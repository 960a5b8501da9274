import copy
import re

import pytest

from eksaddon.regex import regex


def test_it_is_what_re_compiles():
    ours, standard = regex(r"(?P<word>a+)", re.IGNORECASE), re.compile(r"(?P<word>a+)", re.IGNORECASE)
    for _ in range(2):  # the second time without a look-up
        assert ours.fullmatch("AA").groupdict() == {"word": "AA"}  # type: ignore[union-attr]  # it matches
        assert ours.sub("b", "caac") == standard.sub("b", "caac") == "cbc"
    for name in ("pattern", "flags", "groups", "groupindex"):
        assert getattr(ours, name) == getattr(standard, name)
    assert regex(rb"a").findall(b"aba") == [b"a", b"a"]
    assert copy.deepcopy(ours).search("xa")


def test_a_broken_one_raises_at_its_first_use():
    broken = regex("(")
    with pytest.raises(re.error):
        broken.search("")
